//! The judged queries are about what the knowledge base holds: a judgement of an item that is gone is stale and fails here.
use flightsmith_kb::quality::{Half, Judged, Unanswerable};
use flightsmith_kb::{CompilerTexts, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const QUERIES: &str = include_str!("../eval/queries.jsonl");
/// Fewer than these would say little.
const LEAST: usize = 300;
const LEAST_OF_EACH_KIND: usize = 20;

fn queries() -> Vec<Judged> {
    Judged::read(QUERIES).expect("judgements")
}

#[test]
fn every_judged_item_is_in_the_corpus() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let items = Sources::of_tree(&root).with_compiler(None::<CompilerTexts>).read().expect("readable");
    let ids: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
    let mut stale = BTreeMap::<&str, Vec<&str>>::new();
    let queries = queries();
    for judged in &queries {
        // What was judged not to be about it, and is gone, changes no figure.
        // The compiler's explanations come from the toolchain in use: only the form of their ids can be held against anything here.
        for id in judged.relevant.keys() {
            let explains = id
                .strip_prefix("compiler:E")
                .is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit()));
            if !explains && !ids.contains(id.as_str()) {
                stale.entry(id).or_default().push(&judged.query);
            }
        }
    }
    assert!(stale.is_empty(), "judged, but no longer there: {stale:#?}");
}

#[test]
fn later_rounds_said_of_most_finds_that_they_are_not_about_it() {
    let judged = |of: fn(&Judged) -> usize| queries().iter().map(of).sum::<usize>();
    let (graded, refused) = (judged(|query| query.relevant.len()), judged(|query| query.irrelevant.len()));
    // 2,760 pairs had a grade from the first round; 5,063 were judged in the second, of which 964 got one. Later rounds add to both.
    assert!(graded >= 3_724 && refused >= 4_099, "{graded} graded, {refused} refused");
}

#[test]
fn what_has_no_answer_is_of_several_kinds_and_is_not_asked_among_what_has() {
    let unanswerable = Unanswerable::read(include_str!("../eval/unanswerable.jsonl")).expect("queries");
    let answerable: BTreeSet<String> = queries().into_iter().map(|judged| judged.query).collect();
    let mut kinds = BTreeMap::<&str, usize>::new();
    for asked in &unanswerable {
        *kinds.entry(&asked.kind).or_default() += 1;
        assert!(!answerable.contains(&asked.query), "{}", asked.query);
    }
    assert!(kinds.len() >= 4 && kinds.values().all(|count| *count >= LEAST_OF_EACH_KIND), "{kinds:?}");
}

#[test]
fn queries_are_many_of_each_kind_and_different_and_fall_into_two_halves() {
    let queries = queries();
    assert!(queries.len() >= LEAST, "{}", queries.len());
    let mut kinds = BTreeMap::<&str, usize>::new();
    let mut texts = BTreeSet::new();
    for judged in &queries {
        *kinds.entry(&judged.kind).or_default() += 1;
        assert!(texts.insert(judged.query.to_lowercase()), "twice: {}", judged.query);
    }
    assert!(kinds.len() >= 8 && kinds.values().all(|count| *count >= LEAST_OF_EACH_KIND), "{kinds:?}");
    let development = queries.iter().filter(|judged| judged.half() == Half::Development).count();
    assert!(development * 5 > queries.len() * 2 && development * 5 < queries.len() * 3, "{development}");
}
