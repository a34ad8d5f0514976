//! Geometry and timing of moving set-points: a path, and a point that travels along it.
//!
//! Pure functions of numbers; sending them is the matter of [`crate::legs`].
pub(crate) mod carrot;
pub(crate) mod path;
