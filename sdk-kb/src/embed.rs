//! Vectors for texts: the trait, and the embedding that needs no training. The one that is built in is [`crate::trained`].
use crate::tokens::tokens;
use std::path::PathBuf;

/// Turns texts into vectors whose cosine says how alike they are. Deterministic: the same text, the same vector, on every machine.
pub trait Embedder: Send + Sync {
    /// Name and version; a snapshot made with another one is refused.
    fn id(&self) -> &str;
    /// Length of its vectors.
    fn dims(&self) -> usize;
    /// The vector of a text, of length 1; all zeros for a text without words.
    ///
    /// # Errors
    /// [`EmbedError`], which embeddings that compute in this process rarely have.
    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError>;

    /// The vectors of many texts, in their order: one question where [`Self::embed`] asks many.
    ///
    /// # Errors
    /// As there.
    fn embed_all(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        texts.iter().map(|text| self.embed(text)).collect()
    }

    /// The vector of what somebody looks for, where a model tells that from what is found.
    ///
    /// # Errors
    /// As [`Self::embed`].
    fn embed_query(&self, query: &str) -> Result<Vec<f32>, EmbedError> {
        self.embed(query)
    }
}

impl<T: Embedder + ?Sized> Embedder for std::sync::Arc<T> {
    fn id(&self) -> &str {
        (**self).id()
    }
    fn dims(&self) -> usize {
        (**self).dims()
    }
    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        (**self).embed(text)
    }
    fn embed_all(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        (**self).embed_all(texts)
    }
    fn embed_query(&self, query: &str) -> Result<Vec<f32>, EmbedError> {
        (**self).embed_query(query)
    }
}

/// Why there is no vector.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// The model's server does not answer, or not as it should.
    #[error("embedding {model}: {reason}")]
    Endpoint {
        /// Which.
        model: String,
        /// What happened.
        reason: String,
    },
    /// The model's files are missing, damaged or of a kind that is not read.
    #[error("embedding model {path}: {reason}")]
    Model {
        /// Its folder or file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A text that the model cannot take.
    #[error("embedding {model} cannot take a text: {reason}")]
    Text {
        /// Which.
        model: String,
        /// What it says.
        reason: String,
    },
    /// What it gave are no vectors.
    #[error("embedding {model} gave {found} where a vector of {expected} numbers was due")]
    Shape {
        /// Which.
        model: String,
        /// What it gave.
        found: String,
        /// How many numbers a vector of it has.
        expected: usize,
    },
}

/// The embedding that needs no files and no server.
pub fn builtin() -> Box<dyn Embedder> {
    Box::new(crate::trained::Builtin)
}

/// Scaled to length 1; zeros stay zeros.
pub(crate) fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
}

/// Words, identifier parts and letter trigrams, each hashed with a sign into 256 dimensions (Weinberger et al. 2009, "Feature
/// Hashing"). It sees spelling, not meaning: "takeoff" and "take_off" are near, "climb" and "ascend" are not.
#[derive(Debug, Clone, Copy, Default)]
pub struct HashedNgrams;

const DIMS: usize = 256;
/// Words that say nothing about the subject.
const STOP_WORDS: [&str; 30] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "how", "if", "in", "is", "it", "its", "of", "on",
    "or", "self", "so", "that", "the", "then", "this", "to", "what", "when", "where", "with",
];

impl Embedder for HashedNgrams {
    fn id(&self) -> &str {
        "hashed-ngrams-256-v1"
    }

    fn dims(&self) -> usize {
        DIMS
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        let mut counts = std::collections::BTreeMap::<String, f32>::new();
        for word in tokens(text) {
            if !STOP_WORDS.contains(&word.as_str()) {
                *counts.entry(word).or_default() += 1.0;
            }
        }
        let mut vector = vec![0.0; DIMS];
        for (word, count) in counts {
            // A word said ten times is not ten times as important.
            let weight = count.sqrt();
            add(&mut vector, &word, weight);
            let padded: Vec<char> = format!("<{word}>").chars().collect();
            let trigrams = padded.windows(3);
            let share = 0.7 * weight / (trigrams.len().max(1) as f32).sqrt();
            for trigram in trigrams {
                add(&mut vector, &trigram.iter().collect::<String>(), share);
            }
        }
        normalise(&mut vector);
        Ok(vector)
    }
}

fn add(vector: &mut [f32], feature: &str, weight: f32) {
    let hash = fnv_1a(feature.as_bytes());
    let index = (hash % DIMS as u64) as usize;
    vector[index] += if hash >> 63 == 0 { weight } else { -weight };
}

/// FNV-1a, 64 bit, with a final mix so that its low and its high bits are both good.
pub(crate) fn fnv_1a(bytes: &[u8]) -> u64 {
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(a: &str, b: &str) -> f32 {
        let (a, b) = (HashedNgrams.embed(a).expect("a vector"), HashedNgrams.embed(b).expect("a vector"));
        a.iter().zip(&b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn near_spellings_are_near() {
        let close = likeness("take_off", "takeoff");
        let far = likeness("take_off", "battery level");
        assert!(close > 0.5 && far < 0.2, "{close} {far}");
        assert!((likeness("orbit the tower", "orbit tower") - 1.0).abs() < 1e-6);
        assert_eq!(HashedNgrams.embed("the of").expect("a vector"), vec![0.0; DIMS]);
    }
}
