//! Embedding models that a user has, loaded from their own files: BERT-style sentence models through candle ([`Bert`]), and static token
//! tables in the layouts of model2vec and wordllama ([`StaticTable`]). Both are [`Embedder`]s of the knowledge base.
//!
//! A crate of its own because what it links is heavy. It fetches nothing: the files are where the caller says.
//!
//! ```no_run
//! # use flightsmith_kb::{Embedder, EmbedError};
//! let model = flightsmith_embed::open("bert".parse()?, "models/all-MiniLM-L6-v2".as_ref())?;
//! assert_eq!(model.embed("climb to ten metres")?.len(), model.dims());
//! # Ok::<(), EmbedError>(())
//! ```
mod bert;
mod encoder;
mod table;

pub use bert::Bert;
pub use table::StaticTable;

use flightsmith_kb::{EmbedError, Embedder};
use sha2::{Digest, Sha256};
use std::path::Path;

/// How a model's files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `config.json`, `tokenizer.json`, `model.safetensors` of a BERT-style model, with the pooling of sentence-transformers.
    Bert,
    /// A table with a vector for each token: model2vec's or wordllama's layout.
    Static,
}

impl std::str::FromStr for Family {
    type Err = EmbedError;
    fn from_str(name: &str) -> Result<Self, EmbedError> {
        match name {
            "bert" => Ok(Self::Bert),
            "static" => Ok(Self::Static),
            _ => Err(EmbedError::Model { path: name.into(), reason: "not a family of models; bert or static".into() }),
        }
    }
}

/// Loads the model in `folder`.
///
/// # Errors
/// [`EmbedError::Model`], which names the file.
pub fn open(family: Family, folder: &Path) -> Result<Box<dyn Embedder>, EmbedError> {
    Ok(match family {
        Family::Bert => Box::new(Bert::load(folder)?),
        Family::Static => Box::new(StaticTable::load(folder)?),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, EmbedError> {
    std::fs::read(path).map_err(|error| wrong(path, error))
}

fn read_json(path: &Path) -> Result<serde_json::Value, EmbedError> {
    serde_json::from_slice(&read(path)?).map_err(|error| wrong(path, error))
}

fn wrong(path: &Path, reason: impl std::fmt::Display) -> EmbedError {
    EmbedError::Model { path: path.to_owned(), reason: reason.to_string() }
}

/// The name under which an index is kept: a model is another one when its weights or the reading of its texts are.
fn id_of(family: &str, parts: [&[u8]; 3]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let digest: String = hasher.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{family}-{digest}")
}

/// Scaled to length 1; zeros stay zeros.
fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
}
