//! The mission `leg-by-time`, written by flightsmith from its checked plan.
//!
//! > Take off to 10 m, go north for 10 seconds at 3 m/s, return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const SPEED: MetresPerSecond = MetresPerSecond(3.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(30.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "go north for 10 seconds at 3 m/s"
    vehicle.set_speed(SPEED);
    vehicle.go_to(here.towards(NORTH, NORTH_LEG)).await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
