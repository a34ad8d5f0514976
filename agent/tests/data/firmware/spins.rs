//! A mission that never comes back on its leg.
use flightsmith_sdk::prelude::*;

/// Flies until it spins.
///
/// # Errors
/// Whatever ends a flight early.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(PositionNed::at(North(10.0), East(0.0), AboveHome(10.0))).await?;
    loop {
        core::hint::spin_loop();
    }
}
