//! The mission `hexagon`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, fly a hexagon with 15 m sides, wait 2 seconds at each corner, then
//! > return and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const HEXAGON_CORNERS: u32 = 6;
const HEXAGON_SIDE: Metres = Metres(15.0);
const HOLD_TIME: Seconds = Seconds(2.0);
/// How much the course turns at each corner.
const HEXAGON_TURN: Degrees = Degrees(360.0 / HEXAGON_CORNERS as f64);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly a hexagon with 15 m sides": first side north, turning right.
    let mut course = NORTH;
    for _side in 0..HEXAGON_CORNERS {
        here = here.towards(course, HEXAGON_SIDE);
        vehicle.go_to(here).await?;

        // "wait 2 seconds at each corner"
        vehicle.hold(HOLD_TIME).await?;
        course = course + HEXAGON_TURN;
    }

    // "return"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
