//! In which order several places are visited on the shortest way.
use crate::frame::PositionNed;
use alloc::{boxed::Box, vec, vec::Vec};

/// The order of `points` whose way from `start` through all is shortest: exact up to 12 points (Held and Karp 1962), beyond that
/// nearest neighbour improved by 2-opt.
pub fn shortest_order(start: &PositionNed, points: &[PositionNed]) -> Vec<usize> {
    if points.len() > 12 { two_opt(start, points) } else { held_karp(start, points) }
}

fn held_karp(start: &PositionNed, points: &[PositionNed]) -> Vec<usize> {
    let count = points.len();
    if count < 2 {
        return (0..count).collect();
    }
    let full = (1_usize << count) - 1;
    // best[set][last] = (length of the shortest way from start through `set` ending in `last`, the point before it)
    let mut best: Vec<Box<[(f64, usize)]>> =
        vec![vec![(f64::INFINITY, usize::MAX); count].into_boxed_slice(); full + 1];
    for (index, point) in points.iter().enumerate() {
        best[1 << index][index] = (start.distance_m(point), usize::MAX);
    }
    for set in 1..=full {
        for last in (0..count).filter(|last| set & (1 << last) != 0) {
            let (length_m, _) = best[set][last];
            for next in (0..count).filter(|next| set & (1 << next) == 0) {
                let longer_m = length_m + points[last].distance_m(&points[next]);
                let slot = &mut best[set | (1 << next)][next];
                if longer_m < slot.0 - 1e-9 {
                    *slot = (longer_m, last);
                }
            }
        }
    }
    let mut last =
        (0..count).fold(0, |least, index| if best[full][index].0 < best[full][least].0 - 1e-9 { index } else { least });
    let (mut set, mut order) = (full, Vec::with_capacity(count));
    while last != usize::MAX {
        order.push(last);
        let before = best[set][last].1;
        set &= !(1 << last);
        last = before;
    }
    order.reverse();
    order
}

fn two_opt(start: &PositionNed, points: &[PositionNed]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(points.len());
    let mut left: Vec<usize> = (0..points.len()).collect();
    let mut at = *start;
    while !left.is_empty() {
        let nearest = (0..left.len()).fold(0, |n, i| {
            if at.distance_m(&points[left[i]]) < at.distance_m(&points[left[n]]) - 1e-9 { i } else { n }
        });
        let index = left.remove(nearest);
        at = points[index];
        order.push(index);
    }
    let length_m = |order: &[usize]| {
        let mut at = *start;
        order.iter().map(|index| core::mem::replace(&mut at, points[*index]).distance_m(&points[*index])).sum::<f64>()
    };
    let mut improved = true;
    while improved {
        improved = false;
        for from in 0..order.len() {
            for to in from + 1..order.len() {
                let before_m = length_m(&order);
                order[from..=to].reverse();
                if length_m(&order) < before_m - 1e-6 { improved = true } else { order[from..=to].reverse() }
            }
        }
    }
    order
}
