//! The table as bytes: a line of JSON that says the sizes, then the words, and the vectors in eight bits a component, used where they lie.
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A trained table.
pub struct Table {
    head: Head,
    bytes: Cow<'static, [u8]>,
    places: Places,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) id: String,
    /// Digest of the texts that it was trained on.
    pub(super) corpus: String,
    pub(super) dims: usize,
    pub(super) words: usize,
    pub(super) buckets: usize,
    /// Bytes of the words one after the other.
    pub(super) letters: usize,
}

/// Where each part begins.
struct Places {
    words: usize,
    ends: usize,
    weights: usize,
    scales: usize,
    common: usize,
    rows: usize,
    bucket_scales: usize,
    buckets: usize,
    end: usize,
}

/// What training gives.
pub(super) struct Trained {
    /// Sorted by word: the word, its weight, its vector.
    pub(super) words: Vec<(String, f32, Vec<f32>)>,
    /// One vector a bucket; zeros where no word has a piece in it.
    pub(super) buckets: Vec<Vec<f32>>,
    /// What all texts have in common, of length 1.
    pub(super) common: Vec<f32>,
    pub(super) dims: usize,
}

impl Trained {
    pub(super) fn to_bytes(&self, corpus: &str) -> Vec<u8> {
        let mut body = Vec::new();
        for (word, ..) in &self.words {
            body.extend(word.as_bytes());
        }
        let letters = body.len();
        let mut end = 0_u32;
        for (word, ..) in &self.words {
            end += word.len() as u32;
            body.extend(end.to_le_bytes());
        }
        body.extend(self.words.iter().flat_map(|(_, weight, _)| weight.to_le_bytes()));
        let rows: Vec<(f32, Vec<u8>)> = self.words.iter().map(|(.., vector)| eight_bits(vector)).collect();
        body.extend(rows.iter().flat_map(|(scale, _)| scale.to_le_bytes()));
        body.extend(self.common.iter().flat_map(|x| x.to_le_bytes()));
        body.extend(rows.into_iter().flat_map(|(_, row)| row));
        let buckets: Vec<(f32, Vec<u8>)> = self.buckets.iter().map(|vector| eight_bits(vector)).collect();
        body.extend(buckets.iter().flat_map(|(scale, _)| scale.to_le_bytes()));
        body.extend(buckets.into_iter().flat_map(|(_, row)| row));
        let head = Head {
            id: format!("builtin-{:08x}", crc32fast::hash(&body)),
            corpus: corpus.to_owned(),
            dims: self.dims,
            words: self.words.len(),
            buckets: self.buckets.len(),
            letters,
        };
        let mut bytes = serde_json::to_vec(&head).unwrap_or_default();
        bytes.push(b'\n');
        bytes.extend(body);
        bytes
    }
}

fn eight_bits(vector: &[f32]) -> (f32, Vec<u8>) {
    let largest = vector.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
    let scale = largest / 127.0;
    let code = |x: &f32| if scale > 0.0 { (x / scale).round() as i8 } else { 0 };
    (scale, vector.iter().map(|x| code(x).cast_unsigned()).collect())
}

impl Table {
    /// Nothing where the bytes are no table.
    pub fn of_bytes(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let line = bytes.iter().position(|byte| *byte == b'\n')?;
        let head: Head = serde_json::from_slice(&bytes[..line]).ok()?;
        let mut at = line + 1;
        let mut next = |length: usize| {
            let here = at;
            at += length;
            here
        };
        let places = Places {
            words: next(head.letters),
            ends: next(4 * head.words),
            weights: next(4 * head.words),
            scales: next(4 * head.words),
            common: next(4 * head.dims),
            rows: next(head.words * head.dims),
            bucket_scales: next(4 * head.buckets),
            buckets: next(head.buckets * head.dims),
            end: next(0),
        };
        (places.end == bytes.len() && head.dims > 0).then_some(Self { head, bytes, places })
    }

    /// Its name; another table has another.
    pub fn id(&self) -> &str {
        &self.head.id
    }

    /// Digest of the texts that it was trained on.
    pub fn corpus(&self) -> &str {
        &self.head.corpus
    }

    /// Length of its vectors.
    pub fn dims(&self) -> usize {
        self.head.dims
    }

    /// How many words it knows.
    pub fn words(&self) -> usize {
        self.head.words
    }

    pub(super) fn buckets(&self) -> usize {
        self.head.buckets
    }

    fn four(&self, from: usize, number: usize) -> [u8; 4] {
        let bytes = &self.bytes[from + 4 * number..][..4];
        [bytes[0], bytes[1], bytes[2], bytes[3]]
    }

    fn word(&self, number: usize) -> &[u8] {
        let end = |number| u32::from_le_bytes(self.four(self.places.ends, number)) as usize;
        let start = if number == 0 { 0 } else { end(number - 1) };
        &self.bytes[self.places.words + start..self.places.words + end(number)]
    }

    pub(super) fn number_of(&self, word: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.head.words);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.word(middle).cmp(word.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    pub(super) fn weight(&self, number: usize) -> f32 {
        f32::from_le_bytes(self.four(self.places.weights, number))
    }

    pub(super) fn add_row(&self, number: usize, weight: f32, vector: &mut [f32]) {
        let scale = f32::from_le_bytes(self.four(self.places.scales, number)) * weight;
        self.add_codes(self.places.rows + number * self.head.dims, scale, vector);
    }

    /// Whether there was anything to add.
    pub(super) fn add_bucket(&self, number: usize, vector: &mut [f32]) -> bool {
        let scale = f32::from_le_bytes(self.four(self.places.bucket_scales, number));
        self.add_codes(self.places.buckets + number * self.head.dims, scale, vector);
        scale > 0.0
    }

    fn add_codes(&self, from: usize, scale: f32, vector: &mut [f32]) {
        for (sum, code) in vector.iter_mut().zip(&self.bytes[from..from + self.head.dims]) {
            *sum += scale * f32::from(code.cast_signed());
        }
    }

    pub(super) fn remove_common(&self, vector: &mut [f32]) {
        let common = (0..self.head.dims).map(|place| f32::from_le_bytes(self.four(self.places.common, place)));
        let along: f32 = vector.iter().zip(common.clone()).map(|(x, common)| x * common).sum();
        for (x, common) in vector.iter_mut().zip(common) {
            *x -= along * common;
        }
    }
}
