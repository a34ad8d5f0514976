//! # Between Vec, slice and array
//!
//! - convert a Vec to a fixed-size array
//! - expected array `[f64; 3]`, found a slice or Vec
//! - initialise an array with a function of its index
//!
//! `try_into` turns a slice or vector into an array if the length fits. `array::from_fn` builds one from indices, `map` from another,
//! `each_ref` borrows every element. A slice `&[T]` as a parameter takes arrays and vectors alike.
//!
//! Pitfalls:
//! - `[value; N]` needs `Copy` or a constant: use `from_fn(|_| ..)` or `[const { .. }; N]` otherwise.

fn total(values: &[f64]) -> f64 {
    values.iter().sum()
}

fn axes(values: Vec<f64>) -> Result<[f64; 3], usize> {
    values.try_into().map_err(|values: Vec<f64>| values.len())
}

fn main() {
    assert_eq!(axes(vec![1.0, 2.0, 3.0]), Ok([1.0, 2.0, 3.0]));
    assert_eq!(axes(vec![1.0]), Err(1));

    let squares: [usize; 5] = std::array::from_fn(|index| index * index);
    assert_eq!(squares, [0, 1, 4, 9, 16]);
    assert_eq!([1, 2].map(f64::from), [1.0, 2.0]);
    let empty: [Vec<u8>; 3] = std::array::from_fn(|_| Vec::new());
    assert!(empty.each_ref().map(|list| list.len()) == [0, 0, 0]);

    assert_eq!(total(&[1.0, 2.0]) + total(&vec![3.0]), 6.0);
    let bytes = [1_u8, 2, 3, 4, 5];
    let head: &[u8; 2] = bytes.first_chunk().expect("at least two");
    assert_eq!((head, bytes.last_chunk::<1>()), (&[1, 2], Some(&[5])));
}
