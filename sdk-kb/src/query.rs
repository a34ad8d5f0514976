//! What somebody looks for, read: which words count how much, what may be a name, and what a diagnostic is about.
use crate::bm25::Bm25;
use crate::glossary;
use crate::tokens::{Analysis, name};

/// What parts of the reading are on, and what they count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Understanding {
    /// How texts become words: as the index was built.
    pub analysis: Analysis,
    /// Words that say nothing about the subject are left out, where others are left.
    pub stop_words: bool,
    /// What a word of the glossary counts beside the one that was said; 0 leaves the glossary out.
    pub glossary: f32,
    /// What a word counts that is a slip of the keyboard away from one that nobody has written; 0 leaves slips as they are.
    pub slips: f32,
    /// What it counts when words are what an item is called; 0 leaves names out.
    pub names: f32,
    /// Of a compiler's message its sentences count, and its marks and paths do not; names and codes in it count more.
    pub diagnostics: bool,
}

impl Default for Understanding {
    fn default() -> Self {
        Self {
            analysis: Analysis::default(),
            stop_words: true,
            glossary: 0.6,
            slips: 0.7,
            names: 0.5,
            diagnostics: true,
        }
    }
}

/// Words that say nothing about the subject of a question.
const STOP_WORDS: &str = "a an and any are as at be been but by can could did do does for from get got had has have how i if in into is \
    it its just like may me my need of on one or our should so some that the their them then there this to use using want was way we what \
    when where which while who why will with would you your";

/// Names are looked for among so many words in a row.
const LONGEST_NAME: usize = 6;
/// In so many words of the query at most: what is longer is text and not a name.
const NAMED_WORDS: usize = 64;

impl Understanding {
    /// The words to look for, each with what it counts.
    pub(crate) fn words(&self, query: &str, known: Option<&Bm25>) -> Vec<(String, f32)> {
        let told = self.told(query);
        let mut words: Vec<(String, f32)> = Vec::new();
        for token in self.analysis.tokens(&told) {
            if !(self.stop_words && is_stop_word(&token)) {
                // Amounts are in many texts and say little about any.
                let weight = if token.bytes().all(|byte| byte.is_ascii_digit()) { NUMBER } else { 1.0 };
                words.extend(self.meant(&token, weight, known));
            }
        }
        if words.is_empty() {
            words.extend(self.analysis.tokens(&told).into_iter().map(|token| (token, 1.0)));
        }
        if self.diagnostics && is_diagnostic(query) {
            for quoted in told.split('`').skip(1).step_by(2) {
                words.extend(self.analysis.tokens(quoted).into_iter().map(|token| (token, QUOTED)));
            }
        }
        if self.names > 0.0 {
            words.extend(self.names(&told));
        }
        words
    }

    /// What of a query says what it is about: of a diagnostic its sentences, else all of it.
    pub(crate) fn told(&self, query: &str) -> String {
        if self.diagnostics && is_diagnostic(query) { sentences(query) } else { query.to_owned() }
    }

    /// The token itself, first, and what it may stand for too, each with what it counts.
    pub(crate) fn meant(&self, token: &str, weight: f32, known: Option<&Bm25>) -> Vec<(String, f32)> {
        let mut words = vec![(token.to_owned(), weight)];
        let mut meant = words.clone();
        let known = known.filter(|known| self.slips > 0.0 && !known.knows(token) && glossary::also(token).is_empty());
        if let Some(known) = known {
            meant = known.near(token).into_iter().map(|near| (near.to_owned(), weight * self.slips)).collect();
            words.extend(meant.iter().cloned());
        }
        if self.glossary > 0.0 {
            for (said, weight) in meant {
                words.extend(glossary::also(&said).iter().map(|word| (word.clone(), weight * self.glossary)));
            }
        }
        words
    }

    /// What an item is called if the whole query is its name.
    pub(crate) fn whole_name(&self, query: &str) -> Option<String> {
        let words = named_words(query);
        (self.names > 0.0 && (1..=LONGEST_NAME).contains(&words.len())).then(|| name(&words.concat()))
    }

    /// Every row of words that may be a name, written in one; the whole query and what looks like an identifier count in full.
    fn names(&self, query: &str) -> Vec<(String, f32)> {
        let words = named_words(query);
        let mut names = Vec::new();
        for start in 0..words.len() {
            for end in start + 1..=words.len().min(start + LONGEST_NAME) {
                let row = &words[start..end];
                let is_identifier = row.len() == 1 && looks_like_an_identifier(row[0]);
                let weight = match row.len() {
                    length if length == words.len() => 1.5,
                    1 if is_error_code(row[0]) => ERROR_CODE,
                    1 if is_identifier => 1.0,
                    1 => ONE_WORD,
                    _ => 1.0,
                };
                names.push((name(&row.concat()), weight * self.names));
            }
        }
        names
    }
}

