//! What holds for a shared knowledge base on whichever server; each check is given a place where nothing is yet.
#![allow(dead_code, reason = "each test binary uses its part")]
use crate::copies::{CountsLetters, Machine, item};
use flightsmith_kb::{Autopilot, Filter, Kind, Outcome, Searchable, Tuning};
use flightsmith_shared_kb::SharedError;
use serde_json::json;

/// Items come back whole, by words, parts of words, and meaning.
pub fn what_one_machine_pushes_another_finds(address: &str) {
    let items = [
        item(
            "mavlink:SET_POSITION_TARGET_LOCAL_NED",
            Kind::MavlinkMessage,
            "SET_POSITION_TARGET_LOCAL_NED",
            "A set-point.",
        ),
        item("rust:goto_ned", Kind::Function, "goto_ned", "Flies to a place, north, east and down of home."),
        item("mode:px4/HOLD", Kind::Mode, "HOLD", "Stays where it is. 'Quoted', \\ and \u{0}."),
    ];
    let (ours, theirs) = (Machine::with(&items), Machine::with(&items[..1]));
    let pushed = ours.shared(address).push(&ours.store(), false, false).expect("taken");
    assert_eq!((pushed.items, pushed.removed), (3, 0));
    let shared = theirs.shared(address);
    let first = |query: &str| {
        let found = shared.find(query, 3, &Filter::default(), &Tuning::default());
        assert_eq!(found.without_shared, None);
        found.hits.first().map(|hit| hit.item.id.clone()).unwrap_or_default()
    };
    // Identifiers match whole, without their separators, and in parts.
    for query in ["SET_POSITION_TARGET_LOCAL_NED", "setpositiontargetlocalned", "position target"] {
        assert_eq!(first(query), items[0].id, "{query}");
    }
    assert_eq!(first("fly to north of home"), items[1].id);
    let found = shared.find("quoted", 1, &Filter::default(), &Tuning::default());
    assert_eq!(found.hits[0].item.as_ref(), &items[2]);
    assert_eq!(first(""), "");
    // Nothing has changed: nothing goes over the wire again.
    let again = ours.shared(address).push(&ours.store(), false, false).expect("taken");
    assert_eq!((again.items, again.lines), (0, 0));
}

/// Every filter, for rankings by words and by vectors.
pub fn filters_keep_to_what_is_asked_for(address: &str) {
    let mut items = Vec::new();
    for (name, kind, autopilot, dialect, sdk_version) in [
        ("a", Kind::Mode, Some(Autopilot::Px4), None, None),
        ("b", Kind::Mode, Some(Autopilot::Ardupilot), None, None),
        ("c", Kind::Mode, None, Some("common"), None),
        ("d", Kind::MavlinkMessage, None, Some("ardupilotmega"), None),
        ("e", Kind::Function, None, None, Some("0.1.0")),
        ("f", Kind::Function, None, None, Some("9.9.9")),
    ] {
        let mut item = item(name, kind, name, "battery level");
        (item.autopilot, item.dialect) = (autopilot, dialect.map(str::to_owned));
        item.sdk_version = sdk_version.map(str::to_owned);
        items.push(item);
    }
    let machine = Machine::with(&items);
    let shared = machine.shared(address);
    shared.push(&machine.store(), false, false).expect("taken");
    let check = |filter: Filter, expect: &str| {
        for tuning in [Tuning { vectors: 0.0, ..Tuning::default() }, Tuning { words: 0.0, ..Tuning::default() }] {
            let found = shared.find_shared("battery level", 9, &filter, &tuning).expect("found");
            let mut ids: Vec<_> = found.hits.iter().map(|hit| hit.item.id.as_str()).collect();
            ids.sort_unstable();
            assert_eq!(ids.concat(), expect, "{filter:?}");
        }
    };
    // Where the filter does not say, it is the version of the machine's own copy, which is the first that it holds.
    check(Filter::default(), "abcde");
    check(Filter { sdk_version: Some("9.9.9".into()), ..Filter::default() }, "abcdf");
    check(Filter { kinds: vec![Kind::Mode], ..Filter::default() }, "abc");
    check(Filter { autopilot: Some(Autopilot::Px4), ..Filter::default() }, "acde");
    check(Filter { dialect: Some("common".into()), ..Filter::default() }, "abce");
}

