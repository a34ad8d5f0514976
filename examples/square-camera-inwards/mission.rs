//! The mission `square-camera-inwards`, written by flightsmith from its checked plan.
//!
//! > Launch to 15 m, fly a 30 m square with the camera facing the middle, taking a photo at
//! > each corner, and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
/// From the first corner to the middle, seen along the first leg.
const SQUARE_MIDDLE: OffsetFrd = OffsetFrd::by(Forward(15.0), Right(15.0), Up(0.0));
const SQUARE_SIDE: Metres = Metres(30.0);
const TO_THE_RIGHT: Degrees = Degrees(90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Launch to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly a 30 m square with the camera facing the middle, taking ..."
    // First side north, turning right.
    let mut course = NORTH;
    let centre = here + SQUARE_MIDDLE.to_ned(course);
    vehicle.set_nose(Nose::At(centre));
    for _side in 0..4 {
        here = here.towards(course, SQUARE_SIDE);
        vehicle.go_to(here).await?;

        // "fly a 30 m square with the camera facing the middle, taking ..."
        vehicle.take_photo().await?;
        course = course + TO_THE_RIGHT;
    }

    // "land"
    vehicle.land().await
}
