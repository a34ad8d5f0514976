//! The mission `backwards-flight`, written by flightsmith from its checked plan.
//!
//! > Take off to 12 m, fly 60 m west tail first, then return home nose first and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(12.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const WEST: Degrees = Degrees(270.0);
const WEST_LEG: Metres = Metres(60.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 12 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 60 m west tail first"
    vehicle.set_nose(Nose::AgainstPath);
    vehicle.go_to(here.towards(WEST, WEST_LEG)).await?;

    // "return home nose first"
    vehicle.set_nose(Nose::AlongPath);
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
