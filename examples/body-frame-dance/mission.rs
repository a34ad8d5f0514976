//! The mission `body-frame-dance`, written by flightsmith from its checked plan.
//!
//! > Take off to 10 m, go forward 15 m, right 10 m, up 5 m, turn left 90 degrees, go forward 10
//! > m, left 15 m, then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const FIRST_FORWARD_LEG: Metres = Metres(15.0);
const TO_THE_RIGHT: Degrees = Degrees(90.0);
const RIGHT_LEG: Metres = Metres(10.0);
const CLIMB_HEIGHT: Metres = Metres(5.0);
const LEFT_TURN: Degrees = Degrees(-90.0);
const SECOND_FORWARD_LEG: Metres = Metres(10.0);
const TO_THE_LEFT: Degrees = Degrees(-90.0);
const LEFT_LEG: Metres = Metres(15.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be and to point: legs start from there, so errors do not
    // add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
    let mut heading = vehicle.heading();

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "go forward 15 m"
    here = here.towards(heading, FIRST_FORWARD_LEG);
    vehicle.go_to(here).await?;

    // "right 10 m"
    here = here.towards(heading + TO_THE_RIGHT, RIGHT_LEG);
    vehicle.go_to(here).await?;

    // "up 5 m"
    here = here.at_altitude(here.altitude() + CLIMB_HEIGHT);
    vehicle.climb_to(here.altitude()).await?;

    // "turn left 90 degrees"
    vehicle.turn_by(LEFT_TURN).await?;
    heading = heading + LEFT_TURN;

    // "go forward 10 m"
    here = here.towards(heading, SECOND_FORWARD_LEG);
    vehicle.go_to(here).await?;

    // "left 15 m"
    vehicle
        .go_to(here.towards(heading + TO_THE_LEFT, LEFT_LEG))
        .await?;

    // "land"
    vehicle.land().await
}
