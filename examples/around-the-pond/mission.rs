//! The mission `around-the-pond`, written by flightsmith from its checked plan.
//!
//! > Stay out of a 25 m circle around the point 60 m east of home. Take off to 20 m, fly 120 m
//! > east, then come back and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const EAST: Degrees = Degrees(90.0);
const EAST_LEG: Metres = Metres(120.0);
/// Metres north and east of home, and the height.
const FIRST_DETOUR: [PositionNed; 3] = [
    PositionNed::at(North(-28.7), East(48.1), TAKEOFF_ALTITUDE),
    PositionNed::at(North(-31.1), East(60.0), TAKEOFF_ALTITUDE),
    PositionNed::at(North(-28.7), East(71.9), TAKEOFF_ALTITUDE),
];
/// Metres north and east of home, and the height.
const SECOND_DETOUR: [PositionNed; 3] = [
    PositionNed::at(North(-28.7), East(71.9), TAKEOFF_ALTITUDE),
    PositionNed::at(North(-31.1), East(60.0), TAKEOFF_ALTITUDE),
    PositionNed::at(North(-28.7), East(48.1), TAKEOFF_ALTITUDE),
];

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 120 m east"
    let target = here.towards(EAST, EAST_LEG);

    // The straight way is barred, so this leg leads around the area of "Stay out of a 25 m
    // circle around the point 60 m east of home".
    for point in FIRST_DETOUR {
        vehicle.go_to(point).await?;
    }
    vehicle.go_to(target).await?;

    // "come back"
    // The straight way is barred, so this leg leads around the area of "Stay out of a 25 m
    // circle around the point 60 m east of home".
    for point in SECOND_DETOUR {
        vehicle.go_to(point).await?;
    }
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
