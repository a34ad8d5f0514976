//! The compiler's own explanations (`rustc --explain E0382`), parted into prose, wrong and right examples.
//!
//! The texts belong to a toolchain and not to us: whoever may start processes hands them in as [`CompilerTexts`]. What they print has
//! lost the marks of its examples, so which of them is wrong is read off the sentence before it. Measured on rustc 1.95 against the
//! marks in its HTML edition: see [`Explanation::parse`].
use crate::item::{Item, Kind};
use std::collections::BTreeMap;

/// Licence of the Rust project's texts.
pub const LICENCE: &str = "MIT OR Apache-2.0";

/// What people see on the screen with a code; `--explain` does not say it.
const HEADLINES: &str = include_str!("../../corpus/compiler-headlines.txt");

/// Every explanation of one compiler.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompilerTexts {
    /// Which compiler, as `1.95.0`.
    pub version: String,
    /// Codes and texts, as `E0382` and what `rustc --explain` prints.
    pub texts: BTreeMap<String, String>,
}

/// One explanation, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// `E0382`.
    pub code: String,
    /// What the compiler's message says, where we know it (`use of moved value`).
    pub headline: Option<String>,
    /// The text without its code.
    pub prose: String,
    /// The code in it, in order.
    pub examples: Vec<Example>,
    /// Today's compiler gives this error no more.
    pub is_retired: bool,
}

/// A piece of code in an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The code.
    pub code: String,
    /// Whether the text calls it wrong.
    pub is_wrong: bool,
}

impl Explanation {
    /// Takes the text of one code apart.
    ///
    /// Of the 933 examples of rustc 1.95 whose marks (in the HTML edition) say what they are, about 95 % are told right; the others are further examples in long
    /// texts, hardly ever the first. Who needs certainty compiles them.
    ///
    /// ```
    /// use flightsmith_kb::corpus::compiler::Explanation;
    /// let text = "Moved.\n\nErroneous code example:\n\n```\nlet y = x; use_it(x);\n```\n\nTo fix it:\n\n```\nuse_it(&x);\n```\n";
    /// let moved = Explanation::parse("E0382", text);
    /// assert_eq!(moved.wrong().map(|example| example.code.as_str()), Some("let y = x; use_it(x);"));
    /// assert_eq!(moved.right().map(|example| example.code.as_str()), Some("use_it(&x);"));
    /// ```
    pub fn parse(code: &str, text: &str) -> Self {
        let (mut prose, mut examples) = (Vec::new(), Vec::<Example>::new());
        let (mut before, mut inside) = (Vec::new(), None::<Vec<&str>>);
        for line in text.lines() {
            match (&mut inside, line.trim_start().starts_with("```")) {
                (None, true) => inside = Some(Vec::new()),
                (Some(lines), true) => {
                    let is_wrong = says_wrong(&before.join("\n"), &examples);
                    examples.push(Example { code: lines.join("\n").trim_end().to_owned(), is_wrong });
                    before.clear();
                    inside = None;
                }
                (Some(lines), false) => lines.push(line),
                (None, false) => {
                    before.push(line);
                    prose.push(line);
                }
            }
        }
        Self {
            code: code.to_owned(),
            headline: headline(code).map(str::to_owned),
            prose: without_double_blanks(&prose),
            examples,
            is_retired: text.contains("no longer emitted"),
        }
    }

    /// The first example that the text calls wrong.
    pub fn wrong(&self) -> Option<&Example> {
        self.examples.iter().find(|example| example.is_wrong)
    }

    /// The first example after that which it does not call wrong.
    pub fn right(&self) -> Option<&Example> {
        let mut rest = self.examples.iter().skip_while(|example| !example.is_wrong);
        rest.find(|example| !example.is_wrong).or_else(|| self.examples.iter().find(|example| !example.is_wrong))
    }

    fn item(self, version: &str) -> Item {
        let code = self.examples.iter().map(|example| {
            let mark = if example.is_wrong { "Wrong" } else { "Right" };
            format!("// {mark}:\n{}", example.code)
        });
        let headline = self.headline.as_deref().map_or(String::new(), |headline| format!("error: {headline}\n\n"));
        Item {
            id: format!("compiler:{}", self.code),
            kind: Kind::CompilerError,
            text: format!("{headline}{}", self.prose),
            code: code.collect::<Vec<_>>().join("\n\n"),
            source: format!("rustc {version} --explain {}", self.code),
            title: self.code,
            licence: LICENCE.into(),
            autopilot: None,
            asked: String::new(),
            dialect: None,
            sdk_version: None,
        }
    }
}

/// All explanations as items.
pub(super) fn items(compiler: &CompilerTexts) -> Vec<Item> {
    compiler.texts.iter().map(|(code, text)| Explanation::parse(code, text).item(&compiler.version)).collect()
}

fn headline(code: &str) -> Option<&'static str> {
    HEADLINES.lines().find_map(|line| line.strip_prefix(code)?.strip_prefix(' '))
}

