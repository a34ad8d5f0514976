//! # Format numbers, widths and alignment
//!
//! - print a float with two decimals
//! - pad a number with leading zeros
//! - align columns of a table
//!
//! Inside the braces after the colon: fill and alignment (`<`, `^`, `>`), sign (`+`), `#`, `0`, width, `.precision`, and the kind (`x`,
//! `b`, `e`, `?`). Width and precision can be variables: `{value:width$.digits$}`. Braces are written twice.
//!
//! Pitfalls:
//! - Width counts `char`s, not columns on the screen.
//! - For a type of your own width works only if its `Display` uses `f.pad`.

use std::fmt::Write;

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut spaced = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            spaced.push('\'');
        }
        spaced.push(digit);
    }
    spaced
}

fn table(rows: &[(&str, f64)]) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in rows {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{name:<width$} | {value:>8.2}");
    }
    text
}

fn main() {
    assert_eq!(format!("{:.2}|{:6.1}|{:06.1}|{:+}", 3.14159, 2.5, 2.5, 7), "3.14|   2.5|0002.5|+7");
    assert_eq!(format!("{:>5}|{:<5}|{:^5}|{:*^7}", "ab", "ab", "ab", "ab"), "   ab|ab   | ab  |**ab***");
    assert_eq!(format!("{:03}|{:#x}|{:e}|{{}}", 7, 255, 1500.0), "007|0xff|1.5e3|{}");
    let (value, width, digits) = (1.0 / 3.0, 8, 3);
    assert_eq!(format!("{value:width$.digits$}"), "   0.333");
    assert_eq!(thousands(1_234_567), "1'234'567");
    assert_eq!(table(&[("north", 12.5), ("up", -3.0)]), "north |    12.50\nup    |    -3.00\n");
}
