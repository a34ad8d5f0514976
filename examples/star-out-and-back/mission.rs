//! The mission `star-out-and-back`, written by flightsmith from its checked plan.
//!
//! > Take off to 12 m, do this four times: go forward 25 m, go back 25 m, turn right 90
//! > degrees. Then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(12.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ROUNDS: u32 = 4;
const FORWARD_LEG: Metres = Metres(25.0);
const BEHIND: Degrees = Degrees(180.0);
const BACKWARD_LEG: Metres = Metres(25.0);
const RIGHT_TURN: Degrees = Degrees(90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 12 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be and to point: legs start from there, so errors do not
    // add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
    let mut heading = vehicle.heading();

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "do this four times: go forward 25 m, go back 25 m, turn right 90 degrees"
    for _round in 0..ROUNDS {
        // "go forward 25 m"
        here = here.towards(heading, FORWARD_LEG);
        vehicle.go_to(here).await?;

        // "go back 25 m"
        here = here.towards(heading + BEHIND, BACKWARD_LEG);
        vehicle.go_to(here).await?;

        // "turn right 90 degrees"
        vehicle.turn_by(RIGHT_TURN).await?;
        heading = heading + RIGHT_TURN;
    }

    // "land"
    vehicle.land().await
}
