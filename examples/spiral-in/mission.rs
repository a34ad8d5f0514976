//! The mission `spiral-in`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m, spiral in from 30 m to 6 m radius in 4 turns around the point 50 m west
//! > of home at 5 m/s, then RTL.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const SPEED: MetresPerSecond = MetresPerSecond(5.0);
const SPIRAL_CENTRE: PositionNed = PositionNed::at(North(0.0), East(-50.0), TAKEOFF_ALTITUDE);
const NORTH: Degrees = Degrees(0.0);
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const SPIRAL_TURNS: f64 = 4.0;
const SPIRAL_START_RADIUS: Metres = Metres(30.0);
const SPIRAL_END_RADIUS: Metres = Metres(6.0);
const SPIRAL_CLIMB: Metres = Metres(0.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // "spiral in from 30 m to 6 m radius in 4 turns around the poin ..."
    vehicle.set_speed(SPEED);

    // Clockwise from above, begins north of its middle.
    let spiral = Arc {
        centre: SPIRAL_CENTRE,
        start_bearing: NORTH,
        sweep: CLOCKWISE_LAP * SPIRAL_TURNS,
        start_radius: SPIRAL_START_RADIUS,
        end_radius: SPIRAL_END_RADIUS,
        climb: SPIRAL_CLIMB,
    };
    vehicle.go_to(spiral.start()).await?;
    vehicle.follow_arc(spiral).await?;

    // "RTL"
    vehicle.return_to_launch().await
}
