//! The mission `gripper-release`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m, fly 50 m west, descend to 6 m, open the gripper, climb to 20 m, return
//! > home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const WEST: Degrees = Degrees(270.0);
const WEST_LEG: Metres = Metres(50.0);
const LOWER_ALTITUDE: AboveHome = AboveHome(6.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 50 m west"
    vehicle.go_to(here.towards(WEST, WEST_LEG)).await?;

    // "descend to 6 m"
    vehicle.climb_to(LOWER_ALTITUDE).await?;

    // "open the gripper"
    vehicle.release(Payload::Gripper).await?;

    // "climb to 20 m"
    vehicle.climb_to(TAKEOFF_ALTITUDE).await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
