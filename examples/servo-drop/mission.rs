//! The mission `servo-drop`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, fly 40 m on a bearing of 45 degrees, wait 2 seconds, release servo 9,
//! > then RTL.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH_EAST: Degrees = Degrees(45.0);
const NORTH_EAST_LEG: Metres = Metres(40.0);
const HOLD_TIME: Seconds = Seconds(2.0);
const RELEASE_SERVO: Payload = Payload::Servo {
    channel: 9,
    release_us: 1900,
};

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 40 m on a bearing of 45 degrees"
    vehicle
        .go_to(here.towards(NORTH_EAST, NORTH_EAST_LEG))
        .await?;

    // "wait 2 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "release servo 9"
    vehicle.release(RELEASE_SERVO).await?;

    // "RTL"
    vehicle.return_to_launch().await
}
