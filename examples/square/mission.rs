//! The mission `square`, written by flightsmith from its checked plan.
//!
//! > Take off to 10 m, fly a 40 m square at 5 m/s, then return and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const SQUARE_SIDE: Metres = Metres(40.0);
const TO_THE_RIGHT: Degrees = Degrees(90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly a 40 m square at 5 m/s"
    vehicle.set_speed(SPEED);

    // First side north, turning right.
    let mut course = NORTH;
    for _side in 0..4 {
        here = here.towards(course, SQUARE_SIDE);
        vehicle.go_to(here).await?;
        course = course + TO_THE_RIGHT;
    }

    // "return"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
