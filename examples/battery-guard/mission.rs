//! The mission `battery-guard`, written by flightsmith from its checked plan.
//!
//! > If the battery drops below 50% at any time, land. Take off to 15 m and fly a 35 m square,
//! > then return and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const BATTERY_LIMIT: Percent = Percent(50.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const SQUARE_SIDE: Metres = Metres(35.0);
const TO_THE_RIGHT: Degrees = Degrees(90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "If the battery drops below 50% at any time, land": watched from here until the landing.
    vehicle.set_rule(Rule::battery_below(BATTERY_LIMIT, SafeEnd::Land));

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly a 35 m square": first side north, turning right.
    let mut course = NORTH;
    for _side in 0..4 {
        here = here.towards(course, SQUARE_SIDE);
        vehicle.go_to(here).await?;
        course = course + TO_THE_RIGHT;
    }

    // "return"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
