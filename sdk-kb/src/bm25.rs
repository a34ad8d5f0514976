//! Ranking by words: Okapi BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", eq. 3.15) with k1 1.2, b 0.75.
//!
//! Each word has its list of documents with what the word is worth in each, worked out when the index is built; a search adds up the
//! lists of its words, so that it costs what those lists hold and not what the knowledge base holds. What a document is called is one
//! word more, which no text holds: [`Bm25::named`] looks for those alone.
use crate::numbers;
use crate::ranking::{Scratch, best};
use crate::tokens::{name_of_title, names, tokens};
use std::collections::HashMap;

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
    lists: Vec<Vec<(u32, u16)>>,
    lengths: Vec<u32>,
}

impl Bm25Builder {
    /// Takes the next document, and the title that it may be called by.
    pub fn add(&mut self, title: &str, text: &str) {
        let document = self.lengths.len() as u32;
        let mut counts: HashMap<u32, u16> = HashMap::new();
        let words = tokens(text);
        self.lengths.push(words.len() as u32);
        for word in words.into_iter().chain(name_of_title(title)) {
            let next = self.lists.len() as u32;
            let number = *self.numbers.entry(word).or_insert(next);
            if number == next {
                self.lists.push(Vec::new());
            }
            let count = counts.entry(number).or_default();
            *count = count.saturating_add(1);
        }
        for (number, count) in counts {
            self.lists[number as usize].push((document, count));
        }
    }

    /// The index of what was added.
    pub fn finish(self) -> Bm25 {
        let count = self.lengths.len();
        let sum: u64 = self.lengths.iter().map(|length| u64::from(*length)).sum();
        let mean_length = (sum as f32 / count.max(1) as f32).max(1.0);
        let mut sorted: Vec<(String, u32)> = self.numbers.into_iter().collect();
        sorted.sort_unstable();
        let mut index = Bm25::empty(count);
        for (word, number) in sorted {
            index.words.extend(word.as_bytes());
            index.word_ends.push(index.words.len() as u32);
            for (document, count) in &self.lists[number as usize] {
                let length = self.lengths[*document as usize] as f32 / mean_length;
                let count = f32::from(*count);
                let worth = count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length));
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

    /// The `depth` best documents that share a word with the query and pass the filter, best first; equal scores in the order of the
    /// documents.
    pub fn search(&self, query: &str, depth: usize, keep: impl Fn(usize) -> bool) -> Vec<(usize, f32)> {
        self.having(tokens(query), depth, keep)
    }

    /// The `depth` best documents that a word of the query is the name of, as [`Self::search`].
    pub fn named(&self, query: &str, depth: usize, keep: impl Fn(usize) -> bool) -> Vec<(usize, f32)> {
        self.having(names(query), depth, keep)
    }

    fn having(&self, mut words: Vec<String>, depth: usize, keep: impl Fn(usize) -> bool) -> Vec<(usize, f32)> {
        words.sort_unstable();
        words.dedup();
        let mut lists: Vec<(f32, std::ops::Range<usize>)> = words
            .iter()
            .filter_map(|word| self.list(word))
            .map(|list| {
                let (all, having) = (self.count as f32, list.len() as f32);
                (((all - having + 0.5) / (having + 0.5) + 1.0).ln(), list)
            })
            .collect();
        lists.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.start.cmp(&b.1.start)));
        lists.truncate(QUERY_WORDS);
        if lists.is_empty() {
            return Vec::new();
        }
        self.scratch.with(self.count, |scores| {
            for (rarity, list) in lists {
                let factor = rarity / STEPS;
                for (document, worth) in self.documents[list.clone()].iter().zip(&self.worths[list]) {
                    scores[*document as usize] += factor * f32::from(*worth);
                }
            }
            best(scores, depth, 0.0, keep)
        })
    }

    fn list(&self, word: &str) -> Option<std::ops::Range<usize>> {
        let (mut low, mut high) = (0, self.word_ends.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let start = if middle == 0 { 0 } else { self.word_ends[middle - 1] as usize };
            match self.words[start..self.word_ends[middle] as usize].cmp(word.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    let start = if middle == 0 { 0 } else { self.list_ends[middle - 1] as usize };
                    return Some(start..self.list_ends[middle] as usize);
                }
            }
        }
        None
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_outweigh_common_ones_and_short_texts_long_ones() {
        let texts = [
            "land the vehicle here",
            "the vehicle goes to a place, then the vehicle goes on, and on, and on",
            "the vehicle goes",
            "photo",
        ];
        let mut builder = Bm25Builder::default();
        for (title, text) in ["", "Vehicle::goes", "place", "One photo"].into_iter().zip(texts) {
            builder.add(title, text);
        }
        let index = builder.finish();
        let sections = index.sections().map(|(_, bytes)| bytes);
        for index in [Bm25::of_sections(4, sections).expect("fits"), index] {
            let order = |query: &str| -> Vec<usize> {
                index.search(query, 10, |_| true).into_iter().map(|hit| hit.0).collect()
            };
            assert_eq!(order("vehicle goes"), [2, 1, 0]);
            assert_eq!(order("land vehicle"), [0, 2, 1]);
            assert_eq!(order("nothing of it"), [] as [usize; 0]);
            assert_eq!(index.search("vehicle goes", 1, |_| true).len(), 1);
            assert_eq!(index.search("photo", 10, |document| document != 3), []);
            let named = |query: &str| index.named(query, 10, |_| true).into_iter().map(|hit| hit.0).collect::<Vec<_>>();
            assert_eq!(named("what is the PLACE? and goes()"), [2, 1]);
            assert_eq!(named("photo"), [] as [usize; 0]);
        }
    }
}
