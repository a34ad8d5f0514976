//! The mission `expanding-square-search`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m, fly an expanding square with 15 m spacing and 8 legs at 6 m/s, then RTL.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const SPEED: MetresPerSecond = MetresPerSecond(6.0);
const NORTH: Degrees = Degrees(0.0);
const SEARCH_LEGS: u32 = 8;
const SEARCH_SPACING: Metres = Metres(15.0);
const TO_THE_RIGHT: Degrees = Degrees(90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly an expanding square with 15 m spacing and 8 legs at 6 m/s"
    vehicle.set_speed(SPEED);

    // Legs of 1, 1, 2, 2, 3, 3 .. spacings, the first north, turning right.
    let mut course = NORTH;
    for leg in 0..SEARCH_LEGS {
        here = here.towards(course, SEARCH_SPACING * f64::from(leg / 2 + 1));
        vehicle.go_to(here).await?;
        course = course + TO_THE_RIGHT;
    }

    // "RTL"
    vehicle.return_to_launch().await
}
