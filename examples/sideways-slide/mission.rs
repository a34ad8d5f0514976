//! The mission `sideways-slide`, written by flightsmith from its checked plan.
//!
//! > Take off to 8 m, slide 15 m to the right, hover for 4 seconds, slide 30 m to the left,
//! > hover for 4 seconds, slide 15 m to the right and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(8.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const TO_THE_RIGHT: Degrees = Degrees(90.0);
const RIGHT_LEG: Metres = Metres(15.0);
const HOLD_TIME: Seconds = Seconds(4.0);
const TO_THE_LEFT: Degrees = Degrees(-90.0);
const LEFT_LEG: Metres = Metres(30.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 8 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be and to point: legs start from there, so errors do not
    // add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
    let heading = vehicle.heading();

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "slide 15 m to the right"
    here = here.towards(heading + TO_THE_RIGHT, RIGHT_LEG);
    vehicle.go_to(here).await?;

    // "hover for 4 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "slide 30 m to the left"
    here = here.towards(heading + TO_THE_LEFT, LEFT_LEG);
    vehicle.go_to(here).await?;

    // "hover for 4 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "slide 15 m to the right"
    vehicle
        .go_to(here.towards(heading + TO_THE_RIGHT, RIGHT_LEG))
        .await?;

    // "land"
    vehicle.land().await
}
