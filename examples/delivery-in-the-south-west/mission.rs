//! The mission `delivery-in-the-south-west`, written by flightsmith from its checked plan.
//!
//! > Lift off to 18 m, go 45 m south-west, come down to 3 m, open the gripper, then climb to 18
//! > m and fly home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(18.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
/// 45.0 m at 225.0 degrees true.
const LEG: OffsetNed = OffsetNed::by(North(-31.8198), East(-31.8198), Up(0.0));
const LOWER_ALTITUDE: AboveHome = AboveHome(3.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Lift off to 18 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "go 45 m south-west"
    vehicle.go_to(here + LEG).await?;

    // "come down to 3 m"
    vehicle.climb_to(LOWER_ALTITUDE).await?;

    // "open the gripper"
    vehicle.release(Payload::Gripper).await?;

    // "climb to 18 m"
    vehicle.climb_to(TAKEOFF_ALTITUDE).await?;

    // "fly home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
