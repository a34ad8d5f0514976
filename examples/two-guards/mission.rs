//! The mission `two-guards`, written by flightsmith from its checked plan.
//!
//! > If the battery falls below 30% at any time, return to launch. If the wind exceeds 13 m/s
//! > at any time, land. Take off to 20 m, fly 90 m north, return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const BATTERY_LIMIT: Percent = Percent(30.0);
const WIND_LIMIT: MetresPerSecond = MetresPerSecond(13.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "If the battery falls below 30% at any time, return to launch": watched from here until
    // the landing.
    vehicle.set_rule(Rule::battery_below(BATTERY_LIMIT, SafeEnd::ReturnToLaunch));

    // "If the wind exceeds 13 m/s at any time, land": watched from here until the landing.
    vehicle.set_rule(Rule::wind_above(WIND_LIMIT, SafeEnd::Land));

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 90 m north"
    vehicle.go_to(here.towards(NORTH, NORTH_LEG)).await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
