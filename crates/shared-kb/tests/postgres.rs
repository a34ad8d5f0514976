//! A shared knowledge base on a real PostgreSQL with pgvector, started for these tests by the package that the set-up installs.
#![cfg(feature = "postgres")]
mod copies;
mod servers;
mod team;

use copies::{Machine, item};
use flightsmith_kb::{Filter, Kind, Searchable, Tuning};
use flightsmith_shared_kb::{Limits, SharedError};
use servers::postgres;
use std::time::Duration;

#[test]
fn what_one_machine_pushes_another_finds() {
    team::what_one_machine_pushes_another_finds(&postgres::database("finds"));
}

#[test]
fn filters_keep_to_what_is_asked_for() {
    team::filters_keep_to_what_is_asked_for(&postgres::database("filters"));
}

#[test]
fn vectors_of_two_embeddings_are_never_mixed() {
    team::vectors_of_two_embeddings_are_never_mixed(&postgres::database("embeddings"));
}

#[test]
fn who_push_at_once_lose_nothing() {
    let database = postgres::database("at_once");
    team::who_push_at_once_lose_nothing(&database);
    // Each of four machines has one line for each thing that it tells about, whatever it has pushed before.
    assert_eq!(postgres::number(&database, "SELECT count(*) FROM flightsmith_kb.line"), 3 * 4);
}

#[test]
fn items_go_when_they_are_pruned() {
    team::items_go_when_they_are_pruned(&postgres::database("prune"));
}

#[test]
fn older_tables_are_brought_up_to_date_and_newer_ones_left_alone() {
    let database = postgres::database("versions");
    let machine = Machine::with(&[item("a", Kind::Type, "a", "first")]);
    let shared = machine.shared(&database);
    let find = || shared.find_shared("first", 1, &Filter::default(), &Tuning::default());
    assert!(matches!(find(), Err(SharedError::Missing { .. })));
    shared.push(&machine.store(), false, false).expect("made");
    // The first version had no lines.
    postgres::run(&database, "DROP TABLE flightsmith_kb.line; UPDATE flightsmith_kb.about SET version = 1");
    let shared = machine.shared(&database);
    let error = shared.find_shared("first", 1, &Filter::default(), &Tuning::default()).expect_err("old");
    assert!(error.to_string().contains("version 1") && error.to_string().contains("kb push"), "{error}");
    let pushed = shared.push(&machine.store(), false, false).expect("brought up to date");
    assert_eq!(pushed.items, 0);
    assert_eq!(shared.find_shared("first", 1, &Filter::default(), &Tuning::default()).expect("found").hits.len(), 1);
    postgres::run(&database, "UPDATE flightsmith_kb.about SET version = 3");
    let error = machine.shared(&database).push(&machine.store(), false, false).expect_err("newer");
    assert!(matches!(error, SharedError::OtherVersion { found: 3, .. }), "{error}");
}

#[test]
fn a_server_that_is_slow_is_not_waited_for() {
    let database = postgres::database("slow");
    let machine = Machine::with(&[item("a", Kind::Type, "a", "first")]);
    machine.shared(&database).push(&machine.store(), false, false).expect("taken");
    let limits = Limits { connect: Duration::from_secs(60), search: Duration::from_secs(2), ..Limits::default() };
    let shared = machine.shared_within(&database, Limits { rest: Duration::ZERO, ..limits });
    assert_eq!(shared.find("first", 1, &Filter::default(), &Tuning::default()).without_shared, None);
    let locked = postgres::locked(&database, "flightsmith_kb.item");
    let found = shared.find("first", 1, &Filter::default(), &Tuning::default());
    assert!(found.without_shared.is_some_and(|why| why.contains("within 2000 ms")), "it was not slow");
    assert_eq!(found.hits[0].item.id, "a");
    drop(locked);
    let patient = machine.shared(&database);
    assert_eq!(patient.find("first", 1, &Filter::default(), &Tuning::default()).without_shared, None);
}

#[test]
fn an_older_pgvector_finds_the_same() {
    team::what_one_machine_pushes_another_finds(&postgres::old_database("finds"));
    team::filters_keep_to_what_is_asked_for(&postgres::old_database("filters"));
}
