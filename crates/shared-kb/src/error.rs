//! What can be wrong with a shared knowledge base, one variant for each thing that a caller would do differently.
use flightsmith_kb::{EmbedError, KbError};

/// Why a shared knowledge base did not answer, or did not take what was pushed.
#[derive(Debug, thiserror::Error)]
pub enum SharedError {
    /// The address is none.
    #[error(
        "{address}: no address of a shared knowledge base ({reason}); postgresql://USER@HOST/DATABASE or qdrant://HOST:6333"
    )]
    Address {
        /// What was given, without its password.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// This program was built without what it takes to speak to that server.
    #[error("{address}: this program was built without {feature}; build it with `--features {feature}`")]
    NotBuilt {
        /// What was given, without its password.
        address: String,
        /// The feature of the package `flightsmith`.
        feature: &'static str,
    },
    /// Nobody answers there.
    #[error("{server} cannot be reached: {reason}")]
    Unreachable {
        /// Which.
        server: String,
        /// What the system says.
        reason: String,
    },
    /// It took longer than it may.
    #[error("{server} did not {what} within {limit_ms} ms")]
    TooSlow {
        /// Which.
        server: String,
        /// What it was asked for.
        what: &'static str,
        /// The limit in milliseconds.
        limit_ms: u128,
    },
    /// It answers, and what it and the address say of TLS does not go together.
    #[error("{server}: {reason}; {hint}")]
    Tls {
        /// Which.
        server: String,
        /// What is wrong.
        reason: String,
        /// What to do.
        hint: &'static str,
    },
    /// It answers, and says no.
    #[error("{server} refuses: {reason}")]
    Refused {
        /// Which.
        server: String,
        /// What it says.
        reason: String,
    },
    /// Nothing was ever pushed to it.
    #[error("{server} holds no knowledge base yet; `flightsmith kb push` makes one")]
    Missing {
        /// Which.
        server: String,
    },
    /// Its vectors come from another embedding.
    #[error(
        "{server} was embedded with {found}, this program uses {expected}; choose that embedding, or `flightsmith kb push --rebuild` \
         replaces everything that can be searched there"
    )]
    OtherEmbedding {
        /// Which.
        server: String,
        /// What it was embedded with.
        found: String,
        /// Ours.
        expected: String,
    },
    /// Its tables are of another version.
    #[error("{server} has tables of version {found}, this program knows {expected}; {hint}")]
    OtherVersion {
        /// Which.
        server: String,
        /// Theirs.
        found: u32,
        /// Ours.
        expected: u32,
        /// What to do.
        hint: &'static str,
    },
    /// What it holds is not what was pushed.
    #[error("{server} holds something that no push has written: {reason}")]
    Damaged {
        /// Which.
        server: String,
        /// What does not fit.
        reason: String,
    },
    /// The embedding gave no vectors to push.
    #[error(transparent)]
    Embedding(#[from] EmbedError),
    /// What it holds cannot be read as an export, or the store of this machine does not take it.
    #[error(transparent)]
    Kb(#[from] KbError),
}
