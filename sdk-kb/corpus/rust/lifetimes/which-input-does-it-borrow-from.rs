//! # Say which argument a returned reference comes from
//!
//! - missing lifetime specifier (E0106), this function's return type contains a borrowed value
//! - What does 'a mean in a function signature?
//! - write a function that returns the longer of two strings
//!
//! A returned reference must come from one of the arguments. With one reference argument, or `&self`, the compiler knows which; with
//! several the signature says it: the same `'a` on those that the result may point into. It does not make anything live longer.
//!
//! Pitfalls:
//! - Do not tie arguments to `'a` that the result never points into: callers lose freedom for nothing.

fn longer<'a>(left: &'a str, right: &'a str) -> &'a str {
    if right.len() > left.len() { right } else { left }
}

/// The result borrows from `text` only, so `separator` may die at once.
fn before<'a>(text: &'a str, separator: &str) -> &'a str {
    text.split(separator).next().unwrap_or(text)
}

fn main() {
    let first = String::from("north");
    {
        let second = String::from("south-east");
        assert_eq!(longer(&first, &second), "south-east");
    }

    let head = {
        let separator = String::from(", ");
        before("hold, 5 s", &separator)
    };
    assert_eq!(head, "hold");
}
