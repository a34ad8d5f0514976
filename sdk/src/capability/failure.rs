//! Failure injection, in a simulation only.
