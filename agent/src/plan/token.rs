//! Words cut into tokens: words, numbers and marks, each with its place in the text. Knows no units and no grammar.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Letters, also with an apostrophe inside.
    Word,
    /// Digits, with their value.
    Number {
        /// The value, with its sign.
        value: f64,
        /// Digits after the decimal point.
        decimals: usize,
    },
    /// Anything else: punctuation, a symbol, a foreign character.
    Mark,
}

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub kind: Kind,
    /// Lower case, typographic variants made plain.
    pub text: String,
    /// The dictionary form of a verb (`flying` -> `fly`), else the same as `text`.
    pub base: String,
    /// Bytes in the text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// No space between it and the token before.
    pub glued: bool,
    /// Written in capitals throughout.
    pub capital: bool,
}

impl Token {
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }
    /// A mark that ends a sentence.
    pub(super) fn ends_sentence(&self) -> bool {
        self.kind == Kind::Mark && matches!(self.text.as_str(), "." | ";" | "!" | "?" | "\n")
    }
}

/// Cuts `words` into tokens. Every character that is not white space is in exactly one token, except the numbering of a list
/// (`1.` `2)` at the beginning of lines).
pub(super) fn tokens(words: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut rest = Scanner { words, at: 0 };
    let mut line_begins = true;
    let is_list = words.lines().filter(|line| list_marker(line.trim_start()).is_some()).count() > 1;
    while let Some(c) = rest.peek() {
        let start = rest.at;
        if c.is_whitespace() {
            rest.at += c.len_utf8();
            if c == '\n' {
                line_begins = true;
                push(&mut out, Kind::Mark, "\n".into(), start, rest.at, words);
            }
            continue;
        }
        if std::mem::take(&mut line_begins) {
            if is_list && let Some(length) = list_marker(&words[start..]) {
                rest.at += length;
                continue;
            }
            if matches!(c, '-' | '*' | '•') && words[start + c.len_utf8()..].starts_with(' ') {
                rest.at += c.len_utf8();
                continue;
            }
        }
        if let Some((value, decimals)) = rest.number() {
            push(&mut out, Kind::Number { value, decimals }, words[start..rest.at].into(), start, rest.at, words);
        } else if c.is_alphabetic() {
            rest.word();
            let text = words[start..rest.at].to_lowercase().replace(['’', '‘', '`'], "'");
            push(&mut out, Kind::Word, text, start, rest.at, words);
        } else {
            rest.at += c.len_utf8();
            let spaced =
                words[rest.at..].starts_with(char::is_whitespace) && words[..start].ends_with(char::is_whitespace);
            let text = match c {
                '’' | '‘' | '′' | '`' => "'".into(),
                '”' | '“' | '″' => "\"".into(),
                '–' | '—' => ",".into(),
                '-' | '‐' | '‑' if spaced => ",".into(),
                '‐' | '‑' => "-".into(),
                '−' => "-".into(),
                'º' => "°".into(),
                other => other.to_string(),
            };
            push(&mut out, Kind::Mark, text, start, rest.at, words);
        }
    }
    out
}

/// The length of `1. ` or `2) ` at the beginning of a line.
fn list_marker(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let marked = (1..=2).contains(&digits) && matches!(line.as_bytes().get(digits), Some(b'.' | b')'));
    (marked && line[digits + 1..].starts_with(' ')).then_some(digits + 1)
}

fn push(out: &mut Vec<Token>, kind: Kind, text: String, start: usize, end: usize, words: &str) {
    let glued = out.last().is_some_and(|before| before.end == start);
    // A few symbols are words; so that the grammar sees one spelling.
    let (kind, text) = match (kind, text.as_str()) {
        (Kind::Mark, "@") => (Kind::Word, "at".into()),
        (Kind::Mark, "&") => (Kind::Word, "and".into()),
        (Kind::Mark, "~" | "≈") => (Kind::Word, "about".into()),
        (Kind::Mark, "×" | "*") => (Kind::Word, "x".into()),
        _ => (kind, text),
    };
    let base = if kind == Kind::Word { base_form(&text) } else { text.clone() };
    let capital = words[start..end].chars().all(|c| c.is_uppercase() || !c.is_alphabetic());
    out.push(Token { kind, text, base, start, end, glued, capital });
}

