//! The embedding that is built in: a table of words and of the letters in them, trained from our own corpus by [`train`].
//!
//! A text's vector is the mean of its words' vectors, rare words weighing more (Arora, Liang and Ma 2017, "A simple but tough-to-beat
//! baseline"), less what all texts have in common. A word that the table does not know is the mean of its pieces of three to five letters,
//! so that misspellings and new identifiers still land near what they look like.
//!
//! The table lies in `data/builtin.embedding` and is made anew by `cargo xtask train-embedding`.
mod decompose;
mod cooccurrence;
mod file;
pub mod train;

pub use file::Table;

use crate::embed::{EmbedError, Embedder, normalise};
use crate::tokens::tokens;
use std::borrow::Cow;
use std::sync::LazyLock;

static BUILTIN: &[u8] = include_bytes!("../../data/builtin.embedding");
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::of_bytes(Cow::Borrowed(BUILTIN)).expect("the table that is built in is whole: a test reads it")
});

/// How much of a known word's vector comes from its letters.
const LETTERS_SHARE: f32 = 0.2;
/// A word that the table does not know counts as one that is this rare.
const UNKNOWN_WEIGHT: f32 = 0.9;

/// The embedding that needs no files and no server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Builtin;

impl Embedder for Builtin {
    fn id(&self) -> &str {
        TABLE.id()
    }

    fn dims(&self) -> usize {
        TABLE.dims()
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        Ok(TABLE.embed(text))
    }
}

impl Table {
    /// The vector of a text, of length 1; zeros for a text without words.
    pub fn embed(&self, text: &str) -> Vec<f32> {
        let mut vector = vec![0.0; self.dims()];
        let mut words = tokens(text);
        words.sort_unstable();
        let mut rest = words.as_slice();
        while let Some(word) = rest.first() {
            let times = rest.iter().take_while(|next| *next == word).count();
            // A word said ten times is not ten times as important.
            self.add_word(word, (times as f32).sqrt(), &mut vector);
            rest = &rest[times..];
        }
        normalise(&mut vector);
        self.remove_common(&mut vector);
        normalise(&mut vector);
        vector
    }

    fn add_word(&self, word: &str, times: f32, vector: &mut [f32]) {
        let mut letters = vec![0.0; self.dims()];
        let mut pieces = 0;
        for bucket in buckets(word, self.buckets()) {
            pieces += usize::from(self.add_bucket(bucket, &mut letters));
        }
        if pieces > 0 {
            normalise(&mut letters);
        }
        match self.number_of(word) {
            Some(number) => {
                let weight = times * self.weight(number);
                self.add_row(number, weight * (1.0 - LETTERS_SHARE), vector);
                add(&letters, weight * LETTERS_SHARE, vector);
            }
            None => add(&letters, times * UNKNOWN_WEIGHT, vector),
        }
    }
}

fn add(row: &[f32], weight: f32, vector: &mut [f32]) {
    for (sum, x) in vector.iter_mut().zip(row) {
        *sum += weight * x;
    }
}

/// The buckets of a word's pieces: three to five letters, its ends marked.
fn buckets(word: &str, count: usize) -> impl Iterator<Item = usize> {
    let letters: Vec<char> = std::iter::once('<').chain(word.chars()).chain(std::iter::once('>')).collect();
    // Long words are long because they are several: their parts are tokens of their own.
    let letters = letters[..letters.len().min(40)].to_vec();
    let pieces: Vec<usize> = (3..=5)
        .flat_map(|length| letters.windows(length))
        .map(|piece| {
            let text: String = piece.iter().collect();
            (crate::embed::fnv_1a(text.as_bytes()) % count.max(1) as u64) as usize
        })
        .collect();
    pieces.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(a: &str, b: &str) -> f32 {
        let (a, b) = (TABLE.embed(a), TABLE.embed(b));
        a.iter().zip(&b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn meaning_and_spelling_are_both_near() {
        for (near, to, far) in [
            ("ascend", "climb", "photo"),
            ("picture", "photo", "battery"),
            ("take_off", "takeoff", "battery level"),
            ("baterry", "battery", "camera"),
            ("circle around the tower", "orbit", "parameter"),
        ] {
            let (close, distant) = (likeness(near, to), likeness(near, far));
            assert!(close > distant + 0.15, "{near} and {to}: {close}; {near} and {far}: {distant}");
        }
        assert_eq!(TABLE.embed(" ?! "), vec![0.0; TABLE.dims()]);
        let length: f32 = TABLE.embed("hold for ten seconds").iter().map(|x| x * x).sum();
        assert!((length - 1.0).abs() < 1e-4);
    }

    #[test]
    fn the_table_is_small() {
        assert!(BUILTIN.len() <= 8 << 20, "{} bytes", BUILTIN.len());
    }
}
