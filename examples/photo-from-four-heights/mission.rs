//! The mission `photo-from-four-heights`, written by flightsmith from its checked plan.
//!
//! > Take off to 5 m, do this four times: take a photo, climb 5 m. Then return to launch.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(5.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ROUNDS: u32 = 4;
const CLIMB_HEIGHT: Metres = Metres(5.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 5 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "do this four times: take a photo, climb 5 m"
    for _round in 0..ROUNDS {
        // "take a photo"
        vehicle.take_photo().await?;

        // "climb 5 m"
        here = here.at_altitude(here.altitude() + CLIMB_HEIGHT);
        vehicle.climb_to(here.altitude()).await?;
    }

    // "return to launch"
    vehicle.return_to_launch().await
}
