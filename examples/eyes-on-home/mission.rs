//! The mission `eyes-on-home`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, keep the nose pointing at home, fly 40 m north, 40 m east, 40 m south,
//! > then return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ABOVE_HOME: PositionNed = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(40.0);
const EAST: Degrees = Degrees(90.0);
const EAST_LEG: Metres = Metres(40.0);
const SOUTH: Degrees = Degrees(180.0);
const SOUTH_LEG: Metres = Metres(40.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "keep the nose pointing at home"
    vehicle.set_nose(Nose::At(ABOVE_HOME));

    // "fly 40 m north"
    here = here.towards(NORTH, NORTH_LEG);
    vehicle.go_to(here).await?;

    // "40 m east"
    here = here.towards(EAST, EAST_LEG);
    vehicle.go_to(here).await?;

    // "40 m south"
    vehicle.go_to(here.towards(SOUTH, SOUTH_LEG)).await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
