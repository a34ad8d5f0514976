//! The mission `orbit-by-time`, written by flightsmith from its checked plan.
//!
//! > Take off to 12 m, circle around home counterclockwise with a 20 m radius for 60 seconds at
//! > 4 m/s, then return to launch.
use core::f64::consts::TAU;
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(12.0);
const SPEED: MetresPerSecond = MetresPerSecond(4.0);
const ABOVE_HOME: PositionNed = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
const ORBIT_RADIUS: Metres = Metres(20.0);
const NORTH: Degrees = Degrees(0.0);
const COUNTERCLOCKWISE_LAP: Degrees = Degrees(-360.0);
const ORBIT_TIME: Seconds = Seconds(60.0);
/// As many laps as the speed limit makes in that time.
const ORBIT_LAPS: f64 = SPEED.0 * ORBIT_TIME.0 / (TAU * ORBIT_RADIUS.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 12 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // "circle around home counterclockwise with a 20 m radius for 60 seconds at 4 m/s"
    vehicle.set_speed(SPEED);

    // Counterclockwise from above, entered at its nearest point.
    let orbit = Arc::circle(
        ABOVE_HOME,
        ORBIT_RADIUS,
        NORTH,
        COUNTERCLOCKWISE_LAP * ORBIT_LAPS,
    );
    vehicle.go_to(orbit.start()).await?;
    vehicle.follow_arc(orbit).await?;

    // "return to launch"
    vehicle.return_to_launch().await
}