/// Refused, or rebuilt.
pub fn vectors_of_two_embeddings_are_never_mixed(address: &str) {
    let items = [item("a", Kind::Type, "a", "first"), item("b", Kind::Type, "b", "second")];
    let (ours, others) = (Machine::with(&items), Machine::embedded_by(&items, || Box::new(CountsLetters)));
    ours.shared(address).push(&ours.store(), false, false).expect("taken");
    let refused = others.shared(address).push(&others.store(), false, false).expect_err("another embedding");
    assert!(matches!(refused, SharedError::OtherEmbedding { .. }), "{refused}");
    let shared = others.shared(address);
    let found = shared.find("second", 1, &Filter::default(), &Tuning::default());
    assert!(found.without_shared.is_some_and(|why| why.contains("hashed-ngrams") && why.contains("letters-4")));
    assert_eq!(found.hits[0].item.id, "b");
    // One who is connected learns that another has rebuilt it.
    let connected = ours.shared(address);
    assert!(connected.find_shared("second", 1, &Filter::default(), &Tuning::default()).is_ok());
    assert_eq!(others.shared(address).push(&others.store(), true, false).expect("rebuilt").items, 2);
    assert!(shared.find_shared("second", 1, &Filter::default(), &Tuning::default()).is_ok());
    let error = connected.find_shared("second", 1, &Filter::default(), &Tuning::default()).expect_err("rebuilt");
    assert!(matches!(error, SharedError::OtherEmbedding { .. }), "{error}");
}

/// Several machines, three times, at the same moment.
pub fn who_push_at_once_lose_nothing(address: &str) {
    const MACHINES: usize = 4;
    let machines: Vec<Machine> = (0..MACHINES)
        .map(|number| {
            let own = item(&format!("own-{number}"), Kind::Example, "own", &format!("of machine {number}"));
            let machine = Machine::with(&[own, item("same", Kind::Example, "same", "of all")]);
            let store = machine.store();
            let learned = store.learned().expect("readable");
            // One record that all have learned, with evidence and trials of each, and one of its own.
            let evidence = json!({ "machine": number });
            let record = learned.put("E0382 moved", &json!("clone it"), &[evidence]).expect("learned");
            learned.count(&record.id(), Outcome::Worked, 1).expect("counted");
            learned.put("E0499", &json!(format!("fix {number}")), &[]).expect("learned");
            store.statistics().expect("readable").add(&[("repairs", 10)]).expect("counted");
            drop(store);
            machine
        })
        .collect();
    for round in 0..3 {
        std::thread::scope(|scope| {
            for machine in &machines {
                scope.spawn(|| machine.shared(address).push(&machine.store(), false, false).expect("taken"));
            }
        });
        if round < 2 {
            for machine in &machines {
                let store = machine.store();
                let learned = store.learned().expect("readable");
                let record = &learned.of("E0382 moved").expect("readable")[0];
                learned.count(&record.id(), Outcome::Failed, 1).expect("counted");
            }
        }
    }
    let newcomer = Machine::with(&[]);
    let shared = newcomer.shared(address);
    let store = newcomer.store();
    let imported = shared.pull(&store).expect("taken in");
    assert_eq!((imported.records, imported.counters), (1 + MACHINES, 1));
    let learned = store.learned().expect("readable");
    let record = &learned.of("E0382 moved").expect("readable")[0];
    assert_eq!((record.worked(), record.failed(), record.evidence().count()), (4, 8, MACHINES));
    assert_eq!(learned.of("E0499").expect("readable").len(), MACHINES);
    assert_eq!(shared.pull(&store).expect("taken in"), Default::default());
    // Who has only heard of it has no news. The items are there too.
    assert_eq!(shared.push(&store, false, false).expect("taken").lines, 0);
    let found = shared.find_shared("machine all", 9, &Filter::default(), &Tuning::default()).expect("found");
    assert_eq!(found.hits.len(), 1 + MACHINES);
}

/// And only then.
pub fn items_go_when_they_are_pruned(address: &str) {
    let items = [item("a", Kind::Type, "a", "first"), item("b", Kind::Type, "b", "second")];
    let (more, less) = (Machine::with(&items), Machine::with(&items[..1]));
    more.shared(address).push(&more.store(), false, false).expect("taken");
    assert_eq!(less.shared(address).push(&less.store(), false, false).expect("taken").removed, 0);
    assert_eq!(less.shared(address).push(&less.store(), false, true).expect("taken").removed, 1);
    let shared = more.shared(address);
    let found = shared.find_shared("second", 5, &Filter::default(), &Tuning::default()).expect("found");
    assert!(found.hits.iter().all(|hit| hit.item.id == "a"));
}
