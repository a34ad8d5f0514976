//! A shared knowledge base on a stand-in for Qdrant: its own models of its REST interface hold every request to the published OpenAPI
//! document, and its own engine in memory answers. The server itself is in no package and was not tried.
#![cfg(feature = "qdrant")]
mod copies;
mod servers;
mod team;

use servers::qdrant;

#[test]
fn what_one_machine_pushes_another_finds() {
    team::what_one_machine_pushes_another_finds(&qdrant::collections("finds"));
}

#[test]
fn filters_keep_to_what_is_asked_for() {
    team::filters_keep_to_what_is_asked_for(&qdrant::collections("filters"));
}

#[test]
fn vectors_of_two_embeddings_are_never_mixed() {
    team::vectors_of_two_embeddings_are_never_mixed(&qdrant::collections("embeddings"));
}

#[test]
fn who_push_at_once_lose_nothing() {
    team::who_push_at_once_lose_nothing(&qdrant::collections("at_once"));
}

#[test]
fn items_go_when_they_are_pruned() {
    team::items_go_when_they_are_pruned(&qdrant::collections("prune"));
}
