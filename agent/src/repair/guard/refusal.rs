//! Why an edit is refused, and what would be taken instead: a person reads the one, a model is told both.
//!
//! It leaves to others: finding out.
use std::fmt;
use std::path::PathBuf;

/// Why an edit is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No error names the file, or it is no Rust source.
    #[error("{file} is named by no error")]
    NotNamed {
        /// The file.
        file: PathBuf,
    },
    /// It was Rust and is none any more.
    #[error("{file} is no longer Rust")]
    NoRust {
        /// The file.
        file: PathBuf,
    },
    /// Something that the source did or had is gone.
    #[error("{file}: it removes {what}")]
    Removes {
        /// The file.
        file: PathBuf,
        /// What.
        what: Removed,
    },
    /// Something that stands in for a solution, or silences the compiler, was put in.
    #[error("{file}: it adds {what}")]
    Adds {
        /// The file.
        file: PathBuf,
        /// What.
        what: String,
    },
    /// Something public is changed, and no error points there.
    #[error("{file}: it changes the public `{item}`")]
    ChangesPublic {
        /// The file.
        file: PathBuf,
        /// Its kind and name.
        item: String,
    },
    /// A test is changed, and no error points there.
    #[error("{file}: it changes the test `{name}`")]
    ChangesTest {
        /// The file.
        file: PathBuf,
        /// The test's name.
        name: String,
    },
}

/// What is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removed {
    /// A call of this name, or of any, where none is missing by name.
    Call(Option<String>),
    /// An item: its kind and name.
    Item(String),
    /// All statements of this function.
    Body(String),
    /// Something done: a statement, an arm, an operator.
    Deed(String),
    /// So many numbers and texts.
    Values(usize),
    /// An attribute of this name.
    Attribute(String),
    /// A word, where the text was no Rust.
    Word(String),
    /// So many words.
    Words(usize),
    /// A word of a file that no error names.
    Elsewhere(String),
}

impl fmt::Display for Removed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(Some(name)) => write!(f, "a call of `{name}`"),
            Self::Call(None) => f.write_str("a call"),
            Self::Item(item) => write!(f, "`{item}`"),
            Self::Body(name) => write!(f, "the body of `{name}`"),
            Self::Deed(deed) => write!(f, "a {deed}"),
            Self::Values(count) => write!(f, "{count} values"),
            Self::Attribute(name) => write!(f, "the attribute `{name}`"),
            Self::Word(word) => write!(f, "`{word}`"),
            Self::Words(count) => write!(f, "{count} words"),
            Self::Elsewhere(word) => write!(f, "`{word}`, and no error names the file"),
        }
    }
}

impl Refusal {
    /// What is taken instead, as a clause that is told to who proposed the edit.
    #[must_use]
    pub fn accepted(&self) -> String {
        match self {
            Self::NotNamed { .. } => "an edit of a Rust file that an error speaks of is taken".to_owned(),
            Self::NoRust { .. } => "an edit after which brackets and quotes close is taken".to_owned(),
            Self::Removes { what, .. } => what.kept(),
            Self::Adds { what, .. } => {
                format!("an edit that brings in no {what} is taken (what of it stands there already may stay)")
            }
            Self::ChangesPublic { item, .. } if item.starts_with("fn ") => format!(
                "an edit of the body that leaves the signature of `{item}` is taken, and of the signature what an error or its advice \
                 points at, the receiver, bounds, lifetimes and kinds of numbers"
            ),
            Self::ChangesPublic { item, .. } => format!(
                "an edit that leaves what others see of `{item}` is taken: types of its fields may change where an error speaks of it, \
                 and private fields may be added to private ones"
            ),
            Self::ChangesTest { name, .. } => format!("an edit that leaves the test `{name}` as it is is taken"),
        }
    }
}

impl Removed {
    fn kept(&self) -> String {
        match self {
            Self::Call(Some(name)) => format!(
                "an edit that keeps a call of `{name}`, or replaces it by another call where an error points at it, is taken"
            ),
            Self::Call(None) => {
                "an edit after which as many calls are there, those that an error points at replaced by others, is taken".to_owned()
            }
            Self::Item(item) => {
                format!("an edit that keeps `{item}`, or another item of its kind where an error points at it, is taken")
            }
            Self::Body(name) => format!("an edit that keeps the statements of `{name}` is taken"),
            Self::Deed(deed) => {
                format!("an edit that changes or moves the {deed} and leaves none fewer is taken")
            }
            Self::Values(_) => "an edit that keeps the numbers and texts (one may go) is taken".to_owned(),
            Self::Attribute(name) => {
                format!("an edit that keeps the attribute `{name}`, or changes it where an error points at it, is taken")
            }
            Self::Word(word) => {
                format!("an edit that keeps the word `{word}` but where an error points at it is taken")
            }
            Self::Words(_) => "an edit that keeps the words that stand there is taken".to_owned(),
            Self::Elsewhere(_) => "in this file an edit that only adds is taken".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_is_wrong_and_what_would_be_taken() {
        let file = || PathBuf::from("a.rs");
        let check = |refusal: Refusal, said: &str, accepted: &str| {
            assert_eq!((refusal.to_string().as_str(), refusal.accepted().as_str()), (said, accepted));
        };
        check(
            Refusal::Removes { file: file(), what: Removed::Call(Some("go_to".into())) },
            "a.rs: it removes a call of `go_to`",
            "an edit that keeps a call of `go_to`, or replaces it by another call where an error points at it, is taken",
        );
        check(
            Refusal::Removes { file: file(), what: Removed::Deed("statement".into()) },
            "a.rs: it removes a statement",
            "an edit that changes or moves the statement and leaves none fewer is taken",
        );
        check(
            Refusal::Adds { file: file(), what: "`unsafe`".into() },
            "a.rs: it adds `unsafe`",
            "an edit that brings in no `unsafe` is taken (what of it stands there already may stay)",
        );
    }
}
