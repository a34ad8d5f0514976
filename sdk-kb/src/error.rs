//! What can be wrong with a knowledge base, one variant for each thing that a caller would do differently.
use std::path::{Path, PathBuf};

/// Why there is no knowledge base.
#[derive(Debug, thiserror::Error)]
pub enum KbError {
    /// It was never built.
    #[error("no knowledge base at {path}; make it with `flightsmith kb build`")]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// Damaged: cut short, overwritten, or never one.
    #[error("knowledge base {path} is damaged ({reason}); run `flightsmith kb build`")]
    Damaged {
        /// The file or folder.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// Written by another version of this program.
    #[error("knowledge base {path} has format {found}, this program reads {expected}; {}", after_version(*found, *expected))]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// Ours.
        expected: u32,
    },
    /// Its vectors come from another embedding.
    #[error(
        "knowledge base {path} was embedded with {found}, this program uses {expected}; run `flightsmith kb build`"
    )]
    OtherEmbedding {
        /// The file.
        path: PathBuf,
        /// The embedding it was built with.
        found: String,
        /// Ours.
        expected: String,
    },
    /// Another process builds it right now.
    #[error("another process is building the knowledge base in {path}; wait for it to end")]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The embedding gave no vectors.
    #[error(transparent)]
    Embedding(#[from] crate::embed::EmbedError),
    /// A file of the corpus is not laid out as its kind is.
    #[error("{path} cannot be read as part of the corpus: {reason}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is missing or wrong.
        reason: String,
    },
    /// The disk is full, or a quota is met.
    #[error("no space left for {path} ({reason}); free some and try again, what was committed before is kept")]
    NoSpace {
        /// What could not be written.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// Something is larger than the knowledge base takes.
    #[error("{what} has {bytes} bytes (limit {limit})")]
    TooLarge {
        /// What.
        what: String,
        /// Its size in bytes.
        bytes: usize,
        /// The most that is taken.
        limit: usize,
    },
    /// No such learned record.
    #[error("no learned record {id}")]
    NoRecord {
        /// What was asked for.
        id: String,
    },
    /// No such change in the journal.
    #[error("no change {number} in the journal")]
    NoChange {
        /// What was asked for.
        number: u64,
    },
    /// A change cannot be undone, because of a later one.
    #[error("change {number} cannot be undone: change {by} came after it; undo that first")]
    ChangedSince {
        /// What was to be undone.
        number: u64,
        /// What stands against it.
        by: u64,
    },
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file is no export of a knowledge base.
    #[error("{path}, line {line}: no export of a knowledge base: {reason}")]
    NotAnExport {
        /// Which.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A source is no Rust.
    #[error("{path}: not Rust: {reason}")]
    NotRust {
        /// Which.
        path: PathBuf,
        /// What the parser says.
        reason: String,
    },
}

/// What to do about another version.
fn after_version(found: u32, expected: u32) -> &'static str {
    if found > expected { "a newer flightsmith wrote it: update this one" } else { "run `flightsmith kb build`" }
}

impl KbError {
    /// What a failed read or write of `path` means.
    pub(crate) fn of_file(path: &Path, source: std::io::Error) -> Self {
        use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        match source.kind() {
            StorageFull | QuotaExceeded | FileTooLarge => {
                Self::NoSpace { path: path.to_owned(), reason: source.to_string() }
            }
            _ => Self::File { path: path.to_owned(), source },
        }
    }
}
