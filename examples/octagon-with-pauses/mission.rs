//! The mission `octagon-with-pauses`, written by flightsmith from its checked plan.
//!
//! > Take off to 12 m, fly an octagon with 12 m sides with the nose along the path, waiting 1
//! > second at each corner, then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(12.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const OCTAGON_CORNERS: u32 = 8;
const OCTAGON_SIDE: Metres = Metres(12.0);
const HOLD_TIME: Seconds = Seconds(1.0);
/// How much the course turns at each corner.
const OCTAGON_TURN: Degrees = Degrees(360.0 / OCTAGON_CORNERS as f64);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 12 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly an octagon with 12 m sides with the nose along the path, ..."
    vehicle.set_nose(Nose::AlongPath);

    // First side north, turning right.
    let mut course = NORTH;
    for _side in 0..OCTAGON_CORNERS {
        here = here.towards(course, OCTAGON_SIDE);
        vehicle.go_to(here).await?;

        // "fly an octagon with 12 m sides with the nose along the path, ..."
        vehicle.hold(HOLD_TIME).await?;
        course = course + OCTAGON_TURN;
    }

    // "land"
    vehicle.land().await
}
