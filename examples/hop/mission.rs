//! The mission `hop`, written by flightsmith from its checked plan.
//!
//! > Take off to 5 m, hover for 5 seconds and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(5.0);
const HOLD_TIME: Seconds = Seconds(5.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 5 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // "hover for 5 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "land"
    vehicle.land().await
}
