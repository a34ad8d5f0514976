//! The mission `rectangle-on-a-bearing`, written by flightsmith from its checked plan.
//!
//! > Up to 10 m, fly a rectangle 50 m by 25 m with the long side on bearing 060, then RTL.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const RECTANGLE_FIRST_LEG_BEARING: Degrees = Degrees(60.0);
const RECTANGLE_LENGTH: Metres = Metres(50.0);
const RECTANGLE_WIDTH: Metres = Metres(25.0);
const RECTANGLE_SIDES: [Metres; 4] = [
    RECTANGLE_LENGTH,
    RECTANGLE_WIDTH,
    RECTANGLE_LENGTH,
    RECTANGLE_WIDTH,
];
const TO_THE_RIGHT: Degrees = Degrees(90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Up to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly a rectangle 50 m by 25 m with the long side on bearing 060": first side at 60.0
    // degrees, turning right.
    let mut course = RECTANGLE_FIRST_LEG_BEARING;
    for side in RECTANGLE_SIDES {
        here = here.towards(course, side);
        vehicle.go_to(here).await?;
        course = course + TO_THE_RIGHT;
    }

    // "RTL"
    vehicle.return_to_launch().await
}
