//! # Change a collection while looping over it
//!
//! - How can I remove elements from a Vec inside a loop?
//! - cannot borrow as mutable because it is also borrowed as immutable in a for loop (E0502)
//! - add items to a list while going through it
//!
//! A loop over `&items` borrows the whole collection, so it cannot be changed inside. Say what you mean instead: `retain` keeps some,
//! `iter_mut` changes each in place, a loop over indices or a `while let` with `pop` handles a list that grows, and collecting the
//! changes first and applying them after the loop always works.
//!
//! Pitfalls:
//! - Removing by index while counting upwards skips the element that moves into the gap.

fn main() {
    let mut batteries = vec![80, 15, 55, 5];
    batteries.retain(|&percent| percent >= 20);
    assert_eq!(batteries, [80, 55]);

    for percent in &mut batteries {
        *percent -= 10;
    }
    assert_eq!(batteries, [70, 45]);

    // A list of work that grows while it is worked on.
    let mut work = vec![12_u32];
    let mut done = Vec::new();
    while let Some(number) = work.pop() {
        done.push(number);
        if number % 2 == 0 {
            work.push(number / 2);
        }
    }
    assert_eq!(done, [12, 6, 3]);

    // Find out first, change afterwards.
    let doubled: Vec<u32> = done.iter().filter(|number| **number > 5).map(|number| number * 2).collect();
    done.extend(doubled);
    assert_eq!(done, [12, 6, 3, 24, 12]);
}
