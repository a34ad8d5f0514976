//! Feedback -> the next CrateSource, the cheapest fixer first; and `fix`, the same for any small Rust project.
//!
//! [`climb()`] is the ladder: a set of files, errors from whoever compiles them, and [`Rung`]s that propose edits (the compiler's
//! suggestions, rules of ours, fixes learned before, a model). Every step is verified by the compiler, what makes nothing better is not
//! kept, and the [`guard`] refuses what deletes behaviour. [`mission`] climbs with a mission's one file, [`project`] with a cargo project
//! in the sandbox; [`ladder`] is the loop of a run, where what compiles is flown and what broke its contract comes back.
//!
//! It leaves to others: judging (`check`, `simulate`), what the model is told, and where the limits come from (`budget`).

pub mod climb;
pub mod correct;
mod diff;
mod errors;
mod excerpt;
pub mod forbidden;
pub mod foreign;
pub mod guard;
mod ladder;
pub mod learned;
pub mod mission;
pub mod model;
pub mod project;
pub mod rungs;
pub mod sources;
mod syntax;
pub mod workbench;

pub use climb::{ClimbError, Climbed, Compiler, Step, climb};
pub use ladder::{Attempt, Bounds, Evidence, Fixer, GaveUp, Limit, Mended, Mender, NoMender, ladder};
pub use learned::{Lesson, Memory, Trial};
pub use rungs::Rung;
pub use sources::Sources;
pub use workbench::{Proposer, Stuck, Workbench};
