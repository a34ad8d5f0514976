//! # Arrays of any length: const generics
//!
//! - How do I write a function that takes arrays of every size?
//! - expected an array with a size of 3, found one with a size of 2
//! - matrix type with its dimensions in the type
//!
//! `const N: usize` makes a length part of the type, so that lengths that do not fit are compile errors and nothing is allocated.
//! Where the length is known at run time only, take a slice.
//!
//! Pitfalls:
//! - On stable Rust, expressions such as `[f64; N + 1]` are not allowed in types.

#[derive(Debug, Clone, Copy, PartialEq)]
struct Matrix<const R: usize, const C: usize>([[f64; C]; R]);

impl<const R: usize, const C: usize> Matrix<R, C> {
    /// Only matrices that fit can be multiplied.
    fn times<const D: usize>(&self, other: &Matrix<C, D>) -> Matrix<R, D> {
        let cell = |row: usize, column: usize| (0..C).map(|i| self.0[row][i] * other.0[i][column]).sum();
        Matrix(std::array::from_fn(|row| std::array::from_fn(|column| cell(row, column))))
    }

    fn transposed(&self) -> Matrix<C, R> {
        Matrix(std::array::from_fn(|row| std::array::from_fn(|column| self.0[column][row])))
    }
}

fn mean<const N: usize>(values: [f64; N]) -> f64 {
    const { assert!(N > 0, "the mean of nothing") };
    values.iter().sum::<f64>() / N as f64
}

fn main() {
    let turn = Matrix([[0.0, -1.0], [1.0, 0.0]]);
    let point = Matrix([[3.0], [4.0]]);
    assert_eq!(turn.times(&point), Matrix([[-4.0], [3.0]]));
    assert_eq!(point.transposed(), Matrix([[3.0, 4.0]]));
    assert_eq!(mean([1.0, 2.0, 6.0]), 3.0);
}
