//! The mission `crop-corners`, written by flightsmith from its checked plan.
//!
//! > Take off to 10 m, fly a rectangle 60 by 40 m with a photo at each corner and a 2 second
//! > wait there, then RTL.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const RECTANGLE_LENGTH: Metres = Metres(60.0);
const RECTANGLE_WIDTH: Metres = Metres(40.0);
const RECTANGLE_SIDES: [Metres; 4] = [
    RECTANGLE_LENGTH,
    RECTANGLE_WIDTH,
    RECTANGLE_LENGTH,
    RECTANGLE_WIDTH,
];
const HOLD_TIME: Seconds = Seconds(2.0);
const TO_THE_RIGHT: Degrees = Degrees(90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly a rectangle 60 by 40 m with a photo at each corner and a 2 second wait": first side
    // north, turning right.
    let mut course = NORTH;
    for side in RECTANGLE_SIDES {
        here = here.towards(course, side);
        vehicle.go_to(here).await?;

        // "fly a rectangle 60 by 40 m with a photo at each corner and a 2 second wait"
        vehicle.take_photo().await?;
        vehicle.hold(HOLD_TIME).await?;
        course = course + TO_THE_RIGHT;
    }

    // "RTL"
    vehicle.return_to_launch().await
}
