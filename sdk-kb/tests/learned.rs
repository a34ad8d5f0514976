//! What was learned: records that compete, a journal whose changes can be undone, readers beside the writer, older formats.
use flightsmith_kb::{
    Deed, HashedNgrams, KbError, Outcome, Published, RustSource, Sources, State, Store, build, learned_path,
};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

#[test]
fn records_compete_and_keep_their_evidence() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Store::open(dir.path()).expect("made");
    let learned = store.learned().expect("there");
    let rename = learned.put("E0599 goto", &json!({"to": "go_to"}), &[json!({"crate": "a"})]).expect("put");
    let import = learned.put("E0599 goto", &json!({"use": "x::Goto"}), &[]).expect("put");
    let again = learned.put("E0599 goto", &json!({"to": "go_to"}), &[json!({"crate": "b"})]).expect("put");
    assert_eq!((rename.id(), again.evidence().count()), (again.id(), 2));
    learned.count(&rename.id(), Outcome::Worked, 1).expect("counted");
    learned.count(&import.id(), Outcome::Failed, 1).expect("counted");
    let of = learned.of("E0599 goto").expect("readable");
    assert_eq!(of.iter().map(|record| (record.worked(), record.failed())).collect::<Vec<_>>().len(), 2);
    assert_eq!(learned.get(&rename.id()).expect("readable").expect("known").worked(), 1);

    learned.reject(&import.id()).expect("rejected");
    let learned_anew = learned.put("E0599 goto", &json!({"use": "x::Goto"}), &[]).expect("put");
    assert_eq!(learned_anew.state(), State::Rejected);
    learned.remove(&import.id()).expect("removed");
    assert_eq!(learned.list().expect("readable").len(), 1);
    assert!(matches!(learned.accept(&import.id()), Err(KbError::NoRecord { .. })));
    let huge = learned.put("E0001", &json!("x".repeat(2 << 20)), &[]).expect_err("too large").to_string();
    assert!(huge.ends_with("(limit 1048576)"), "{huge}");
}

#[test]
fn every_change_can_be_undone_and_that_too() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Store::open(dir.path()).expect("made");
    let learned = store.learned().expect("there");
    let id = learned.put("s", &json!(1), &[json!("first")]).expect("put").id();
    learned.put("s", &json!(1), &[json!("second")]).expect("put");
    learned.count(&id, Outcome::Worked, 1).expect("counted");
    learned.count(&id, Outcome::Failed, 1).expect("counted");
    learned.accept(&id).expect("accepted");
    let deeds: Vec<_> =
        learned.journal(1).expect("readable").iter().map(|change| (change.number, change.deed)).collect();
    assert_eq!(deeds, [(1, Deed::Put), (2, Deed::Put), (3, Deed::Count), (4, Deed::Count), (5, Deed::Accept)]);

    let now = |id: &str| {
        learned
            .get(id)
            .expect("readable")
            .map(|record| (record.state(), record.evidence().count(), record.worked(), record.failed()))
    };
    let first_then = learned.undo(1).expect_err("accepted since").to_string();
    assert_eq!(first_then, "change 1 cannot be undone: change 5 came after it; undo that first");
    for (undone, expect) in [
        (5, Some((State::Candidate, 2, 1, 1))),
        (3, Some((State::Candidate, 2, 0, 1))),
        (2, Some((State::Candidate, 1, 0, 1))),
        (4, Some((State::Candidate, 1, 0, 0))),
        // The undoing of 3, number 7.
        (7, Some((State::Candidate, 1, 1, 0))),
        (1, None),
    ] {
        learned.undo(undone).expect("undone");
        assert_eq!(now(&id), expect, "after undoing {undone}");
    }
    assert!(matches!(learned.undo(5), Err(KbError::ChangedSince { number: 5, by: 6 })));
    assert!(matches!(learned.undo(99), Err(KbError::NoChange { number: 99 })));
    let last = learned.journal(1).expect("readable").len() as u64;
    learned.undo(last).expect("undone");
    assert_eq!(now(&id), Some((State::Candidate, 1, 1, 0)));
}