struct Scanner<'a> {
    words: &'a str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<char> {
        self.words[self.at..].chars().next()
    }
    fn digits(&mut self) -> usize {
        let count = self.words.as_bytes()[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }
    fn starts_with_digit(&self, ahead: usize) -> bool {
        self.words.as_bytes().get(self.at + ahead).is_some_and(u8::is_ascii_digit)
    }
    fn word(&mut self) {
        while let Some(c) = self.peek() {
            let inside = matches!(c, '\'' | '’' | '‘')
                && self.words[self.at + c.len_utf8()..].chars().next().is_some_and(char::is_alphabetic);
            if !(c.is_alphabetic() || inside) {
                break;
            }
            self.at += c.len_utf8();
        }
    }
    /// Digits with sign, thousands (`1,200`), decimals and exponent; or one of the fractions that are one character.
    fn number(&mut self) -> Option<(f64, usize)> {
        let start = self.at;
        let vulgar = match self.peek()? {
            '½' => Some(0.5),
            '¼' => Some(0.25),
            '¾' => Some(0.75),
            _ => None,
        };
        if let Some(value) = vulgar {
            self.at += self.peek()?.len_utf8();
            return Some((value, 2));
        }
        let after_word = self.words[..start].ends_with(|c: char| c.is_alphanumeric());
        for minus in ["-", "−"] {
            if self.words[start..].starts_with(minus) && !after_word {
                let ahead = minus.len();
                let digit_follows = self.starts_with_digit(ahead)
                    || (self.words[start + ahead..].starts_with('.') && self.starts_with_digit(ahead + 1));
                if digit_follows {
                    self.at += ahead;
                }
            }
        }
        let negative = self.at > start;
        let from = self.at;
        let whole = self.digits();
        if whole == 0 && !(self.words[self.at..].starts_with('.') && self.starts_with_digit(1)) {
            self.at = start;
            return None;
        }
        let mut text = self.words[from..self.at].to_owned();
        while (1..=3).contains(&whole) && self.words[self.at..].starts_with(',') {
            let group = self.words[self.at + 1..].bytes().take_while(u8::is_ascii_digit).count();
            if group != 3 {
                break;
            }
            text.push_str(&self.words[self.at + 1..self.at + 4]);
            self.at += 4;
        }
        let mut decimals = 0;
        if self.words[self.at..].starts_with('.') && self.starts_with_digit(1) {
            let dot = self.at;
            self.at += 1;
            decimals = self.digits();
            text.push_str(&self.words[dot..self.at]);
        }
        let exponent = self.words[self.at..].strip_prefix(['e', 'E']).map(|rest| {
            let sign = usize::from(rest.starts_with(['+', '-']));
            (sign, rest[sign..].bytes().take_while(u8::is_ascii_digit).count())
        });
        if let Some((sign, digits @ 1..)) = exponent {
            text.push_str(&self.words[self.at..self.at + 1 + sign + digits]);
            self.at += 1 + sign + digits;
        }
        let value: f64 = text.parse().unwrap_or(f64::NAN);
        Some((if negative { -value } else { value }, decimals))
    }
}

const VERBS: &[&str] = &[
    "adjust",
    "arm",
    "ascend",
    "attack",
    "avoid",
    "begin",
    "capture",
    "carry",
    "center",
    "centre",
    "change",
    "circle",
    "climb",
    "come",
    "complete",
    "continue",
    "cover",
    "crash",
    "cut",
    "deliver",
    "descend",
    "disable",
    "disarm",
    "do",
    "drop",
    "end",
    "enter",
    "exceed",
    "execute",
    "face",
    "fall",
    "finish",
    "fly",
    "follow",
    "gain",
    "get",
    "go",
    "grab",
    "halt",
    "have",
    "head",
    "hit",
    "hold",
    "hover",
    "ignore",
    "increase",
    "inspect",
    "keep",
    "kill",
    "land",
    "launch",
    "lift",
    "loiter",
    "look",
    "lose",
    "lower",
    "maintain",
    "make",
    "map",
    "move",
    "mow",
    "open",
    "orbit",
    "override",
    "pass",
    "pause",
    "perform",
    "photograph",
    "point",
    "proceed",
    "raise",
    "ram",
    "reach",
    "reduce",
    "release",
    "remain",
    "repeat",
    "return",
    "reverse",
    "rise",
    "rotate",
    "run",
    "scan",
    "search",
    "set",
    "shoot",
    "shut",
    "skip",
    "slide",
    "slow",
    "snap",
    "spin",
    "spiral",
    "start",
    "stay",
    "steer",
    "stop",
    "strafe",
    "survey",
    "swing",
    "switch",
    "sweep",
    "take",
    "touch",
    "trace",
    "travel",
    "trigger",
    "turn",
    "use",
    "visit",
    "wait",
    "yaw",
    "draw",
    "drift",
    "advance",
    "back",
    "shift",
    "bring",
    "leave",
    "limit",
    "exceed",
    "tour",
    "cross",
    "describe",
    "repeat",
];

/// The dictionary form of an inflected flight verb; any other word stays as it is.
fn base_form(word: &str) -> String {
    if VERBS.contains(&word) {
        return word.into();
    }
    let irregular = match word {
        "flies" => "fly",
        "has" | "having" => "have",
        "does" => "do",
        "carries" => "carry",
        _ => "",
    };
    if !irregular.is_empty() {
        return irregular.into();
    }
    for ending in ["ing", "es", "s", "ed", "d"] {
        let Some(stem) = word.strip_suffix(ending) else { continue };
        let doubled = stem.len() > 2 && stem.as_bytes()[stem.len() - 1] == stem.as_bytes()[stem.len() - 2];
        let undoubled = if doubled && stem.is_char_boundary(stem.len() - 1) { &stem[..stem.len() - 1] } else { stem };
        for candidate in [stem.to_owned(), format!("{stem}e"), undoubled.to_owned()] {
            if VERBS.contains(&candidate.as_str()) {
                return candidate;
            }
        }
    }
    word.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &str, expected: &str) {
        let shown: Vec<String> = tokens(words)
            .iter()
            .map(|token| match token.kind {
                Kind::Number { value, .. } => format!("{value}"),
                Kind::Word => token.base.clone(),
                Kind::Mark => format!("<{}>", token.text.replace('\n', "\\n")),
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn cuts_words_numbers_and_marks() {
        check("Flying 10m, at 5 m/s.", "fly 10 m <,> at 5 m </> s <.>");
        check("1,200 ft then -3.5", "1200 ft then -3.5");
        check("north-east 40-metre", "north <-> east 40 <-> metre");
        check("go – then", "go <,> then");
        check("47.39,-122.3 .5 ½", "47.39 <,> -122.3 0.5 0.5");
        check("don’t", "don't");
        check("1. take off\n2. landing", "take off <\\n> land");
        check("5' 3\" 30°", "5 <'> 3 <\"> 30 <°>");
        check("1e400", "inf");
    }
}
