//! # Choose the right collection and access pattern
//!
//! - Vec or HashMap or BTreeMap: which is faster?
//! - contains on a Vec in a loop is slow
//! - struct of arrays, cache friendly
//!
//! Searching a list inside a loop is quadratic: build a set or a map first. For few elements, or sorted data, a `Vec` beats both. Walk
//! over memory in order; keep what is used together close together.
//!
//! Pitfalls:
//! - `LinkedList` is almost never faster than `Vec` or `VecDeque`.

use std::collections::HashSet;

/// Looks at every pair: fine for dozens, not for thousands.
fn common_by_search(a: &[u32], b: &[u32]) -> usize {
    a.iter().filter(|value| b.contains(value)).count()
}

/// One pass over each.
fn common_by_set(a: &[u32], b: &[u32]) -> usize {
    let known: HashSet<&u32> = b.iter().collect();
    a.iter().filter(|value| known.contains(value)).count()
}

/// Both sorted: one pass over both, nothing allocated.
fn common_sorted(mut a: &[u32], mut b: &[u32]) -> usize {
    let mut count = 0;
    while let (Some(first_a), Some(first_b)) = (a.first(), b.first()) {
        count += usize::from(first_a == first_b);
        if first_a <= first_b {
            a = &a[1..];
        } else {
            b = &b[1..];
        }
    }
    count
}

/// Columns: a sum over one of them touches nothing else.
#[derive(Default)]
struct Track {
    time_s: Vec<f32>,
    altitude_m: Vec<f32>,
}

impl Track {
    fn push(&mut self, time_s: f32, altitude_m: f32) {
        self.time_s.push(time_s);
        self.altitude_m.push(altitude_m);
    }
    fn highest_m(&self) -> Option<f32> {
        self.altitude_m.iter().copied().max_by(f32::total_cmp)
    }
}

fn main() {
    let a: Vec<u32> = (0..300).collect();
    let b: Vec<u32> = (0..300).map(|n| n * 3).collect();
    assert_eq!(common_by_search(&a, &b), 100);
    assert_eq!(common_by_set(&a, &b), 100);
    assert_eq!(common_sorted(&a, &b), 100);

    let mut track = Track::default();
    [(0.0, 1.0), (0.2, 5.0), (0.4, 3.0)].iter().for_each(|(time, altitude)| track.push(*time, *altitude));
    assert_eq!((track.highest_m(), track.time_s.len()), (Some(5.0), 3));
}
