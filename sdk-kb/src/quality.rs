//! How well searches answer: queries in users' words whose answers people have judged, and the measures over them.
//!
//! The queries are in `sdk-kb/eval/queries.jsonl`, one a line. Each falls into one half by the digest of its text: searches are tuned on
//! [`Half::Development`], and [`Half::Reported`] is only ever measured.
use crate::facets::Filter;
use crate::search::{KnowledgeBase, Tuning};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// The best grade that a judge can give: the item answers the query by itself.
pub const ANSWERS: u8 = 3;

/// A query and what answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// As somebody types or pastes it.
    pub query: String,
    /// What sort of query it is, for a table by sorts.
    pub kind: String,
    /// Ids of items and their grades: 3 answers it, 2 helps, 1 is about it. What is not named counts as 0.
    pub relevant: BTreeMap<String, u8>,
    /// Ids of items that were judged and are not about it; what is in neither was judged by nobody, or in the first round, which kept none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub irrelevant: BTreeSet<String>,
}

/// A query that nothing in the corpus answers: in another language, about another subject, or nonsense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unanswerable {
    /// As somebody types it.
    pub query: String,
    /// Why nothing answers it.
    pub kind: String,
}

impl Unanswerable {
    /// Reads queries, one JSON object a line.
    ///
    /// # Errors
    /// The line's number, and what is wrong with it.
    pub fn read(lines: &str) -> Result<Vec<Self>, String> {
        let one = |(place, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {error}", place + 1));
        lines.lines().enumerate().map(one).collect()
    }
}

/// Which half of the queries one belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// Searches may be tuned on it.
    Development,
    /// Only measured.
    Reported,
}

/// What a set of queries came to; each measure is the mean over the queries, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Quality {
    /// How many queries.
    pub queries: usize,
    /// Normalised discounted cumulative gain of the first 10 (Järvelin and Kekäläinen 2002), a grade `g` counting `2^g - 1`.
    pub ndcg_10: f64,
    /// Which part of a query's best items is among the first 5; of those that fit into 5 where there are more.
    pub recall_5: f64,
    /// The same among the first 20.
    pub recall_20: f64,
    /// For how many queries one of the best items is among the first 5.
    pub answered_5: f64,
    /// Which part of the first 10 nobody has judged, which counts as 0.
    pub unjudged_10: f64,
}

impl Judged {
    /// Reads queries, one JSON object a line.
    ///
    /// # Errors
    /// The line's number, and what is wrong with it.
    pub fn read(lines: &str) -> Result<Vec<Self>, String> {
        let mut all = Vec::new();
        for (place, line) in lines.lines().enumerate() {
            let judged: Self = serde_json::from_str(line).map_err(|error| format!("line {}: {error}", place + 1))?;
            if judged.relevant.values().any(|grade| !(1..=ANSWERS).contains(grade)) || judged.relevant.is_empty() {
                return Err(format!("line {}: grades are 1 to {ANSWERS}, and one item at least has one", place + 1));
            }
            if let Some(id) = judged.irrelevant.iter().find(|id| judged.relevant.contains_key(*id)) {
                return Err(format!("line {}: {id} has a grade and is said to be irrelevant", place + 1));
            }
            all.push(judged);
        }
        Ok(all)
    }

    /// By the parity of the SHA-256 of its text: even is for development.
    pub fn half(&self) -> Half {
        let digest = Sha256::digest(self.query.as_bytes());
        if digest.last().is_some_and(|byte| byte % 2 == 0) { Half::Development } else { Half::Reported }
    }

    /// The measures of one ranking of ids.
    pub fn quality(&self, ranking: &[&str]) -> Quality {
        let grade = |id: &str| self.relevant.get(id).copied().unwrap_or(0);
        let gain = |(place, grade): (usize, u8)| (f64::from(grade).exp2() - 1.0) / (place as f64 + 2.0).log2();
        let gains = |grades: &[u8]| grades.iter().copied().take(10).enumerate().map(gain).sum::<f64>();
        let mut ideal: Vec<u8> = self.relevant.values().copied().collect();
        ideal.sort_unstable_by(|a, b| b.cmp(a));
        let best = ideal.first().copied().unwrap_or(0);
        let having_best = ideal.iter().filter(|grade| **grade == best).count();
        let found: Vec<u8> = ranking.iter().map(|id| grade(id)).collect();
        let recall = |depth: usize| {
            let hits = found.iter().take(depth).filter(|grade| **grade == best).count();
            hits as f64 / having_best.min(depth).max(1) as f64
        };
        let is_judged = |id: &str| self.relevant.contains_key(id) || self.irrelevant.contains(id);
        let unjudged = ranking.iter().take(10).filter(|id| !is_judged(id)).count();
        Quality {
            queries: 1,
            ndcg_10: gains(&found) / gains(&ideal).max(f64::MIN_POSITIVE),
            recall_5: recall(5),
            recall_20: recall(20),
            answered_5: f64::from(u8::from(recall(5) > 0.0)),
            unjudged_10: unjudged as f64 / ranking.len().clamp(1, 10) as f64,
        }
    }
}

