//! What can be wrong with a knowledge base, one variant for each thing that a caller would do differently.
use std::path::PathBuf;

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
    #[error("knowledge base {path} is damaged ({reason}); delete it and run `flightsmith kb build`")]
    Damaged {
        /// The file or folder.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// Written by another version of this program.
    #[error("knowledge base {path} has format {found}, this program reads {expected}; run `flightsmith kb build`")]
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
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
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
