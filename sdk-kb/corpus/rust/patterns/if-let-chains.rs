//! # if let, while let, let chains and matches!
//!
//! - match only one variant
//! - combine if let with a condition
//! - loop until an iterator or a queue is empty
//!
//! `if let` handles one pattern, `let else` the opposite, `while let` loops as long as it matches, `matches!` is a `bool`. In edition
//! 2024 conditions and patterns chain with `&&`, each of them may use what those before it bound.
//!
//! Pitfalls:
//! - Chains do not mix with `||`.
//! - A lock taken in the condition of `if let` is held for the block (in edition 2024 no longer for the `else`).

use std::collections::VecDeque;

#[derive(Debug, Clone, PartialEq)]
enum Event {
    Text { severity: u8, text: String },
    Mode(u32),
    Closed,
}

fn alarm(event: &Event) -> Option<&str> {
    if let Event::Text { severity, text } = event
        && *severity <= 3
        && let Some(alarm) = text.strip_prefix("Failsafe: ")
    {
        return Some(alarm);
    }
    None
}

fn main() {
    let text = |severity, text: &str| Event::Text { severity, text: text.into() };
    assert_eq!(alarm(&text(2, "Failsafe: battery")), Some("battery"));
    assert_eq!(alarm(&text(6, "Failsafe: battery")), None);
    assert_eq!(alarm(&Event::Closed), None);

    let mut queue = VecDeque::from([Event::Mode(4), text(5, "hi"), Event::Closed, Event::Mode(9)]);
    let mut modes = Vec::new();
    while let Some(event) = queue.pop_front()
        && event != Event::Closed
    {
        if let Event::Mode(mode) = event {
            modes.push(mode);
        }
    }
    assert_eq!((modes, queue.len()), (vec![4], 1));
    assert!(matches!(queue[0], Event::Mode(6..=10)));
}
