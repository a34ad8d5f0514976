//! Frames from bare numbers, for those who have them from the wire, from physics or from geometry.
//!
//! The SDK does not hand this module on, and its functions are hidden from the knowledge base: a mission names its axes
//! ([`PositionNed::at`] and the like).
use crate::frame::{OffsetNed, PositionNed};

/// A position from metres north, east and *down* of home.
#[doc(hidden)]
pub const fn position_ned([north_m, east_m, down_m]: [f64; 3]) -> PositionNed {
    PositionNed::from_ned_m(north_m, east_m, down_m)
}

/// A displacement from metres north, east and *down*.
#[doc(hidden)]
pub const fn offset_ned([north_m, east_m, down_m]: [f64; 3]) -> OffsetNed {
    OffsetNed::from_ned_m(north_m, east_m, down_m)
}
