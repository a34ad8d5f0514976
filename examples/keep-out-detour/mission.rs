//! The mission `keep-out-detour`, written by flightsmith from its checked plan.
//!
//! > Keep out of a 20 m circle around the point 50 m north of home. Take off to 15 m, fly 100 m
//! > north, wait 5 seconds, then return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(100.0);
/// Metres north and east of home, and the height.
const FIRST_DETOUR: [PositionNed; 3] = [
    PositionNed::at(North(40.1), East(24.0), TAKEOFF_ALTITUDE),
    PositionNed::at(North(50.0), East(26.0), TAKEOFF_ALTITUDE),
    PositionNed::at(North(59.9), East(24.0), TAKEOFF_ALTITUDE),
];
const HOLD_TIME: Seconds = Seconds(5.0);
/// Metres north and east of home, and the height.
const SECOND_DETOUR: [PositionNed; 3] = [
    PositionNed::at(North(59.9), East(24.0), TAKEOFF_ALTITUDE),
    PositionNed::at(North(50.0), East(26.0), TAKEOFF_ALTITUDE),
    PositionNed::at(North(40.1), East(24.0), TAKEOFF_ALTITUDE),
];

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 100 m north"
    let target = here.towards(NORTH, NORTH_LEG);

    // The straight way is barred, so this leg leads around the area of "Keep out of a 20 m
    // circle around the point 50 m north of home".
    for point in FIRST_DETOUR {
        vehicle.go_to(point).await?;
    }
    vehicle.go_to(target).await?;

    // "wait 5 seconds"
    vehicle.hold(HOLD_TIME).await?;

    // "return home"
    // The straight way is barred, so this leg leads around the area of "Keep out of a 20 m
    // circle around the point 50 m north of home".
    for point in SECOND_DETOUR {
        vehicle.go_to(point).await?;
    }
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
