//! Search: rankings by words, by vectors and by name, fused by reciprocal rank (Cormack, Clarke and Büttcher 2009, k = 60), which needs no common scale.
use crate::corpus::Sources;
use crate::embed::{EmbedError, Embedder, builtin};
use crate::error::KbError;
use crate::facets::Filter;
use crate::item::Item;
use crate::snapshot::{Assembly, Snapshot};
use crate::vectors::{Vectors, dot};
use std::collections::BTreeMap;
use std::path::Path;

/// A query is read up to this many bytes.
const QUERY_BYTES: usize = 16 << 10;

/// A published knowledge base, opened for reading. Later builds do not disturb it.
pub struct KnowledgeBase {
    snapshot: Snapshot,
    embedder: Box<dyn Embedder>,
}

/// How rankings are fused. The default is what the retrieval benchmark found best; each part can be switched off.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    /// What a rank by words counts; 0 leaves words out.
    pub words: f32,
    /// What a rank by vectors counts; 0 leaves vectors out.
    pub vectors: f32,
    /// What a rank by name counts, where a word of the query is what an item is called; 0 leaves names out.
    pub names: f32,
    /// The constant of the fusion: the greater, the less the first ranks stand out.
    pub fusion_k: f32,
    /// How deep each ranking is fused.
    pub depth: usize,
    /// From 0 to 1: how much a find loses for being like a better one. 0 leaves them as they are ranked.
    pub diversity: f32,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { words: 1.0, vectors: 1.0, names: 1.0, fusion_k: 60.0, depth: 50, diversity: 0.0 }
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
}

struct Candidate {
    number: usize,
    score: f32,
    ranks: Ranks,
}

/// An item's places, from 1.
#[derive(Default, Clone, Copy)]
struct Ranks {
    words: Option<usize>,
    vectors: Option<usize>,
    name: Option<usize>,
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
        let number = self.snapshot.bodies.number_of(id).filter(|number| !self.snapshot.is_removed(*number))?;
        self.snapshot.bodies.item(number)
    }

    /// Digest of the sources that it was built from.
    pub fn sources_digest(&self) -> &str {
        &self.snapshot.sources_digest
    }

    /// The embedding that it was built with.
    pub fn embedder(&self) -> &dyn Embedder {
        self.embedder.as_ref()
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

    /// As [`Self::search`], with other weights, and with what it had to do without.
    pub fn find(&self, query: &str, k: usize, filter: &Filter, tuning: &Tuning) -> Found<'_> {
        let query = &query[..query.floor_char_boundary(QUERY_BYTES)];
        let passing = self.snapshot.facets.passing(filter, &self.snapshot.removed);
        let keep = |number: usize| passing.keeps(number);
        let depth = tuning.depth.max(k);
        let mut ranks: BTreeMap<usize, Ranks> = BTreeMap::new();
        if tuning.words > 0.0 {
            for (rank, (number, _)) in self.snapshot.words.search(query, depth, keep).into_iter().enumerate() {
                ranks.entry(number).or_default().words = Some(rank + 1);
            }
        }
        if tuning.names > 0.0 {
            for (rank, (number, _)) in self.snapshot.words.named(query, depth, keep).into_iter().enumerate() {
                ranks.entry(number).or_default().name = Some(rank + 1);
            }
        }
        let mut without_vectors = None;
        if tuning.vectors > 0.0 {
            match self.embedder.embed_query(query) {
                Ok(vector) => {
                    let share = passing.share(self.snapshot.bodies.len());
                    let near = self.snapshot.vectors.search(&vector, depth, share, &keep);
                    for (rank, (number, _)) in near.into_iter().enumerate() {
                        ranks.entry(number).or_default().vectors = Some(rank + 1);
                    }
                }
                Err(error) => without_vectors = Some(error),
            }
        }
        let share =
            |rank: Option<usize>, weight: f32| rank.map_or(0.0, |rank| weight / (tuning.fusion_k + rank as f32));
        let mut candidates: Vec<Candidate> = ranks
            .into_iter()
            .map(|(number, ranks)| {
                let score = share(ranks.words, tuning.words)
                    + share(ranks.vectors, tuning.vectors)
                    + share(ranks.name, tuning.names);
                Candidate { number, score, ranks }
            })
            .collect();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.number.cmp(&b.number)));
        if tuning.diversity > 0.0 {
            candidates = self.varied(candidates, k, tuning.diversity.min(1.0));
        }
        candidates.truncate(k);
        Found { hits: candidates.iter().filter_map(|candidate| self.hit(candidate)).collect(), without_vectors }
    }

    fn hit(&self, candidate: &Candidate) -> Option<Hit<'_>> {
        let item = self.snapshot.bodies.item(candidate.number)?;
        let Ranks { words, vectors, name } = candidate.ranks;
        Some(Hit { item, score: candidate.score, words_rank: words, vectors_rank: vectors, name_rank: name })
    }

    /// The `k` that are good and unlike what was taken before them (maximal marginal relevance, Carbonell and Goldstein 1998).
    fn varied(&self, mut left: Vec<Candidate>, k: usize, diversity: f32) -> Vec<Candidate> {
        let best = left.first().map_or(1.0, |candidate| candidate.score);
        let mut likeness = vec![0.0_f32; left.len()];
        let codes = &self.snapshot.vectors.codes;
        let mut taken: Vec<Candidate> = Vec::new();
        while taken.len() < k && !left.is_empty() {
            let worth = |place: usize| left[place].score / best - diversity * likeness[place];
            let next = (0..left.len()).max_by(|a, b| worth(*a).total_cmp(&worth(*b)).then(b.cmp(a))).unwrap_or(0);
            let chosen = left.remove(next);
            likeness.remove(next);
            for (candidate, likeness) in left.iter().zip(&mut likeness) {
                let product = dot(codes.row(candidate.number), codes.row(chosen.number)) as f32;
                *likeness = likeness.max(product * codes.step * codes.step);
            }
            taken.push(chosen);
        }
        taken
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
    let mut assembly = Assembly::new(embedder.id().to_owned(), embedder.dims(), sources_digest.to_owned());
    let mut count = 0;
    for item in items {
        let vector = embedder.embed(&item.searchable())?;
        assembly.add(&item, &vector);
        count += 1;
    }
    assembly.finish().publish(path)?;
    Ok(count)
}
