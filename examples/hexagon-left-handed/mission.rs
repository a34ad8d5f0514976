//! The mission `hexagon-left-handed`, written by flightsmith from its checked plan.
//!
//! > Lift off to 14 m, fly a hexagon with 18 m sides counterclockwise with the nose along the
//! > path, then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(14.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const HEXAGON_CORNERS: u32 = 6;
const HEXAGON_SIDE: Metres = Metres(18.0);
/// How much the course turns at each corner.
const HEXAGON_TURN: Degrees = Degrees(-360.0 / HEXAGON_CORNERS as f64);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Lift off to 14 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly a hexagon with 18 m sides counterclockwise with the nose along the path"
    vehicle.set_nose(Nose::AlongPath);

    // First side north, turning left.
    let mut course = NORTH;
    for _side in 0..HEXAGON_CORNERS {
        here = here.towards(course, HEXAGON_SIDE);
        vehicle.go_to(here).await?;
        course = course + HEXAGON_TURN;
    }

    // "land"
    vehicle.land().await
}
