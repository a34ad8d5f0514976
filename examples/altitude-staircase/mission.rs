//! The mission `altitude-staircase`, written by flightsmith from its checked plan.
//!
//! > Take off to 5 m, do this five times: climb 5 m, wait 2 seconds. Then descend to 10 m and
//! > land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(5.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ROUNDS: u32 = 5;
const CLIMB_HEIGHT: Metres = Metres(5.0);
const HOLD_TIME: Seconds = Seconds(2.0);
const LOWER_ALTITUDE: AboveHome = AboveHome(10.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 5 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "do this five times: climb 5 m, wait 2 seconds"
    for _round in 0..ROUNDS {
        // "climb 5 m"
        here = here.at_altitude(here.altitude() + CLIMB_HEIGHT);
        vehicle.climb_to(here.altitude()).await?;

        // "wait 2 seconds"
        vehicle.hold(HOLD_TIME).await?;
    }

    // "descend to 10 m"
    vehicle.climb_to(LOWER_ALTITUDE).await?;

    // "land"
    vehicle.land().await
}
