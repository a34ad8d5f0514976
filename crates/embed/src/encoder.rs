//! The encoder of BERT (Devlin and others 2019), as its safetensors name the parts: token ids to a vector for each token.
//!
//! Only what sentence models use: learned positions, one kind of segment, no decoder. candle's own crate of models has it too, beside a
//! hundred others that would take minutes to build.
use candle_core::{DType, Device, Result, Tensor};
use candle_nn::{Embedding, LayerNorm, Linear, Module, VarBuilder, embedding, linear, ops};
use serde::Deserialize;

/// What `config.json` says of it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Config {
    vocab_size: usize,
    pub(crate) hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    hidden_act: Activation,
    pub(crate) max_position_embeddings: usize,
    type_vocab_size: usize,
    layer_norm_eps: f64,
    #[serde(default)]
    #[expect(dead_code, reason = "that it is read refuses the other kinds")]
    position_embedding_type: Positions,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Activation {
    Gelu,
    #[serde(alias = "gelu_pytorch_tanh")]
    GeluNew,
    Relu,
}

/// Relative ones are not read.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Positions {
    #[default]
    Absolute,
}

pub(crate) struct Encoder {
    words: Embedding,
    positions: Embedding,
    segments: Embedding,
    norm: LayerNorm,
    layers: Vec<Layer>,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    mixed: Linear,
    mixed_norm: LayerNorm,
    wide: Linear,
    narrow: Linear,
    narrow_norm: LayerNorm,
    heads: usize,
    activation: Activation,
}

impl Encoder {
    pub(crate) fn load(weights: &VarBuilder<'_>, config: &Config) -> Result<Self> {
        if config.num_attention_heads == 0 || !config.hidden_size.is_multiple_of(config.num_attention_heads) {
            candle_core::bail!("{} numbers in {} heads", config.hidden_size, config.num_attention_heads);
        }
        let prefixed = !weights.contains_tensor("embeddings.word_embeddings.weight");
        let weights = if prefixed { weights.pp("bert") } else { weights.clone() };
        let inputs = weights.pp("embeddings");
        let width = config.hidden_size;
        let layers = (0..config.num_hidden_layers)
            .map(|number| Layer::load(&weights.pp("encoder.layer").pp(number), config))
            .collect::<Result<_>>()?;
        Ok(Self {
            words: embedding(config.vocab_size, width, inputs.pp("word_embeddings"))?,
            positions: embedding(config.max_position_embeddings, width, inputs.pp("position_embeddings"))?,
            segments: embedding(config.type_vocab_size, width, inputs.pp("token_type_embeddings"))?,
            norm: norm(&inputs.pp("LayerNorm"), config)?,
            layers,
        })
    }

    /// `ids` and `mask` are texts by tokens; where `mask` is 0 there is none.
    pub(crate) fn forward(&self, ids: &Tensor, mask: &Tensor) -> Result<Tensor> {
        let (_, length) = ids.dims2()?;
        let places = Tensor::arange(0, length as u32, &Device::Cpu)?;
        let segments = self.segments.forward(&ids.zeros_like()?)?;
        let sum = self.words.forward(ids)?.add(&segments)?.broadcast_add(&self.positions.forward(&places)?)?;
        // Nothing looks at a place without a token: what it would weigh becomes e to a very small power.
        let absent = mask.to_dtype(DType::F32)?.affine(-1.0, 1.0)?.affine(f64::from(f32::MIN), 0.0)?;
        let absent = absent.unsqueeze(1)?.unsqueeze(1)?;
        let mut hidden = self.norm.forward(&sum)?;
        for layer in &self.layers {
            hidden = layer.forward(&hidden, &absent)?;
        }
        Ok(hidden)
    }
}

impl Layer {
    fn load(weights: &VarBuilder<'_>, config: &Config) -> Result<Self> {
        let (width, wide) = (config.hidden_size, config.intermediate_size);
        let looks = weights.pp("attention.self");
        let output = weights.pp("attention.output");
        Ok(Self {
            query: linear(width, width, looks.pp("query"))?,
            key: linear(width, width, looks.pp("key"))?,
            value: linear(width, width, looks.pp("value"))?,
            mixed: linear(width, width, output.pp("dense"))?,
            mixed_norm: norm(&output.pp("LayerNorm"), config)?,
            wide: linear(width, wide, weights.pp("intermediate.dense"))?,
            narrow: linear(wide, width, weights.pp("output.dense"))?,
            narrow_norm: norm(&weights.pp("output.LayerNorm"), config)?,
            heads: config.num_attention_heads,
            activation: config.hidden_act,
        })
    }

    fn forward(&self, hidden: &Tensor, absent: &Tensor) -> Result<Tensor> {
        let (texts, length, width) = hidden.dims3()?;
        let by_head = |part: &Linear| -> Result<Tensor> {
            let shape = (texts, length, self.heads, width / self.heads);
            part.forward(hidden)?.reshape(shape)?.transpose(1, 2)?.contiguous()
        };
        let (query, key, value) = (by_head(&self.query)?, by_head(&self.key)?, by_head(&self.value)?);
        let scale = 1.0 / ((width / self.heads) as f64).sqrt();
        let likeness = query.matmul(&key.t()?)?.affine(scale, 0.0)?.broadcast_add(absent)?;
        let mixed = ops::softmax_last_dim(&likeness)?.matmul(&value)?;
        let mixed = mixed.transpose(1, 2)?.contiguous()?.reshape((texts, length, width))?;
        let hidden = self.mixed_norm.forward(&self.mixed.forward(&mixed)?.add(hidden)?)?;
        let wide = self.wide.forward(&hidden)?;
        let active = match self.activation {
            Activation::Gelu => wide.gelu_erf()?,
            Activation::GeluNew => wide.gelu()?,
            Activation::Relu => wide.relu()?,
        };
        self.narrow_norm.forward(&self.narrow.forward(&active)?.add(&hidden)?)
    }
}

/// Older files call its two parts by Greek letters.
fn norm(weights: &VarBuilder<'_>, config: &Config) -> Result<LayerNorm> {
    let (scale, shift) = if weights.contains_tensor("weight") { ("weight", "bias") } else { ("gamma", "beta") };
    let width = config.hidden_size;
    Ok(LayerNorm::new(weights.get(width, scale)?, weights.get(width, shift)?, config.layer_norm_eps))
}
