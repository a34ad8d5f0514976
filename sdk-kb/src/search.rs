//! Search: the two rankings fused by reciprocal rank (Cormack, Clarke and Büttcher 2009, k = 60), which needs no common scale.
use crate::bm25::Bm25;
use crate::corpus::Sources;
use crate::embed::{Embedder, HashedNgrams};
use crate::error::KbError;
use crate::item::{Autopilot, Item, Kind};
use crate::snapshot::Snapshot;
use crate::vectors::Vectors;
use std::collections::BTreeMap;
use std::path::Path;

const FUSION_K: f32 = 60.0;
/// How deep each ranking is fused.
const DEPTH: usize = 50;

/// A published knowledge base, opened for reading. Later builds do not disturb it.
pub struct KnowledgeBase {
    items: Vec<Item>,
    words: Bm25,
    vectors: Vectors,
    embedder: Box<dyn Embedder>,
    sources_digest: String,
}

/// What to look among; the default is everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// These kinds only; all where empty.
    pub kinds: Vec<Kind>,
    /// Leave out what is for the other autopilot only.
    pub autopilot: Option<Autopilot>,
}

impl Filter {
    fn keeps(&self, item: &Item) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&item.kind))
            && (self.autopilot.is_none() || item.autopilot.is_none() || self.autopilot == item.autopilot)
    }
}

/// A find.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit<'kb> {
    /// What was found.
    pub item: &'kb Item,
    /// Fused score; comparable within one search only.
    pub score: f32,
    /// Its place in the ranking by words, from 1.
    pub words_rank: Option<usize>,
    /// Its place in the ranking by vectors, from 1.
    pub vectors_rank: Option<usize>,
}

impl KnowledgeBase {
    /// Opens what [`crate::build`] published, with the embedding that is built in.
    ///
    /// # Errors
    /// [`KbError::Missing`], [`KbError::Damaged`], [`KbError::OtherVersion`] or [`KbError::OtherEmbedding`]; each says to build anew.
    pub fn open_snapshot(path: &Path) -> Result<Self, KbError> {
        Self::open_snapshot_with(path, Box::new(HashedNgrams))
    }

    /// As [`Self::open_snapshot`], with another embedding.
    ///
    /// # Errors
    /// As there.
    pub fn open_snapshot_with(path: &Path, embedder: Box<dyn Embedder>) -> Result<Self, KbError> {
        let snapshot = Snapshot::read(path)?;
        if snapshot.embedder != embedder.id() {
            return Err(KbError::OtherEmbedding {
                path: path.to_owned(),
                found: snapshot.embedder,
                expected: embedder.id().to_owned(),
            });
        }
        let texts: Vec<String> = snapshot.items.iter().map(Item::searchable).collect();
        Ok(Self {
            words: Bm25::new(texts.iter().map(String::as_str)),
            vectors: Vectors::new(&snapshot.vectors),
            items: snapshot.items,
            embedder,
            sources_digest: snapshot.sources_digest,
        })
    }

    /// Everything that it holds, sorted by id.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The item of that id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.binary_search_by(|item| item.id.as_str().cmp(id)).ok().map(|index| &self.items[index])
    }

    /// Digest of the sources that it was built from.
    pub fn sources_digest(&self) -> &str {
        &self.sources_digest
    }

    /// Whether the sources have changed since it was built.
    ///
    /// # Errors
    /// [`KbError::File`] where a source cannot be read.
    pub fn is_stale(&self, sources: &Sources) -> Result<bool, KbError> {
        Ok(sources.digest(self.embedder.id())? != self.sources_digest)
    }

    /// The `k` items that fit the query best, best first.
    pub fn search(&self, query: &str, k: usize, filter: &Filter) -> Vec<Hit<'_>> {
        let keep = |number: usize| filter.keeps(&self.items[number]);
        let depth = DEPTH.max(k);
        let by_words = self.words.search(query, keep);
        let by_vectors = self.vectors.search(&self.embedder.embed(query), depth, &keep);
        let mut ranks: BTreeMap<usize, (Option<usize>, Option<usize>)> = BTreeMap::new();
        for (rank, (number, _)) in by_words.iter().take(depth).enumerate() {
            ranks.entry(*number).or_default().0 = Some(rank + 1);
        }
        for (rank, (number, _)) in by_vectors.iter().enumerate() {
            ranks.entry(*number).or_default().1 = Some(rank + 1);
        }
        let share = |rank: Option<usize>| rank.map_or(0.0, |rank| 1.0 / (FUSION_K + rank as f32));
        let mut hits: Vec<_> = ranks
            .into_iter()
            .map(|(number, (words_rank, vectors_rank))| Hit {
                item: &self.items[number],
                score: share(words_rank) + share(vectors_rank),
                words_rank,
                vectors_rank,
            })
            .collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.item.id.cmp(&b.item.id)));
        hits.truncate(k);
        hits
    }
}
