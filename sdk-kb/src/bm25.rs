//! Ranking by words: Okapi BM25 over weighted fields (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", eq. 3.15
//! and 3.20) with k1 1.2, b 0.75.
//!
//! Each word has its list of documents with what the word is worth in each, worked out when the index is built; a search adds up the
//! lists of its words, so that it costs what those lists hold and not what the knowledge base holds. What a document is called are words
//! too, which no text holds.
use crate::numbers;
use crate::ranking::{Scratch, best};
use std::collections::HashMap;
use std::ops::Range;

const K1: f32 = 1.2;
const B: f32 = 0.75;
/// No occurrence is worth more than `K1 + 1`; worths are kept as parts of it.
const STEPS: f32 = 65_535.0 / (K1 + 1.0);
/// A query's rarest words, at most this many; what a longer one adds is noise.
const QUERY_WORDS: usize = 64;

/// An index of documents, numbered in the order in which they were given.
pub struct Bm25 {
    /// The words one after the other, sorted, and where each begins.
    words: Vec<u8>,
    word_ends: Vec<u32>,
    /// Where each word's list ends.
    list_ends: Vec<u64>,
    documents: Vec<u32>,
    worths: Vec<u16>,
    count: usize,
    scratch: Scratch,
}

/// Builds a [`Bm25`], document by document.
#[derive(Default)]
pub struct Bm25Builder {
    numbers: HashMap<String, u32>,
    lists: Vec<Vec<(u32, f32)>>,
    lengths: Vec<f32>,
}

impl Bm25Builder {
    /// Takes the next document: its fields' tokens with what an occurrence counts in each, and the words for what it is called, which
    /// do not make it longer.
    pub fn add(&mut self, fields: impl IntoIterator<Item = (f32, Vec<String>)>, names: Vec<String>) {
        let document = self.lengths.len() as u32;
        let mut counts: HashMap<u32, f32> = HashMap::new();
        let mut count = |word: String, weight: f32| {
            let next = self.lists.len() as u32;
            let number = *self.numbers.entry(word).or_insert(next);
            if number == next {
                self.lists.push(Vec::new());
            }
            *counts.entry(number).or_default() += weight;
        };
        let mut length = 0.0;
        for (weight, words) in fields {
            length += weight * words.len() as f32;
            words.into_iter().for_each(|word| count(word, weight));
        }
        names.into_iter().for_each(|name| count(name, f32::INFINITY));
        self.lengths.push(length);
        for (number, count) in counts {
            self.lists[number as usize].push((document, count));
        }
    }

    /// The index of what was added.
    pub fn finish(self) -> Bm25 {
        let count = self.lengths.len();
        let sum: f64 = self.lengths.iter().map(|length| f64::from(*length)).sum();
        let mean_length = ((sum / count.max(1) as f64) as f32).max(1.0);
        let mut sorted: Vec<(String, u32)> = self.numbers.into_iter().collect();
        sorted.sort_unstable();
        let mut index = Bm25::empty(count);
        for (word, number) in sorted {
            index.words.extend(word.as_bytes());
            index.word_ends.push(index.words.len() as u32);
            for (document, count) in &self.lists[number as usize] {
                let length = self.lengths[*document as usize] / mean_length;
                // A name is worth the most that a word can be, in documents of any length.
                let missing = if count.is_finite() { K1 * (1.0 - B + B * length) / count } else { 0.0 };
                let worth = (K1 + 1.0) / (1.0 + missing);
                index.documents.push(*document);
                index.worths.push((worth * STEPS).round().clamp(1.0, 65_535.0) as u16);
            }
            index.list_ends.push(index.documents.len() as u64);
        }
        index
    }
}

impl Bm25 {
    fn empty(count: usize) -> Self {
        Self {
            words: Vec::new(),
            word_ends: Vec::new(),
            list_ends: Vec::new(),
            documents: Vec::new(),
            worths: Vec::new(),
            count,
            scratch: Scratch::default(),
        }
    }

