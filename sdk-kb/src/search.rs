//! Search: rankings by words, by vectors and by name, fused ([`Rankings::fuse`]).
use crate::bm25::Bm25;
use crate::corpus::Sources;
use crate::embed::{EmbedError, Embedder, builtin};
use crate::error::KbError;
use crate::facets::Filter;
use crate::fusion::{Fused, Rankings};
use crate::item::Item;
use crate::query::Understanding;
use crate::reading::Reading;
use crate::shared::Question;
use crate::snapshot::{Assembly, Snapshot};
use crate::vectors::{Vectors, dot};
use std::borrow::Cow;
use std::path::Path;

/// A query is read up to this many bytes.
const QUERY_BYTES: usize = 16 << 10;

/// As far as a query is read.
pub(crate) fn readable(query: &str) -> &str {
    &query[..query.floor_char_boundary(QUERY_BYTES)]
}

/// So many times deeper than it is fused is a ranking looked at before what a query leans to counts.
pub(crate) const WIDER: usize = 2;

/// A published knowledge base, opened for reading. Later builds do not disturb it.
pub struct KnowledgeBase {
    snapshot: Snapshot,
    embedder: Box<dyn Embedder>,
}

/// How rankings are made and fused. The default is what the retrieval benchmark found best; each part can be switched off.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    /// What a rank by words counts; 0 leaves words out.
    pub words: f32,
    /// What a rank by vectors counts; 0 leaves vectors out.
    pub vectors: f32,
    /// What a rank by name counts, where the whole query is what an item is called; 0 leaves names out.
    pub names: f32,
    /// How a query is read for the ranking by words.
    pub understanding: Understanding,
    /// Whether finds of the kinds that a query leans to count more.
    pub leaning: bool,
    /// The constant of the fusion by reciprocal rank: the greater, the less the first ranks stand out.
    pub fusion_k: f32,
    /// From 0 to 1: how much of what a find counts is its measure, as a part of the best one's, and not its rank.
    pub measure: f32,
    /// How deep each ranking is fused.
    pub depth: usize,
    /// From 0 to 1: how much a find loses for being like a better one. 0 leaves them as they are ranked.
    pub diversity: f32,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            words: 1.0,
            vectors: 0.4,
            names: 1.0,
            understanding: Understanding::default(),
            leaning: true,
            fusion_k: 30.0,
            measure: 0.7,
            depth: 50,
            diversity: 0.0,
        }
    }
}

/// A find.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit<'kb> {
    /// What was found: the knowledge base's own, or what a server has sent.
    pub item: Cow<'kb, Item>,
    /// Fused score; comparable within one search only.
    pub score: f32,
    /// Its place in the ranking by words, from 1.
    pub words_rank: Option<usize>,
    /// Its place in the ranking by vectors, from 1.
    pub vectors_rank: Option<usize>,
    /// Its place in the ranking by name, from 1.
    pub name_rank: Option<usize>,
}

/// What a search found, and what it did without.
#[derive(Debug)]
pub struct Found<'kb> {
    /// Best first.
    pub hits: Vec<Hit<'kb>>,
    /// Why there is no ranking by vectors, where the embedding failed: the hits are by words alone.
    pub without_vectors: Option<EmbedError>,
    /// Why the copy on this machine answered, where a knowledge base that many share was asked and did not.
    pub without_shared: Option<String>,
}

impl KnowledgeBase {
    /// Opens what [`crate::build`] published, with the embedding that is built in.
    ///
    /// # Errors
    /// [`KbError::Missing`], [`KbError::Damaged`], [`KbError::OtherVersion`] or [`KbError::OtherEmbedding`]; each says to build anew.
    pub fn open_snapshot(path: &Path) -> Result<Self, KbError> {
        Self::open_snapshot_with(path, builtin())
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
        Ok(Self { snapshot, embedder })
    }

    /// How many items it holds.
    pub fn len(&self) -> usize {
        self.items().count()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.items().next().is_none()
    }

