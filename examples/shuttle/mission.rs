//! The mission `shuttle`, written by flightsmith from its checked plan.
//!
//! > Take off to 10 m, do this three times: fly 20 m east, wait 2 seconds, fly 20 m west, wait
//! > 2 seconds. Then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ROUNDS: u32 = 3;
const EAST: Degrees = Degrees(90.0);
const EAST_LEG: Metres = Metres(20.0);
const HOLD_TIME: Seconds = Seconds(2.0);
const WEST: Degrees = Degrees(270.0);
const WEST_LEG: Metres = Metres(20.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "do this three times: fly 20 m east, wait 2 seconds, fly 20 m west, wait 2 seconds"
    for _round in 0..ROUNDS {
        // "fly 20 m east"
        here = here.towards(EAST, EAST_LEG);
        vehicle.go_to(here).await?;

        // "wait 2 seconds"
        vehicle.hold(HOLD_TIME).await?;

        // "fly 20 m west"
        here = here.towards(WEST, WEST_LEG);
        vehicle.go_to(here).await?;

        // "wait 2 seconds"
        vehicle.hold(HOLD_TIME).await?;
    }

    // "land"
    vehicle.land().await
}
