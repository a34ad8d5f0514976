//! The mission `nose-held-southeast`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, keep the nose pointing at 135 degrees, fly 50 m north, 50 m west, return
//! > home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const SOUTH_EAST: Degrees = Degrees(135.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(50.0);
const WEST: Degrees = Degrees(270.0);
const WEST_LEG: Metres = Metres(50.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "keep the nose pointing at 135 degrees"
    vehicle.set_nose(Nose::Heading(SOUTH_EAST));

    // "fly 50 m north"
    here = here.towards(NORTH, NORTH_LEG);
    vehicle.go_to(here).await?;

    // "50 m west"
    vehicle.go_to(here.towards(WEST, WEST_LEG)).await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