    /// Everything that it holds, sorted by id.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        let there = (0..self.snapshot.bodies.len()).filter(|number| !self.snapshot.is_removed(*number));
        there.filter_map(|number| self.snapshot.bodies.item(number))
    }

    /// The item of that id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.snapshot.bodies.item(self.number_of(id)?)
    }

    /// Digest of the sources that it was built from.
    pub fn sources_digest(&self) -> &str {
        &self.snapshot.sources_digest
    }

    /// The embedding that it was built with.
    pub fn embedder(&self) -> &dyn Embedder {
        self.embedder.as_ref()
    }

    pub(crate) fn words(&self) -> &Bm25 {
        &self.snapshot.words
    }

    /// The number of the item of that id.
    pub(crate) fn number_of(&self, id: &str) -> Option<usize> {
        self.snapshot.bodies.number_of(id).filter(|number| !self.snapshot.is_removed(*number))
    }

    pub(crate) fn vectors(&self) -> &Vectors {
        &self.snapshot.vectors
    }

    /// Whether its graph of vectors was lost or torn: searches are right but slower until it is built anew.
    pub fn graph_lost(&self) -> bool {
        self.snapshot.graph_lost
    }

    /// Whether the sources have changed since it was built.
    ///
    /// # Errors
    /// [`KbError::File`] where a source cannot be read.
    pub fn is_stale(&self, sources: &Sources) -> Result<bool, KbError> {
        Ok(sources.digest(self.embedder.id())? != self.snapshot.sources_digest)
    }

    /// The `k` items that fit the query best, best first. Where the embedding fails, by words alone: [`Self::find`] says so.
    pub fn search(&self, query: &str, k: usize, filter: &Filter) -> Vec<Hit<'_>> {
        self.find(query, k, filter, &Tuning::default()).hits
    }

    /// Reads a query as this knowledge base does, slips of the keyboard mended by the words that it holds; the error says why it has no
    /// vector.
    pub fn question(&self, query: &str, k: usize, filter: &Filter, tuning: &Tuning) -> (Question, Option<EmbedError>) {
        Question::read_among(query, k, filter, tuning, self.embedder.as_ref(), Some(&self.snapshot.words))
    }

    /// As [`Self::search`], with other weights, and with what it had to do without.
    pub fn find(&self, query: &str, k: usize, filter: &Filter, tuning: &Tuning) -> Found<'_> {
        let (question, without_vectors) = self.question(query, k, filter, tuning);
        let codes = &self.snapshot.vectors.codes;
        let likeness = |a: &usize, b: &usize| dot(codes.row(*a), codes.row(*b)) as f32 * codes.step * codes.step;
        let fused = self.rankings(&question).fuse(k, tuning, likeness);
        let hits = fused.into_iter().filter_map(|fused| {
            let item = self.snapshot.bodies.item(fused.item)?;
            Some(Hit::of(Cow::Borrowed(item), &fused))
        });
        Found { hits: hits.collect(), without_vectors, without_shared: None }
    }

    /// The items by number, ranked by each part of the question.
    pub fn rankings(&self, question: &Question) -> Rankings<usize> {
        let words = &self.snapshot.words;
        let passing = self.snapshot.facets.passing(&question.filter, &self.snapshot.removed);
        let keep = |number: usize| passing.keeps(number);
        let by_kind = self.snapshot.facets.by_kind(|kind| question.leaning.of_kind(kind));
        let factor = |number| by_kind(number) * question.leaning.of_place(self.snapshot.bodies.id(number));
        let depth = question.depth;
        let mut near = Vec::new();
        if let Some(vector) = &question.vector {
            let share = passing.share(self.snapshot.bodies.len());
            near = self.snapshot.vectors.search(vector, depth * WIDER, share, &keep);
            near.iter_mut().for_each(|(number, likeness)| *likeness *= factor(*number));
            near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            near.truncate(depth);
        }
        Rankings {
            words: words.search(&question.words, depth, keep, factor),
            names: words.search(&question.names, depth, keep, factor),
            vectors: near,
        }
    }
}

impl<'kb> Hit<'kb> {
    /// A find with the places that it was fused from.
    pub fn of<I>(item: Cow<'kb, Item>, fused: &Fused<I>) -> Self {
        Self {
            item,
            score: fused.score,
            words_rank: fused.words_rank,
            vectors_rank: fused.vectors_rank,
            name_rank: fused.name_rank,
        }
    }
}

/// Publishes items that no store keeps, sorted by id, at `path`: for measurements, and for a knowledge base that is made elsewhere.
///
/// # Errors
/// [`KbError::Embedding`] where the embedding fails, [`KbError::NoSpace`] or [`KbError::File`].
pub fn publish(
    path: &Path,
    items: impl Iterator<Item = Item>,
    sources_digest: &str,
    embedder: &dyn Embedder,
) -> Result<usize, KbError> {
    publish_read(path, items, sources_digest, embedder, Reading::default())
}

/// As [`publish`], read in another way: for measurements.
///
/// # Errors
/// As there.
pub fn publish_read(
    path: &Path,
    items: impl Iterator<Item = Item>,
    sources_digest: &str,
    embedder: &dyn Embedder,
    reading: Reading,
) -> Result<usize, KbError> {
    let mut assembly = Assembly::new(embedder.id().to_owned(), embedder.dims(), sources_digest.to_owned());
    assembly.reading = reading;
    let mut count = 0;
    for item in items {
        let asked = if reading.asked > 0.0 { item.asked.clone() } else { String::new() };
        let vector = embedder.embed(&Item { asked, ..item.clone() }.gist())?;
        assembly.add(&item, &vector);
        count += 1;
    }
    assembly.finish().publish(path)?;
    Ok(count)
}
