//! Static token tables: a text's vector is the mean of its tokens' vectors. Two layouts are read, told apart by the table's name.
use crate::{id_of, normalise, read, wrong};
use candle_core::{DType, Device, safetensors::BufferedSafetensors};
use flightsmith_kb::{EmbedError, Embedder};
use model2vec_rs::model::StaticModel;
use std::path::Path;
use tokenizers::Tokenizer;

/// model2vec's own default.
const TOKENS: usize = 512;

/// A table in memory.
pub struct StaticTable {
    id: String,
    dims: usize,
    table: Table,
}

enum Table {
    /// `embeddings` in `model.safetensors`, with `tokenizer.json` and `config.json`; its own crate reads it.
    Model2Vec(StaticModel),
    /// `embedding.weight` in `model.safetensors`, with `tokenizer.json`: the rows one after the other.
    WordLlama { tokenizer: Box<Tokenizer>, rows: Vec<f32> },
}

impl StaticTable {
    /// Loads the table in `folder`.
    ///
    /// # Errors
    /// [`EmbedError::Model`], which names the file.
    pub fn load(folder: &Path) -> Result<Self, EmbedError> {
        let path = folder.join("model.safetensors");
        let (weights, tokenizer) = (read(&path)?, read(&folder.join("tokenizer.json"))?);
        let config = std::fs::read(folder.join("config.json")).unwrap_or_default();
        let id = id_of("static", [&weights, &tokenizer, &config]);
        let unreadable = |error| wrong(&path, error);
        let tensors = BufferedSafetensors::new(weights).map_err(unreadable)?;
        let names: Vec<String> = tensors.tensors().into_iter().map(|(name, _)| name).collect();
        if names.iter().any(|name| name == "embeddings") {
            let model = StaticModel::from_pretrained(folder, None, Some(true), None)
                .map_err(|error| wrong(folder, format!("{error:#}")))?;
            return Ok(Self { id, dims: model.dim(), table: Table::Model2Vec(model) });
        }
        if !names.iter().any(|name| name == "embedding.weight") {
            return Err(wrong(&path, format!("it has {names:?}; a table is called embeddings or embedding.weight")));
        }
        let tensor = tensors.load("embedding.weight", &Device::Cpu).map_err(unreadable)?;
        let (_, dims) = tensor.dims2().map_err(unreadable)?;
        let rows = tensor
            .to_dtype(DType::F32)
            .and_then(|tensor| tensor.flatten_all()?.to_vec1::<f32>())
            .map_err(unreadable)?;
        let mut tokenizer =
            Tokenizer::from_bytes(&tokenizer).map_err(|error| wrong(&folder.join("tokenizer.json"), error))?;
        tokenizer.with_truncation(None).map_err(|error| wrong(folder, error))?;
        tokenizer.with_padding(None);
        if dims == 0 || rows.is_empty() {
            return Err(wrong(&path, "its table is empty"));
        }
        Ok(Self { id, dims, table: Table::WordLlama { tokenizer: Box::new(tokenizer), rows } })
    }

    fn mean_of_rows(&self, tokenizer: &Tokenizer, rows: &[f32], text: &str) -> Result<Vec<f32>, EmbedError> {
        let encoded = tokenizer
            .encode_fast(text, false)
            .map_err(|error| EmbedError::Text { model: self.id.clone(), reason: error.to_string() })?;
        let mut vector = vec![0.0; self.dims];
        let last = rows.len() / self.dims - 1;
        for id in encoded.get_ids() {
            // As wordllama does: a token beyond the table counts as the last.
            let row = (*id as usize).min(last) * self.dims;
            for (sum, x) in vector.iter_mut().zip(&rows[row..row + self.dims]) {
                *sum += x;
            }
        }
        // The mean and the sum point the same way.
        normalise(&mut vector);
        Ok(vector)
    }
}

impl Embedder for StaticTable {
    fn id(&self) -> &str {
        &self.id
    }

    fn dims(&self) -> usize {
        self.dims
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        match &self.table {
            Table::Model2Vec(model) => {
                let mut vectors = model.encode_with_args(&[text.to_owned()], Some(TOKENS), 1);
                Ok(vectors.pop().unwrap_or_default())
            }
            Table::WordLlama { tokenizer, rows } => self.mean_of_rows(tokenizer, rows, text),
        }
    }
}
