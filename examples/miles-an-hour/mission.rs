//! The mission `miles-an-hour`, written by flightsmith from its checked plan.
//!
//! > Take off to 60 feet, fly 0.1 miles west at 15 mph, wait 5 seconds, fly home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(18.288);
const SPEED: MetresPerSecond = MetresPerSecond(6.7056);
const WEST: Degrees = Degrees(270.0);
const WEST_LEG: Metres = Metres(160.9344);
const HOLD_TIME: Seconds = Seconds(5.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 60 feet"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly 0.1 miles west at 15 mph"
    vehicle.set_speed(SPEED);
    vehicle.go_to(here.towards(WEST, WEST_LEG)).await?;

    // "wait 5 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "fly home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
