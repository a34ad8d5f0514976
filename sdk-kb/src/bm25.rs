//! Ranking by words: Okapi BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", eq. 3.15) with k1 1.2, b 0.75.
use crate::tokens::tokens;
use std::collections::HashMap;

const K1: f32 = 1.2;
const B: f32 = 0.75;

/// An index of documents, numbered in the order in which they were given.
pub struct Bm25 {
    postings: HashMap<String, Vec<(usize, f32)>>,
    lengths: Vec<f32>,
    mean_length: f32,
}

impl Bm25 {
    /// Indexes the texts.
    pub fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut postings: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        let mut lengths = Vec::new();
        for (document, text) in texts.enumerate() {
            let mut counts: HashMap<String, f32> = HashMap::new();
            let words = tokens(text);
            lengths.push(words.len() as f32);
            for word in words {
                *counts.entry(word).or_default() += 1.0;
            }
            for (word, count) in counts {
                postings.entry(word).or_default().push((document, count));
            }
        }
        let mean_length = lengths.iter().sum::<f32>() / lengths.len().max(1) as f32;
        Self { postings, lengths, mean_length }
    }

    /// Documents that share a word with the query and pass the filter, best first; equal scores in the order of the documents.
    pub fn search(&self, query: &str, keep: impl Fn(usize) -> bool) -> Vec<(usize, f32)> {
        let mut scores: HashMap<usize, f32> = HashMap::new();
        let mut words = tokens(query);
        words.sort();
        words.dedup();
        for word in &words {
            let Some(postings) = self.postings.get(word) else {
                continue;
            };
            let (all, having) = (self.lengths.len() as f32, postings.len() as f32);
            let rarity = ((all - having + 0.5) / (having + 0.5) + 1.0).ln();
            for &(document, count) in postings {
                let length = self.lengths[document] / self.mean_length;
                let weight = count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length));
                *scores.entry(document).or_default() += rarity * weight;
            }
        }
        let mut ranked: Vec<_> = scores.into_iter().filter(|(document, _)| keep(*document)).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked
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
        let index = Bm25::new(texts.into_iter());
        let order =
            |query: &str| -> Vec<usize> { index.search(query, |_| true).into_iter().map(|hit| hit.0).collect() };
        assert_eq!(order("vehicle goes"), [2, 1, 0]);
        assert_eq!(order("land vehicle"), [0, 2, 1]);
        assert_eq!(order("nothing of it"), [] as [usize; 0]);
        assert_eq!(index.search("photo", |document| document != 3), []);
    }
}
