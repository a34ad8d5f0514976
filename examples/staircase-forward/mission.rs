//! The mission `staircase-forward`, written by flightsmith from its checked plan.
//!
//! > Take off to 6 m, do this four times: fly 10 m forward, climb 4 m. Then return to launch.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(6.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ROUNDS: u32 = 4;
const FORWARD_LEG: Metres = Metres(10.0);
const CLIMB_HEIGHT: Metres = Metres(4.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 6 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be and to point: legs start from there, so errors do not
    // add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
    let heading = vehicle.heading();

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "do this four times: fly 10 m forward, climb 4 m"
    for _round in 0..ROUNDS {
        // "fly 10 m forward"
        here = here.towards(heading, FORWARD_LEG);
        vehicle.go_to(here).await?;

        // "climb 4 m"
        here = here.at_altitude(here.altitude() + CLIMB_HEIGHT);
        vehicle.climb_to(here.altitude()).await?;
    }

    // "return to launch"
    vehicle.return_to_launch().await
}
