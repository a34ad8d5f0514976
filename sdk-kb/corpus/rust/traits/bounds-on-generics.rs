//! # Ask a generic type for what it must be able to do
//!
//! - the trait bound `T: Display` is not satisfied (E0277)
//! - binary operation `>` cannot be applied to type `T` (E0369)
//! - How do I write a generic max function?
//!
//! A generic function may do with `T` only what its bounds promise: `T: PartialOrd` to compare, `T: Copy` or `Clone` to duplicate,
//! `T: Display` to print. Longer lists go into a `where` clause. Bound the functions that need it and not the struct.
//!
//! Pitfalls:
//! - If the caller sees E0277, either its type lacks an impl (derive it), or a `&` is missing or too much.

use std::fmt::{Debug, Display};

fn largest<T: PartialOrd + Copy>(values: &[T]) -> Option<T> {
    let (&first, rest) = values.split_first()?;
    Some(rest.iter().fold(first, |largest, &value| if value > largest { value } else { largest }))
}

/// No bound here: a `Labelled` of anything may exist ..
struct Labelled<T> {
    label: &'static str,
    value: T,
}

/// .. and the methods ask for what they need.
impl<T> Labelled<T>
where
    T: Display + PartialEq,
{
    fn describe(&self, usual: &T) -> String {
        let mark = if self.value == *usual { "" } else { " (!)" };
        format!("{}: {}{mark}", self.label, self.value)
    }
}

fn debug_all(values: &[&dyn Debug]) -> String {
    values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(" ")
}

fn main() {
    assert_eq!(largest(&[2, 9, 4]), Some(9));
    assert_eq!(largest(&[0.5, -1.0]), Some(0.5));
    assert_eq!(largest::<char>(&[]), None);
    let speed = Labelled { label: "speed", value: 7 };
    assert_eq!(speed.describe(&5), "speed: 7 (!)");
    assert_eq!(debug_all(&[&1, &"two", &Some(3.0)]), "1 \"two\" Some(3.0)");
}
