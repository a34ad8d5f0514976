//! How well searches of the knowledge base answer: judged queries against BM25 alone, words alone, vectors alone, both fused, and both
//! fused with one part after the other switched off.
//!
//! The queries and their judgements are `sdk-kb/eval/queries.jsonl`; `docs/retrieval.md` says how they came about.
use super::bar::{self, Bar};
use crate::exit::{RunError, chain};
use flightsmith_kb::quality::{Answered, Half, Judged, Quality, answer};
use flightsmith_kb::{
    Analysis, EmbedError, Embedder, Item, KnowledgeBase, Reading, Tuning, Understanding, publish_read,
};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

const QUERIES: &str = include_str!("../../../sdk-kb/eval/queries.jsonl");

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// How many items were searched.
    pub items: usize,
    /// One table for each embedding.
    pub embeddings: Vec<Table>,
    /// Which questions `ask` answers, by how confident it has to be.
    pub bars: Vec<Bar>,
}

/// The rows of one embedding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Which embedding.
    pub embedding: String,
    /// Ways of searching.
    pub rows: Vec<Row>,
    /// The fused search by sorts of queries, both halves together.
    pub kinds: BTreeMap<String, Quality>,
}

/// One way of searching.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// What is on or off.
    pub name: String,
    /// Over the half that searches are tuned on.
    pub development: Quality,
    /// Over the half that is only measured.
    pub reported: Quality,
    /// Half of the searches took at most this long, in microseconds.
    pub p50_us: f64,
    /// 99 of 100 took at most this long.
    pub p99_us: f64,
}

/// A way of searching: how items are read, and how they are ranked.
struct Way {
    name: &'static str,
    reading: Reading,
    tuning: Tuning,
}

/// The judged queries.
pub fn queries() -> Result<Vec<Judged>, RunError> {
    Judged::read(QUERIES).map_err(|reason| RunError::files("sdk-kb/eval/queries.jsonl", reason))
}

/// Measures every way of searching `items` with every embedding, over `queries`; `scratch` is a folder for their indexes. What `ask` answers
/// is measured apart ([`bar::measure`]): it takes the knowledge base in use.
pub fn measure(
    items: &[Item],
    embeddings: &[Arc<dyn Embedder>],
    queries: &[Judged],
    scratch: &Path,
) -> Result<Report, RunError> {
    let tables = embeddings.iter().map(|embedding| table(items, embedding, queries, scratch));
    Ok(Report { items: items.len(), embeddings: tables.collect::<Result<_, _>>()?, bars: Vec::new() })
}

fn table(items: &[Item], embedding: &Arc<dyn Embedder>, queries: &[Judged], scratch: &Path) -> Result<Table, RunError> {
    let path = scratch.join("measured.kb");
    let failed = |error| RunError::files(&path, chain(&error));
    let (mut rows, mut kinds, mut read, mut kb) = (Vec::new(), BTreeMap::new(), None, None::<KnowledgeBase>);
    let remembering = Remembering { embedder: embedding.as_ref(), known: Mutex::default() };
    for way in ways() {
        if read != Some(way.reading) {
            publish_read(&path, items.iter().cloned(), "measured", &remembering, way.reading).map_err(failed)?;
            kb = Some(KnowledgeBase::open_snapshot_with(&path, Box::new(Arc::clone(embedding))).map_err(failed)?);
            read = Some(way.reading);
        }
        let Some(kb) = &kb else { continue };
        let answered = answer(kb, queries, &way.tuning);
        if way.name == FUSED {
            kinds = by_kind(&answered);
        }
        rows.push(row(way.name, &answered));
    }
    Ok(Table { embedding: embedding.id().to_owned(), rows, kinds })
}

/// Embeds each text once: items are published anew for each way of reading them, and a sentence model takes minutes for all of them.
struct Remembering<'e> {
    embedder: &'e dyn Embedder,
    known: Mutex<HashMap<String, Vec<f32>>>,
}

impl Embedder for Remembering<'_> {
    fn id(&self) -> &str {
        self.embedder.id()
    }

    fn dims(&self) -> usize {
        self.embedder.dims()
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vector) = known().get(text) {
            return Ok(vector.clone());
        }
        let vector = self.embedder.embed(text)?;
        known().insert(text.to_owned(), vector.clone());
        Ok(vector)
    }
}

/// The name of the search as it is.
pub const FUSED: &str = "fused";

