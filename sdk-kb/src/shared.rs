//! What it takes to search, and to share, a knowledge base that another machine holds. Which server that is, others say.
//!
//! The same query is read here, whoever ranks: [`KnowledgeBase::question`] says which words, names and vector to look for, a server
//! ranks what it holds by them, and [`crate::Rankings::fuse`] makes one list of it. What a server keeps of an item is [`ItemWords`].
use crate::embed::{EmbedError, Embedder};
use crate::facets::Filter;
use crate::item::Item;
use crate::search::{Found, Hit, KnowledgeBase, Tuning, readable};
use crate::tokens::{name_of_title, names, tokens};
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
    /// What to look among.
    pub filter: Filter,
    /// How many each ranking gives at most.
    pub depth: usize,
}

impl Question {
    /// Reads `query` for `k` finds; the error says why it has no vector.
    pub fn read(
        query: &str,
        k: usize,
        filter: &Filter,
        tuning: &Tuning,
        embedder: &dyn Embedder,
    ) -> (Self, Option<EmbedError>) {
        let query = readable(query);
        let wanted = |weight: f32, words: Vec<String>| {
            let words = if weight > 0.0 { words } else { Vec::new() };
            words.into_iter().map(|word| (word, 1.0)).collect::<BTreeMap<_, _>>().into_iter().collect()
        };
        let vector = (tuning.vectors > 0.0).then(|| embedder.embed_query(query)).transpose();
        let (vector, without) = vector.map_or_else(|error| (None, Some(error)), |vector| (vector, None));
        let question = Self {
            words: wanted(tuning.words, tokens(query)),
            names: wanted(tuning.names, names(query)),
            vector: vector.filter(|vector| vector.iter().any(|x| *x != 0.0)),
            filter: filter.clone(),
            depth: tuning.depth.max(k),
        };
        (question, without)
    }
}

/// An item as rankings see it.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemWords {
    /// What each word counts; what the item is called is a word behind a `=`, which no text has.
    pub words: BTreeMap<String, f32>,
    /// How long it is, in words.
    pub length: f32,
    /// What its vector is made from.
    pub text: String,
}

impl ItemWords {
    /// Reads `item`.
    pub fn of(item: &Item) -> Self {
        let text = item.searchable();
        let all = tokens(&text);
        let length = all.len() as f32;
        let mut words = BTreeMap::new();
        for word in all.into_iter().chain(name_of_title(&item.title)) {
            *words.entry(word).or_insert(0.0) += 1.0;
        }
        Self { words, length, text }
    }
}
