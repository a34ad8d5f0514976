//! The mission `spiral-out`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, spiral out to 25 m radius in 3 turns, then return and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const NORTH: Degrees = Degrees(0.0);
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const SPIRAL_TURNS: f64 = 3.0;
const SPIRAL_START_RADIUS: Metres = Metres(0.0);
const SPIRAL_END_RADIUS: Metres = Metres(25.0);
const SPIRAL_CLIMB: Metres = Metres(0.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "spiral out to 25 m radius in 3 turns": clockwise from above, begins north of its middle.
    let centre = here;
    let spiral = Arc {
        centre,
        start_bearing: NORTH,
        sweep: CLOCKWISE_LAP * SPIRAL_TURNS,
        start_radius: SPIRAL_START_RADIUS,
        end_radius: SPIRAL_END_RADIUS,
        climb: SPIRAL_CLIMB,
    };
    vehicle.follow_arc(spiral).await?;

    // "return"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
