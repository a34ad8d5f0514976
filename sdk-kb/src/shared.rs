//! What it takes to search, and to share, a knowledge base that another machine holds. Which server that is, others say.
//!
//! The same query is read here, whoever ranks: [`KnowledgeBase::question`] says which words, names and vector to look for, a server
//! ranks what it holds by them, and [`crate::Rankings::fuse`] makes one list of it. What a server keeps of an item is [`ItemWords`].
use crate::bm25::Bm25;
use crate::embed::{EmbedError, Embedder};
use crate::facets::Filter;
use crate::item::Item;
use crate::leaning::Leaning;
use crate::reading::{self, Reading};
use crate::search::{Found, Hit, KnowledgeBase, Tuning, readable};
use std::collections::BTreeMap;

/// What can be searched: the knowledge base of this machine, or one that a team shares.
pub trait Searchable: Send + Sync {
    /// The `k` items that fit the query best, best first, and what the search had to do without.
    fn find(&self, query: &str, k: usize, filter: &Filter, tuning: &Tuning) -> Found<'_>;

    /// As [`Self::find`], tuned as the retrieval benchmark found best.
    fn search(&self, query: &str, k: usize, filter: &Filter) -> Vec<Hit<'_>> {
        self.find(query, k, filter, &Tuning::default()).hits
    }
}

impl Searchable for KnowledgeBase {
    fn find(&self, query: &str, k: usize, filter: &Filter, tuning: &Tuning) -> Found<'_> {
        KnowledgeBase::find(self, query, k, filter, tuning)
    }
}

/// A query as rankings take it; what a tuning switches off is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Words to look for, each once and with what it counts.
    pub words: Vec<(String, f32)>,
    /// Names to look for, as [`ItemWords::words`] has them, likewise.
    pub names: Vec<(String, f32)>,
    /// The query's vector, of length 1; nothing where it has none.
    pub vector: Option<Vec<f32>>,
    /// What a find's measure is multiplied by before it has its rank.
    pub leaning: Leaning,
    /// What to look among.
    pub filter: Filter,
    /// How many each ranking gives at most.
    pub depth: usize,
}

impl Question {
    /// Reads `query` for `k` finds; the error says why it has no vector. Slips of the keyboard stay as they are: to mend them takes the
    /// words of a knowledge base, as [`KnowledgeBase::question`] has them.
    pub fn read(
        query: &str,
        k: usize,
        filter: &Filter,
        tuning: &Tuning,
        embedder: &dyn Embedder,
    ) -> (Self, Option<EmbedError>) {
        Self::read_among(query, k, filter, tuning, embedder, None)
    }

    /// As [`Self::read`], with slips of the keyboard mended against the words of an index.
    pub(crate) fn read_among(
        query: &str,
        k: usize,
        filter: &Filter,
        tuning: &Tuning,
        embedder: &dyn Embedder,
        known: Option<&Bm25>,
    ) -> (Self, Option<EmbedError>) {
        let query = readable(query);
        let mut words: BTreeMap<String, f32> = BTreeMap::new();
        if tuning.words > 0.0 {
            for (word, weight) in tuning.understanding.words(query, known) {
                let counts = words.entry(word).or_default();
                *counts = counts.max(weight);
            }
        }
        let name = tuning.understanding.whole_name(query).filter(|_| tuning.names > 0.0);
        let vector = (tuning.vectors > 0.0).then(|| embedder.embed_query(query)).transpose();
        let (vector, without) = vector.map_or_else(|error| (None, Some(error)), |vector| (vector, None));
        let question = Self {
            words: words.into_iter().collect(),
            names: name.into_iter().map(|name| (name, 1.0)).collect(),
            vector: vector.filter(|vector| vector.iter().any(|x| *x != 0.0)),
            leaning: if tuning.leaning { Leaning::of(query) } else { Leaning::default() },
            filter: filter.clone(),
            depth: tuning.depth.max(k),
        };
        (question, without)
    }
}

/// An item as rankings see it.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemWords {
    /// What each word counts; what the item is called is a word behind a `=`, which no text has, and counts without bound.
    pub words: BTreeMap<String, f32>,
    /// How long it is: its words by what they count.
    pub length: f32,
    /// What its vector is made from.
    pub text: String,
}

impl ItemWords {
    /// Reads `item`.
    pub fn of(item: &Item) -> Self {
        let (mut words, mut length) = (BTreeMap::new(), 0.0);
        for (weight, tokens) in Reading::default().fields(item) {
            length += weight * tokens.len() as f32;
            for token in tokens {
                *words.entry(token).or_insert(0.0) += weight;
            }
        }
        words.extend(reading::names(item).into_iter().map(|name| (name, NAME)));
        Self { words, length, text: item.gist() }
    }
}

/// So much that length makes no difference.
const NAME: f32 = 1e6;
