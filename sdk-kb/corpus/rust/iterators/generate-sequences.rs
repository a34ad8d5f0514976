//! # Make sequences: successors, from_fn, repeat
//!
//! - infinite iterator in Rust
//! - Fibonacci numbers with an iterator
//! - iterate until a condition holds
//!
//! `successors` makes each value from the one before and ends with `None`; `from_fn` keeps state in a closure; `repeat_n` and
//! `repeat_with` fill; `cycle` begins again. `take_while`, `map_while` and `take` end what is infinite.
//!
//! Pitfalls:
//! - `collect`, `count`, `last` or `sum` on an infinite iterator never end.

use std::iter::{from_fn, repeat_n, successors};

fn fibonacci() -> impl Iterator<Item = u64> {
    let mut pair = (0_u64, 1_u64);
    from_fn(move || {
        let (now, next) = pair;
        pair = (next, now.checked_add(next)?);
        Some(now)
    })
}

fn collatz(start: u64) -> impl Iterator<Item = u64> {
    successors(Some(start), |&n| match n {
        1 => None,
        n if n % 2 == 0 => Some(n / 2),
        n => Some(3 * n + 1),
    })
}

fn main() {
    assert_eq!(fibonacci().take(8).collect::<Vec<_>>(), [0, 1, 1, 2, 3, 5, 8, 13]);
    assert_eq!(fibonacci().take_while(|n| *n < 100).filter(|n| n % 2 == 0).sum::<u64>(), 44);
    assert!(fibonacci().count() < 100, "it ends where u64 does");
    assert_eq!(collatz(6).collect::<Vec<_>>(), [6, 3, 10, 5, 16, 8, 4, 2, 1]);
    assert_eq!(repeat_n('=', 3).collect::<String>(), "===");
    assert_eq!(["N", "E", "S", "W"].iter().cycle().skip(3).take(3).copied().collect::<String>(), "WNE");
    let numbers: Vec<i32> = ["4", "2", "x", "7"].iter().map_while(|text| text.parse().ok()).collect();
    assert_eq!(numbers, [4, 2]);
}
