//! The mission `compass-rose`, written by flightsmith from its checked plan.
//!
//! > Take off to 10 m, fly 20 m north and back, 20 m east and back, 20 m south and back, 20 m
//! > west and back, then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(20.0);
const SOUTH: Degrees = Degrees(180.0);
const SOUTH_LEG: Metres = Metres(20.0);
const EAST: Degrees = Degrees(90.0);
const EAST_LEG: Metres = Metres(20.0);
const WEST: Degrees = Degrees(270.0);
const WEST_LEG: Metres = Metres(20.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 20 m north and back"
    here = here.towards(NORTH, NORTH_LEG);
    vehicle.go_to(here).await?;
    here = here.towards(SOUTH, SOUTH_LEG);
    vehicle.go_to(here).await?;

    // "20 m east and back"
    here = here.towards(EAST, EAST_LEG);
    vehicle.go_to(here).await?;
    here = here.towards(WEST, WEST_LEG);
    vehicle.go_to(here).await?;

    // "20 m south and back"
    here = here.towards(SOUTH, SOUTH_LEG);
    vehicle.go_to(here).await?;
    here = here.towards(NORTH, NORTH_LEG);
    vehicle.go_to(here).await?;

    // "20 m west and back"
    here = here.towards(WEST, WEST_LEG);
    vehicle.go_to(here).await?;
    vehicle.go_to(here.towards(EAST, EAST_LEG)).await?;

    // "land"
    vehicle.land().await
}
