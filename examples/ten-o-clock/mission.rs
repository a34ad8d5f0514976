//! The mission `ten-o-clock`, written by flightsmith from its checked plan.
//!
//! > Take off to 12 m, go 30 m at 10 o'clock, wait 2 seconds, come home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(12.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
/// 30.0 m at 300.0 degrees clockwise from the nose.
const LEG: OffsetFrd = OffsetFrd::by(Forward(15.0), Right(-25.9808), Up(0.0));
const HOLD_TIME: Seconds = Seconds(2.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 12 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be and to point: legs start from there, so errors do not
    // add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
    let heading = vehicle.heading();

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "go 30 m at 10 o'clock"
    vehicle.go_to(here + LEG.to_ned(heading)).await?;

    // "wait 2 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "come home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
