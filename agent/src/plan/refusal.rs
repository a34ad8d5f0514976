//! Why words are not flown: each fault with the words that it is about and what to say instead.
use serde::Serialize;
use std::fmt;

/// Words that are refused. All faults that were found are named at once.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanRefusal {
    /// At least one, in the order of the words.
    pub faults: Vec<Fault>,
}

impl fmt::Display for PlanRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
            if !fault.hint.is_empty() {
                write!(f, "\n  hint: {}", fault.hint)?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for PlanRefusal {}

/// One thing that is wrong with the words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fault {
    /// What kind of fault.
    pub kind: FaultKind,
    /// The words that it is about, shortened when long; empty when it is about the whole text.
    pub quoted: String,
    /// Where they stand in the text, in bytes.
    pub span: (usize, usize),
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to say instead.
    pub hint: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.quoted.is_empty() {
            write!(f, "{}: {}", self.kind, self.message)
        } else {
            write!(f, "{}: \"{}\": {}", self.kind, self.quoted, self.message)
        }
    }
}

/// Kinds of faults: what a caller would do differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// No words at all.
    Empty,
    /// More words than are read.
    TooLong,
    /// The grammar has no reading for them.
    NotUnderstood,
    /// They can be read in more than one way, or leave out an amount.
    Unclear,
    /// They ask for what is never done, or leave the envelope.
    Unsafe,
    /// They contradict one another.
    Contradictory,
    /// A number that cannot be meant: negative, zero, absurd, not finite.
    BadNumber,
    /// This vehicle cannot do it.
    NotCarried,
    /// Not about a flight.
    NotAMission,
    /// Instructions to the program or a model instead of a flight.
    Instruction,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            Self::TooLong => "too long",
            Self::NotUnderstood => "not understood",
            Self::Unclear => "unclear",
            Self::Unsafe => "unsafe",
            Self::Contradictory => "contradictory",
            Self::BadNumber => "bad number",
            Self::NotCarried => "not carried",
            Self::NotAMission => "not a mission",
            Self::Instruction => "instruction",
        })
    }
}

/// `text` on one line, at most about 80 characters.
pub(super) fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 80 {
        return line;
    }
    let head: String = line.chars().take(60).collect();
    format!("{head} ...")
}
