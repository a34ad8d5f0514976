//! The mission `pentagon-twice`, written by flightsmith from its checked plan.
//!
//! > Climb to 18 m and fly a pentagon with 20 m sides twice at 4 m/s, then come back and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(18.0);
const SPEED: MetresPerSecond = MetresPerSecond(4.0);
const ROUNDS: u32 = 2;
const NORTH: Degrees = Degrees(0.0);
const PENTAGON_CORNERS: u32 = 5;
const PENTAGON_SIDE: Metres = Metres(20.0);
/// How much the course turns at each corner.
const PENTAGON_TURN: Degrees = Degrees(360.0 / PENTAGON_CORNERS as f64);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Climb to 18 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly a pentagon with 20 m sides twice at 4 m/s"
    vehicle.set_speed(SPEED);
    for _round in 0..ROUNDS {
        // "fly a pentagon with 20 m sides twice at 4 m/s": first side north, turning right.
        let mut course = NORTH;
        for _side in 0..PENTAGON_CORNERS {
            here = here.towards(course, PENTAGON_SIDE);
            vehicle.go_to(here).await?;
            course = course + PENTAGON_TURN;
        }
    }

    // "come back"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
