//! # A struct that holds a reference
//!
//! - How do I put a &str into a struct?
//! - missing lifetime specifier in a struct field
//! - borrowed value does not live long enough (E0597) when I store it in a struct
//!
//! A struct with a reference gets a lifetime parameter: it may not outlive what it points to. That suits views and parsers which
//! live for a moment. Whatever is stored for long, sent to a thread or put into a collection should own its data (`String`, `Arc`).
//!
//! Pitfalls:
//! - If lifetimes spread through the whole program, the struct probably wants to own.

/// A view of one line; lives no longer than the line.
struct Field<'a> {
    key: &'a str,
    value: &'a str,
}

impl<'a> Field<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (key, value) = line.split_once('=')?;
        Some(Self { key: key.trim(), value: value.trim() })
    }

    /// `'a`, not `&self`: what is handed out points into the line and outlives the view.
    fn value(&self) -> &'a str {
        self.value
    }
}

/// For keeping.
struct Setting {
    key: String,
    value: String,
}

fn main() {
    let line = String::from("speed = 5");
    let value = {
        let field = Field::parse(&line).expect("a field");
        assert_eq!(field.key, "speed");
        field.value()
    };
    assert_eq!(value, "5");
    assert!(Field::parse("no equals sign").is_none());

    let kept = {
        let text = String::from("mode = guided");
        let field = Field::parse(&text).expect("a field");
        Setting { key: field.key.to_owned(), value: field.value.to_owned() }
    };
    assert_eq!((kept.key.as_str(), kept.value.as_str()), ("mode", "guided"));
}
