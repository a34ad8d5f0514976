//! The mission `survey-unless-windy`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m. If the wind is above 9 m/s, land, otherwise survey an area of 50 by 30 m
//! > with tracks 15 m apart, return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const WIND_LIMIT: MetresPerSecond = MetresPerSecond(9.0);
const NORTH: Degrees = Degrees(0.0);
const TO_THE_RIGHT: Degrees = Degrees(90.0);
const TRACKS: u32 = 3;
const TRACK_LENGTH: Metres = Metres(50.0);
const SURVEY_WIDTH: Metres = Metres(30.0);
/// As many tracks as cover the width, at most 15.0 m apart.
const TRACK_GAP: Metres = Metres(SURVEY_WIDTH.0 / (TRACKS - 1) as f64);
const HALF_TURN: Degrees = Degrees(180.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "If the wind is above 9 m/s, land, otherwise survey an area o ..."
    if vehicle.wind()?.speed_m_s > WIND_LIMIT.0 {
        // "land"
        vehicle.land().await
    } else {
        // "survey an area of 50 by 30 m with tracks 15 m apart": first track north, the others
        // to its right.
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
}
