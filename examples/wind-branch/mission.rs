//! The mission `wind-branch`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m. If the wind is above 8 m/s, land, otherwise fly 80 m west, return home
//! > and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const WIND_LIMIT: MetresPerSecond = MetresPerSecond(8.0);
const WEST: Degrees = Degrees(270.0);
const WEST_LEG: Metres = Metres(80.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "If the wind is above 8 m/s, land, otherwise fly 80 m west, return home and land"
    if vehicle.wind()?.speed_m_s > WIND_LIMIT.0 {
        // "land"
        vehicle.land().await
    } else {
        // "fly 80 m west"
        vehicle.go_to(here.towards(WEST, WEST_LEG)).await?;

        // "return home"
        vehicle.return_home().await?;

        // "land"
        vehicle.land().await
    }
}
