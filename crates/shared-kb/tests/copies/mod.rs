//! Machines of a team, each with its own copy of the knowledge base.
#![allow(dead_code, reason = "each test binary uses its part")]
use flightsmith_kb::{EmbedError, Embedder, HashedNgrams, Item, Kind, KnowledgeBase, Store, publish, snapshot_path};
use flightsmith_shared_kb::{Address, Limits, SharedError, SharedKb};
use std::time::Duration;
use tempfile::TempDir;

/// An item whose text is `text`.
pub fn item(id: &str, kind: Kind, title: &str, text: &str) -> Item {
    Item {
        id: id.into(),
        kind,
        title: title.into(),
        text: text.into(),
        code: String::new(),
        source: "a test".into(),
        licence: "MIT".into(),
        autopilot: None,
        asked: String::new(),
        dialect: None,
        sdk_version: None,
    }
}

/// Another embedding than the built-in one: how many letters, digits, spaces and others a text has.
pub struct CountsLetters;

impl Embedder for CountsLetters {
    fn id(&self) -> &str {
        "letters-4"
    }

    fn dims(&self) -> usize {
        4
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        let mut counts = vec![0.0_f32; 4];
        for c in text.chars() {
            let place = if c.is_alphabetic() {
                0
            } else if c.is_numeric() {
                1
            } else {
                2 + usize::from(!c.is_whitespace())
            };
            counts[place] += 1.0;
        }
        let length = counts.iter().map(|x| x * x).sum::<f32>().sqrt().max(1.0);
        Ok(counts.into_iter().map(|x| x / length).collect())
    }
}

/// A machine with a knowledge base in a folder of its own.
pub struct Machine {
    folder: TempDir,
    embedder: fn() -> Box<dyn Embedder>,
}

impl Machine {
    /// Holding `items`.
    pub fn with(items: &[Item]) -> Self {
        Self::embedded_by(items, || Box::new(HashedNgrams))
    }

    /// Holding `items`, with another embedding.
    pub fn embedded_by(items: &[Item], embedder: fn() -> Box<dyn Embedder>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut items = items.to_vec();
        items.sort_by(|a, b| a.id.cmp(&b.id));
        publish(&snapshot_path(folder.path()), items.into_iter(), "a test", embedder().as_ref()).expect("published");
        Self { folder, embedder }
    }

    /// Its copy.
    pub fn copy(&self) -> KnowledgeBase {
        KnowledgeBase::open_snapshot_with(&snapshot_path(self.folder.path()), (self.embedder)()).expect("whole")
    }

    /// What it has learned.
    pub fn store(&self) -> Store {
        Store::open(self.folder.path()).expect("a store")
    }

    /// The shared knowledge base at `address`, with limits that a busy test machine keeps.
    pub fn shared(&self, address: &str) -> SharedKb {
        let patient = Duration::from_secs(60);
        let limits = Limits { connect: patient, search: patient, push: 5 * patient, rest: Duration::ZERO };
        self.shared_within(address, limits)
    }

    /// The same with other limits.
    pub fn shared_within(&self, address: &str, limits: Limits) -> SharedKb {
        let address: Address = address.parse().expect("an address");
        SharedKb::new(&address, self.copy(), limits).expect("built in")
    }
    /// The shared knowledge base at `address`, if that is one.
    pub fn try_shared(&self, address: &str) -> Result<SharedKb, SharedError> {
        SharedKb::new(&address.parse()?, self.copy(), Limits::default())
    }
}
