//! # Smallest, largest and nearest element
//!
//! - the trait Ord is not implemented for f64 when calling max()
//! - find the index of the maximum
//! - find the struct with the smallest distance
//!
//! `min` and `max` need `Ord`. For floats use `min_by(|a, b| a.total_cmp(b))` or `f64::total_cmp` directly; for structs `min_by_key` on an
//! integer key or `min_by` on a float. All give `None` for nothing.
//!
//! Pitfalls:
//! - With equal elements `min` takes the first, `max` the last one.
//! - `total_cmp` puts NaN above infinity: filter NaN out where it may occur.

#[derive(Debug, PartialEq)]
struct Pad {
    name: &'static str,
    north_m: f64,
    east_m: f64,
}

fn nearest(pads: &[Pad], north_m: f64, east_m: f64) -> Option<&Pad> {
    let distance = |pad: &Pad| (pad.north_m - north_m).hypot(pad.east_m - east_m);
    pads.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

fn index_of_max(values: &[f64]) -> Option<usize> {
    values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(index, _)| index)
}

fn main() {
    let pads = [Pad { name: "home", north_m: 0.0, east_m: 0.0 }, Pad { name: "barn", north_m: 50.0, east_m: 10.0 }];
    assert_eq!(nearest(&pads, 40.0, 0.0).map(|pad| pad.name), Some("barn"));
    assert_eq!(nearest(&[], 0.0, 0.0), None);
    assert_eq!(index_of_max(&[1.0, 9.5, -3.0]), Some(1));
    assert_eq!([2.5, -1.0].into_iter().min_by(f64::total_cmp), Some(-1.0));
    assert_eq!([2.0_f64, 7.0].into_iter().fold(f64::NEG_INFINITY, f64::max), 7.0);
    assert_eq!(["bb", "a", "cc"].iter().max_by_key(|word| word.len()), Some(&"cc"), "the last of the longest");
}
