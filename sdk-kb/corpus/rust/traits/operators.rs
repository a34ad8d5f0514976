//! # Add, subtract, multiply and index own types
//!
//! - How do I overload + and * for my struct?
//! - cannot add `Vector` to `Vector` (E0369)
//! - implement Index for my type
//!
//! Each operator is a trait in `std::ops`: `Add` for `+`, `Mul<f64>` for a factor, `Neg` for `-x`, `AddAssign` for `+=`, `Index` for
//! `x[i]`. `Output` says what comes out. For small `Copy` types take `self` by value.
//!
//! Pitfalls:
//! - `2.0 * v` needs `impl Mul<Vector> for f64` besides `v * 2.0`.
//! - `x[i]` may panic; offer a `get` if a wrong index can come from outside.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Index, Mul, Neg, Sub};

#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Vector {
    axes: [f64; 3],
}

impl Vector {
    fn new(x: f64, y: f64, z: f64) -> Self {
        Self { axes: [x, y, z] }
    }
}

impl Add for Vector {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { axes: std::array::from_fn(|axis| self.axes[axis] + other.axes[axis]) }
    }
}
impl Neg for Vector {
    type Output = Self;
    fn neg(self) -> Self {
        self * -1.0
    }
}
impl Sub for Vector {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}
impl Mul<f64> for Vector {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self { axes: self.axes.map(|axis| axis * factor) }
    }
}
impl Mul<Vector> for f64 {
    type Output = Vector;
    fn mul(self, vector: Vector) -> Vector {
        vector * self
    }
}
impl AddAssign for Vector {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}
impl Index<usize> for Vector {
    type Output = f64;
    fn index(&self, axis: usize) -> &f64 {
        &self.axes[axis]
    }
}
impl Sum for Vector {
    fn sum<I: Iterator<Item = Self>>(vectors: I) -> Self {
        vectors.fold(Self::default(), Add::add)
    }
}

fn main() {
    let north = Vector::new(1.0, 0.0, 0.0);
    let east = Vector::new(0.0, 1.0, 0.0);
    assert_eq!(2.0 * north - east * 3.0, Vector::new(2.0, -3.0, 0.0));
    let mut place = Vector::default();
    place += north;
    assert_eq!((place[0], place[1]), (1.0, 0.0));
    assert_eq!([north, east, east].into_iter().sum::<Vector>(), Vector::new(1.0, 2.0, 0.0));
}
