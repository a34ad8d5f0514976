//! What a shared knowledge base needs of a server, and how its address is read.
use crate::error::SharedError;
use flightsmith_kb::{Filter, Item, ItemWords, Kind, Question};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long a server may take before the embedded copy answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// To connect and to say who it is.
    pub connect: Duration,
    /// To answer a search.
    pub search: Duration,
    /// To take one batch of a push, or to give all that was learned.
    pub push: Duration,
    /// For how long a server that failed is not asked again.
    pub rest: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_millis(300),
            search: Duration::from_secs(1),
            push: Duration::from_secs(60),
            rest: Duration::from_secs(30),
        }
    }
}

/// Where a shared knowledge base is. Shows itself without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    text: String,
    pub(crate) kind: ServerKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServerKind {
    Postgres,
    Qdrant,
}

impl std::str::FromStr for Address {
    type Err = SharedError;

    /// ```
    /// # use flightsmith_shared_kb::Address;
    /// let address: Address = "postgresql://kb:secret@db.example/team".parse()?;
    /// assert_eq!(address.to_string(), "postgresql://kb@db.example/team");
    /// assert!("https://db.example".parse::<Address>().is_err());
    /// # Ok::<(), flightsmith_shared_kb::SharedError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, SharedError> {
        let kind = match text.split_once("://").map(|(scheme, _)| scheme) {
            Some("postgresql" | "postgres") => ServerKind::Postgres,
            Some("qdrant" | "qdrant+http" | "qdrant+https") => ServerKind::Qdrant,
            Some(other) => {
                return Err(SharedError::Address {
                    address: shown(text),
                    reason: format!("{other} is no scheme of one"),
                });
            }
            None => return Err(SharedError::Address { address: shown(text), reason: "it has no scheme".into() }),
        };
        Ok(Self { text: text.to_owned(), kind })
    }
}

impl Address {
    /// As it was given, with its password.
    pub(crate) fn secret(&self) -> &str {
        &self.text
    }

    pub(crate) fn wrong(&self, reason: impl Into<String>) -> SharedError {
        SharedError::Address { address: self.to_string(), reason: reason.into() }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&shown(&self.text))
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Address({self})")
    }
}

/// An address without its password, and without what stands behind `?`, where one may be too.
fn shown(text: &str) -> String {
    let text = text.split_once('?').map_or(text, |(before, _)| before);
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    match rest.rsplit_once('@') {
        Some((who, host)) => {
            let user = who.split_once(':').map_or(who, |(user, _)| user);
            if user.is_empty() { format!("{scheme}://{host}") } else { format!("{scheme}://{user}@{host}") }
        }
        None => text.to_owned(),
    }
}

/// An item, read and embedded.
pub(crate) struct PushedItem {
    pub(crate) item: Item,
    pub(crate) words: ItemWords,
    /// Of length 1, or zeros.
    pub(crate) vector: Vec<f32>,
    /// Changes with everything that a server keeps of it.
    pub(crate) digest: String,
}

/// The vectors' origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Embedding {
    pub(crate) id: String,
    pub(crate) dims: usize,
}

/// A question, and what the server has to know beside it.
pub(crate) struct Asked<'q> {
    pub(crate) question: &'q Question,
    pub(crate) embedding: &'q Embedding,
}

/// An item on a server: of an id there is one for each version of the SDK.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) id: String,
    /// Empty where the item is not about the SDK.
    pub(crate) sdk_version: String,
}

impl Key {
    pub(crate) fn of(item: &Item) -> Self {
        Self { id: item.id.clone(), sdk_version: item.sdk_version.clone().unwrap_or_default() }
    }
}

/// A find of one ranking.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scored {
    pub(crate) key: Key,
    /// As [`name_of`] spells it.
    pub(crate) kind: String,
    pub(crate) score: f64,
}

/// The rankings of a server, before what the query leans to counts.
#[derive(Debug, Default)]
pub(crate) struct Ranked {
    pub(crate) words: Vec<Scored>,
    pub(crate) names: Vec<Scored>,
    pub(crate) vectors: Vec<Scored>,
}

/// So many times deeper than they are fused do rankings by words and by vectors go, as the embedded ones, before leaning counts.
pub(crate) const WORDS_WIDER: usize = 4;
pub(crate) const VECTORS_WIDER: usize = 2;

/// The places after leaning has counted; of equals the lesser first.
pub(crate) fn leant(ranking: Vec<Scored>, question: &Question) -> Vec<(Key, f32)> {
    let read = |kind: &str| serde_json::from_value::<Kind>(serde_json::Value::from(kind)).ok();
    let factor = |found: &Scored| read(&found.kind).map_or(1.0, |kind| question.leaning.factor(kind, &found.key.id));
    let mut ranking: Vec<(f64, Key)> =
        ranking.into_iter().map(|found| (found.score * f64::from(factor(&found)), found.key)).collect();
    ranking.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    ranking.into_iter().map(|(score, key)| (key, score as f32)).take(question.depth).collect()
}

/// What a push does to what can be searched.
pub(crate) struct Push<'p> {
    pub(crate) embedding: &'p Embedding,
    /// Drop what there is of another embedding, instead of refusing.
    pub(crate) rebuild: bool,
}

/// One line of an export on a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SharedLine {
    pub(crate) digest: String,
    pub(crate) line: String,
}

impl SharedLine {
    pub(crate) fn of(line: String) -> Self {
        Self { digest: digest(&[line.as_bytes()]), line }
    }
}

/// A server that ranks and keeps. Every call ends within its limit.
pub(crate) trait Server: Send + Sync {
    /// Ranks what it holds.
    fn rank(&self, asked: &Asked<'_>) -> Result<Ranked, SharedError>;
    /// The items of `keys`, in any order, and their vectors.
    fn items(&self, keys: &[Key], embedding: &Embedding) -> Result<Vec<(Item, Vec<f32>)>, SharedError>;
    /// Makes what is missing of its tables, brings older ones up to date, and says what is there: keys with digests.
    fn prepare(&self, push: &Push<'_>) -> Result<Vec<(Key, String)>, SharedError>;
    /// Takes items in; one that is there already is replaced. `mean_length` is that of all items which are pushed, in words, for servers
    /// that do not know their own.
    fn put(&self, items: &[PushedItem], embedding: &Embedding, mean_length: f32) -> Result<(), SharedError>;
    /// Takes items out.
    fn remove(&self, keys: &[Key], embedding: &Embedding) -> Result<(), SharedError>;
    /// Everything that was learned.
    fn lines(&self) -> Result<Vec<SharedLine>, SharedError>;
    /// Takes lines in, then takes those of `covered` out.
    fn put_lines(&self, lines: &[SharedLine], covered: &[String]) -> Result<(), SharedError>;
}

/// How settings and servers spell a kind, an autopilot.
pub(crate) fn name_of<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The kinds of a filter as servers have them.
pub(crate) fn kinds(filter: &Filter) -> Vec<String> {
    filter.kinds.iter().map(name_of).collect()
}

/// SHA-256 in hexadecimal digits.
pub(crate) fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
