//! # A temporary that dies too soon
//!
//! - temporary value dropped while borrowed (E0716)
//! - consider using a let binding to create a longer lived value
//! - as_str() on a String that a function returned
//!
//! The result of a call that nobody keeps dies at the end of the statement; a reference into it may not be used later. Give the
//! owner a name with `let`, then borrow from the name.
//!
//! Pitfalls:
//! - In edition 2024 the temporaries of an `if let` condition are dropped before its `else`, and those of a block's last expression
//!   before its locals.

fn greeting(name: &str) -> String {
    format!("  hello {name}  ")
}

fn main() {
    // let trimmed = greeting("pilot").trim(); // the String would be gone here
    let text = greeting("pilot");
    let trimmed = text.trim();
    assert_eq!(trimmed, "hello pilot");

    // Within one statement the temporary lives long enough.
    assert_eq!(greeting("you").trim().len(), 9);

    // Or take what is needed as an owned value in the same statement.
    let owned = greeting("all").trim().to_owned();
    assert_eq!(owned, "hello all");
}
