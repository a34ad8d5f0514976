//! The mission `diamond`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, fly 30 m north-east, 30 m south-east, 30 m south-west, 30 m north-west,
//! > then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
/// 30.0 m at 45.0 degrees true.
const FIRST_LEG: OffsetNed = OffsetNed::by(North(21.2132), East(21.2132), Up(0.0));
/// 30.0 m at 135.0 degrees true.
const SECOND_LEG: OffsetNed = OffsetNed::by(North(-21.2132), East(21.2132), Up(0.0));
/// 30.0 m at 225.0 degrees true.
const THIRD_LEG: OffsetNed = OffsetNed::by(North(-21.2132), East(-21.2132), Up(0.0));
/// 30.0 m at 315.0 degrees true.
const FOURTH_LEG: OffsetNed = OffsetNed::by(North(21.2132), East(-21.2132), Up(0.0));

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 30 m north-east"
    here = here + FIRST_LEG;
    vehicle.go_to(here).await?;

    // "30 m south-east"
    here = here + SECOND_LEG;
    vehicle.go_to(here).await?;

    // "30 m south-west"
    here = here + THIRD_LEG;
    vehicle.go_to(here).await?;

    // "30 m north-west"
    vehicle.go_to(here + FOURTH_LEG).await?;

    // "land"
    vehicle.land().await
}
