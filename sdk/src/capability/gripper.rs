//! Grippers.
