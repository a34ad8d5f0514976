//! The mission `return-to-launch`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m, fly 70 m southeast, then return to launch.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const SOUTH_EAST: Degrees = Degrees(135.0);
const SOUTH_EAST_LEG: Metres = Metres(70.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 70 m southeast"
    vehicle
        .go_to(here.towards(SOUTH_EAST, SOUTH_EAST_LEG))
        .await?;

    // "return to launch"
    vehicle.return_to_launch().await
}
