//! The mission `kilometres-an-hour`, written by flightsmith from its checked plan.
//!
//! > Take off to 25 m, fly 0.2 km east at 36 km/h, then come back at 18 km/h and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(25.0);
const FIRST_SPEED: MetresPerSecond = MetresPerSecond(10.0);
const EAST: Degrees = Degrees(90.0);
const EAST_LEG: Metres = Metres(200.0);
const SECOND_SPEED: MetresPerSecond = MetresPerSecond(5.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 25 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly 0.2 km east at 36 km/h"
    vehicle.set_speed(FIRST_SPEED);
    vehicle.go_to(here.towards(EAST, EAST_LEG)).await?;

    // "come back at 18 km/h"
    vehicle.set_speed(SECOND_SPEED);
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
