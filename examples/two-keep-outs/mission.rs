//! The mission `two-keep-outs`, written by flightsmith from its checked plan.
//!
//! > Keep out of a 15 m circle around the point 40 m north of home. Keep out of a 15 m circle
//! > around the point 40 m east of home. Take off to 15 m, fly 80 m north, return home, fly 80
//! > m east, return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const NORTH_LEG: Metres = Metres(80.0);
/// Metres north and east of home, and the height.
const FIRST_DETOUR: [PositionNed; 3] = [
    PositionNed::at(North(32.0), East(19.3), TAKEOFF_ALTITUDE),
    PositionNed::at(North(40.0), East(20.9), TAKEOFF_ALTITUDE),
    PositionNed::at(North(48.0), East(19.3), TAKEOFF_ALTITUDE),
];
/// Metres north and east of home, and the height.
const SECOND_DETOUR: [PositionNed; 3] = [
    PositionNed::at(North(48.0), East(-19.3), TAKEOFF_ALTITUDE),
    PositionNed::at(North(40.0), East(-20.9), TAKEOFF_ALTITUDE),
    PositionNed::at(North(32.0), East(-19.3), TAKEOFF_ALTITUDE),
];
const EAST: Degrees = Degrees(90.0);
const EAST_LEG: Metres = Metres(80.0);
/// Metres north and east of home, and the height.
const THIRD_DETOUR: [PositionNed; 3] = [
    PositionNed::at(North(19.3), East(32.0), TAKEOFF_ALTITUDE),
    PositionNed::at(North(20.9), East(40.0), TAKEOFF_ALTITUDE),
    PositionNed::at(North(19.3), East(48.0), TAKEOFF_ALTITUDE),
];
/// Metres north and east of home, and the height.
const FOURTH_DETOUR: [PositionNed; 3] = [
    PositionNed::at(North(-19.3), East(48.0), TAKEOFF_ALTITUDE),
    PositionNed::at(North(-20.9), East(40.0), TAKEOFF_ALTITUDE),
    PositionNed::at(North(-19.3), East(32.0), TAKEOFF_ALTITUDE),
];

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly 80 m north"
    let target = here.towards(NORTH, NORTH_LEG);

    // The straight way is barred, so this leg leads around the area to be kept out of.
    for point in FIRST_DETOUR {
        vehicle.go_to(point).await?;
    }
    vehicle.go_to(target).await?;

    // "return home"
    // The straight way is barred, so this leg leads around the area to be kept out of.
    for point in SECOND_DETOUR {
        vehicle.go_to(point).await?;
    }
    here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
    vehicle.return_home().await?;

    // "fly 80 m east"
    let target = here.towards(EAST, EAST_LEG);

    // The straight way is barred, so this leg leads around the area to be kept out of.
    for point in THIRD_DETOUR {
        vehicle.go_to(point).await?;
    }
    vehicle.go_to(target).await?;

    // "return home"
    // The straight way is barred, so this leg leads around the area to be kept out of.
    for point in FOURTH_DETOUR {
        vehicle.go_to(point).await?;
    }
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
