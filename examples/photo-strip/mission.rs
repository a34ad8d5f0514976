//! The mission `photo-strip`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m, do this six times: fly 10 m east, take a photo. Then return home and
//! > land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ROUNDS: u32 = 6;
const EAST: Degrees = Degrees(90.0);
const EAST_LEG: Metres = Metres(10.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "do this six times: fly 10 m east, take a photo"
    for _round in 0..ROUNDS {
        // "fly 10 m east"
        here = here.towards(EAST, EAST_LEG);
        vehicle.go_to(here).await?;

        // "take a photo"
        vehicle.take_photo().await?;
    }

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