    /// The `depth` best documents that have a word of the query and pass the filter, best first; equal scores in the order of the
    /// documents. Each word counts its weight times its rarity; `factor` is what a document's sum is taken by at last.
    pub fn search(
        &self,
        words: &[(String, f32)],
        depth: usize,
        keep: impl Fn(usize) -> bool,
        factor: impl Fn(usize) -> f32,
    ) -> Vec<(usize, f32)> {
        let mut weights: HashMap<&str, f32> = HashMap::new();
        for (word, weight) in words {
            let known = weights.entry(word).or_default();
            *known = known.max(*weight);
        }
        let mut lists: Vec<(f32, Range<usize>)> = weights
            .into_iter()
            .filter_map(|(word, weight)| {
                let list = self.list(word)?;
                Some((weight * self.rarity(list.len()), list))
            })
            .collect();
        lists.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.start.cmp(&b.1.start)));
        lists.truncate(QUERY_WORDS);
        if lists.is_empty() {
            return Vec::new();
        }
        self.scratch.with(self.count, |scores| {
            for (rarity, list) in &lists {
                let rarity = rarity / STEPS;
                for (document, worth) in self.documents[list.clone()].iter().zip(&self.worths[list.clone()]) {
                    scores[*document as usize] += rarity * f32::from(*worth);
                }
            }
            let mut wide = best(scores, depth.saturating_mul(4), 0.0, keep);
            wide.iter_mut().for_each(|(document, score)| *score *= factor(*document));
            wide.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            wide.truncate(depth);
            wide
        })
    }

    fn rarity(&self, having: usize) -> f32 {
        let (all, having) = (self.count as f32, having as f32);
        ((all - having + 0.5) / (having + 0.5) + 1.0).ln()
    }

    /// How rare a word is; of what no document has, as of the rarest.
    pub(crate) fn rarity_of(&self, word: &str) -> f32 {
        self.rarity(self.list(word).map_or(0, |list| list.len()))
    }

    /// Whether that document has the word.
    pub(crate) fn has(&self, word: &str, document: usize) -> bool {
        // A list is in the order of its documents.
        self.list(word).is_some_and(|list| self.documents[list].binary_search(&(document as u32)).is_ok())
    }

    /// Whether any document has the word.
    pub fn knows(&self, word: &str) -> bool {
        self.list(word).is_some()
    }

    /// The known words that `word` is a slip of the keyboard away from: those at the least distance, which is at most one for four to
    /// six letters and at most two for more. The first letter has to be right.
    pub fn near(&self, word: &str) -> Vec<&str> {
        let limit = if word.len() < 7 { 1 } else { 2 };
        let Some(first) = word.chars().next().filter(|first| word.len() >= 4 && first.is_ascii_lowercase()) else {
            return Vec::new();
        };
        let after = char::from(first as u8 + 1);
        let (from, to) =
            (self.first_from(first.encode_utf8(&mut [0; 4])), self.first_from(after.encode_utf8(&mut [0; 4])));
        let mut found = (limit + 1, Vec::new());
        for place in from..to {
            let Ok(known) = std::str::from_utf8(self.word(place)) else { continue };
            if known.len().abs_diff(word.len()) > limit || !known.bytes().all(|byte| byte.is_ascii_lowercase()) {
                continue;
            }
            let distance = slips(word.as_bytes(), known.as_bytes(), found.0.min(limit));
            if distance < found.0 {
                found = (distance, Vec::new());
            }
            if distance == found.0 && distance <= limit {
                found.1.push(known);
            }
        }
        found.1
    }

    fn word(&self, place: usize) -> &[u8] {
        let start = if place == 0 { 0 } else { self.word_ends[place - 1] as usize };
        &self.words[start..self.word_ends[place] as usize]
    }

    /// The place of the first word that is not before `word`.
    fn first_from(&self, word: &str) -> usize {
        let (mut low, mut high) = (0, self.word_ends.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.word(middle) < word.as_bytes() { low = middle + 1 } else { high = middle }
        }
        low
    }

    fn list(&self, word: &str) -> Option<Range<usize>> {
        let place = self.first_from(word);
        if place == self.word_ends.len() || self.word(place) != word.as_bytes() {
            return None;
        }
        let start = if place == 0 { 0 } else { self.list_ends[place - 1] as usize };
        Some(start..self.list_ends[place] as usize)
    }

    pub(crate) fn sections(&self) -> [(&'static str, Vec<u8>); 5] {
        [
            ("words", self.words.clone()),
            ("word ends", numbers::bytes_of_u32(&self.word_ends)),
            ("list ends", numbers::bytes_of_u64(&self.list_ends)),
            ("documents", numbers::bytes_of_u32(&self.documents)),
            ("worths", numbers::bytes_of_u16(&self.worths)),
        ]
    }

    /// Nothing where the sections do not fit together.
    pub(crate) fn of_sections(
        count: usize,
        [words, word_ends, list_ends, documents, worths]: [Vec<u8>; 5],
    ) -> Option<Self> {
        let index = Self {
            words,
            word_ends: numbers::u32_of_bytes(&word_ends),
            list_ends: numbers::u64_of_bytes(&list_ends),
            documents: numbers::u32_of_bytes(&documents),
            worths: numbers::u16_of_bytes(&worths),
            ..Self::empty(count)
        };
        let fits = index.word_ends.is_sorted()
            && index.list_ends.is_sorted()
            && index.word_ends.len() == index.list_ends.len()
            && index.word_ends.last().copied().unwrap_or(0) as usize == index.words.len()
            && index.list_ends.last().copied().unwrap_or(0) as usize == index.documents.len()
            && index.worths.len() == index.documents.len()
            && index.documents.iter().all(|document| (*document as usize) < count);
        fits.then_some(index)
    }
}

