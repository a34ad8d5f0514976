//! `kb build` and `kb search`.
use super::args::KbVerb;
use super::runs::print;
use crate::exit::{RunError, VERIFIED};
use crate::retrieve::stage;
use crate::settings;
use flightsmith_kb::Filter;
use serde_json::json;
use std::fmt::Write;

/// `kb`.
pub fn kb(verb: &KbVerb) -> Result<u8, RunError> {
    let (cache, source_root) = (settings::cache_home(), settings::source_root());
    match verb {
        KbVerb::Build => {
            let built = stage::build(&source_root, &cache)?;
            print(&format!(
                "{} items ({} new or changed, {} gone) in {}\n",
                built.items,
                built.embedded,
                built.removed,
                built.snapshot.display()
            ));
        }
        KbVerb::Search { query, k, json: as_json } => {
            let kb = stage::open(&source_root, &cache)?;
            let hits = kb.search(query, *k, &Filter::default());
            if *as_json {
                let hits: Vec<_> = hits.iter().map(|hit| json!({ "score": hit.score, "item": hit.item })).collect();
                let mut text = serde_json::to_string_pretty(&hits).unwrap_or_default();
                text.push('\n');
                print(&text);
            } else {
                let mut text = String::new();
                for hit in &hits {
                    let _ = writeln!(text, "{:.4}  {}  [{}]", hit.score, hit.item.title, hit.item.source);
                    for line in hit.item.text.lines().filter(|line| !line.is_empty()).take(3) {
                        let _ = writeln!(text, "        {line}");
                    }
                }
                print(&text);
            }
        }
    }
    Ok(VERIFIED)
}
