//! What must not end in a crash or in a loss: files that are no exports, queries and documents out of measure, damage, no space.
use flightsmith_kb::{Filter, HashedNgrams, Item, KbError, Kind, KnowledgeBase, Outcome, Published, Sources, Store};
use flightsmith_kb::{build, learned_path, snapshot_path};
use serde_json::json;
use std::path::Path;

fn item(id: &str, text: &str) -> Item {
    Item {
        id: id.into(),
        kind: Kind::Example,
        title: id.into(),
        text: text.into(),
        code: String::new(),
        source: "somebody".into(),
        licence: "MIT".into(),
        autopilot: None,
        asked: String::new(),
        dialect: None,
        sdk_version: None,
    }
}

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Store::open(dir.path()).expect("made");
    (dir, store)
}

#[test]
fn an_export_is_sorted_text_that_merges_once() {
    let (_a, a) = store();
    let id = a.learned().expect("there").put("E0382 moved", &json!({"clone": true}), &[json!("x")]).expect("put").id();
    a.learned().expect("there").count(&id, Outcome::Worked, 1).expect("counted");
    a.statistics().expect("there").add(&[("learned", 1)]).expect("counted");
    a.add_item(&item("own:hover", "Hovers.\nThen lands.")).expect("added");
    let text = a.export().expect("exported");
    assert_eq!(text.lines().count(), 4);
    assert_eq!(text, a.export().expect("exported"));
    let (_b, b) = store();
    let first = b.import(text.as_bytes(), Path::new("x")).expect("imported");
    assert_eq!((first.records, first.counters, first.items), (1, 1, 1));
    assert_eq!(b.import(text.as_bytes(), Path::new("x")).expect("imported"), Default::default());
    assert_eq!(b.export().expect("exported"), text);
}

#[test]
fn what_is_no_export_is_refused_whole_with_its_line() {
    let (_dir, store) = store();
    let (_other, other) = self::store();
    other.learned().expect("there").put("s", &json!(1), &[]).expect("put");
    let good = other.export().expect("exported");
    let check = |bytes: &[u8], expect: &str| {
        let error = store.import(bytes, Path::new("from.jsonl")).expect_err("no export").to_string();
        assert!(error.contains(expect), "{error}");
        assert_eq!(store.learned().expect("there").list().expect("readable").len(), 0);
    };
    check(b"", "from.jsonl, line 1: no export of a knowledge base: it is empty");
    check(b"\x7fELF\x02\x01\x01\0\0\xff\xfe", "line 1: no export of a knowledge base: not UTF-8");
    check(format!("{good}{{\"record\": 7}}\n").as_bytes(), "line 3");
    check(format!("{good}{}", &good[..good.len() - 9]).as_bytes(), "line 4");
    check(good.lines().last().expect("a line").as_bytes(), "it does not begin as an export");
    check(
        good.replace("\"format\":2", "\"format\":3").as_bytes(),
        "reads 2; a newer flightsmith wrote it: update this one",
    );
    check(&[good.as_bytes(), &vec![b'x'; 4 << 20]].concat(), "4194304 bytes");
}

#[test]
fn queries_and_documents_out_of_measure() {
    let dir = tempfile::tempdir().expect("a folder");
    build(&Sources::mavlink_only(), dir.path(), &HashedNgrams).expect("built");
    let kb = KnowledgeBase::open_snapshot_with(&snapshot_path(dir.path()), Box::new(HashedNgrams)).expect("published");
    let first = |query: &str| kb.search(query, 3, &Filter::default()).first().map(|hit| hit.item.title.clone());
    let long = format!("heartbeat {}", "☃ heartbeat \u{0} ".repeat(8_000));
    assert!(long.len() > 100_000);
    assert_eq!(first(&long).as_deref(), Some("HEARTBEAT"));
    assert_eq!(first(&"a".repeat(200_000)), first(&"a".repeat(200_000)));
    for nothing in ["", " \n\t", "\u{0}\u{1}", "☃"] {
        assert_eq!(first(nothing), None, "{nothing:?}");
    }
    assert_eq!(kb.search("heartbeat", 0, &Filter::default()), []);

    let (_dir, store) = store();
    let huge = store.add_item(&item("own:huge", &"x".repeat(2 << 20))).expect_err("too large").to_string();
    assert!(huge.starts_with("item own:huge has 2097") && huge.ends_with("(limit 1048576)"), "{huge}");
    let large = "wind ".repeat(150_000);
    store.add_item(&item("own:large", &large)).expect("taken");
    store.build(vec![item("own:small", "calm")], String::new(), &HashedNgrams).expect("built");
}

