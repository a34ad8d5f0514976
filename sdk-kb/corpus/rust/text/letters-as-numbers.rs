//! # Calculate with characters: ciphers, digits, palindromes
//!
//! - Caesar cipher in Rust
//! - convert a digit character to a number and back
//! - check whether a sentence is a palindrome
//!
//! ASCII letters are bytes: `b - b'a'` is the place in the alphabet. `to_digit(10)` and `char::from_digit` convert digits of any base.
//! `char::is_alphanumeric` and `to_lowercase` handle the rest of Unicode.
//!
//! Pitfalls:
//! - `'7' as u32` is 55, the code point, not 7.

fn shifted(text: &str, by: u8) -> String {
    let shift = |c: char, first: u8| char::from(first + (c as u8 - first + by % 26) % 26);
    text.chars()
        .map(|c| match c {
            'a'..='z' => shift(c, b'a'),
            'A'..='Z' => shift(c, b'A'),
            other => other,
        })
        .collect()
}

fn digit_sum(number: &str) -> Option<u32> {
    number.chars().map(|c| c.to_digit(10)).sum()
}

fn is_palindrome(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    letters.iter().eq(letters.iter().rev())
}

fn main() {
    assert_eq!(shifted("Fly, Zebra!", 3), "Iob, Cheud!");
    assert_eq!(shifted(&shifted("Home 1", 5), 21), "Home 1");
    assert_eq!(digit_sum("4096"), Some(19));
    assert_eq!(digit_sum("12a"), None);
    assert_eq!(char::from_digit(11, 16), Some('b'));
    assert!(is_palindrome("A man, a plan, a canal: Panama!"));
    assert!(!is_palindrome("drone"));
    assert_eq!(('a'..='e').collect::<String>(), "abcde");
}
