//! Feedback -> the next CrateSource, the cheapest fixer first; and `fix`, the same for any small Rust project.
//!
//! [`ladder`] mends one source text: the compiler's machine-applicable suggestions, then a [`Mender`] that the caller gives (the model).
//! Every text is judged anew, none twice, the best is kept, and [`Bounds`] ends it. [`project`] does so for the files of a cargo
//! project, in the sandbox.
//!
//! It leaves to others: judging (`check`, `simulate`), what the model is told, and where the limits come from (`budget`).

mod ladder;
pub mod model;
pub mod foreign;
pub mod project;

pub use ladder::{Attempt, Bounds, Evidence, Fixer, GaveUp, Limit, Mended, Mender, NoMender, ladder};
