//! The mission `keep-out-detour`, written by flightsmith from its checked plan.
//!
//! > Keep out of a 20 m circle around the point 50 m north of home. Take off to 15 m, fly 100 m
//! > north, wait 5 seconds, then return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: Metres = Metres(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(100.0);
const HOLD_TIME: Seconds = Seconds(5.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(0.0, 0.0, TAKEOFF_ALTITUDE.0);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 100 m north"
    here = here.towards(NORTH.0, NORTH_LEG.0);
    vehicle.go_to(here).await?;

    // "wait 5 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
