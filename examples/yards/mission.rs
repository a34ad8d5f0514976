//! The mission `yards`, written by flightsmith from its checked plan.
//!
//! > Launch to 20 yards, fly 80 yards due south at 6 m/s, hover 10 seconds, come back and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(18.288);
const SPEED: MetresPerSecond = MetresPerSecond(6.0);
const SOUTH: Degrees = Degrees(180.0);
const SOUTH_LEG: Metres = Metres(73.152);
const HOLD_TIME: Seconds = Seconds(10.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Launch to 20 yards"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly 80 yards due south at 6 m/s"
    vehicle.set_speed(SPEED);
    vehicle.go_to(here.towards(SOUTH, SOUTH_LEG)).await?;

    // "hover 10 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "come back"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
