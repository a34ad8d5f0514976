//! How well `ask` tells questions that the knowledge base answers from those that it does not: the judged queries, which all have an
//! answer, against `sdk-kb/eval/unanswerable.jsonl` (other languages, other subjects, nonsense), at several bars of confidence.
use crate::exit::RunError;
use flightsmith_kb::quality::{Half, Judged, Unanswerable};
use flightsmith_kb::{CONFIDENT, Filter, KnowledgeBase};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const UNANSWERABLE: &str = include_str!("../../../sdk-kb/eval/unanswerable.jsonl");
/// So many finds are looked at: as many as `ask` cites.
const FINDS: usize = 5;
const BARS: [f32; 6] = [0.2, 0.3, CONFIDENT, 0.4, 0.5, 0.6];

/// What a bar lets through.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// Finds are an answer from this confidence on.
    pub bar: f32,
    /// The part of the judged queries that are answered, of the half that searches are tuned on.
    pub development: f64,
    /// Of the half that is only measured.
    pub reported: f64,
    /// By why nothing answers them: the part of the queries without an answer that are answered all the same.
    pub unanswerable: BTreeMap<String, f64>,
    /// Of the questions that are answered, the part that have an answer.
    pub precision: f64,
    /// Of the questions that have an answer, the part that are answered.
    pub recall: f64,
}

/// Every bar, over the judged queries, which all have an answer, and those that have none.
pub fn measure(kb: &KnowledgeBase, answered: &[Judged]) -> Result<Vec<Bar>, RunError> {
    let unanswerable =
        Unanswerable::read(UNANSWERABLE).map_err(|reason| RunError::files("sdk-kb/eval/unanswerable.jsonl", reason))?;
    let confidence = |query: &str| kb.confidence(query, &kb.search(query, FINDS, &Filter::default()));
    let with: Vec<(Half, f32)> = answered.iter().map(|judged| (judged.half(), confidence(&judged.query))).collect();
    let without: Vec<(String, f32)> =
        unanswerable.into_iter().map(|asked| (asked.kind, confidence(&asked.query))).collect();
    Ok(BARS.iter().map(|bar| of_bar(*bar, &with, &without)).collect())
}

fn of_bar(bar: f32, with: &[(Half, f32)], without: &[(String, f32)]) -> Bar {
    let of_half = |half: Half| part(with.iter().filter(|one| one.0 == half).map(|one| one.1 >= bar));
    let kinds: BTreeSet<&String> = without.iter().map(|one| &one.0).collect();
    let of_kind = |kind: &String| part(without.iter().filter(|one| one.0 == *kind).map(|one| one.1 >= bar));
    let (right, wrong) = (with.iter().filter(|one| one.1 >= bar), without.iter().filter(|one| one.1 >= bar));
    let (right, wrong) = (right.count() as f64, wrong.count() as f64);
    Bar {
        bar,
        development: of_half(Half::Development),
        reported: of_half(Half::Reported),
        unanswerable: kinds.into_iter().map(|kind| (kind.clone(), of_kind(kind))).collect(),
        precision: right / (right + wrong).max(1.0),
        recall: right / (with.len() as f64).max(1.0),
    }
}

fn part(each: impl Iterator<Item = bool>) -> f64 {
    let (mut count, mut holds) = (0, 0);
    for one in each {
        count += 1;
        holds += u32::from(one);
    }
    f64::from(holds) / f64::from(count.max(1))
}

/// A table for people.
pub fn to_text(bars: &[Bar]) -> String {
    let mut text = String::from("\nquestions that are answered, by the bar of confidence (in force: ");
    let _ = writeln!(text, "{CONFIDENT})");
    let kinds: Vec<&String> = bars.first().map(|bar| bar.unanswerable.keys().collect()).unwrap_or_default();
    let _ = write!(text, "{:>5} {:>11} {:>9}", "bar", "development", "reported");
    for kind in &kinds {
        let _ = write!(text, " {kind:>16}");
    }
    let _ = writeln!(text, " {:>10} {:>7}", "precision", "recall");
    for bar in bars {
        let _ = write!(text, "{:>5.2} {:>11.3} {:>9.3}", bar.bar, bar.development, bar.reported);
        for kind in &kinds {
            let _ = write!(text, " {:>16.3}", bar.unanswerable[*kind]);
        }
        let _ = writeln!(text, " {:>10.3} {:>7.3}", bar.precision, bar.recall);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_lets_through_what_reaches_it() {
        let with = [(Half::Development, 0.9), (Half::Development, 0.2), (Half::Reported, 0.5), (Half::Reported, 0.8)];
        let without = [("nonsense".to_owned(), 0.0), ("nonsense".to_owned(), 0.6), ("german".to_owned(), 0.1)];
        let bar = of_bar(0.5, &with, &without);
        assert_eq!((bar.development, bar.reported, bar.precision, bar.recall), (0.5, 1.0, 0.75, 0.75));
        let kinds: Vec<(&str, f64)> = bar.unanswerable.iter().map(|(kind, part)| (kind.as_str(), *part)).collect();
        assert_eq!(kinds, [("german", 0.0), ("nonsense", 0.5)]);
        let text = to_text(&[bar]);
        assert!(text.contains("german") && text.contains("0.750"), "{text}");
    }
}
