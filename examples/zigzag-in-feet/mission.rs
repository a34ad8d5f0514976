//! The mission `zigzag-in-feet`, written by flightsmith from its checked plan.
//!
//! > Take off to 40 ft, go 60 ft north-east, 60 ft south-east, 60 ft north-east, 60 ft
//! > south-east, then return to launch.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(12.192);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
/// 18.3 m at 45.0 degrees true.
const FIRST_LEG: OffsetNed = OffsetNed::by(North(12.9316), East(12.9316), Up(0.0));
/// 18.3 m at 135.0 degrees true.
const SECOND_LEG: OffsetNed = OffsetNed::by(North(-12.9316), East(12.9316), Up(0.0));

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 40 ft"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "go 60 ft north-east"
    here = here + FIRST_LEG;
    vehicle.go_to(here).await?;

    // "60 ft south-east"
    here = here + SECOND_LEG;
    vehicle.go_to(here).await?;

    // "60 ft north-east"
    here = here + FIRST_LEG;
    vehicle.go_to(here).await?;

    // "60 ft south-east"
    vehicle.go_to(here + SECOND_LEG).await?;

    // "return to launch"
    vehicle.return_to_launch().await
}
