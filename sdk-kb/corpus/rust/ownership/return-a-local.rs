//! # Return something made inside a function
//!
//! - cannot return reference to local variable (E0515), what now?
//! - How do I return a string that I built in the function?
//! - returns a value referencing data owned by the current function
//!
//! A local dies at the end of its function, so no reference to it may leave. Return the owned value: moving a `String` or `Vec` out
//! copies three words and no contents. A reference can be returned only to something that came in through a reference.
//!
//! Pitfalls:
//! - `Box::leak` or `static` buffers make it compile and are almost never what is wanted.

/// Built here, so it is given away whole.
fn shout(words: &str) -> String {
    let mut loud = words.to_uppercase();
    loud.push('!');
    loud
}

/// A part of what came in: a reference is right, and copies nothing.
fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("")
}

/// Filled for the caller, who decides where it lives.
fn write_squares(into: &mut Vec<u32>, up_to: u32) {
    into.extend((1..=up_to).map(|n| n * n));
}

fn main() {
    assert_eq!(shout("take off"), "TAKE OFF!");
    let line = String::from("hold 5 s");
    assert_eq!(first_word(&line), "hold");
    let mut squares = Vec::new();
    write_squares(&mut squares, 3);
    assert_eq!(squares, [1, 4, 9]);
}
