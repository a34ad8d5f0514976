//! # Look at neighbours, or cut a slice into pieces
//!
//! - compare each element with the next one
//! - split a Vec into batches of n
//! - moving average over a slice
//!
//! `windows(n)` slides over a slice, `chunks(n)` cuts it into pieces of which the last may be short, `chunks_exact(n)` keeps the rest
//! apart. `split(|x| ..)` cuts at separators, `chunk_by` where neighbours stop to belong together.
//!
//! Pitfalls:
//! - All of these panic for a size of zero.

fn length_m(points: &[(f64, f64)]) -> f64 {
    points.windows(2).map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1)).sum()
}

fn smoothed(values: &[f64], over: usize) -> Vec<f64> {
    values.windows(over).map(|window| window.iter().sum::<f64>() / over as f64).collect()
}

fn main() {
    assert_eq!(length_m(&[(0.0, 0.0), (3.0, 4.0), (3.0, 10.0)]), 11.0);
    assert_eq!(length_m(&[(1.0, 1.0)]), 0.0);
    assert_eq!(smoothed(&[1.0, 3.0, 5.0, 1.0], 3), [3.0, 3.0]);

    let batches: Vec<usize> = [1, 2, 3, 4, 5].chunks(2).map(<[i32]>::len).collect();
    assert_eq!(batches, [2, 2, 1]);
    let exact = [1, 2, 3, 4, 5];
    assert_eq!(exact.chunks_exact(2).remainder(), [5]);

    let parts: Vec<&[u8]> = [1, 2, 0, 3].split(|byte| *byte == 0).collect();
    assert_eq!(parts, [&[1, 2][..], &[3]]);
    let rising: Vec<&[i32]> = [1, 4, 2, 3].chunk_by(|a, b| a < b).collect();
    assert_eq!(rising, [&[1, 4], &[2, 3]]);
    assert!([1, 2, 2].is_sorted());
}
