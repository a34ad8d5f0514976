//! The graph of vectors: as good as comparing with each, the same wherever it is built, and no loss where it is lost.
use flightsmith_kb::{Filter, HashedNgrams, Item, Kind, KnowledgeBase, measure, publish};
use std::path::Path;

const ITEMS: usize = 6_000;

fn item(number: usize) -> Item {
    let words = ["wind", "battery", "camera", "gimbal", "orbit", "fence", "rally", "servo", "land", "climb", "photo"];
    let word = |step: usize| words[(number / step + number * step) % words.len()];
    Item {
        id: format!("drawn:{number:06}"),
        kind: if number.is_multiple_of(50) { Kind::Example } else { Kind::Function },
        title: format!("{}_{}_{number}", word(1), word(7)),
        text: format!("{} {} then {} at {} {}", word(3), word(11), word(29), number % 97, word(101)),
        code: String::new(),
        source: "drawn".into(),
        licence: "CC0-1.0".into(),
        autopilot: None,
        asked: String::new(),
        dialect: None,
        sdk_version: None,
    }
}

fn open(path: &Path) -> KnowledgeBase {
    KnowledgeBase::open_snapshot_with(path, Box::new(HashedNgrams)).expect("whole")
}

#[test]
fn the_graph_finds_what_comparing_finds_and_is_no_loss_when_it_is_lost() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("snapshot.kb");
    let again = dir.path().join("again.kb");
    publish(&path, (0..ITEMS).map(item), "drawn", &HashedNgrams).expect("published");
    publish(&again, (0..ITEMS).map(item), "drawn", &HashedNgrams).expect("published");
    let bytes = std::fs::read(&path).expect("a file");
    assert!(bytes == std::fs::read(&again).expect("a file"), "the same items gave another graph");

    let kb = open(&path);
    let queries = || (0..200).map(|number| format!("{} {}", item(number * 29).title, item(number * 7).text));
    let (of_exact, of_unrounded) = measure::recall(&kb, queries()).expect("vectors");
    assert!(of_exact >= 0.98 && of_unrounded >= 0.98, "recall@10 {of_exact}, before rounding {of_unrounded}");
    // A strict filter keeps its finds.
    let examples = Filter { kinds: vec![Kind::Example], ..Filter::default() };
    let hits = kb.search("battery camera orbit", 10, &examples);
    assert!(hits.len() == 10 && hits.iter().all(|hit| hit.item.kind == Kind::Example && hit.vectors_rank.is_some()));

    // The graph is the file's last section.
    let mut torn = bytes.clone();
    let last = torn.len() - 9;
    torn[last] ^= 0xff;
    std::fs::write(&path, &torn).expect("written");
    let without = open(&path);
    assert!(without.graph_lost() && !kb.graph_lost());
    for query in queries().take(20) {
        let ids = |kb: &KnowledgeBase| -> Vec<String> {
            kb.search(&query, 5, &Filter::default()).iter().map(|hit| hit.item.id.clone()).collect()
        };
        let common = ids(&kb).iter().filter(|id| ids(&without).contains(id)).count();
        assert!(common >= 4, "{query}: {:?} and {:?}", ids(&kb), ids(&without));
    }
}
