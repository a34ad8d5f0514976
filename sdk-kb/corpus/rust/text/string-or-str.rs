//! # String and &str: which one where?
//!
//! - expected `String`, found `&str` (E0308)
//! - cannot add `&str` to `&str` (E0369)
//! - How do I concatenate strings?
//!
//! `&str` looks at text that somebody else owns; `String` owns it. Take `&str` as an argument, return `String` if you made it, store
//! `String` in structs. From `&str` to `String`: `to_owned`, `to_string`, `into`. Back: `&s` or `as_str`. Concatenate with `format!` or
//! `push_str`; `+` needs a `String` on the left and consumes it.
//!
//! Pitfalls:
//! - Building a long text with `a = a + &b` in a loop is fine; `a = format!("{a}{b}")` copies everything each time.

struct Pilot {
    name: String,
}

impl Pilot {
    /// Takes both kinds.
    fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

fn greet(name: &str) -> String {
    format!("hello {name}")
}

fn main() {
    let owned = String::from("ada");
    assert_eq!(greet(&owned), greet("ada"));
    assert_eq!(Pilot::new("bob").name, Pilot::new(String::from("bob")).name);

    let mut text = String::new();
    text.push_str("take");
    text.push(' ');
    text += "off";
    assert_eq!(text, "take off");
    let longer = text + " now"; // `text` is moved into the result
    assert_eq!(longer, "take off now");
    assert_eq!(["a", "b"].concat(), "ab");

    let choice = Some(String::from("guided"));
    let shown = match choice.as_deref() {
        Some("guided") => 1,
        Some(_) => 2,
        None => 3,
    };
    assert_eq!(shown, 1, "as_deref lets a String be matched against literals");
}
