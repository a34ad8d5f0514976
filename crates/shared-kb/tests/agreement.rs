//! On the queries of the retrieval benchmark, a server's answers are as good as the embedded knowledge base's.
mod copies;
mod servers;

use copies::Machine;
use flightsmith_kb::quality::{Half, Judged, Quality};
use flightsmith_kb::{Filter, Found, Sources, Tuning};
use std::path::Path;
use std::time::{Duration, Instant};

/// The most that nDCG@10 may differ.
const NDCG_10: f64 = 0.02;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn development() -> Vec<Judged> {
    let lines = std::fs::read_to_string(root().join("sdk-kb/eval/queries.jsonl")).expect("the queries");
    let mut queries = Judged::read(&lines).expect("queries");
    queries.retain(|query| query.half() == Half::Development);
    queries
}

/// The mean quality, the median time, and which items were found first.
fn answer<'kb>(queries: &[Judged], find: impl Fn(&str) -> Found<'kb>) -> (Quality, Duration, Vec<Option<String>>) {
    find(&queries[0].query);
    let (mut times, mut firsts, mut qualities) = (Vec::new(), Vec::new(), Vec::new());
    for query in queries {
        let started = Instant::now();
        let found = find(&query.query);
        times.push(started.elapsed());
        let ids: Vec<&str> = found.hits.iter().map(|hit| hit.item.id.as_str()).collect();
        firsts.push(ids.first().map(|id| (*id).to_owned()));
        qualities.push(query.quality(&ids));
    }
    times.sort_unstable();
    (Quality::mean(qualities), times[times.len() / 2], firsts)
}

/// With `rankings`, each by itself too.
fn agrees(server: &str, address: &str, rankings: bool) {
    let items = Sources::of_tree(root()).read().expect("the corpus");
    let machine = Machine::embedded_by(&items, flightsmith_kb::builtin);
    let shared = machine.shared(address);
    let started = Instant::now();
    let pushed = shared.push(&machine.store(), false, false).expect("taken");
    eprintln!("{server}: {} items pushed in {:.1} s", pushed.items, started.elapsed().as_secs_f64());
    let (own, queries, all) = (machine.copy(), development(), Filter::default());
    assert!(queries.len() > 100 && pushed.items == own.len(), "{} queries", queries.len());
    let off = Tuning { words: 0.0, names: 0.0, vectors: 0.0, ..Tuning::default() };
    for (name, tuning) in [
        ("fused", Tuning::default()),
        ("words", Tuning { words: 1.0, ..off.clone() }),
        ("vectors", Tuning { vectors: 1.0, ..off }),
        ("varied", Tuning { diversity: 0.3, ..Tuning::default() }),
    ] {
        if !rankings && name != "fused" {
            continue;
        }
        let (embedded, embedded_time, embedded_firsts) = answer(&queries, |query| own.find(query, 20, &all, &tuning));
        let (there, time, firsts) =
            answer(&queries, |query| shared.find_shared(query, 20, &all, &tuning).expect("it answers"));
        let same = firsts.iter().zip(&embedded_firsts).filter(|(a, b)| a == b).count();
        eprintln!(
            "{server}, {name}: nDCG@10 {:.4} (embedded {:.4}), recall@5 {:.4} ({:.4}), median {:.1} ms ({:.2}), {same} of {} begin alike",
            there.ndcg_10,
            embedded.ndcg_10,
            there.recall_5,
            embedded.recall_5,
            time.as_secs_f64() * 1e3,
            embedded_time.as_secs_f64() * 1e3,
            queries.len()
        );
        assert!((there.ndcg_10 - embedded.ndcg_10).abs() <= NDCG_10, "{server}, {name}");
    }
}

#[cfg(feature = "qdrant")]
#[test]
fn qdrant_agrees() {
    // The stand-in compares in Python: a search takes it a tenth of a second.
    agrees("Qdrant", &servers::qdrant::collections("agreement"), false);
}

#[cfg(feature = "postgres")]
#[test]
fn postgresql_agrees() {
    agrees("PostgreSQL", &servers::postgres::database("agreement"), true);
}
