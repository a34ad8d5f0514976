//! The mission `triangle-nose-home`, written by flightsmith from its checked plan.
//!
//! > Take off to 12 m, keep the nose pointing at home, fly a triangle with 35 m sides, then
//! > land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(12.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ABOVE_HOME: PositionNed = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
const NORTH: Degrees = Degrees(0.0);
const TRIANGLE_CORNERS: u32 = 3;
const TRIANGLE_SIDE: Metres = Metres(35.0);
/// How much the course turns at each corner.
const TRIANGLE_TURN: Degrees = Degrees(360.0 / TRIANGLE_CORNERS as f64);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 12 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "keep the nose pointing at home"
    vehicle.set_nose(Nose::At(ABOVE_HOME));

    // "fly a triangle with 35 m sides": first side north, turning right.
    let mut course = NORTH;
    for _side in 0..TRIANGLE_CORNERS {
        here = here.towards(course, TRIANGLE_SIDE);
        vehicle.go_to(here).await?;
        course = course + TRIANGLE_TURN;
    }

    // "land"
    vehicle.land().await
}
