//! The mission `bearing-in-knots`, written by flightsmith from its checked plan.
//!
//! > Climb to 30 m, fly 150 m on bearing 200 at 10 knots, hold for half a minute, then RTL.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(30.0);
const SPEED: MetresPerSecond = MetresPerSecond(5.1444);
/// 150.0 m at 200.0 degrees true.
const LEG: OffsetNed = OffsetNed::by(North(-140.9539), East(-51.303), Up(0.0));
const HOLD_TIME: Seconds = Seconds(30.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Climb to 30 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly 150 m on bearing 200 at 10 knots"
    vehicle.set_speed(SPEED);
    vehicle.go_to(here + LEG).await?;

    // "hold for half a minute"
    vehicle.hold(HOLD_TIME).await?;

    // "RTL"
    vehicle.return_to_launch().await
}
