//! # Cut prefixes, suffixes and blanks
//!
//! - remove a prefix from a string if it is there
//! - trim characters other than spaces
//! - parse a line that begins with a keyword
//!
//! `strip_prefix` and `strip_suffix` remove one occurrence and say by `None` that it was not there; `trim_matches` removes any number
//! of characters of a set from both ends. Chains of `strip_prefix` with `?` or `let else` make small parsers.
//!
//! Pitfalls:
//! - `trim_start_matches("ab")` removes every repetition: "abab1" becomes "1".

#[derive(Debug, PartialEq)]
enum Command<'a> {
    Hold(u32),
    Say(&'a str),
}

fn parse(line: &str) -> Option<Command<'_>> {
    let line = line.trim();
    if let Some(seconds) = line.strip_prefix("hold ") {
        let seconds = seconds.trim().strip_suffix('s').unwrap_or(seconds);
        return seconds.trim().parse().ok().map(Command::Hold);
    }
    let quoted = line.strip_prefix("say ")?.strip_prefix('"')?.strip_suffix('"')?;
    Some(Command::Say(quoted))
}

fn main() {
    assert_eq!(parse(" hold 5 s "), Some(Command::Hold(5)));
    assert_eq!(parse("hold 7"), Some(Command::Hold(7)));
    assert_eq!(parse("say \"hi\""), Some(Command::Say("hi")));
    assert_eq!(parse("say hi"), None);
    assert_eq!("--flag--".trim_matches('-'), "flag");
    assert_eq!("abab1".trim_start_matches("ab"), "1");
    assert_eq!("abab1".strip_prefix("ab"), Some("ab1"));
    assert_eq!("x = 1 # note".split('#').next().map(str::trim_end), Some("x = 1"));
}
