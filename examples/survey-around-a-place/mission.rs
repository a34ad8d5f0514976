//! The mission `survey-around-a-place`, written by flightsmith from its checked plan.
//!
//! > Take off to 30 m, survey an area of 80 by 60 m with tracks 20 m apart around 47.398200,
//! > 8.546200, then RTL.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(30.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const SURVEY_CENTRE: GlobalPosition = GlobalPosition::at(
    Latitude(47.3982),
    Longitude(8.5462),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);
const NORTH: Degrees = Degrees(0.0);
/// From the middle to the first corner, seen along the first leg.
const SURVEY_FIRST_CORNER: OffsetFrd = OffsetFrd::by(Forward(-40.0), Right(-30.0), Up(0.0));
const TO_THE_RIGHT: Degrees = Degrees(90.0);
const TRACKS: u32 = 4;
const TRACK_LENGTH: Metres = Metres(80.0);
const SURVEY_WIDTH: Metres = Metres(60.0);
/// As many tracks as cover the width, at most 20.0 m apart.
const TRACK_GAP: Metres = Metres(SURVEY_WIDTH.0 / (TRACKS - 1) as f64);
const HALF_TURN: Degrees = Degrees(180.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 30 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "survey an area of 80 by 60 m with tracks 20 m apart around 47.398200, 8.546200": first
    // track north, the others to its right.
    let centre = vehicle.home().to_ned(&SURVEY_CENTRE);
    let mut course = NORTH;
    let mut here = centre + SURVEY_FIRST_CORNER.to_ned(course);
    vehicle.go_to(here).await?;
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

    // "RTL"
    vehicle.return_to_launch().await
}
