//! The mission `climbing-leg`, written by flightsmith from its checked plan.
//!
//! > Take off to 8 m, fly 30 m forward climbing at 30 degrees, wait 3 seconds, return home and
//! > land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(8.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
/// 30.0 m at 0.0 degrees clockwise from the nose, 30.0 degrees up.
const CLIMBING_LEG: OffsetFrd = OffsetFrd::by(Forward(25.9808), Right(0.0), Up(15.0));
const HOLD_TIME: Seconds = Seconds(3.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 8 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be and to point: legs start from there, so errors do not
    // add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
    let heading = vehicle.heading();

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 30 m forward climbing at 30 degrees"
    vehicle.go_to(here + CLIMBING_LEG.to_ned(heading)).await?;

    // "wait 3 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
