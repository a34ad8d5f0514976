//! The mission `nautical-units`, written by flightsmith from its checked plan.
//!
//! > Take off to 100 feet, fly 0.06 nautical miles on a bearing of 310 degrees at 12 knots,
//! > wait 10 seconds, then RTL.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(30.48);
const SPEED: MetresPerSecond = MetresPerSecond(6.1733);
const LEG_BEARING: Degrees = Degrees(310.0);
const LEG_LENGTH: Metres = Metres(111.12);
const HOLD_TIME: Seconds = Seconds(10.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 100 feet"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly 0.06 nautical miles on a bearing of 310 degrees at 12 knots"
    vehicle.set_speed(SPEED);
    vehicle.go_to(here.towards(LEG_BEARING, LEG_LENGTH)).await?;

    // "wait 10 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "RTL"
    vehicle.return_to_launch().await
}
