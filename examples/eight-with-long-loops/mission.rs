//! The mission `eight-with-long-loops`, written by flightsmith from its checked plan.
//!
//! > Rise to 15 m, fly a figure eight with 20 m radius twice at 6 m/s, then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const SPEED: MetresPerSecond = MetresPerSecond(6.0);
const NORTH: Degrees = Degrees(0.0);
const EIGHT_LAPS: u32 = 2;
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const COUNTERCLOCKWISE_LAP: Degrees = Degrees(-360.0);
const EIGHT_RADIUS: Metres = Metres(20.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Rise to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly a figure eight with 20 m radius twice at 6 m/s"
    vehicle.set_speed(SPEED);

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
