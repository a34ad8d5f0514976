//! The published file: immutable, each section with its checksum, replaced by a rename.
//!
//! It holds everything as a search uses it (lists of words, vectors in eight bits, the graph), so that opening it is reading it.
mod format_1;

use crate::bm25::{Bm25, Bm25Builder};
use crate::bodies::Bodies;
use crate::container::{Reader, Writer, open_versioned};
use crate::error::KbError;
use crate::facets::{Dictionaries, Facets};
use crate::graph::Graph;
use crate::item::Item;
use crate::numbers;
use crate::reading::{self, Reading};
use crate::vectors::{Codes, EXACT_UP_TO, Vectors};
use serde::{Deserialize, Serialize};
use std::path::Path;

const MAGIC: &[u8; 8] = b"flightkb";
const VERSION: u32 = 2;

pub(crate) struct Snapshot {
    pub(crate) embedder: String,
    pub(crate) sources_digest: String,
    pub(crate) bodies: Bodies,
    pub(crate) facets: Facets,
    pub(crate) words: Bm25,
    pub(crate) vectors: Vectors,
    /// One bit an item that was removed since it was built; empty where none was.
    pub(crate) removed: Vec<u64>,
    /// Whether a graph that should be there was not whole.
    pub(crate) graph_lost: bool,
}

#[derive(Serialize, Deserialize)]
struct Head {
    embedder: String,
    dims: usize,
    step: f32,
    sources_digest: String,
    count: usize,
    facets: Dictionaries,
}

/// Puts a [`Snapshot`] together, item by item in the order of their ids.
pub(crate) struct Assembly {
    embedder: String,
    sources_digest: String,
    bodies: Bodies,
    facets: Facets,
    words: Bm25Builder,
    pub(crate) reading: Reading,
    dims: usize,
    components: Vec<f32>,
}

impl Assembly {
    pub(crate) fn new(embedder: String, dims: usize, sources_digest: String) -> Self {
        Self {
            embedder,
            sources_digest,
            bodies: Bodies::default(),
            facets: Facets::default(),
            words: Bm25Builder::default(),
            reading: Reading::default(),
            dims,
            components: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, item: &Item, vector: &[f32]) {
        self.bodies.push(item);
        self.facets.push(item);
        self.words.add(self.reading.fields(item), reading::names(item));
        self.components.extend(vector);
    }

    pub(crate) fn finish(self) -> Snapshot {
        Snapshot {
            embedder: self.embedder,
            sources_digest: self.sources_digest,
            bodies: self.bodies,
            facets: self.facets,
            words: self.words.finish(),
            vectors: Vectors::new(Codes::of_vectors(self.dims, &self.components)),
            removed: Vec::new(),
            graph_lost: false,
        }
    }
}

impl Snapshot {
    pub(crate) fn publish(&self, path: &Path) -> Result<(), KbError> {
        let head = Head {
            embedder: self.embedder.clone(),
            dims: self.vectors.codes.dims,
            step: self.vectors.codes.step,
            sources_digest: self.sources_digest.clone(),
            count: self.bodies.len(),
            facets: self.facets.dictionaries(),
        };
        let head = serde_json::to_vec(&head).map_err(|error| KbError::of_file(path, error.into()))?;
        let mut writer = Writer::new(MAGIC, VERSION);
        writer.add("head", head);
        for (name, bytes) in self.bodies.sections().into_iter().chain(self.words.sections()) {
            writer.add(name, bytes);
        }
        writer.add("facets", self.facets.to_bytes());
        for (name, codes) in [("vectors", &self.vectors.codes.whole), ("fractions", &self.vectors.codes.fractions)] {
            writer.add(name, codes.iter().map(|code| code.cast_unsigned()).collect());
        }
        writer.add("removed", numbers::bytes_of_u64(&self.removed));
        if let Some(graph) = &self.vectors.graph {
            writer.add("graph", graph.to_bytes());
        }
        writer.write(path)
    }

    pub(crate) fn read(path: &Path) -> Result<Self, KbError> {
        let (file, version) = open_versioned(path, MAGIC)?;
        if version == format_1::VERSION {
            let (head, vectors) = format_1::read(file, path)?;
            let mut assembly = Assembly::new(head.embedder, head.dims, head.sources_digest);
            for (item, vector) in head.items.iter().zip(vectors.chunks_exact(head.dims)) {
                assembly.add(item, vector);
            }
            return Ok(assembly.finish());
        }
        let mut reader = Reader::open(path, MAGIC, VERSION)?;
        let damaged = |reason: &str| KbError::Damaged { path: path.to_owned(), reason: reason.to_owned() };
        let head: Head = serde_json::from_slice(&reader.bytes("head")?).map_err(|error| damaged(&error.to_string()))?;
        let unfit = || damaged("its sections do not fit together");
        let bodies = ["ids", "id ends", "bodies", "body ends"].map(|name| reader.bytes(name));
        let words = ["words", "word ends", "list ends", "documents", "worths"].map(|name| reader.bytes(name));
        let mut codes = Codes { step: head.step, ..Codes::new(head.dims, 1.0) };
        codes.whole = reader.bytes("vectors")?.into_iter().map(u8::cast_signed).collect();
        codes.fractions = reader.bytes("fractions")?.into_iter().map(u8::cast_signed).collect();
        let expected = head.count * codes.width();
        if head.dims == 0 || (codes.whole.len(), codes.fractions.len()) != (expected, expected) {
            return Err(unfit());
        }
        // Vectors are whole without their graph: a lost or torn one makes searches slower until the next build, and nothing else.
        let graph = reader.bytes("graph").ok().and_then(|bytes| Graph::of_bytes(&bytes, head.count));
        let facets = reader.bytes("facets")?;
        Ok(Self {
            embedder: head.embedder,
            sources_digest: head.sources_digest,
            bodies: Bodies::of_sections(head.count, all_read(bodies)?).ok_or_else(unfit)?,
            facets: Facets::of_bytes(head.facets, &facets, head.count).ok_or_else(unfit)?,
            words: Bm25::of_sections(head.count, all_read(words)?).ok_or_else(unfit)?,
            graph_lost: graph.is_none() && head.count > EXACT_UP_TO,
            vectors: Vectors { codes, graph },
            removed: numbers::u64_of_bytes(&reader.bytes("removed")?),
        })
    }

    /// Marks an item as removed; returns how many are.
    pub(crate) fn remove(&mut self, number: usize) -> usize {
        self.removed.resize(self.bodies.len().div_ceil(64), 0);
        self.removed[number / 64] |= 1 << (number % 64);
        self.removed.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(crate) fn is_removed(&self, number: usize) -> bool {
        self.removed.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }
}

fn all_read<const N: usize>(sections: [Result<Vec<u8>, KbError>; N]) -> Result<[Vec<u8>; N], KbError> {
    let mut read = [const { Vec::new() }; N];
    for (place, section) in read.iter_mut().zip(sections) {
        *place = section?;
    }
    Ok(read)
}
