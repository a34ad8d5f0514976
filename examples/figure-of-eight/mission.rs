//! The mission `figure-of-eight`, written by flightsmith from its checked plan.
//!
//! > Take off to 10 m, fly a figure of eight with 12 m radius twice with the nose along the
//! > path, then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const EIGHT_LAPS: u32 = 2;
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const COUNTERCLOCKWISE_LAP: Degrees = Degrees(-360.0);
const EIGHT_RADIUS: Metres = Metres(12.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly a figure of eight with 12 m radius twice with the nose along the path"
    vehicle.set_nose(Nose::AlongPath);

    // Begins north, first circle to the right.
    let course = NORTH;
    for _lap in 0..EIGHT_LAPS {
        for sweep in [CLOCKWISE_LAP, COUNTERCLOCKWISE_LAP] {
            // The circle's middle lies a quarter turn beside the course.
            let aside = sweep / 4.0;
            let centre = here.towards(course + aside, EIGHT_RADIUS);
            let orbit = Arc::circle(centre, EIGHT_RADIUS, course - aside, sweep);
            vehicle.follow_arc(orbit).await?;
        }
    }

    // "land"
    vehicle.land().await
}
