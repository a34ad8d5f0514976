//! The mission `octagon-in-the-south`, written by flightsmith from its checked plan.
//!
//! > Take off to 16 m, fly an octagon with 12 m sides around the point 40 m south of home, then
//! > return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(16.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const OCTAGON_CENTRE: PositionNed = PositionNed::at(North(-40.0), East(0.0), TAKEOFF_ALTITUDE);
/// From the middle to the first corner, seen along the first leg.
const OCTAGON_FIRST_CORNER: OffsetFrd = OffsetFrd::by(Forward(-6.0), Right(-14.4853), Up(0.0));
const OCTAGON_CORNERS: u32 = 8;
const OCTAGON_SIDE: Metres = Metres(12.0);
/// How much the course turns at each corner.
const OCTAGON_TURN: Degrees = Degrees(360.0 / OCTAGON_CORNERS as f64);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 16 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly an octagon with 12 m sides around the point 40 m south of home": first side north,
    // turning right.
    let mut course = NORTH;
    let mut here = OCTAGON_CENTRE + OCTAGON_FIRST_CORNER.to_ned(course);
    vehicle.go_to(here).await?;
    for _side in 0..OCTAGON_CORNERS {
        here = here.towards(course, OCTAGON_SIDE);
        vehicle.go_to(here).await?;
        course = course + OCTAGON_TURN;
    }

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
