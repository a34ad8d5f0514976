//! The mission `three-speeds`, written by flightsmith from its checked plan.
//!
//! > Take off to 10 m, fly 30 m north at 2 m/s, then 60 m south at 8 m/s, then 30 m north at 4
//! > m/s and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const FIRST_SPEED: MetresPerSecond = MetresPerSecond(2.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(30.0);
const SECOND_SPEED: MetresPerSecond = MetresPerSecond(8.0);
const SOUTH: Degrees = Degrees(180.0);
const SOUTH_LEG: Metres = Metres(60.0);
const THIRD_SPEED: MetresPerSecond = MetresPerSecond(4.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly 30 m north at 2 m/s"
    vehicle.set_speed(FIRST_SPEED);
    here = here.towards(NORTH, NORTH_LEG);
    vehicle.go_to(here).await?;

    // "60 m south at 8 m/s"
    vehicle.set_speed(SECOND_SPEED);
    here = here.towards(SOUTH, SOUTH_LEG);
    vehicle.go_to(here).await?;

    // "30 m north at 4 m/s"
    vehicle.set_speed(THIRD_SPEED);
    vehicle.go_to(here.towards(NORTH, NORTH_LEG)).await?;

    // "land"
    vehicle.land().await
}
