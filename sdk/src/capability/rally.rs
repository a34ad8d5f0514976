//! Rally points.
