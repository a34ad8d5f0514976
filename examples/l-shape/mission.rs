//! The mission `l-shape`, written by flightsmith from its checked plan.
//!
//! > Up 10 m, 40 m north, 25 m east, then home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(40.0);
const EAST: Degrees = Degrees(90.0);
const EAST_LEG: Metres = Metres(25.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Up 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "40 m north"
    here = here.towards(NORTH, NORTH_LEG);
    vehicle.go_to(here).await?;

    // "25 m east"
    vehicle.go_to(here.towards(EAST, EAST_LEG)).await?;

    // "home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
