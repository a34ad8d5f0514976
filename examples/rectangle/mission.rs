//! The mission `rectangle`, written by flightsmith from its checked plan.
//!
//! > Take off to 12 m, fly a 60 by 30 m rectangle counterclockwise with the nose along the
//! > path, then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(12.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const RECTANGLE_LENGTH: Metres = Metres(60.0);
const RECTANGLE_WIDTH: Metres = Metres(30.0);
const RECTANGLE_SIDES: [Metres; 4] = [
    RECTANGLE_LENGTH,
    RECTANGLE_WIDTH,
    RECTANGLE_LENGTH,
    RECTANGLE_WIDTH,
];
const TO_THE_LEFT: Degrees = Degrees(-90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 12 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly a 60 by 30 m rectangle counterclockwise with the nose along the path"
    vehicle.set_nose(Nose::AlongPath);

    // First side north, turning left.
    let mut course = NORTH;
    for side in RECTANGLE_SIDES {
        here = here.towards(course, side);
        vehicle.go_to(here).await?;
        course = course + TO_THE_LEFT;
    }

    // "land"
    vehicle.land().await
}
