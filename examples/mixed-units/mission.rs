//! The mission `mixed-units`, written by flightsmith from its checked plan.
//!
//! > Take off to 45 ft, fly 100 yards east at 12 mph, climb to 25 m, wait 45 seconds, return
//! > home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(13.716);
const SPEED: MetresPerSecond = MetresPerSecond(5.3645);
const EAST: Degrees = Degrees(90.0);
const EAST_LEG: Metres = Metres(91.44);
const UPPER_ALTITUDE: AboveHome = AboveHome(25.0);
const HOLD_TIME: Seconds = Seconds(45.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 45 ft"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly 100 yards east at 12 mph"
    vehicle.set_speed(SPEED);
    vehicle.go_to(here.towards(EAST, EAST_LEG)).await?;

    // "climb to 25 m"
    vehicle.climb_to(UPPER_ALTITUDE).await?;

    // "wait 45 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
