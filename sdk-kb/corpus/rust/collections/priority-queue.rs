//! # Always take the smallest or most urgent: BinaryHeap
//!
//! - priority queue in Rust
//! - min heap with Reverse
//! - Dijkstra shortest path
//!
//! `BinaryHeap` pops the largest element; wrap in `Reverse` for the smallest. Elements are ordered as their `Ord` says, so a tuple
//! with the priority first does the job. In Dijkstra's search old entries stay in the heap and are skipped when they come up.
//!
//! Pitfalls:
//! - Iterating over a heap is in no order; `into_sorted_vec` sorts.
//! - Floats have no `Ord`: use whole millimetres, or a wrapper with `total_cmp`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Shortest distances from `start`; `edges[node]` lists neighbours with lengths.
fn distances(edges: &[Vec<(usize, u32)>], start: usize) -> Vec<Option<u32>> {
    let mut best = vec![None; edges.len()];
    let mut open = BinaryHeap::from([Reverse((0, start))]);
    while let Some(Reverse((distance, node))) = open.pop() {
        if best[node].is_some() {
            continue;
        }
        best[node] = Some(distance);
        for &(neighbour, length) in &edges[node] {
            open.push(Reverse((distance + length, neighbour)));
        }
    }
    best
}

fn main() {
    let mut tasks = BinaryHeap::from([(1, "log"), (9, "land"), (5, "photo")]);
    assert_eq!(tasks.pop(), Some((9, "land")));
    assert_eq!(tasks.peek(), Some(&(5, "photo")));

    let roads = vec![vec![(1, 7), (2, 2)], vec![(3, 1)], vec![(1, 3), (3, 8)], vec![], vec![(0, 1)]];
    assert_eq!(distances(&roads, 0), [Some(0), Some(5), Some(2), Some(6), None]);
}
