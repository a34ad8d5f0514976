//! The mission `land-there`, written by flightsmith from its checked plan.
//!
//! > Take off to 12 m, fly 60 m north-west and land there.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(12.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
/// 60.0 m at 315.0 degrees true.
const LEG: OffsetNed = OffsetNed::by(North(42.4264), East(-42.4264), Up(0.0));

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 12 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 60 m north-west"
    vehicle.go_to(here + LEG).await?;

    // "land there"
    vehicle.land().await
}
