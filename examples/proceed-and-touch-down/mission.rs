//! The mission `proceed-and-touch-down`, written by flightsmith from its checked plan.
//!
//! > Ascend to 15 m, proceed 40 m to the north, rotate 180 degrees, go home, and touch down.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(40.0);
const RIGHT_TURN: Degrees = Degrees(180.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Ascend to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "proceed 40 m to the north"
    vehicle.go_to(here.towards(NORTH, NORTH_LEG)).await?;

    // "rotate 180 degrees"
    vehicle.turn_by(RIGHT_TURN).await?;

    // "go home"
    vehicle.return_home().await?;

    // "touch down"
    vehicle.land().await
}
