//! Vectors for texts from any OpenAI-compatible endpoint (`POST /v1/embeddings`): asked in batches, repeated where the server is busy,
//! checked before they are believed.
use crate::endpoint::{Endpoint, EndpointSettings};
use crate::error::{LlmError, excerpt};
use serde::Deserialize;
use serde_json::json;

/// Bytes that any model reads: a shorter text is not refused for its length.
const SHORT: usize = 256;
/// Texts in one question at most.
const BATCH: usize = 64;

/// An embedding model at an endpoint.
pub struct Embeddings {
    endpoint: Endpoint,
    model: String,
    dims: usize,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    index: usize,
    embedding: Vec<f32>,
}

impl Embeddings {
    /// Asks for the vector of one word, so that the length of vectors is known. Without a model's name, the first that the server
    /// lists is taken.
    ///
    /// # Errors
    /// [`LlmError`]; [`LlmError::Garbage`] where the answer is no vector.
    pub fn connect(settings: EndpointSettings) -> Result<Self, LlmError> {
        let endpoint = Endpoint::new(settings)?;
        let model = endpoint.model()?;
        let mut embeddings = Self { endpoint, model, dims: 0 };
        let probe = embeddings.ask(&["altitude".to_owned()])?;
        embeddings.dims = probe[0].len();
        Ok(embeddings)
    }

    /// The model's name.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Length of its vectors, as found by asking.
    pub fn dims(&self) -> usize {
        self.dims
    }

    /// The vectors of the texts, in their order, as the server gives them: of any length but 0 dimensions.
    ///
    /// # Errors
    /// [`LlmError`]; [`LlmError::Garbage`] where the answer is not one vector for each text, all of [`Self::dims`].
    pub fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, LlmError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            vectors.extend(self.halving(batch)?);
        }
        Ok(vectors)
    }

    /// Servers differ in how much they take at once: what is refused as too much is asked for in halves, and of one text that is
    /// longer than the model reads, the first half must do.
    fn halving(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, LlmError> {
        match (self.ask(texts), texts) {
            (Err(LlmError::Status { status: 400 | 413 | 422, .. }), [text]) if text.len() >= 2 * SHORT => {
                self.halving(&[text[..text.floor_char_boundary(text.len() / 2)].to_owned()])
            }
            (Err(LlmError::Status { status: 400 | 413 | 422, .. }), [_, _, ..]) => {
                let (first, second) = texts.split_at(texts.len() / 2);
                let mut vectors = self.halving(first)?;
                vectors.extend(self.halving(second)?);
                Ok(vectors)
            }
            (answer, _) => answer,
        }
    }

    fn ask(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, LlmError> {
        let body = json!({ "model": self.model, "input": texts, "encoding_format": "float" });
        let text = self.endpoint.call("embeddings", Some(&body))?;
        let garbage = |what: String| LlmError::Garbage { what, excerpt: excerpt(&text) };
        let answer: Answer =
            serde_json::from_str(&text).map_err(|error| garbage(format!("no list of vectors: {error}")))?;
        let mut vectors = vec![Vec::new(); texts.len()];
        for entry in answer.data {
            let count = texts.len();
            let place = vectors
                .get_mut(entry.index)
                .ok_or_else(|| garbage(format!("a vector for text {} of {count}", entry.index)))?;
            *place = entry.embedding;
        }
        let dims = if self.dims == 0 { vectors[0].len() } else { self.dims };
        for (place, vector) in vectors.iter().enumerate() {
            if vector.is_empty() || vector.len() != dims {
                return Err(garbage(format!("text {place} got {} numbers, not {dims}", vector.len())));
            }
            if vector.iter().any(|x| !x.is_finite()) {
                return Err(garbage(format!("text {place} got a number that is none")));
            }
        }
        Ok(vectors)
    }
}
