//! The mission `search-to-the-left`, written by flightsmith from its checked plan.
//!
//! > Take off to 30 m, fly an expanding square with 20 m spacing and 6 legs to the left, then
//! > come home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(30.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const SEARCH_LEGS: u32 = 6;
const SEARCH_SPACING: Metres = Metres(20.0);
const TO_THE_LEFT: Degrees = Degrees(-90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 30 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly an expanding square with 20 m spacing and 6 legs to the left": legs of 1, 1, 2, 2,
    // 3, 3 .. spacings, the first north, turning left.
    let mut course = NORTH;
    for leg in 0..SEARCH_LEGS {
        here = here.towards(course, SEARCH_SPACING * f64::from(leg / 2 + 1));
        vehicle.go_to(here).await?;
        course = course + TO_THE_LEFT;
    }

    // "come home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