/// Every way, those that read items alike beside each other.
fn ways() -> Vec<Way> {
    let (reading, tuning) = (Reading::default(), Tuning::default());
    let (on, all) = (Understanding::default(), Analysis::default());
    let tuned = |name, tuning| Way { name, reading, tuning };
    let without = |name, understanding| tuned(name, Tuning { understanding, ..tuning.clone() });
    let read = |name, reading: Reading| {
        let understanding = Understanding { analysis: reading.analysis, ..on };
        Way { name, reading, tuning: Tuning { understanding, ..tuning.clone() } }
    };
    vec![
        // As any library has it: no other words than the query's, and no names.
        tuned(
            "BM25 alone",
            Tuning {
                vectors: 0.0,
                names: 0.0,
                understanding: Understanding { glossary: 0.0, slips: 0.0, names: 0.0, ..on },
                ..tuning.clone()
            },
        ),
        tuned("words alone", Tuning { vectors: 0.0, ..tuning.clone() }),
        tuned("vectors alone", Tuning { words: 0.0, names: 0.0, ..tuning.clone() }),
        tuned(FUSED, tuning.clone()),
        without("without the glossary", Understanding { glossary: 0.0, ..on }),
        without("without mending slips", Understanding { slips: 0.0, ..on }),
        tuned(
            "without names",
            Tuning { names: 0.0, understanding: Understanding { names: 0.0, ..on }, ..tuning.clone() },
        ),
        without("without reading diagnostics", Understanding { diagnostics: false, ..on }),
        without("with stop words", Understanding { stop_words: false, ..on }),
        tuned("without leaning to kinds", Tuning { leaning: false, ..tuning.clone() }),
        tuned("fused by rank alone", Tuning { measure: 0.0, ..tuning.clone() }),
        tuned("with variety 0.3", Tuning { diversity: 0.3, ..tuning.clone() }),
        read("without what people call it", Reading { asked: 0.0, ..reading }),
        read("without identifiers' parts", Reading { analysis: Analysis { parts: false, ..all }, ..reading }),
        read("without stems", Reading { analysis: Analysis { stems: false, ..all }, ..reading }),
        read("with all fields alike", Reading { title: 1.0, asked: 1.0, lead: 1.0, text: 1.0, code: 1.0, ..reading }),
    ]
}

fn row(name: &str, answered: &[Answered<'_>]) -> Row {
    let half = |half: Half| {
        let of_half = answered.iter().filter(|answered| answered.judged.half() == half);
        Quality::mean(of_half.map(|answered| answered.quality))
    };
    let mut us: Vec<f64> = answered.iter().map(|answered| answered.us).collect();
    us.sort_by(f64::total_cmp);
    let at = |part: f64| us.get((us.len() as f64 * part) as usize).or(us.last()).copied().unwrap_or(0.0);
    Row {
        name: name.to_owned(),
        development: half(Half::Development),
        reported: half(Half::Reported),
        p50_us: at(0.5),
        p99_us: at(0.99),
    }
}

fn by_kind(answered: &[Answered<'_>]) -> BTreeMap<String, Quality> {
    let mut kinds: BTreeMap<String, Vec<Quality>> = BTreeMap::new();
    for one in answered {
        kinds.entry(one.judged.kind.clone()).or_default().push(one.quality);
    }
    kinds.into_iter().map(|(kind, qualities)| (kind, Quality::mean(qualities))).collect()
}

impl Report {
    /// Tables for people; only one half where one is named.
    pub fn to_text(&self, half: Option<Half>) -> String {
        let mut text = format!("{} items\n", self.items);
        let halves = [(Half::Development, "development"), (Half::Reported, "reported")];
        for table in &self.embeddings {
            for (_, name) in halves.iter().filter(|(which, _)| half.is_none_or(|half| half == *which)) {
                let of = |row: &Row| if *name == "development" { row.development } else { row.reported };
                let queries = table.rows.first().map_or(0, |row| of(row).queries);
                let _ = writeln!(text, "\n{}, {name} half, {queries} queries", table.embedding);
                let _ = writeln!(
                    text,
                    "{:<30} {:>8} {:>9} {:>9} {:>10} {:>9} {:>8} {:>8}",
                    "", "nDCG@10", "recall@5", "recall@20", "answered@5", "unjudged", "p50 us", "p99 us"
                );
                for row in &table.rows {
                    let quality = of(row);
                    let _ = writeln!(
                        text,
                        "{:<30} {:>8.3} {:>9.3} {:>9.3} {:>10.3} {:>9.3} {:>8.0} {:>8.0}",
                        row.name,
                        quality.ndcg_10,
                        quality.recall_5,
                        quality.recall_20,
                        quality.answered_5,
                        quality.unjudged_10,
                        row.p50_us,
                        row.p99_us
                    );
                }
            }
            let _ = writeln!(text, "\n{}, fused, by sort of query (both halves)", table.embedding);
            for (kind, quality) in &table.kinds {
                let _ = writeln!(
                    text,
                    "{kind:<30} {:>8.3} {:>9.3} {:>9.3} {:>10.3}  of {}",
                    quality.ndcg_10, quality.recall_5, quality.recall_20, quality.answered_5, quality.queries
                );
            }
        }
        if !self.bars.is_empty() {
            text += &bar::to_text(&self.bars);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightsmith_kb::{HashedNgrams, Sources};

    #[test]
    fn every_way_of_searching_is_measured_and_each_part_makes_a_difference() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let items = Sources::of_tree(&root).read().expect("readable");
        let queries = queries().expect("judgements");
        let scratch = tempfile::tempdir().expect("a folder");
        let hashed: Arc<dyn Embedder> = Arc::new(HashedNgrams);
        let report = measure(&items, &[hashed], &queries, scratch.path()).expect("measured");
        let rows = &report.embeddings[0].rows;
        let fused = rows.iter().find(|row| row.name == FUSED).expect("the search as it is");
        assert_eq!(fused.development.queries + fused.reported.queries, queries.len());
        // The compiler's explanations are not among these items, so that their queries cannot be answered.
        assert!(fused.reported.ndcg_10 > 0.5 && fused.reported.recall_5 > 0.6, "{fused:?}");
        for row in rows.iter().filter(|row| row.name != FUSED) {
            assert_ne!((row.development, row.reported), (fused.development, fused.reported), "{}", row.name);
        }
        let text = report.to_text(Some(Half::Reported));
        assert!(text.contains("reported half") && !text.contains("development half"), "{text}");
    }
}
