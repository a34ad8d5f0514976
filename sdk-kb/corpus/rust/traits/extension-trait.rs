//! # Add a method to a type of another crate
//!
//! - How do I add my own method to str or Vec?
//! - cannot define inherent impl for a type outside of the crate where the type is defined (E0116)
//! - extension method in Rust
//!
//! Methods of foreign types come from traits of your own: define a trait with the method and implement it for the type, or for every
//! type that has what is needed. Callers bring it into scope with `use`.
//!
//! Pitfalls:
//! - If the type gets a method of the same name later, its own one wins.

trait Between {
    /// The text between the first `open` and the next `close`.
    fn between(&self, open: char, close: char) -> Option<&str>;
}

impl Between for str {
    fn between(&self, open: char, close: char) -> Option<&str> {
        let (_, rest) = self.split_once(open)?;
        let (inside, _) = rest.split_once(close)?;
        Some(inside)
    }
}

/// For every iterator of numbers.
trait Mean: Iterator<Item = f64> + Sized {
    fn mean(self) -> Option<f64> {
        let (count, sum) = self.fold((0_u32, 0.0), |(count, sum), value| (count + 1, sum + value));
        (count > 0).then(|| sum / f64::from(count))
    }
}
impl<I: Iterator<Item = f64>> Mean for I {}

fn main() {
    assert_eq!("mode (GUIDED) set".between('(', ')'), Some("GUIDED"));
    assert_eq!(String::from("none").between('(', ')'), None);
    assert_eq!([1.0, 2.0, 6.0].into_iter().mean(), Some(3.0));
    assert_eq!(std::iter::empty().mean(), None);
}
