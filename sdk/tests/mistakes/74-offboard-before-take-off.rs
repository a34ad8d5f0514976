//! The mistake: set-points are flown before the take-off.
//! Instead: `vehicle.offboard()` after `arm_and_take_off`.
//! Says: the vehicle stands on the ground: it has to take off first
//! Says: write `let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;` before this call
use flightsmith_sdk::prelude::*;

const NORTH: Degrees = Degrees(0.0);

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    vehicle.offboard().fly(VelocityNed::towards(NORTH, MetresPerSecond(1.0)), Seconds(1.0)).await?;
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.hold(Seconds(5.0)).await?;
    vehicle.land().await
}