impl Quality {
    /// The mean over many queries.
    pub fn mean(each: impl IntoIterator<Item = Self>) -> Self {
        let mut sum = Self::default();
        for one in each {
            sum.queries += 1;
            sum.ndcg_10 += one.ndcg_10;
            sum.recall_5 += one.recall_5;
            sum.recall_20 += one.recall_20;
            sum.answered_5 += one.answered_5;
            sum.unjudged_10 += one.unjudged_10;
        }
        let count = sum.queries.max(1) as f64;
        Self {
            queries: sum.queries,
            ndcg_10: sum.ndcg_10 / count,
            recall_5: sum.recall_5 / count,
            recall_20: sum.recall_20 / count,
            answered_5: sum.answered_5 / count,
            unjudged_10: sum.unjudged_10 / count,
        }
    }
}

/// A query's measures and how long its search took.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered<'q> {
    /// The query.
    pub judged: &'q Judged,
    /// How well it was answered.
    pub quality: Quality,
    /// How long the search took, in microseconds.
    pub us: f64,
    /// What was found, best first.
    pub found: Vec<String>,
}

/// Searches for each query once, after one search that is not counted.
pub fn answer<'q>(kb: &KnowledgeBase, queries: &'q [Judged], tuning: &Tuning) -> Vec<Answered<'q>> {
    const DEPTH: usize = 20;
    let search = |query: &str| kb.find(query, DEPTH, &Filter::default(), tuning).hits;
    if let Some(first) = queries.first() {
        search(&first.query);
    }
    let one = |judged: &'q Judged| {
        let started = Instant::now();
        let hits = search(&judged.query);
        let us = started.elapsed().as_secs_f64() * 1e6;
        let ids: Vec<&str> = hits.iter().map(|hit| hit.item.id.as_str()).collect();
        Answered { judged, quality: judged.quality(&ids), us, found: ids.into_iter().map(str::to_owned).collect() }
    };
    queries.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(relevant: &[(&str, u8)]) -> Judged {
        let relevant = relevant.iter().map(|(id, grade)| ((*id).to_owned(), *grade)).collect();
        let irrelevant = BTreeSet::from(["judged".to_owned()]);
        Judged { query: "land".into(), kind: "task".into(), relevant, irrelevant }
    }

    #[test]
    fn the_measures_of_a_ranking() {
        let query = judged(&[("a", 3), ("b", 3), ("c", 1)]);
        let perfect = query.quality(&["a", "b", "c"]);
        assert_eq!((perfect.ndcg_10, perfect.recall_5, perfect.answered_5, perfect.unjudged_10), (1.0, 1.0, 1.0, 0.0));
        let nothing = query.quality(&["x", "y"]);
        assert_eq!((nothing.ndcg_10, nothing.recall_5, nothing.answered_5, nothing.unjudged_10), (0.0, 0.0, 0.0, 1.0));
        assert_eq!(query.quality(&["judged", "x", "b", "y"]).unjudged_10, 0.5);
        let late = query.quality(&["x", "a", "y", "z", "c", "b"]);
        let ideal = 7.0 + 7.0 / 3.0_f64.log2() + 0.5;
        let got = 7.0 / 3.0_f64.log2() + 1.0 / 6.0_f64.log2() + 7.0 / 7.0_f64.log2();
        assert!((late.ndcg_10 - got / ideal).abs() < 1e-12);
        assert_eq!((late.recall_5, late.recall_20, late.answered_5), (0.5, 1.0, 1.0));
        let mean = Quality::mean([perfect, nothing]);
        assert_eq!((mean.queries, mean.ndcg_10, mean.recall_5), (2, 0.5, 0.5));
    }

    #[test]
    fn more_answers_than_places_can_all_be_found() {
        let names = ["a", "b", "c", "d", "e", "f", "g"];
        let query = judged(&names.map(|name| (name, 3)));
        assert_eq!(query.quality(&names).recall_5, 1.0);
    }

    #[test]
    fn a_line_that_is_no_judgement_is_named() {
        let good = r#"{"query":"land","kind":"task","relevant":{"a":3}}"#;
        assert_eq!(Judged::read(good).expect("good").len(), 1);
        for (bad, said) in [
            (r#"{"query":"land","kind":"task","relevant":{"a":4}}"#, "line 2: grades are 1 to 3"),
            (r#"{"query":"land","kind":"task","relevant":{}}"#, "line 2: grades are 1 to 3"),
            (r#"{"query":"land"}"#, "line 2: missing field"),
            (r#"{"query":"land","kind":"task","relevant":{"a":3},"irrelevant":["a"]}"#, "line 2: a has a grade"),
        ] {
            let error = Judged::read(&format!("{good}\n{bad}")).expect_err(bad);
            assert!(error.starts_with(said), "{error}");
        }
    }
}
