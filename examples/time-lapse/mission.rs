//! The mission `time-lapse`, written by flightsmith from its checked plan.
//!
//! > Climb to 25 m, take three photos ten seconds apart, then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(25.0);
const HOLD_TIME: Seconds = Seconds(10.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Climb to 25 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // "take three photos ten seconds apart"
    vehicle.take_photo().await?;
    vehicle.hold(HOLD_TIME).await?;
    vehicle.take_photo().await?;
    vehicle.hold(HOLD_TIME).await?;
    vehicle.take_photo().await?;

    // "land"
    vehicle.land().await
}
