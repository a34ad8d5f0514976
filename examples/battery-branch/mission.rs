//! The mission `battery-branch`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m and fly 60 m east. If the battery is above 60%, fly 60 m north, otherwise
//! > wait 5 seconds. Then return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const EAST: Degrees = Degrees(90.0);
const EAST_LEG: Metres = Metres(60.0);
const BATTERY_LIMIT: Percent = Percent(60.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(60.0);
const HOLD_TIME: Seconds = Seconds(5.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 60 m east"
    here = here.towards(EAST, EAST_LEG);
    vehicle.go_to(here).await?;

    // "If the battery is above 60%, fly 60 m north, otherwise wait 5 seconds"
    if vehicle.battery()? > BATTERY_LIMIT {
        // "fly 60 m north"
        vehicle.go_to(here.towards(NORTH, NORTH_LEG)).await?;
    } else {
        // "wait 5 seconds"
        vehicle.hold(HOLD_TIME).await?;
    }

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
