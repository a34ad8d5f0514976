//! # Join iterators and flatten nested ones
//!
//! - concatenate two iterators
//! - flatten a Vec<Vec<T>>
//! - flat_map versus map
//!
//! `chain` puts one iterator after another, `flatten` opens each item (also `Option` and `Result`, of which it drops `None` and `Err`),
//! `flat_map` maps to iterators and opens them. `concat` joins slices at once.
//!
//! Pitfalls:
//! - `flatten` on `Result`s drops errors in silence: `collect` into a `Result` to see them.

fn main() {
    let rows = vec![vec![1, 2], vec![], vec![3]];
    assert_eq!(rows.iter().flatten().sum::<i32>(), 6);
    assert_eq!(rows.concat(), [1, 2, 3]);

    let there_and_back: Vec<u32> = (0..3).chain((0..2).rev()).collect();
    assert_eq!(there_and_back, [0, 1, 2, 1, 0]);

    let readings = [Some(4), None, Some(6)];
    assert_eq!(readings.iter().flatten().count(), 2);

    let corners: Vec<(i32, i32)> = [0, 40].into_iter().flat_map(|north| [0, 20].map(|east| (north, east))).collect();
    assert_eq!(corners, [(0, 0), (0, 20), (40, 0), (40, 20)]);

    let with_start = std::iter::once("home").chain(["mast", "barn"]);
    assert_eq!(with_start.collect::<Vec<_>>().join(">"), "home>mast>barn");
}
