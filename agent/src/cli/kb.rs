//! `kb build`, `kb search`, and with a knowledge base that a team shares `kb push` and `kb pull`; what is learned is in `learn`.
use super::args::KbVerb;
use super::learn;
use super::runs::{print, workshop};
use crate::exit::{RunError, VERIFIED};
use crate::retrieve::{shared, stage};
use crate::settings::{self, Layer, Settings};
use crate::workshop::Workshop;
use flightsmith_kb::Filter;
use serde_json::json;
use std::fmt::Write;

/// `kb`.
pub fn kb(verb: &KbVerb) -> Result<u8, RunError> {
    let (cache, source_root) = (settings::cache_home(), settings::source_root());
    match verb {
        KbVerb::Correct(args) => return learn::learn_from(args),
        KbVerb::Review { verb, json } => return learn::review(verb.as_ref(), *json),
        KbVerb::Stats { json } => return learn::stats(*json),
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
        KbVerb::Search { query, k, json: as_json, shared: address } => {
            let shop = shop(address.clone())?;
            let kb = shared::open(&shop)?;
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
        KbVerb::Push { shared: address, rebuild, prune } => {
            let shop = shop(address.clone())?;
            let pushed = shared::push(&shop, *rebuild, *prune)?;
            print(&format!(
                "{} items new or changed there, {} taken out; {} records, counters and added items told\n",
                pushed.items, pushed.removed, pushed.lines
            ));
        }
        KbVerb::Pull { shared: address } => {
            let shop = shop(address.clone())?;
            let imported = shared::pull(&shop)?;
            print(&format!(
                "{} learned records, {} counters and {} items are new or changed here\n",
                imported.records, imported.counters, imported.items
            ));
            if imported.items > 0 {
                shop.events.note("run `flightsmith kb build`, so that searches find the items");
            }
        }
    }
    Ok(VERIFIED)
}

/// A workshop whose shared knowledge base is at `address`, or where the settings say.
fn shop(address: Option<String>) -> Result<Workshop, RunError> {
    let settings = Settings::load(Layer { kb: address, ..Layer::default() })?;
    Ok(Workshop { kb: settings.kb, ..workshop(false, true, false)? })
}
