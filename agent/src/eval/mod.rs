//! What flightsmith is worth, measured: benchmarks that anybody can run again.
//!
//! [`repair`] breaks programs and counts what the repair ladder makes of them; [`retrieval`] asks the knowledge base what people ask. They
//! leave to others: the product itself.
pub mod bar;
pub mod repair;
pub mod retrieval;