/// How many letters are wrong, missing, too many or swapped with the next one (optimal string alignment); above `limit` any number above
/// it.
fn slips(a: &[u8], b: &[u8], limit: usize) -> usize {
    const LONGEST: usize = 32;
    if a.len().max(b.len()) >= LONGEST {
        return limit + 1;
    }
    let mut rows = [[0_usize; LONGEST + 1]; 3];
    for (column, cell) in rows[0].iter_mut().enumerate() {
        *cell = column;
    }
    for i in 1..=a.len() {
        let (now, before, earlier) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[now][0] = i;
        let mut least = i;
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut cell = (rows[before][j] + 1).min(rows[now][j - 1] + 1).min(rows[before][j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cell = cell.min(rows[earlier][j - 2] + 1);
            }
            rows[now][j] = cell;
            least = least.min(cell);
        }
        if least > limit {
            return limit + 1;
        }
    }
    rows[a.len() % 3][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::{names_of_title, tokens};

    fn index(documents: &[(&str, &str)]) -> Bm25 {
        let mut builder = Bm25Builder::default();
        for (title, text) in documents {
            builder.add([(1.0, tokens(text))], names_of_title(title));
        }
        builder.finish()
    }

    fn order(index: &Bm25, words: &str) -> Vec<usize> {
        let words: Vec<_> = words.split(' ').map(|word| (word.to_owned(), 1.0)).collect();
        index.search(&words, 10, |_| true, |_| 1.0).into_iter().map(|hit| hit.0).collect()
    }

    #[test]
    fn rare_words_outweigh_common_ones_and_short_texts_long_ones() {
        let index = index(&[
            ("", "land the vehicle here"),
            ("Vehicle::goes", "the vehicle goes to a place, then the vehicle goes on, and on, and on"),
            ("place", "the vehicle goes"),
            ("One photo", "photo"),
        ]);
        let sections = index.sections().map(|(_, bytes)| bytes);
        for index in [Bm25::of_sections(4, sections).expect("fits"), index] {
            assert_eq!(order(&index, "vehicle goe"), [2, 1, 0]);
            assert_eq!(order(&index, "land vehicle"), [0, 2, 1]);
            assert_eq!(order(&index, "nothing of it"), [] as [usize; 0]);
            assert_eq!(order(&index, "=place =goes"), [1, 2]);
            assert_eq!(order(&index, "=photo"), [] as [usize; 0]);
            let word = [("vehicle".to_owned(), 1.0)];
            assert_eq!(index.search(&word, 1, |_| true, |_| 1.0).len(), 1);
            assert_eq!(index.search(&word, 9, |document| document == 2, |_| 1.0).len(), 1);
            let halved = |document| if document == 2 { 0.1 } else { 1.0 };
            assert_eq!(index.search(&word, 9, |_| true, halved).last().map(|hit| hit.0), Some(2));
        }
    }

    #[test]
    fn a_word_counts_what_its_field_counts() {
        let mut builder = Bm25Builder::default();
        builder.add([(3.0, tokens("orbit")), (1.0, tokens("a circle of some sort"))], Vec::new());
        builder.add([(3.0, tokens("circle")), (1.0, tokens("an orbit of some sort"))], Vec::new());
        let index = builder.finish();
        assert_eq!(order(&index, "orbit"), [0, 1]);
        assert_eq!(order(&index, "circle"), [1, 0]);
    }

    #[test]
    fn slips_of_the_keyboard_are_found() {
        let index = index(&[("", "battery batter position orbit orbits hold")]);
        for (word, near) in [
            ("batery", &["battery"][..]),
            ("oribt", &["orbit"]),
            ("postion", &["position"]),
            ("holt", &["hold"]),
            ("hol", &[]),
            ("attery", &[]),
            ("helicopter", &[]),
        ] {
            let found = index.near(word);
            assert!(
                near.iter().all(|known| found.contains(known)) && found.is_empty() == near.is_empty(),
                "{word}: {found:?}"
            );
        }
        assert_eq!(
            (slips(b"veloctiy", b"velocity", 2), slips(b"abc", b"abc", 2), slips(b"abcd", b"wxyz", 2)),
            (1, 0, 3)
        );
    }
}
