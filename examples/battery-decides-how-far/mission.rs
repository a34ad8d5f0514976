//! The mission `battery-decides-how-far`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m. If the battery is above 70%, fly 120 m east, otherwise fly 40 m east.
//! > Wait 5 seconds, return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const BATTERY_LIMIT: Percent = Percent(70.0);
const EAST: Degrees = Degrees(90.0);
const FIRST_EAST_LEG: Metres = Metres(120.0);
const SECOND_EAST_LEG: Metres = Metres(40.0);
const HOLD_TIME: Seconds = Seconds(5.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "If the battery is above 70%, fly 120 m east, otherwise fly 40 m east"
    if vehicle.battery()? > BATTERY_LIMIT {
        // "fly 120 m east"
        vehicle.go_to(here.towards(EAST, FIRST_EAST_LEG)).await?;
    } else {
        // "fly 40 m east"
        vehicle.go_to(here.towards(EAST, SECOND_EAST_LEG)).await?;
    }

    // "Wait 5 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
