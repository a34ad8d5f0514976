//! The best of many scores, and room for scores that is used again.
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::{Mutex, PoisonError};

/// Room for one score a document, kept between searches: fresh memory for a million of them costs more than the search.
#[derive(Default)]
pub(crate) struct Scratch(Mutex<Vec<Vec<f32>>>);

impl Scratch {
    /// Gives `work` `count` zeros.
    pub(crate) fn with<T>(&self, count: usize, work: impl FnOnce(&mut [f32]) -> T) -> T {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut scores = free.unwrap_or_else(|| vec![0.0; count]);
        let done = work(&mut scores);
        scores.fill(0.0);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(scores);
        done
    }
}

/// A document and its score, ordered by score and then by the lower number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scored {
    pub(crate) score: f32,
    pub(crate) number: u32,
}

impl Eq for Scored {}

impl Ord for Scored {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.number.cmp(&self.number))
    }
}

impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The `depth` best of `scores` above `floor` that pass the filter, best first.
pub(crate) fn best(scores: &[f32], depth: usize, floor: f32, keep: impl Fn(usize) -> bool) -> Vec<(usize, f32)> {
    let mut found = Best::new(depth, floor);
    const BLOCK: usize = 64;
    for (block, part) in scores.chunks(BLOCK).enumerate() {
        // Most blocks hold nothing that could enter; looking at their maximum is quick.
        if part.iter().copied().fold(f32::MIN, f32::max) <= found.floor {
            continue;
        }
        for (place, score) in part.iter().enumerate() {
            let number = block * BLOCK + place;
            if *score > found.floor && keep(number) {
                found.offer(number, *score);
            }
        }
    }
    found.into_sorted()
}

/// The best so far.
pub(crate) struct Best {
    heap: BinaryHeap<std::cmp::Reverse<Scored>>,
    depth: usize,
    /// What a score must exceed to enter.
    pub(crate) floor: f32,
}

impl Best {
    pub(crate) fn new(depth: usize, floor: f32) -> Self {
        Self { heap: BinaryHeap::with_capacity(depth + 1), depth, floor: if depth == 0 { f32::MAX } else { floor } }
    }

    /// Numbers are offered in rising order: of equal scores the first stays.
    pub(crate) fn offer(&mut self, number: usize, score: f32) {
        self.heap.push(std::cmp::Reverse(Scored { score, number: number as u32 }));
        if self.heap.len() > self.depth {
            self.heap.pop();
        }
        if self.heap.len() == self.depth
            && let Some(std::cmp::Reverse(last)) = self.heap.peek()
        {
            self.floor = self.floor.max(last.score);
        }
    }

    pub(crate) fn into_sorted(self) -> Vec<(usize, f32)> {
        let sorted = self.heap.into_sorted_vec();
        sorted.into_iter().map(|std::cmp::Reverse(scored)| (scored.number as usize, scored.score)).collect()
    }
}
