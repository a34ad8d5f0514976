//! The mission `panorama`, written by flightsmith from its checked plan.
//!
//! > Take off to 10 m, do this eight times: take a photo, turn right 45 degrees. Then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ROUNDS: u32 = 8;
const RIGHT_TURN: Degrees = Degrees(45.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "do this eight times: take a photo, turn right 45 degrees"
    for _round in 0..ROUNDS {
        // "take a photo"
        vehicle.take_photo().await?;

        // "turn right 45 degrees"
        vehicle.turn_by(RIGHT_TURN).await?;
    }

    // "land"
    vehicle.land().await
}
