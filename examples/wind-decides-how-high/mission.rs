//! The mission `wind-decides-how-high`, written by flightsmith from its checked plan.
//!
//! > Take off to 10 m. If the wind is below 6 m/s, climb to 30 m, otherwise wait 5 seconds.
//! > Then fly 30 m south and RTL.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const WIND_LIMIT: MetresPerSecond = MetresPerSecond(6.0);
const UPPER_ALTITUDE: AboveHome = AboveHome(30.0);
const HOLD_TIME: Seconds = Seconds(5.0);
const SOUTH: Degrees = Degrees(180.0);
const SOUTH_LEG: Metres = Metres(30.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "If the wind is below 6 m/s, climb to 30 m, otherwise wait 5 seconds"
    if vehicle.wind()?.speed_m_s < WIND_LIMIT.0 {
        // "climb to 30 m"
        here = here.at_altitude(UPPER_ALTITUDE);
        vehicle.climb_to(UPPER_ALTITUDE).await?;
    } else {
        // "wait 5 seconds"
        vehicle.hold(HOLD_TIME).await?;
    }

    // "fly 30 m south"
    vehicle.go_to(here.towards(SOUTH, SOUTH_LEG)).await?;

    // "RTL"
    vehicle.return_to_launch().await
}
