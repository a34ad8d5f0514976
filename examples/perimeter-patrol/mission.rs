//! The mission `perimeter-patrol`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, do this twice: fly a 50 m square at 7 m/s. Then come home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ROUNDS: u32 = 2;
const SPEED: MetresPerSecond = MetresPerSecond(7.0);
const NORTH: Degrees = Degrees(0.0);
const SQUARE_SIDE: Metres = Metres(50.0);
const TO_THE_RIGHT: Degrees = Degrees(90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "do this twice: fly a 50 m square at 7 m/s"
    for _round in 0..ROUNDS {
        // "fly a 50 m square at 7 m/s"
        vehicle.set_speed(SPEED);

        // First side north, turning right.
        let mut course = NORTH;
        for _side in 0..4 {
            here = here.towards(course, SQUARE_SIDE);
            vehicle.go_to(here).await?;
            course = course + TO_THE_RIGHT;
        }
    }

    // "come home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
