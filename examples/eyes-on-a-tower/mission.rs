//! The mission `eyes-on-a-tower`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m, keep the nose pointing at the point 30 m east of home, fly 60 m north,
//! > 60 m south, then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NOSE_TARGET: PositionNed = PositionNed::at(North(0.0), East(30.0), TAKEOFF_ALTITUDE);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(60.0);
const SOUTH: Degrees = Degrees(180.0);
const SOUTH_LEG: Metres = Metres(60.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "keep the nose pointing at the point 30 m east of home"
    vehicle.set_nose(Nose::At(NOSE_TARGET));

    // "fly 60 m north"
    here = here.towards(NORTH, NORTH_LEG);
    vehicle.go_to(here).await?;

    // "60 m south"
    vehicle.go_to(here.towards(SOUTH, SOUTH_LEG)).await?;

    // "land"
    vehicle.land().await
}
