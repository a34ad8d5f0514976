//! The mission `imperial-units`, written by flightsmith from its checked plan.
//!
//! > Take off to 50 feet, fly 200 feet north at 10 mph, take a photo, then return home and
//! > land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.24);
const SPEED: MetresPerSecond = MetresPerSecond(4.4704);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(60.96);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 50 feet"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly 200 feet north at 10 mph"
    vehicle.set_speed(SPEED);
    vehicle.go_to(here.towards(NORTH, NORTH_LEG)).await?;

    // "take a photo"
    vehicle.take_photo().await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
