//! The mission `octagons-both-ways`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m, fly an octagon with 10 m sides flying backwards, then fly an octagon
//! > with 10 m sides with the nose along the path, then land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const OCTAGON_CORNERS: u32 = 8;
const OCTAGON_SIDE: Metres = Metres(10.0);
/// How much the course turns at each corner.
const OCTAGON_TURN: Degrees = Degrees(360.0 / OCTAGON_CORNERS as f64);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "fly an octagon with 10 m sides flying backwards"
    vehicle.set_nose(Nose::AgainstPath);

    // First side north, turning right.
    fly_octagon(&mut vehicle, here, NORTH).await?;

    // "fly an octagon with 10 m sides with the nose along the path"
    vehicle.set_nose(Nose::AlongPath);

    // First side north, turning right.
    fly_octagon(&mut vehicle, here, NORTH).await?;

    // "land"
    vehicle.land().await
}

/// Flies an octagon that begins and ends at `first_corner`; `course` is that of its first side.
async fn fly_octagon(
    vehicle: &mut Vehicle<Airborne>,
    first_corner: PositionNed,
    mut course: Degrees,
) -> Result<(), FlightError> {
    let mut here = first_corner;
    for _side in 0..OCTAGON_CORNERS {
        here = here.towards(course, OCTAGON_SIDE);
        vehicle.go_to(here).await?;
        course = course + OCTAGON_TURN;
    }
    Ok(())
}
