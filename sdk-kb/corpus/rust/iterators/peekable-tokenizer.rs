//! # Look ahead without consuming: peekable
//!
//! - write a tokenizer or small parser over characters
//! - take_while consumes one element too many
//! - evaluate an arithmetic expression
//!
//! `peek` shows the next item, `next_if` takes it only if it fits. `take_while` throws the first misfit away; with `peekable` and
//! `next_if` it stays for the next rule. Each grammar rule becomes a function that takes `&mut` to the iterator.
//!
//! Pitfalls:
//! - Recursion depth follows the nesting of the input: bound it for input from outside.

use std::iter::Peekable;
use std::str::Chars;

type Input<'a> = Peekable<Chars<'a>>;

fn evaluate(text: &str) -> Option<f64> {
    let without_spaces: String = text.split_whitespace().collect();
    let mut input = without_spaces.chars().peekable();
    let value = sum(&mut input, 0)?;
    input.next().is_none().then_some(value)
}

fn sum(input: &mut Input<'_>, depth: u32) -> Option<f64> {
    let mut value = product(input, depth)?;
    while let Some(operator) = input.next_if(|c| matches!(c, '+' | '-')) {
        let right = product(input, depth)?;
        value += if operator == '+' { right } else { -right };
    }
    Some(value)
}

fn product(input: &mut Input<'_>, depth: u32) -> Option<f64> {
    let mut value = atom(input, depth)?;
    while let Some(operator) = input.next_if(|c| matches!(c, '*' | '/')) {
        let right = atom(input, depth)?;
        value = if operator == '*' { value * right } else { value / right };
    }
    Some(value)
}

fn atom(input: &mut Input<'_>, depth: u32) -> Option<f64> {
    if input.next_if_eq(&'(').is_some() {
        let value = if depth < 50 { sum(input, depth + 1)? } else { return None };
        return input.next_if_eq(&')').map(|_| value);
    }
    if input.next_if_eq(&'-').is_some() {
        return if depth < 50 { atom(input, depth + 1).map(|value| -value) } else { None };
    }
    let mut digits = String::new();
    while let Some(c) = input.next_if(|c| c.is_ascii_digit() || *c == '.') {
        digits.push(c);
    }
    digits.parse().ok()
}

fn main() {
    assert_eq!(evaluate("1 + 2 * 3"), Some(7.0));
    assert_eq!(evaluate("(1 + 2) * -3"), Some(-9.0));
    assert_eq!(evaluate("10 / 4 - 0.5"), Some(2.0));
    assert_eq!(evaluate("1 +"), None);
    assert_eq!(evaluate("(1"), None);
    assert_eq!(evaluate(&"(".repeat(10_000)), None);
}
