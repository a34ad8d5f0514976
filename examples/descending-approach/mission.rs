//! The mission `descending-approach`, written by flightsmith from its checked plan.
//!
//! > Take off to 40 m, fly 50 m north, descend to 25 m, fly 30 m north, descend to 10 m, wait 5
//! > seconds, then RTL.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(40.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const FIRST_NORTH_LEG: Metres = Metres(50.0);
const FIRST_LOWER_ALTITUDE: AboveHome = AboveHome(25.0);
const SECOND_NORTH_LEG: Metres = Metres(30.0);
const SECOND_LOWER_ALTITUDE: AboveHome = AboveHome(10.0);
const HOLD_TIME: Seconds = Seconds(5.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 40 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 50 m north"
    here = here.towards(NORTH, FIRST_NORTH_LEG);
    vehicle.go_to(here).await?;

    // "descend to 25 m"
    here = here.at_altitude(FIRST_LOWER_ALTITUDE);
    vehicle.climb_to(FIRST_LOWER_ALTITUDE).await?;

    // "fly 30 m north"
    vehicle.go_to(here.towards(NORTH, SECOND_NORTH_LEG)).await?;

    // "descend to 10 m"
    vehicle.climb_to(SECOND_LOWER_ALTITUDE).await?;

    // "wait 5 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "RTL"
    vehicle.return_to_launch().await
}
