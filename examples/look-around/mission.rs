//! The mission `look-around`, written by flightsmith from its checked plan.
//!
//! > Take off to 9 m, turn to face east, wait 3 seconds, turn to face south, wait 3 seconds,
//! > turn to face west, wait 3 seconds, turn to face north and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(9.0);
const EAST: Degrees = Degrees(90.0);
const HOLD_TIME: Seconds = Seconds(3.0);
const SOUTH: Degrees = Degrees(180.0);
const WEST: Degrees = Degrees(270.0);
const NORTH: Degrees = Degrees(0.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 9 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // "turn to face east"
    vehicle.turn_to(EAST).await?;

    // "wait 3 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "turn to face south"
    vehicle.turn_to(SOUTH).await?;

    // "wait 3 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "turn to face west"
    vehicle.turn_to(WEST).await?;

    // "wait 3 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "turn to face north"
    vehicle.turn_to(NORTH).await?;

    // "land"
    vehicle.land().await
}
