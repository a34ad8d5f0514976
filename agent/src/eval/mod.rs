//! What flightsmith is worth, measured: benchmarks that anybody can run again.
//!
//! [`repair`] breaks programs and counts what the repair ladder makes of them. It leaves to others: the product itself.
pub mod repair;
