//! The tour: modules in the order of the pipeline. Start at [`pipeline`].

pub mod prompts;
pub mod plan;
pub mod retrieve;
pub mod generate;
pub mod check;
pub mod repair;
pub mod cross;
pub mod bundle;
pub mod upload;
pub mod report;
pub mod serve;