#[test]
fn two_machines_merge_without_loss_and_twice_changes_nothing() {
    let (a, b) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let (a, b) = (Store::open(a.path()).expect("made"), Store::open(b.path()).expect("made"));
    assert_ne!(a.machine(), b.machine());
    for (store, trials) in [(&a, 3), (&b, 2)] {
        let learned = store.learned().expect("there");
        let id = learned.put("shared", &json!("edit"), &[json!(store.machine())]).expect("put").id();
        learned.put(&store.machine().0, &json!("own"), &[]).expect("put");
        for _ in 0..trials {
            learned.count(&id, Outcome::Worked, 1).expect("counted");
        }
        store.statistics().expect("there").add(&[("rung a", trials), ("rung b", 1)]).expect("counted");
    }
    let take = |from: &Store, to: &Store| {
        to.statistics()
            .expect("there")
            .merge(&from.statistics().expect("there").all().expect("readable"))
            .expect("merged");
        to.learned().expect("there").merge(&from.learned().expect("there").list().expect("readable")).expect("merged")
    };
    assert_eq!((take(&a, &b), take(&b, &a)), (2, 2));
    assert_eq!((take(&a, &b), take(&b, &a)), (0, 0));
    let (of_a, of_b) =
        (a.learned().expect("there").list().expect("readable"), b.learned().expect("there").list().expect("readable"));
    assert_eq!(of_a, of_b);
    assert_eq!(of_a.len(), 3);
    let shared = of_a.iter().find(|record| record.signature == "shared").expect("there");
    assert_eq!((shared.worked(), shared.evidence().count()), (5, 2));
    let counters = a.statistics().expect("there").all().expect("readable");
    assert_eq!(counters["rung a"].values().sum::<u64>(), 5);
    assert_eq!(counters, b.statistics().expect("there").all().expect("readable"));

    // The import of b's trials is undone at a; b's own copy comes once more and does not bring them back.
    let learned = a.learned().expect("there");
    let import = learned
        .journal(1)
        .expect("readable")
        .into_iter()
        .find(|change| change.deed == Deed::Import && change.worked == 2);
    let undone = learned.undo(import.expect("in the journal").number).expect("undone");
    assert_eq!((undone.worked(), undone.evidence().count()), (3, 1));
    take(&b, &a);
    assert_eq!(learned.of("shared").expect("readable")[0].worked(), 3);
}

#[test]
fn readers_see_whole_publications_while_one_writes_and_a_second_writer_is_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let published = || Published::open(&learned_path(dir.path())).expect("readable");
    assert_eq!(published().records().count(), 0);
    let store = Store::open(dir.path()).expect("made");
    store.learned().expect("there").put("s", &json!(1), &[]).expect("put");
    store.statistics().expect("there").add(&[("n", 2)]).expect("counted");
    let second = Store::open(dir.path()).err().expect("held");
    assert!(matches!(second, KbError::Busy { .. }), "{second}");
    assert!(Store::open_within(dir.path(), Duration::from_millis(30)).is_err());
    assert_eq!(published().records().count(), 0);
    store.publish_learned().expect("published");
    let old = published();
    assert_eq!((old.of("s").count(), old.counter("n")), (1, 2));
    store.learned().expect("there").put("t", &json!(1), &[]).expect("put");
    let waiting = std::thread::scope(|scope| {
        let path = dir.path();
        let waiting = scope.spawn(move || Store::open_within(path, Duration::from_secs(10)).map(|_| ()));
        drop(store);
        waiting.join().expect("no panic")
    });
    waiting.expect("opened once the first was done");
    // Dropping has published.
    assert_eq!((old.records().count(), published().records().count()), (1, 2));
}

#[test]
fn a_store_of_format_1_is_brought_up_to_date() {
    let v1 = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/v1");
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(dir.path().join("store")).expect("made");
    for file in ["snapshot.kb", "store/conf", "store/db"] {
        std::fs::copy(v1.join(file), dir.path().join(file)).expect("copied");
    }
    let sources = Sources {
        rust: vec![RustSource { name: "toy_sdk".into(), src: v1.join("src"), licence: "MIT".into() }],
        ..Sources::default()
    };
    // Its vectors were made of other texts than today's, so that each is made anew, once.
    let built = build(&sources, dir.path(), &HashedNgrams).expect("brought up to date");
    assert_eq!((built.items, built.embedded, built.removed), (3, 3, 0));
    Store::open(dir.path()).expect("up to date").learned().expect("there").put("s", &json!(1), &[]).expect("put");
    assert_eq!(build(&sources, dir.path(), &HashedNgrams).expect("built").embedded, 0);
}
