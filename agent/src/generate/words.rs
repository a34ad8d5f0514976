//! A mission's words as comments: made harmless, shortened and wrapped. Whoever wrote the words must not be able to end the
//! comment, to reverse the text that a reviewer sees, or to hide anything in it.

/// Longest quote in front of a leg, in characters; the plan beside the program has all of it.
const LONGEST_QUOTE: usize = 200;
/// Longest text at the head of the file, in characters.
const LONGEST_HEAD: usize = 2_000;
/// Where comments are wrapped, indentation included.
const COMMENT_WIDTH: usize = 96;

/// `words` on one line, without anything that a comment or a terminal could take for more than text.
pub(super) fn harmless(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for char in words.chars() {
        match char {
            '`' => text.push('\''),
            '*' if text.ends_with('/') => text.push_str(" *"),
            '/' if text.ends_with('*') => text.push_str(" /"),
            ' '..='~' => text.push(char),
            '°' | '′' | '″' | '‘' | '’' | '“' | '”' | '–' | '—' | '×' | '±' | '…' => {
                text.push(char)
            }
            _ if char.is_alphanumeric() => text.push(char),
            _ if char.is_whitespace() => text.push(' '),
            _ => text.push('?'),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `words` in double quotes, at most [`LONGEST_QUOTE`] long.
pub(super) fn quote(words: &str) -> String {
    format!("\"{}\"", shortened(&harmless(words).replace('"', "'"), LONGEST_QUOTE))
}

/// The lines of the file's `//!` head: the plan's name and its words.
pub(super) fn head(name: &str, words: &str) -> String {
    let name = shortened(&harmless(name), LONGEST_QUOTE);
    let mut text = format!("//! The mission `{name}`, written by flightsmith from its checked plan.\n");
    let words = shortened(&harmless(words), LONGEST_HEAD);
    if !words.is_empty() {
        text.push_str("//!\n");
        for line in wrapped(&words, COMMENT_WIDTH - "//! > ".len()) {
            text.push_str(&format!("//! > {line}\n"));
        }
    }
    text
}

/// `text` as `//` comment lines behind `indent` spaces.
pub(super) fn comment(text: &str, indent: usize) -> String {
    let lines = wrapped(text, COMMENT_WIDTH - "// ".len() - indent);
    lines.iter().map(|line| format!("{:indent$}// {line}\n", "")).collect()
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{} ..", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// Lines of at most `width` characters, broken at spaces; a single longer word is cut.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        let length = line.chars().count();
        if !line.is_empty() && length + 1 + word.len() > width {
            lines.push(core::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        while word.len() > width {
            lines.push(word.drain(..width).collect());
        }
        line.extend(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_words_stay_inside_their_comment() {
        let check = |words: &str, expected: &str| assert_eq!(quote(words), expected);
        check("land\nunsafe { boom() }", "\"land unsafe { boom() }\"");
        check("*/ fn evil() {} /*", "\"* / fn evil() {} / *\"");
        check("\u{202e}dnal\u{2066}", "\"?dnal?\"");
        check("zero\u{200b}width\u{0}nul\u{7}", "\"zero?width?nul?\"");
        check("say \"land\" ```", "\"say 'land' '''\"");
        check("Höhe 10 m, 30° rechts\u{2028}x", "\"Höhe 10 m, 30° rechts x\"");
    }

    #[test]
    fn long_words_are_shortened_and_wrapped() {
        let quoted = quote(&"far ".repeat(10_000));
        assert!(quoted.len() < 210 && quoted.ends_with(" ..\""), "{quoted}");
        let head = head("long", &"x".repeat(100_000));
        assert!(head.lines().all(|line| line.starts_with("//!") && line.chars().count() <= COMMENT_WIDTH), "{head}");
        assert!(head.len() < 2_300, "{}", head.len());
        let comment = comment(&"word ".repeat(60), 8);
        assert!(comment.lines().all(|line| line.starts_with("        // word") && line.len() <= COMMENT_WIDTH));
    }
}
