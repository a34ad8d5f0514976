//! BERT-style sentence models: tokens, the encoder, one vector a text by the pooling that the model was trained with.
use crate::encoder::{Config, Encoder};
use crate::{id_of, normalise, read, read_json, wrong};
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use flightsmith_kb::{EmbedError, Embedder};
use std::path::Path;
use tokenizers::{Tokenizer, TruncationParams};

/// How many texts go through the encoder at a time.
const BATCH: usize = 16;

/// A sentence model in memory.
pub struct Bert {
    id: String,
    dims: usize,
    tokenizer: Tokenizer,
    encoder: Encoder,
    pooling: Pooling,
}

#[derive(Clone, Copy)]
enum Pooling {
    Mean,
    FirstToken,
}

impl Bert {
    /// Loads `config.json`, `tokenizer.json` and `model.safetensors` from `folder`; and, where they are there, the files of
    /// sentence-transformers that say how many tokens it reads and how it pools (else what BERT allows, and the mean).
    ///
    /// # Errors
    /// [`EmbedError::Model`], which names the file.
    pub fn load(folder: &Path) -> Result<Self, EmbedError> {
        let file = |name: &str| folder.join(name);
        let config_text = read(&file("config.json"))?;
        let config: Config =
            serde_json::from_slice(&config_text).map_err(|error| wrong(&file("config.json"), error))?;
        let tokenizer_text = read(&file("tokenizer.json"))?;
        let tokenizer_wrong = |error| wrong(&file("tokenizer.json"), error);
        let mut tokenizer = Tokenizer::from_bytes(&tokenizer_text).map_err(tokenizer_wrong)?;
        let max_length = max_length(folder)?.unwrap_or(config.max_position_embeddings);
        let truncation =
            TruncationParams { max_length: max_length.min(config.max_position_embeddings), ..Default::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(tokenizer_wrong)?;
        tokenizer.with_padding(None);
        let weights = read(&file("model.safetensors"))?;
        let id = id_of("bert", [&weights, &tokenizer_text, &config_text]);
        let weights_wrong = |error| wrong(&file("model.safetensors"), error);
        let variables =
            VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu).map_err(weights_wrong)?;
        let encoder = Encoder::load(&variables, &config).map_err(weights_wrong)?;
        Ok(Self { id, dims: config.hidden_size, tokenizer, encoder, pooling: pooling(folder)? })
    }

    fn vectors(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let cannot =
            |error: &dyn std::fmt::Display| EmbedError::Text { model: self.id.clone(), reason: error.to_string() };
        let encoded = self.tokenizer.encode_batch(texts.to_vec(), true).map_err(|error| cannot(&error))?;
        let longest = encoded.iter().map(|text| text.get_ids().len()).max().unwrap_or(0);
        if longest == 0 {
            return Ok(vec![vec![0.0; self.dims]; texts.len()]);
        }
        let (mut ids, mut mask) = (Vec::new(), Vec::new());
        for text in &encoded {
            let padding = longest - text.get_ids().len();
            ids.extend(text.get_ids().iter().copied().chain(std::iter::repeat_n(0, padding)));
            mask.extend(text.get_attention_mask().iter().copied().chain(std::iter::repeat_n(0, padding)));
        }
        let pooled = self.pooled(&ids, &mask, (texts.len(), longest)).map_err(|error| cannot(&error))?;
        let mut vectors = pooled.to_vec2::<f32>().map_err(|error| cannot(&error))?;
        vectors.iter_mut().for_each(|vector| normalise(vector));
        Ok(vectors)
    }

    fn pooled(&self, ids: &[u32], mask: &[u32], shape: (usize, usize)) -> candle_core::Result<Tensor> {
        let ids = Tensor::from_slice(ids, shape, &Device::Cpu)?;
        let mask = Tensor::from_slice(mask, shape, &Device::Cpu)?;
        let hidden = self.encoder.forward(&ids, &mask)?;
        match self.pooling {
            Pooling::FirstToken => hidden.narrow(1, 0, 1)?.squeeze(1),
            Pooling::Mean => {
                let mask = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
                let sum = hidden.broadcast_mul(&mask)?.sum(1)?;
                sum.broadcast_div(&mask.sum(1)?)
            }
        }
    }
}

impl Embedder for Bert {
    fn id(&self) -> &str {
        &self.id
    }

    fn dims(&self) -> usize {
        self.dims
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        let mut vectors = self.vectors(&[text])?;
        Ok(vectors.pop().unwrap_or_default())
    }

    fn embed_all(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        // Texts of like length go together: what a short one is padded with costs as much as words.
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|place| texts[*place].len());
        let mut vectors = vec![Vec::new(); texts.len()];
        for part in order.chunks(BATCH) {
            let texts: Vec<&str> = part.iter().map(|place| texts[*place].as_str()).collect();
            for (place, vector) in part.iter().zip(self.vectors(&texts)?) {
                vectors[*place] = vector;
            }
        }
        Ok(vectors)
    }
}

/// How many tokens sentence-transformers lets it read.
fn max_length(folder: &Path) -> Result<Option<usize>, EmbedError> {
    let path = folder.join("sentence_bert_config.json");
    if !path.is_file() {
        return Ok(None);
    }
    Ok(read_json(&path)?["max_seq_length"].as_u64().map(|tokens| tokens as usize))
}

fn pooling(folder: &Path) -> Result<Pooling, EmbedError> {
    let path = folder.join("1_Pooling/config.json");
    if !path.is_file() {
        return Ok(Pooling::Mean);
    }
    let config = read_json(&path)?;
    let modes = config.as_object().into_iter().flatten();
    let on: Vec<&str> = modes
        .filter(|(name, value)| name.starts_with("pooling_mode_") && value.as_bool() == Some(true))
        .map(|(name, _)| name.as_str())
        .collect();
    match on[..] {
        ["pooling_mode_mean_tokens"] => Ok(Pooling::Mean),
        ["pooling_mode_cls_token"] => Ok(Pooling::FirstToken),
        _ => Err(wrong(&path, format!("it pools by {on:?}; only the mean and the first token are read"))),
    }
}
