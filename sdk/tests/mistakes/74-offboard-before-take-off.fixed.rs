//! Mended: offboard-before-take-off, as it should be written.
use flightsmith_sdk::prelude::*;

const NORTH: Degrees = Degrees(0.0);

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.offboard().fly(VelocityNed::towards(NORTH, MetresPerSecond(1.0)), Seconds(5.0)).await?;
    vehicle.land().await
}
