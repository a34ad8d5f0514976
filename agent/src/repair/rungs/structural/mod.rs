//! Rules of ours for what the compiler does not suggest: one module a family, each general about the language or the SDK.
//!
//! A rule reads the error's code, words and places, and the tree around them; it proposes, and the compiler and the guard decide. It leaves to
//! others: trying, and keeping what was learned from cases.
mod amounts;
mod arguments;
mod attributes;
mod bounds;
mod calls;
mod case;
mod closures;
mod constants;
mod control_flow;
mod delimiters;
mod derives;
mod expressions;
mod fields;
mod flight;
mod hints;
mod impls;
mod landings;
mod lifetimes;
mod missing_items;
mod names;
mod numbers;
mod ownership;
mod parameters;
mod patterns;
mod policy;
mod receivers;
mod results;
mod sendable;
mod signatures;
mod told;
mod trait_objects;
mod types;
mod visibility;

use super::Proposal;
use crate::repair::sources::Sources;
use crate::repair::syntax::words;
use case::Case;
use flightsmith_toolchain::diagnostics::Diagnostic;

type Rules = fn(&Case<'_>) -> Vec<Proposal>;

/// The families, the most telling first.
const FAMILIES: [Rules; 31] = [
    hints::rules,
    policy::rules,
    results::rules,
    receivers::rules,
    flight::rules,
    amounts::rules,
    calls::rules,
    told::rules,
    sendable::rules,
    arguments::rules,
    parameters::rules,
    bounds::rules,
    fields::rules,
    signatures::rules,
    impls::rules,
    missing_items::rules,
    trait_objects::rules,
    lifetimes::rules,
    constants::rules,
    control_flow::rules,
    patterns::rules,
    expressions::rules,
    visibility::rules,
    types::rules,
    closures::rules,
    numbers::rules,
    names::rules,
    ownership::rules,
    attributes::rules,
    delimiters::rules,
    with_words_of_the_help,
];

/// The families that guess nothing: they put into practice what an error writes out itself, or what is plain from the text around it.
const SAID: [Rules; 7] = [
    hints::rules,
    policy::rules,
    numbers::declared,
    results::rules,
    receivers::rules,
    arguments::exchanged,
    names::without_the_sdk,
];

/// What the rules propose for `error`, the likeliest first.
pub(crate) fn proposals(sources: &Sources, error: &Diagnostic) -> Vec<Proposal> {
    proposed(&FAMILIES, sources, error)
}

/// What `error` writes out itself.
pub(crate) fn said(sources: &Sources, error: &Diagnostic) -> Vec<Proposal> {
    proposed(&SAID, sources, error)
}

fn proposed(families: &[Rules], sources: &Sources, error: &Diagnostic) -> Vec<Proposal> {
    let Some(case) = Case::of(sources, error) else { return Vec::new() };
    let mut proposals: Vec<Proposal> = Vec::new();
    for family in families {
        for proposal in family(&case) {
            if !proposals.iter().any(|known| known.parts == proposal.parts) {
                proposals.push(proposal);
            }
        }
    }
    proposals
}

/// `try using X`, `use X instead`: a help that says it in words and not as an edit.
fn with_words_of_the_help(case: &Case<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for said in case.said() {
        let leads = ["use `", "try `", "try using `", "replace it with `", "write `"];
        if let Some(at) = leads.iter().find_map(|lead| said.find(lead).map(|at| at + lead.len()))
            && let Some(text) = said[at..].split('`').next()
            && !text.is_empty()
            && !text.contains("...")
            // A number in a help is an example's, not the program's.
            && !words(text).iter().any(|word| word.text.starts_with(|c: char| c.is_ascii_digit()))
        {
            proposals.push(case.replace("as the help says", case.place.clone(), text));
        }
    }
    proposals
}

#[cfg(test)]
mod tests;
