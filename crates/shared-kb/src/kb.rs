//! The knowledge base that a team shares, with the copy of this machine behind it.
use crate::error::SharedError;
use crate::server::{
    Address, Asked, Embedding, Key, Limits, Push, PushedItem, Server, ServerKind, SharedLine, digest, leant,
};
use flightsmith_kb::{
    Filter, Found, Hit, Imported, Item, ItemWords, KnowledgeBase, Lines, Rankings, Searchable, Store, Tuning,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// So many items go to the server at a time.
const BATCH: usize = 100;

/// A shared knowledge base. See the [crate](crate).
pub struct SharedKb {
    address: Address,
    server: Box<dyn Server>,
    own: KnowledgeBase,
    embedding: Embedding,
    sdk_version: Option<String>,
    limits: Limits,
    failed: Mutex<Option<(Instant, String)>>,
}

/// What a push changed on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pushed {
    /// Items that are new there or other now.
    pub items: usize,
    /// Items that were taken out.
    pub removed: usize,
    /// Learned records, counters and added items that it did not know, or not all of.
    pub lines: usize,
}

impl SharedKb {
    /// The knowledge base at `address`; `own` is the copy of this machine. Nothing is asked yet, so that a server that is down is no
    /// error here.
    ///
    /// # Errors
    /// [`SharedError::Address`], [`SharedError::NotBuilt`].
    pub fn new(address: &Address, own: KnowledgeBase, limits: Limits) -> Result<Self, SharedError> {
        let embedding = Embedding { id: own.embedder().id().to_owned(), dims: own.embedder().dims() };
        let sdk_version = own.items().find_map(|item| item.sdk_version.clone());
        Ok(Self {
            server: connect(address, limits)?,
            address: address.clone(),
            own,
            embedding,
            sdk_version,
            limits,
            failed: Mutex::default(),
        })
    }

    /// The copy of this machine.
    pub fn own(&self) -> &KnowledgeBase {
        &self.own
    }

