//! # Trait is not dyn compatible
//!
//! - the trait cannot be made into an object (E0038)
//! - generic method in a trait that I use as dyn
//! - Clone for Box<dyn Trait>
//!
//! A table of functions cannot hold generic methods, methods that return `Self`, or functions without a receiver. Keep those out of
//! `dyn` calls by `where Self: Sized`, take `&mut dyn FnMut` in place of a generic closure, and clone boxed objects through a method
//! that returns a box.
//!
//! Pitfalls:
//! - A supertrait like `Clone` (which returns `Self`) makes the whole trait unusable as `dyn`.

trait Filter {
    fn apply(&mut self, value: f64) -> f64;
    /// In place of `Clone`.
    fn boxed_clone(&self) -> Box<dyn Filter>;
    /// Generic, so it is left out of the table; still there for concrete types.
    fn apply_all<I: IntoIterator<Item = f64>>(&mut self, values: I) -> Vec<f64>
    where
        Self: Sized,
    {
        values.into_iter().map(|value| self.apply(value)).collect()
    }
}

impl Clone for Box<dyn Filter> {
    fn clone(&self) -> Self {
        self.boxed_clone()
    }
}

#[derive(Clone)]
struct Delay {
    last: f64,
}

impl Filter for Delay {
    fn apply(&mut self, value: f64) -> f64 {
        std::mem::replace(&mut self.last, value)
    }
    fn boxed_clone(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}

fn main() {
    let mut delay = Delay { last: 0.0 };
    assert_eq!(delay.apply_all([1.0, 2.0, 3.0]), [0.0, 1.0, 2.0]);

    let mut first: Box<dyn Filter> = Box::new(delay);
    let mut second = first.clone();
    assert_eq!(first.apply(9.0), 3.0);
    assert_eq!(second.apply(0.0), 3.0, "the copy has a state of its own");
}
