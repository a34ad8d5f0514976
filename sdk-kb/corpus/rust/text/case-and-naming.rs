//! # Upper case, lower case, snake_case, CamelCase
//!
//! - capitalize the first letter of a word
//! - convert camelCase to snake_case
//! - compare strings ignoring case
//!
//! `to_uppercase` works on all of Unicode and may lengthen text ("ß" becomes "SS"), so on a `char` it returns an iterator. The
//! `ascii` methods change letters a to z only, need no allocation with `make_ascii_*`, and are right for identifiers and protocols.
//!
//! Pitfalls:
//! - `eq_ignore_ascii_case` does not treat "É" and "é" as equal.

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

fn snake_case(camel: &str) -> String {
    let mut snake = String::new();
    let mut after_lower = false;
    for c in camel.chars() {
        if c.is_uppercase() && after_lower {
            snake.push('_');
        }
        after_lower = c.is_lowercase() || c.is_ascii_digit();
        snake.extend(c.to_lowercase());
    }
    snake
}

fn camel_case(snake: &str) -> String {
    snake.split('_').map(capitalized).collect()
}

fn main() {
    assert_eq!(capitalized("élan"), "Élan");
    assert_eq!(capitalized(""), "");
    assert_eq!("straße".to_uppercase(), "STRASSE");
    assert_eq!(snake_case("goToGlobal"), "go_to_global");
    assert_eq!(snake_case("Leg2North"), "leg2_north");
    assert_eq!(camel_case("arm_and_take_off"), "ArmAndTakeOff");
    assert!("GUIDED".eq_ignore_ascii_case("guided"));
    let mut mode = String::from("rtl");
    mode.make_ascii_uppercase();
    assert_eq!(mode, "RTL");
}