/// The words that names are looked for among; what is said again and again counts once.
fn named_words(query: &str) -> Vec<&str> {
    let words = query.split(|c: char| !c.is_alphanumeric() && c != '_');
    let mut words: Vec<&str> = words.filter(|word| word.contains(char::is_alphanumeric)).take(NAMED_WORDS).collect();
    words.dedup();
    words
}

/// What a number counts.
pub(crate) const NUMBER: f32 = 0.3;
/// What a quoted name counts in a diagnostic.
const QUOTED: f32 = 1.5;
/// What an error code counts: its explanation comes first.
const ERROR_CODE: f32 = 2.0;
/// What a plain word counts as a name: `land` is a word too.
const ONE_WORD: f32 = 0.4;

pub(crate) fn is_stop_word(token: &str) -> bool {
    STOP_WORDS.split_ascii_whitespace().any(|word| word == token)
}

/// Whether somebody would write this word in code only: `go_to`, `PositionNed`, `E0382`, `RTL_ALT`.
fn looks_like_an_identifier(word: &str) -> bool {
    let humps = word.chars().skip(1).any(char::is_uppercase);
    word.contains('_') || humps || word.contains(|c: char| c.is_numeric()) && word.contains(char::is_alphabetic)
}

fn is_error_code(word: &str) -> bool {
    word.len() == 5 && word.starts_with(['E', 'e']) && word.bytes().skip(1).all(|byte| byte.is_ascii_digit())
}

/// Whether the text is what a compiler prints.
fn is_diagnostic(text: &str) -> bool {
    text.contains("error[E") || text.lines().any(|line| line.trim_start().starts_with("--> ")) || {
        ["error:", "warning:"].iter().any(|level| text.trim_start().starts_with(level))
    }
}

/// The sentences of a diagnostic: without paths, line numbers and the source, which the reader knows.
fn sentences(text: &str) -> String {
    let mut told = String::new();
    for line in text.lines() {
        let line = line.trim();
        if line.starts_with("--> ") || line.starts_with("::: ") {
            continue;
        }
        let behind_bar = line.split_once('|').filter(|(number, _)| number.trim().bytes().all(|b| b.is_ascii_digit()));
        match behind_bar {
            // Of the quoted source only what is written below it: labels behind `^^^` and `---`.
            Some((_, quoted)) => {
                let label = quoted.trim_start_matches([' ', '^', '-', '|', '_']);
                if quoted.contains('^') || quoted.trim_start().starts_with('-') {
                    told.push_str(label);
                }
            }
            None => told.push_str(line.trim_start_matches("= ")),
        }
        told.push('\n');
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bm25::Bm25Builder;

    fn words(query: &str) -> Vec<String> {
        let mut builder = Bm25Builder::default();
        builder.add([(1.0, Analysis::default().tokens("battery photo orbit land"))], Vec::new());
        let known = builder.finish();
        Understanding::default().words(query, Some(&known)).into_iter().map(|(word, _)| word).collect()
    }

    #[test]
    fn questions_lose_what_says_nothing_and_gain_what_is_meant() {
        let found = words("how do I take a picture");
        assert!(found.contains(&"photo".to_owned()) && !found.contains(&"how".to_owned()), "{found:?}");
        assert!(words("batery").contains(&"battery".to_owned()));
        assert!(words("to be or").contains(&"be".to_owned()));
        assert!(words("return to launch").contains(&"=returntolaunch".to_owned()));
    }

    #[test]
    fn of_a_diagnostic_its_sentences_are_left() {
        let text = "error[E0382]: use of moved value: `vehicle`\n  --> src/mission.rs:9:5\n   |\n7  |     let mut v = vehicle.up();\n   |                         ---- `vehicle` moved due to this method call\n9  |     vehicle.land().await\n   |     ^^^^^^^ value used here after move\n   = note: see the book\n";
        let told = sentences(text);
        for there in
            ["use of moved value", "moved due to this method call", "value used here after move", "see the book"]
        {
            assert!(told.contains(there), "{told}");
        }
        for gone in ["mission.rs", "let mut v", "land()"] {
            assert!(!told.contains(gone), "{told}");
        }
        assert!(words(text).contains(&"=e0382".to_owned()));
    }
}
