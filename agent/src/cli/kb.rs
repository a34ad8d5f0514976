//! `kb build`, `kb search`, `kb export`, `kb import`, and with a knowledge base that a team shares `kb push` and `kb pull`; what is
//! learned is in `learn`.
use super::args::KbVerb;
use super::learn;
use super::runs::{print, print_json, workshop};
use crate::exit::{RunError, VERIFIED, chain};
use crate::retrieve::embedding::Choice;
use crate::retrieve::{shared, stage};
use crate::settings::{Layer, Settings};
use crate::workshop::Workshop;
use crate::{budget, given};
use flightsmith_kb::{Filter, Imported, Store, Tuning};
use serde_json::json;
use std::fmt::Write;

/// `kb`.
pub fn kb(verb: &KbVerb) -> Result<u8, RunError> {
    match verb {
        KbVerb::Correct(args) => return learn::learn_from(args),
        KbVerb::Review { verb, json } => return learn::review(verb.as_ref(), *json),
        KbVerb::Stats { json } => return learn::stats(*json),
        KbVerb::Build { embed } => {
            let built = stage::build(&shop(None, embed.clone())?)?;
            print(&format!(
                "{} items ({} new or changed, {} gone) in {}\n",
                built.items,
                built.embedded,
                built.removed,
                built.snapshot.display()
            ));
        }
        KbVerb::Search { query, k, embed, json, shared: address } => {
            search(&shop(address.clone(), embed.clone())?, query, *k, *json)?;
        }
        KbVerb::Export { file } => {
            let text = {
                let shop = shop(None, None)?;
                let exported = store(&shop)?.export();
                exported.map_err(|error| stage::failed(&stage::folder(&shop.data), &error))?
            };
            match file {
                None => print(&text),
                Some(path) => std::fs::write(path, text).map_err(|error| RunError::files(path, error))?,
            }
        }
        KbVerb::Import { file } => {
            let shop = shop(None, None)?;
            let text = given::bytes(file, budget::KB_IMPORT_BYTES)?;
            let imported = store(&shop)?.import(&text, file).map_err(|error| RunError::files(file, chain(&error)))?;
            taken_in(&shop, &imported);
        }
        KbVerb::Push { shared: address, rebuild, prune } => {
            let pushed = shared::push(&shop(address.clone(), None)?, *rebuild, *prune)?;
            print(&format!(
                "{} items new or changed there, {} taken out; {} records, counters and added items told\n",
                pushed.items, pushed.removed, pushed.lines
            ));
        }
        KbVerb::Pull { shared: address } => {
            let shop = shop(address.clone(), None)?;
            taken_in(&shop, &shared::pull(&shop)?);
        }
    }
    Ok(VERIFIED)
}

fn search(shop: &Workshop, query: &str, k: usize, as_json: bool) -> Result<(), RunError> {
    let kb = shared::open(shop)?;
    let found = kb.find(query, k, &Filter::default(), &Tuning::default());
    if let Some(error) = &found.without_vectors {
        shop.events.note(format!("searched by words alone: {}", chain(error)));
    }
    if found.hits.is_empty() {
        shop.events.note("nothing is found; say it in other words, or name a call, message or error code");
    }
    if as_json {
        let hits: Vec<_> = found.hits.iter().map(|hit| json!({ "score": hit.score, "item": hit.item })).collect();
        print_json(&hits);
        return Ok(());
    }
    let mut text = String::new();
    for hit in &found.hits {
        let _ = writeln!(text, "{:.4}  {}  [{}]", hit.score, hit.item.title, hit.item.source);
        for line in hit.item.text.lines().filter(|line| !line.is_empty()).take(3) {
            let _ = writeln!(text, "        {line}");
        }
    }
    print(&text);
    Ok(())
}

fn taken_in(shop: &Workshop, imported: &Imported) {
    print(&format!(
        "{} learned records, {} counters and {} items are new or changed here\n",
        imported.records, imported.counters, imported.items
    ));
    if imported.items > 0 {
        shop.events.note("run `flightsmith kb build`, so that searches find the items");
    }
}

fn store(shop: &Workshop) -> Result<Store, RunError> {
    let folder = stage::folder(&shop.data);
    Store::open_within(&folder, budget::KB_BUILD).map_err(|error| stage::failed(&folder, &error))
}

/// A workshop whose shared knowledge base is at `address` and whose own is searched with `embed`, or as the settings say.
fn shop(address: Option<String>, embed: Option<String>) -> Result<Workshop, RunError> {
    let settings = Settings::load(Layer { kb: address, embed, ..Layer::default() })?;
    let embedding = Choice::of_settings(&settings);
    Ok(Workshop { kb: settings.kb, embedding, ..workshop(false, true, false)? })
}
