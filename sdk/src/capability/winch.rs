//! Winches.
