//! The tour: modules in the order of the pipeline. Start at [`pipeline`].

pub mod bundle;
pub mod report;
