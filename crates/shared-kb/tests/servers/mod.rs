//! Servers for tests.
#![allow(dead_code, reason = "each test binary uses its part")]
#[path = "../../../../tests/src/peer.rs"]
mod peer;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "qdrant")]
pub mod qdrant;
