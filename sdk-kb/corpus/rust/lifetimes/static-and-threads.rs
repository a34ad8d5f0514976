//! # What 'static means, and why threads want it
//!
//! - argument requires that the value is borrowed for 'static
//! - closure may outlive the current function (E0373)
//! - How do I give a thread access to local data?
//!
//! `T: 'static` means that a value holds no borrow that could end, not that it lives for ever: `String` and `Vec` fit. A spawned
//! thread may outlive its parent, so what it gets must be `'static`: move owned data in, share it by `Arc`, or use scoped threads,
//! which end before the scope does and may borrow.
//!
//! Pitfalls:
//! - `&'static str` is a literal or leaked text; do not ask for it where `&str` will do.

use std::sync::Arc;
use std::thread;

fn main() {
    // Moved in.
    let words = vec!["up", "down"];
    let count = thread::spawn(move || words.len()).join().expect("no panic");
    assert_eq!(count, 2);

    // Shared.
    let shared = Arc::new(String::from("shared"));
    let for_thread = Arc::clone(&shared);
    let length = thread::spawn(move || for_thread.len()).join().expect("no panic");
    assert_eq!((length, shared.as_str()), (6, "shared"));

    // Borrowed: the scope waits for its threads.
    let mut numbers = vec![1, 2, 3];
    thread::scope(|scope| {
        scope.spawn(|| numbers.push(4));
    });
    assert_eq!(numbers, [1, 2, 3, 4]);
}
