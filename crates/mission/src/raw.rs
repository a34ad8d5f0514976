//! Frames from bare numbers, for those who have them from the wire, from physics or from geometry.
//!
//! The SDK does not hand this module on, and its functions are hidden from the knowledge base: a mission names its axes
//! ([`PositionNed::at`] and the like).
use crate::frame::{
    OffsetNed, PositionNed, VelocityNed, offset_from_ned_m, position_from_ned_m, velocity_from_ned_m_s,
};

/// A position from metres north, east and *down* of home.
#[doc(hidden)]
pub const fn position_ned([north_m, east_m, down_m]: [f64; 3]) -> PositionNed {
    position_from_ned_m(north_m, east_m, down_m)
}

/// A displacement from metres north, east and *down*.
#[doc(hidden)]
pub const fn offset_ned([north_m, east_m, down_m]: [f64; 3]) -> OffsetNed {
    offset_from_ned_m(north_m, east_m, down_m)
}

/// A velocity from metres a second north, east and *down*.
#[doc(hidden)]
pub const fn velocity_ned([north_m_s, east_m_s, down_m_s]: [f64; 3]) -> VelocityNed {
    velocity_from_ned_m_s(north_m_s, east_m_s, down_m_s)
}
