//! The whole corpus, as this tree makes it: nothing is missing, and everything says where it comes from.
use flightsmith_kb::{Item, Kind, Sources};
use std::collections::BTreeMap;
use std::path::Path;

fn items() -> Vec<Item> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    Sources::of_tree(&root).read().expect("a good corpus")
}

#[test]
fn every_part_is_there_in_its_number() {
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    for item in items() {
        *counts.entry(item.kind).or_default() += 1;
    }
    for (kind, least) in [
        (Kind::Module, 100),
        (Kind::Type, 200),
        (Kind::Trait, 5),
        (Kind::Function, 400),
        (Kind::Example, 80),
        (Kind::MavlinkMessage, 300),
        (Kind::MavlinkCommand, 180),
        (Kind::MavlinkEnum, 200),
        (Kind::RustTask, 150),
        (Kind::Mode, 40),
        (Kind::Parameter, 60),
        (Kind::Lint, 35),
        (Kind::Failure, 15),
        (Kind::Mistake, 60),
    ] {
        let count = counts.get(&kind).copied().unwrap_or(0);
        assert!(count >= least, "{kind:?}: {count} of {counts:?}");
    }
}

#[test]
fn every_item_says_what_it_is_where_it_is_from_and_under_which_licence() {
    let lacks = |item: &Item| {
        item.title.trim().is_empty()
            || item.text.trim().is_empty() && item.code.trim().is_empty()
            || item.source.trim().is_empty()
            || item.licence.trim().is_empty()
    };
    let lacking: Vec<String> = items().into_iter().filter(lacks).map(|item| item.id).collect();
    assert!(lacking.is_empty(), "{lacking:#?}");
}

#[test]
fn every_public_item_of_the_sdk_is_documented() {
    // The numbers of messages are called what the messages are called; their module says so.
    let is_a_number = |item: &Item| item.id.contains("::wire::incoming::id::");
    let of_the_sdk =
        |item: &Item| item.source.starts_with("flightsmith_sdk/") || item.source.starts_with("flightsmith_mission/");
    let sdk: Vec<Item> = items().into_iter().filter(of_the_sdk).collect();
    assert!(sdk.len() > 600, "{}", sdk.len());
    let is_bare = |item: &&Item| item.text.trim().is_empty() && !is_a_number(item);
    let bare: Vec<&str> = sdk.iter().filter(is_bare).map(|item| item.id.as_str()).collect();
    assert!(bare.is_empty(), "{bare:#?}");
}
