//! The mission `numbers-in-words`, written by flightsmith from its checked plan.
//!
//! > Take off to twelve and a half metres, fly twenty-five metres west, wait a quarter of a
//! > minute, come back and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(12.5);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const WEST: Degrees = Degrees(270.0);
const WEST_LEG: Metres = Metres(25.0);
const HOLD_TIME: Seconds = Seconds(15.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to twelve and a half metres"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly twenty-five metres west"
    vehicle.go_to(here.towards(WEST, WEST_LEG)).await?;

    // "wait a quarter of a minute"
    vehicle.hold(HOLD_TIME).await?;

    // "come back"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
