//! The mission `solar-field`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, survey an area of 40 by 30 m with tracks 10 m apart at 4 m/s, then
//! > return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const SPEED: MetresPerSecond = MetresPerSecond(4.0);
const NORTH: Degrees = Degrees(0.0);
const TO_THE_RIGHT: Degrees = Degrees(90.0);
const TRACKS: u32 = 4;
const TRACK_LENGTH: Metres = Metres(40.0);
const SURVEY_WIDTH: Metres = Metres(30.0);
/// As many tracks as cover the width, at most 10.0 m apart.
const TRACK_GAP: Metres = Metres(SURVEY_WIDTH.0 / (TRACKS - 1) as f64);
const HALF_TURN: Degrees = Degrees(180.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "survey an area of 40 by 30 m with tracks 10 m apart at 4 m/s"
    vehicle.set_speed(SPEED);

    // First track north, the others to its right.
    let mut course = NORTH;
    let across = course + TO_THE_RIGHT;
    for track in 1..=TRACKS {
        here = here.towards(course, TRACK_LENGTH);
        vehicle.go_to(here).await?;
        if track < TRACKS {
            here = here.towards(across, TRACK_GAP);
            vehicle.go_to(here).await?;
        }
        course = course + HALF_TURN;
    }

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