#[test]
fn a_removed_item_is_passed_over_at_once_and_stays_out() {
    let (dir, store) = store();
    let items = || (0..5).map(|n| item(&format!("own:{n}"), &format!("hover number{n}"))).collect::<Vec<_>>();
    store.build(items(), String::new(), &HashedNgrams).expect("built");
    let ids = || {
        let kb = KnowledgeBase::open_snapshot_with(&snapshot_path(dir.path()), Box::new(HashedNgrams)).expect("whole");
        let hits = kb.search("hover", 9, &Filter::default());
        let found: Vec<String> = hits.iter().map(|hit| hit.item.id.clone()).collect();
        assert_eq!(found.len(), kb.len());
        found
    };
    assert_eq!(ids().len(), 5);
    store.remove_item("own:2", &HashedNgrams).expect("removed");
    assert!(!ids().contains(&"own:2".to_owned()) && ids().len() == 4);
    assert!(matches!(store.remove_item("own:2", &HashedNgrams), Err(KbError::NoRecord { .. })));
    store.build(items(), String::new(), &HashedNgrams).expect("built");
    assert_eq!(ids().len(), 4);
    store.add_item(&items()[2]).expect("added again");
    store.build(items(), String::new(), &HashedNgrams).expect("built");
    assert_eq!(ids().len(), 5);
}

#[test]
fn a_damaged_store_is_moved_aside_and_what_was_published_lives_on() {
    let (dir, store) = store();
    let id = store.learned().expect("there").put("s", &json!(1), &[json!("why")]).expect("put").id();
    store.learned().expect("there").count(&id, Outcome::Worked, 1).expect("counted");
    store.statistics().expect("there").add(&[("n", 3)]).expect("counted");
    let name = store.machine().clone();
    drop(store);
    std::fs::write(dir.path().join("store/conf"), [0xa5; 62]).expect("written");
    assert!(matches!(Store::open(dir.path()), Err(KbError::Damaged { .. })));
    let (recovered, aside) = Store::open_or_recover(dir.path()).expect("recovered");
    assert!(aside.is_some_and(|aside| aside.is_dir()));
    assert_ne!(*recovered.machine(), name);
    let record = recovered.learned().expect("there").get(&id).expect("readable").expect("known");
    assert_eq!((record.worked(), record.evidence().count()), (1, 1));
    drop(recovered);
    assert_eq!(Published::open(&learned_path(dir.path())).expect("whole").counter("n"), 3);
    assert_eq!(Store::open_or_recover(dir.path()).expect("whole").1, None);
}

#[test]
fn damage_that_only_reading_finds_is_recovered_from_too() {
    type Damage = fn(&mut Vec<u8>);
    fn noise(bytes: &mut [u8]) {
        bytes.iter_mut().enumerate().for_each(|(place, byte)| *byte = (place * 31 % 251) as u8);
    }
    let start: Damage = |bytes| noise(&mut bytes[..800_000]);
    let middle: Damage = |bytes| noise(&mut bytes[600_000..1_200_000]);
    let half: Damage = |bytes| bytes.truncate(bytes.len() / 2);
    let nothing: Damage = Vec::clear;
    let mut found_by_reading = 0;
    for damage in [start, middle, half, nothing] {
        let (dir, store) = store();
        let id = store.learned().expect("there").put("s", &json!(1), &[json!("why")]).expect("put").id();
        let items =
            || (0..3_000).map(|n| item(&format!("own:{n}"), &format!("hover {n} ").repeat(60))).collect::<Vec<_>>();
        store.build(items(), String::new(), &HashedNgrams).expect("built");
        drop(store);
        // Opened again it begins from sled's snapshot, and does not read all of the log.
        drop(Store::open(dir.path()).expect("whole"));
        let path = dir.path().join("store/db");
        let mut bytes = std::fs::read(&path).expect("a file");
        assert!(bytes.len() > 1_200_000, "{}", bytes.len());
        damage(&mut bytes);
        std::fs::write(&path, bytes).expect("written");
        found_by_reading += usize::from(Store::open(dir.path()).is_ok());
        let (recovered, aside) = Store::open_or_recover(dir.path()).expect("recovered");
        assert!(aside.is_some_and(|aside| aside.is_dir()));
        assert!(recovered.learned().expect("there").get(&id).expect("readable").is_some());
        recovered.build(items(), String::new(), &HashedNgrams).expect("built");
    }
    assert!(found_by_reading > 0, "sled saw every damage when it opened the store: this tests nothing");
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("store"), "no folder").expect("written");
    assert!(Store::open(dir.path()).is_err_and(|error| error.to_string().contains("a file stands in its place")));
    assert!(Store::open_or_recover(dir.path()).expect("recovered").1.is_some_and(|aside| aside.is_file()));
}

#[test]
fn a_damaged_publication_is_told_and_made_again() {
    let (dir, store) = store();
    store.learned().expect("there").put("s", &json!(1), &[]).expect("put");
    drop(store);
    let path = learned_path(dir.path());
    let good = std::fs::read(&path).expect("a file");
    for bytes in [&good[..0], &good[..30], &good[..good.len() - 1], &[7; 300][..], b"flightln\x09\0\0\0"] {
        std::fs::write(&path, bytes).expect("written");
        assert!(Published::open(&path).is_err());
        drop(Store::open(dir.path()).expect("opens"));
        assert_eq!(std::fs::read(&path).expect("a file"), good);
    }
}
