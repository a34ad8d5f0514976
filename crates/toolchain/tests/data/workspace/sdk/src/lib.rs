//! A stand-in for the SDK.
#![no_std]
pub use flightsmith_mission::Metres;

/// A vehicle.
#[derive(Debug)]
pub struct Vehicle;

impl Vehicle {
    /// Climbs.
    pub async fn climb_to(&mut self, altitude: Metres) -> f32 {
        altitude.0
    }
}
