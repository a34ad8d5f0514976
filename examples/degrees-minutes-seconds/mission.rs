//! The mission `degrees-minutes-seconds`, written by flightsmith from its checked plan.
//!
//! > Take off to 25 m, fly to 47°23'55"N 8°32'48"E, hold for 10 seconds, then return to launch.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(25.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const WAYPOINT: GlobalPosition = GlobalPosition::at(
    Latitude(47.39861111111111),
    Longitude(8.546666666666667),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);
const HOLD_TIME: Seconds = Seconds(10.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 25 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly to 47°23'55'N 8°32'48'E"
    vehicle.go_to_global(WAYPOINT).await?;

    // "hold for 10 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "return to launch"
    vehicle.return_to_launch().await
}
