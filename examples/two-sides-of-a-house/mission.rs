//! The mission `two-sides-of-a-house`, written by flightsmith from its checked plan.
//!
//! > Take off to 8 m, fly 20 m forward, take a photo, turn left 90 degrees, take another photo,
//! > then come back and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(8.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const FORWARD_LEG: Metres = Metres(20.0);
const LEFT_TURN: Degrees = Degrees(-90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 8 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be and to point: legs start from there, so errors do not
    // add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
    let heading = vehicle.heading();

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 20 m forward"
    vehicle.go_to(here.towards(heading, FORWARD_LEG)).await?;

    // "take a photo"
    vehicle.take_photo().await?;

    // "turn left 90 degrees"
    vehicle.turn_by(LEFT_TURN).await?;

    // "take another photo"
    vehicle.take_photo().await?;

    // "come back"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