fn without_double_blanks(lines: &[&str]) -> String {
    let mut text = String::new();
    let mut was_blank = true;
    for line in lines {
        if !(line.trim().is_empty() && was_blank) {
            text.push_str(line);
            text.push('\n');
        }
        was_blank = line.trim().is_empty();
    }
    text.trim().to_owned()
}

/// Sentences that hand over the right way.
const MENDS: [&str; 26] = [
    "will work",
    "this works",
    "code works",
    "instead",
    "can fix",
    "to fix",
    "will fix",
    "is fixed",
    "fix this",
    "fix the",
    "fix it",
    "corrected",
    "correct version",
    "correct code",
    "correct example",
    "should be",
    "should look",
    "should compile",
    "should work",
    "should have",
    "be accepted",
    "is valid",
    "is legal",
    "are allowed",
    "compiles",
    "resolve this",
];
/// Sentences that hand over what does not compile.
const BREAKS: [&str; 32] = [
    "error",
    "will fail",
    "fails to",
    "not compile",
    "invalid",
    "is wrong",
    "not allowed",
    "not accepted",
    "not valid",
    "cannot",
    "can't",
    "does not work",
    "doesn't work",
    "nor will",
    "violation",
    "impossible",
    "no sense",
    "also fail",
    "situation",
    "happen",
    "unsound",
    "problem:",
    "must not",
    "no longer",
    "are not",
    "is not",
    "has no",
    "does not",
    "but no",
    "could clash",
    "more than one",
    "undefined",
];
/// Words of mending that outweigh a mention of the error ("to avoid this error").
const SOLVES: [&str; 6] = ["avoid", "prevent", "resolve", "solve", "fix", "solution"];

/// Whether the prose before an example calls it wrong.
fn says_wrong(before: &str, earlier: &[Example]) -> bool {
    let paragraph = before.trim().rsplit("\n\n").next().unwrap_or_default().replace('\n', " ").to_lowercase();
    let says = |words: &[&str], text: &str| words.iter().any(|word| text.contains(word));
    if paragraph.is_empty() {
        // Right behind another one: of the same sort.
        return earlier.last().is_none_or(|example| example.is_wrong);
    }
    let last = last_sentence(&paragraph);
    if last.contains("erroneous") {
        return true;
    }
    if says(&MENDS, last) || says(&SOLVES, last) {
        return false;
    }
    if earlier.is_empty() || says(&BREAKS, last) {
        return true;
    }
    // "Or this:" goes on with what was shown.
    let goes_on = ["or ", "nor ", "and ", "also ", "the same "].iter().any(|word| last.starts_with(word));
    goes_on && earlier.last().is_some_and(|example| example.is_wrong)
}

fn last_sentence(paragraph: &str) -> &str {
    let ends = [". ", ": ", "! ", "? "];
    ends.iter().filter_map(|end| paragraph.trim_end().rfind(end)).max().map_or(paragraph, |end| &paragraph[end + 2..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_sentence_before_an_example_calls_it() {
        let wrong = |before: &str, earlier: &[bool]| {
            let earlier: Vec<Example> =
                earlier.iter().map(|is_wrong| Example { code: String::new(), is_wrong: *is_wrong }).collect();
            says_wrong(before, &earlier)
        };
        for before in ["Erroneous code example:", "A thing was done.\n\nHere is an example:"] {
            assert!(wrong(before, &[]), "{before}");
        }
        for before in ["This also gives an error:", "Nor will this:", "It cannot be named twice."] {
            assert!(wrong(before, &[true, false]), "{before}");
        }
        for before in ["To fix this error, give it a name:", "You can use a reference:", "So, the following will work:"]
        {
            assert!(!wrong(before, &[true]), "{before}");
        }
        assert!(wrong("Or this:", &[true]) && !wrong("Or this:", &[true, false]));
        assert!(wrong("", &[true]) && !wrong("", &[true, false]));
    }

    #[test]
    fn a_text_becomes_an_item_with_source_and_licence() {
        let text = "#### Note: this error code is no longer emitted by the compiler.\n\nMoved.\n\nErroneous code example:\n\n```\na\n```\n\n\nInstead:\n\n```\nb\n```\n";
        let texts = BTreeMap::from([("E0382".to_owned(), text.to_owned())]);
        let items = items(&CompilerTexts { version: "1.95.0".into(), texts });
        assert_eq!(items[0].id, "compiler:E0382");
        assert_eq!(items[0].source, "rustc 1.95.0 --explain E0382");
        assert_eq!(items[0].licence, "MIT OR Apache-2.0");
        assert!(items[0].text.starts_with("error: use of moved value"), "{}", items[0].text);
        assert_eq!(items[0].code, "// Wrong:\na\n\n// Right:\nb");
        assert!(Explanation::parse("E0382", text).is_retired);
    }
}
