//! The mission `waypoints-by-coordinates`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m, fly to 47.398300, 8.546300, then fly to 47.397500, 8.546600 at 25 m,
//! > wait 5 seconds, return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const FIRST_WAYPOINT: GlobalPosition = GlobalPosition::at(
    Latitude(47.3983),
    Longitude(8.5463),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);
const ALTITUDE: AboveHome = AboveHome(25.0);
const SECOND_WAYPOINT: GlobalPosition = GlobalPosition::at(
    Latitude(47.3975),
    Longitude(8.5466),
    Altitude::AboveHome(ALTITUDE.0),
);
const HOLD_TIME: Seconds = Seconds(5.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly to 47.398300, 8.546300"
    vehicle.go_to_global(FIRST_WAYPOINT).await?;

    // "fly to 47.397500, 8.546600 at 25 m"
    vehicle.go_to_global(SECOND_WAYPOINT).await?;

    // "wait 5 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
