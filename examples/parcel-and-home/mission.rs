//! The mission `parcel-and-home`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m, fly to the point 60 m north and 20 m east of home, descend to 4 m, wait
//! > 2 seconds, open the gripper, climb to 20 m, return to launch.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const WAYPOINT: PositionNed = PositionNed::at(North(60.0), East(20.0), TAKEOFF_ALTITUDE);
const LOWER_ALTITUDE: AboveHome = AboveHome(4.0);
const HOLD_TIME: Seconds = Seconds(2.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly to the point 60 m north and 20 m east of home"
    vehicle.go_to(WAYPOINT).await?;

    // "descend to 4 m"
    vehicle.climb_to(LOWER_ALTITUDE).await?;

    // "wait 2 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "open the gripper"
    vehicle.release(Payload::Gripper).await?;

    // "climb to 20 m"
    vehicle.climb_to(TAKEOFF_ALTITUDE).await?;

    // "return to launch"
    vehicle.return_to_launch().await
}
