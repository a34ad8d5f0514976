//! rustc's JSON diagnostics read, and cargo's messages around them.
//!
//! [`from_rustc`] reads the lines of `rustc --error-format=json`, [`from_cargo`] those of `cargo --message-format=json`; `apply` puts
//! suggestions into sources. It leaves to others: which suggestions to trust (`repair`), and telling people.

mod apply;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use apply::{Edit, Replacement, apply_edits, edits_of};

/// One message of the compiler with its helps and notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The first line, without code or level.
    pub message: String,
    /// The error code (`E0382`) or lint name, if it has one.
    #[serde(deserialize_with = "code_or_object")]
    pub code: Option<String>,
    /// How grave it is.
    pub level: Level,
    /// The places it speaks of; the primary ones first in meaning, not in order.
    pub spans: Vec<Span>,
    /// Helps and notes; suggestions hang on these.
    pub children: Vec<Diagnostic>,
    /// The whole text as a person sees it (only on the outermost).
    pub rendered: Option<String>,
}

/// The level of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A bug of the compiler.
    #[serde(rename = "error: internal compiler error")]
    InternalError,
    /// The program does not compile.
    Error,
    /// It compiles, and something is odd.
    Warning,
    /// An explanation.
    Note,
    /// Advice.
    Help,
    /// A note without a place.
    #[serde(rename = "failure-note")]
    FailureNote,
}

/// A stretch of source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The file as the compiler was told of it.
    pub file_name: PathBuf,
    /// First byte, from 0.
    pub byte_start: usize,
    /// Byte after the last.
    pub byte_end: usize,
    /// First line, from 1.
    pub line_start: usize,
    /// Last line.
    pub line_end: usize,
    /// First column, in characters from 1.
    pub column_start: usize,
    /// Column after the last.
    pub column_end: usize,
    /// Whether the message is about this place.
    pub is_primary: bool,
    /// What is said of this place.
    pub label: Option<String>,
    /// What to write here instead, if the message is a suggestion.
    pub suggested_replacement: Option<String>,
    /// How sure the compiler is of the suggestion.
    pub suggestion_applicability: Option<Applicability>,
    /// Set where the place is inside a macro's expansion.
    #[serde(default, deserialize_with = "is_some", rename = "expansion")]
    pub in_expansion: bool,
}

/// How sure the compiler is of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Applicability {
    /// Surely what was meant, or at least it compiles: may be applied without asking.
    MachineApplicable,
    /// Perhaps what was meant.
    MaybeIncorrect,
    /// Has holes (`/* type */`) for a person to fill.
    HasPlaceholders,
    /// The compiler does not say.
    Unspecified,
}

impl Diagnostic {
    /// Whether it keeps the program from compiling.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.level <= Level::Error
    }

    /// The primary place, if it has one.
    #[must_use]
    pub fn primary(&self) -> Option<&Span> {
        self.spans.iter().find(|span| span.is_primary)
    }
}

/// Reads the lines of `rustc --error-format=json`; lines that are no diagnostics (artifact notices, other text) are passed over, and so
/// is the closing "aborting due to" of rustc.
#[must_use]
pub fn from_rustc(stderr: &str) -> Vec<Diagnostic> {
    stderr
        .lines()
        .filter(|line| line.starts_with('{'))
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(is_about_source)
        .collect()
}

/// A message of `cargo --message-format=json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CargoMessage {
    /// The compiler's word on a package.
    Diagnostic {
        /// The package, in cargo's notation (`path+file:///…#name@version`).
        package_id: String,
        /// What it says.
        diagnostic: Diagnostic,
    },
    /// Something was built, or was fresh.
    Artifact(Artifact),
    /// A build script has run.
    BuildScript {
        /// The package, in cargo's notation.
        package_id: String,
        /// The folder that it may have left files in.
        out_dir: PathBuf,
    },
    /// The end of the build.
    Finished {
        /// Whether all of it was built.
        success: bool,
    },
}

/// Something that cargo has built.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Artifact {
    /// The package, in cargo's notation.
    pub package_id: String,
    /// What was built of it.
    pub target: ArtifactTarget,
    /// The files.
    pub filenames: Vec<PathBuf>,
    /// The program, where one was built.
    pub executable: Option<PathBuf>,
}

/// The part of a package that an [`Artifact`] was built from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ArtifactTarget {
    /// Its name, as in the source (`flightsmith_sdk`).
    pub name: String,
    /// `lib`, `bin`, `proc-macro`, `custom-build`, ...
    pub kind: Vec<String>,
}

/// Reads the lines of `cargo --message-format=json`; what is none of the [`CargoMessage`]s (output of build scripts and tests) is passed
/// over.
#[must_use]
pub fn from_cargo(stdout: &str) -> Vec<CargoMessage> {
    #[derive(Deserialize)]
    #[serde(tag = "reason", rename_all = "kebab-case")]
    enum Line {
        CompilerMessage { package_id: String, message: Diagnostic },
        CompilerArtifact(Artifact),
        BuildScriptExecuted { package_id: String, out_dir: PathBuf },
        BuildFinished { success: bool },
    }
    let lines = stdout.lines().filter(|line| line.starts_with('{')).filter_map(|line| serde_json::from_str(line).ok());
    let message = |line| match line {
        Line::CompilerMessage { package_id, message } if is_about_source(&message) => {
            Some(CargoMessage::Diagnostic { package_id, diagnostic: message })
        }
        Line::CompilerMessage { .. } => None,
        Line::CompilerArtifact(artifact) => Some(CargoMessage::Artifact(artifact)),
        Line::BuildScriptExecuted { package_id, out_dir } => Some(CargoMessage::BuildScript { package_id, out_dir }),
        Line::BuildFinished { success } => Some(CargoMessage::Finished { success }),
    };
    lines.filter_map(message).collect()
}

/// rustc closes with "aborting due to 2 previous errors" and "For more information about this error, ..": no news.
fn is_about_source(diagnostic: &Diagnostic) -> bool {
    diagnostic.level != Level::FailureNote
        && !(diagnostic.spans.is_empty()
            && diagnostic.code.is_none()
            && diagnostic.message.starts_with("aborting due to"))
        && !(diagnostic.spans.is_empty() && diagnostic.message.ends_with(" emitted"))
}

fn code_or_object<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Code {
        Plain(String),
        Object { code: String },
    }
    Ok(Option::<Code>::deserialize(from)?.map(|code| match code {
        Code::Plain(code) | Code::Object { code } => code,
    }))
}

fn is_some<'de, D: serde::Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    // Our own form is a bool, rustc's an object or null.
    Ok(match Option::<serde_json::Value>::deserialize(from)? {
        None => false,
        Some(serde_json::Value::Bool(set)) => set,
        Some(_) => true,
    })
}
