//! A knowledge base that a team or a fleet shares, on a server that people already run: PostgreSQL with pgvector, or Qdrant.
//!
//! The knowledge base of this machine (`flightsmith-kb`) stays what searches fall back to, and what is pushed from: [`SharedKb`] asks the
//! server to rank, fuses the rankings as the embedded one does, and answers from its own copy, with a warning, when the server is down,
//! slow, or holds vectors of another embedding.
//!
//! What was learned (records, counters, added items) goes both ways. Every line of an export is kept under its own digest: lines are
//! only ever added, and one goes only when another says all that it says. So nobody overwrites anybody, and two who push at once lose
//! nothing.
//!
//! It leaves to others: what items are made from, and how they are embedded.
mod error;
mod kb;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "qdrant")]
mod qdrant;
mod server;
mod wait;

pub use error::SharedError;
pub use kb::{Pushed, SharedKb};
pub use server::{Address, Limits};
