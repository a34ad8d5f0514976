//! The mission `tall-hop`, written by flightsmith from its checked plan.
//!
//! > Take off to 60 m, hover ten seconds, descend to 20 m, hover ten seconds, land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(60.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const HOLD_TIME: Seconds = Seconds(10.0);
const LOWER_ALTITUDE: AboveHome = AboveHome(20.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 60 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "hover ten seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "descend to 20 m"
    vehicle.climb_to(LOWER_ALTITUDE).await?;

    // "hover ten seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "land"
    vehicle.land().await
}