    /// Searches on the server, without the copy of this machine.
    ///
    /// # Errors
    /// Whatever keeps it from answering.
    pub fn find_shared(
        &self,
        query: &str,
        k: usize,
        filter: &Filter,
        tuning: &Tuning,
    ) -> Result<Found<'_>, SharedError> {
        // As the embedded one, which holds one version of the SDK, it looks among what is for that version.
        let sdk_version = filter.sdk_version.clone().or_else(|| self.sdk_version.clone());
        let filter = Filter { sdk_version, ..filter.clone() };
        let (question, without_vectors) = self.own.question(query, k, &filter, tuning);
        let ranked = self.server.rank(&Asked { question: &question, embedding: &self.embedding })?;
        let rankings = Rankings {
            words: leant(ranked.words, &question),
            names: leant(ranked.names, &question),
            vectors: leant(ranked.vectors, &question),
        };
        let varied = tuning.diversity > 0.0;
        // What is varied is chosen among all candidates by their vectors; else only the finds are fetched.
        let plain = Tuning { diversity: 0.0, ..tuning.clone() };
        let candidates = rankings.fuse(if varied { usize::MAX } else { k }, &plain, |_, _| 0.0);
        let keys: Vec<Key> = candidates.iter().map(|fused| fused.item.clone()).collect();
        let mut items: BTreeMap<Key, (Item, Vec<f32>)> = BTreeMap::new();
        for (item, vector) in self.server.items(&keys, &self.embedding)? {
            items.insert(Key::of(&item), (item, vector));
        }
        let likeness = |a: &Key, b: &Key| match (items.get(a), items.get(b)) {
            (Some((_, a)), Some((_, b))) => a.iter().zip(b).map(|(a, b)| a * b).sum(),
            _ => 0.0,
        };
        let fused = if varied { rankings.fuse(k, tuning, likeness) } else { candidates };
        // An item that was taken out since it was ranked is passed over.
        let hits = fused.iter().filter_map(|fused| {
            let (item, _) = items.get(&fused.item)?;
            Some(Hit::of(Cow::Owned(item.clone()), fused))
        });
        Ok(Found { hits: hits.collect(), without_vectors, without_shared: None })
    }

    fn resting(&self) -> Option<String> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.as_ref().filter(|(since, _)| since.elapsed() < self.limits.rest).map(|(_, reason)| reason.clone())
    }

    fn set_failed(&self, reason: Option<String>) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = reason.map(|reason| (Instant::now(), reason));
    }

    /// Brings the server up to date: the items of this machine's copy, and what its store has learned. With `rebuild`, what is there of
    /// another embedding goes first; with `prune`, items go that are for this version of the SDK, or for none, and that this copy has not.
    ///
    /// # Errors
    /// Whatever keeps the server from taking it. What it has taken by then stays, and pushing again goes on.
    pub fn push(&self, store: &Store, rebuild: bool, prune: bool) -> Result<Pushed, SharedError> {
        let there: BTreeMap<Key, String> =
            self.server.prepare(&Push { embedding: &self.embedding, rebuild })?.into_iter().collect();
        let mut pushed = Pushed::default();
        let mut kept = BTreeSet::new();
        let mut changed = Vec::new();
        for item in self.own.items() {
            let key = Key::of(item);
            let digest = self.digest_of(item);
            if there.get(&key) != Some(&digest) {
                changed.push((item, digest));
            }
            kept.insert(key);
        }
        let mean_length = self.mean_length();
        for part in changed.chunks(BATCH) {
            let words: Vec<ItemWords> = part.iter().map(|(item, _)| ItemWords::of(item)).collect();
            let texts: Vec<String> = words.iter().map(|words| words.text.clone()).collect();
            let vectors = self.own.embedder().embed_all(&texts)?;
            let rows = part.iter().zip(words).zip(vectors).map(|(((item, digest), words), vector)| PushedItem {
                item: (*item).clone(),
                words,
                vector,
                digest: digest.clone(),
            });
            self.server.put(&rows.collect::<Vec<_>>(), &self.embedding, mean_length)?;
            pushed.items += part.len();
        }
        if prune {
            let ours = |key: &&Key| key.sdk_version.is_empty() || Some(&key.sdk_version) == self.sdk_version.as_ref();
            let gone: Vec<Key> = there.keys().filter(ours).filter(|key| !kept.contains(*key)).cloned().collect();
            self.server.remove(&gone, &self.embedding)?;
            pushed.removed = gone.len();
        }
        pushed.lines = self.push_learned(store)?;
        self.set_failed(None);
        Ok(pushed)
    }

    fn mean_length(&self) -> f32 {
        let (mut words, mut count) = (0.0, 0.0_f32);
        for item in self.own.items() {
            words += ItemWords::of(item).length;
            count += 1.0;
        }
        words / count.max(1.0)
    }

    /// Everything that the server keeps of an item follows from these.
    fn digest_of(&self, item: &Item) -> String {
        let body = serde_json::to_vec(item).unwrap_or_default();
        digest(&[&body, self.embedding.id.as_bytes(), READING.as_bytes()])
    }

    fn push_learned(&self, store: &Store) -> Result<usize, SharedError> {
        let (there, known) = self.learned_there()?;
        let own = Lines::of_export(store.export()?.as_bytes(), Path::new("the knowledge base of this machine"))?;
        let news: Vec<SharedLine> = own.news_to(&known).into_iter().map(|(_, line)| SharedLine::of(line)).collect();
        // A line goes when those that come say all that it says.
        let coming = self.read_lines(&news)?;
        let mut covered = Vec::new();
        for line in there.iter().filter(|line| news.iter().all(|new| new.digest != line.digest)) {
            if self.read_lines([line])?.news_to(&coming).is_empty() {
                covered.push(line.digest.clone());
            }
        }
        if !news.is_empty() {
            self.server.put_lines(&news, &covered)?;
        }
        Ok(news.len())
    }

    /// Takes in what others have pushed of what they learned.
    ///
    /// # Errors
    /// Whatever keeps the server from giving it, or the store from taking it; pulling again goes on.
    pub fn pull(&self, store: &Store) -> Result<Imported, SharedError> {
        let (_, known) = self.learned_there()?;
        let imported = store.import(known.export().as_bytes(), Path::new(&self.address.to_string()))?;
        self.set_failed(None);
        Ok(imported)
    }

    fn learned_there(&self) -> Result<(Vec<SharedLine>, Lines), SharedError> {
        let there = self.server.lines()?;
        let known = self.read_lines(&there)?;
        Ok((there, known))
    }

    fn read_lines<'l>(&self, lines: impl IntoIterator<Item = &'l SharedLine>) -> Result<Lines, SharedError> {
        let texts = lines.into_iter().map(|line| line.line.as_str());
        Ok(Lines::of_lines(texts, Path::new(&self.address.to_string()))?)
    }
}

/// Raised when words or vectors of the same item are read in another way.
const READING: &str = "1";

impl Searchable for SharedKb {
    /// On the server; where it does not answer in time, in the copy of this machine, and the find says why. A server that has failed is
    /// left in peace for a while.
    fn find(&self, query: &str, k: usize, filter: &Filter, tuning: &Tuning) -> Found<'_> {
        let reason = match self.resting() {
            Some(reason) => reason,
            None => match self.find_shared(query, k, filter, tuning) {
                Ok(found) => return found,
                Err(error) => {
                    self.set_failed(Some(error.to_string()));
                    error.to_string()
                }
            },
        };
        Found { without_shared: Some(reason), ..self.own.find(query, k, filter, tuning) }
    }
}

fn connect(address: &Address, limits: Limits) -> Result<Box<dyn Server>, SharedError> {
    match address.kind {
        #[cfg(feature = "postgres")]
        ServerKind::Postgres => Ok(Box::new(crate::postgres::Postgres::new(address, limits)?)),
        #[cfg(not(feature = "postgres"))]
        ServerKind::Postgres => Err(SharedError::NotBuilt { address: address.to_string(), feature: "postgres" }),
        #[cfg(feature = "qdrant")]
        ServerKind::Qdrant => Ok(Box::new(crate::qdrant::Qdrant::new(address, limits)?)),
        #[cfg(not(feature = "qdrant"))]
        ServerKind::Qdrant => Err(SharedError::NotBuilt { address: address.to_string(), feature: "qdrant" }),
    }
}
