//! The mission `land-at-coordinates`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m, fly 50 m north, then land at 47.397900, 8.546100.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(50.0);
const LANDING_PLACE: GlobalPosition = GlobalPosition::at(
    Latitude(47.3979),
    Longitude(8.5461),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 50 m north"
    vehicle.go_to(here.towards(NORTH, NORTH_LEG)).await?;

    // "land at 47.397900, 8.546100"
    let target = vehicle.home().to_ned(&LANDING_PLACE);
    vehicle.land_at(target).await
}
