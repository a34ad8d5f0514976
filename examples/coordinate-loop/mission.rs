//! The mission `coordinate-loop`, written by flightsmith from its checked plan.
//!
//! > Take off to 30 m, go to 47.398300, 8.545600, then 47.398300, 8.546400, then 47.397742,
//! > 8.546400, and return to launch.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(30.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const FIRST_STOP: GlobalPosition = GlobalPosition::at(
    Latitude(47.3983),
    Longitude(8.5456),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);
const SECOND_STOP: GlobalPosition = GlobalPosition::at(
    Latitude(47.3983),
    Longitude(8.5464),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);
const THIRD_STOP: GlobalPosition = GlobalPosition::at(
    Latitude(47.397742),
    Longitude(8.5464),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);
const STOPS: [GlobalPosition; 3] = [FIRST_STOP, SECOND_STOP, THIRD_STOP];

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 30 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "go to 47.398300, 8.545600, then 47.398300, 8.546400, then 47.397742, 8.546400"
    for stop in STOPS {
        vehicle.go_to_global(stop).await?;
    }

    // "return to launch"
    vehicle.return_to_launch().await
}
