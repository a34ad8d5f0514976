//! The mission `roof-inspection`, written by flightsmith from its checked plan.
//!
//! > Take off to 12 m, fly a rectangle 20 m by 10 m facing the middle, waiting 3 seconds and
//! > taking a photo at each corner, then return and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(12.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
/// From the first corner to the middle, seen along the first leg.
const RECTANGLE_MIDDLE: OffsetFrd = OffsetFrd::by(Forward(10.0), Right(5.0), Up(0.0));
const RECTANGLE_LENGTH: Metres = Metres(20.0);
const RECTANGLE_WIDTH: Metres = Metres(10.0);
const RECTANGLE_SIDES: [Metres; 4] = [
    RECTANGLE_LENGTH,
    RECTANGLE_WIDTH,
    RECTANGLE_LENGTH,
    RECTANGLE_WIDTH,
];
const HOLD_TIME: Seconds = Seconds(3.0);
const TO_THE_RIGHT: Degrees = Degrees(90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 12 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly a rectangle 20 m by 10 m facing the middle, waiting 3 se ..."
    // First side north, turning right.
    let mut course = NORTH;
    let centre = here + RECTANGLE_MIDDLE.to_ned(course);
    vehicle.set_nose(Nose::At(centre));
    for side in RECTANGLE_SIDES {
        here = here.towards(course, side);
        vehicle.go_to(here).await?;

        // "fly a rectangle 20 m by 10 m facing the middle, waiting 3 se ..."
        vehicle.hold(HOLD_TIME).await?;
        vehicle.take_photo().await?;
        course = course + TO_THE_RIGHT;
    }
    vehicle.set_nose(Nose::Keep);

    // "return"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
