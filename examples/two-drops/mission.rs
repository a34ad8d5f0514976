//! The mission `two-drops`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, fly 30 m north, release servo 9, wait 2 seconds, fly 30 m north, open
//! > the gripper, then return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(30.0);
const RELEASE_SERVO: Payload = Payload::Servo {
    channel: 9,
    release_us: 1900,
};
const HOLD_TIME: Seconds = Seconds(2.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 30 m north"
    here = here.towards(NORTH, NORTH_LEG);
    vehicle.go_to(here).await?;

    // "release servo 9"
    vehicle.release(RELEASE_SERVO).await?;

    // "wait 2 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "fly 30 m north"
    vehicle.go_to(here.towards(NORTH, NORTH_LEG)).await?;

    // "open the gripper"
    vehicle.release(Payload::Gripper).await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
