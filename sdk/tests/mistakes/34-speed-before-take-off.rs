//! The mistake: the speed is set before the take-off.
//! Instead: `vehicle.set_speed(..)` after `arm_and_take_off`.
//! Says: the vehicle stands on the ground: it has to take off first
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    vehicle.set_speed(MetresPerSecond(4.0));
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(PositionNed::at(North(20.0), East(0.0), AboveHome(10.0))).await?;
    vehicle.land().await
}
