//! The mission `places-from-home`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, go to 80 m north of home, then to 80 m north and 60 m east of home, then
//! > to 60 m east of home, then return and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const FIRST_WAYPOINT: PositionNed = PositionNed::at(North(80.0), East(0.0), TAKEOFF_ALTITUDE);
const SECOND_WAYPOINT: PositionNed = PositionNed::at(North(80.0), East(60.0), TAKEOFF_ALTITUDE);
const THIRD_WAYPOINT: PositionNed = PositionNed::at(North(0.0), East(60.0), TAKEOFF_ALTITUDE);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "go to 80 m north of home"
    vehicle.go_to(FIRST_WAYPOINT).await?;

    // "to 80 m north and 60 m east of home"
    vehicle.go_to(SECOND_WAYPOINT).await?;

    // "to 60 m east of home"
    vehicle.go_to(THIRD_WAYPOINT).await?;

    // "return"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
