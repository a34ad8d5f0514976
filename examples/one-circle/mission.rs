//! The mission `one-circle`, written by flightsmith from its checked plan.
//!
//! > Take off to 10 m, fly one circle of 12 m radius around the point 20 m north of home at 3
//! > m/s, then return and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const SPEED: MetresPerSecond = MetresPerSecond(3.0);
const ORBIT_CENTRE: PositionNed = PositionNed::at(North(20.0), East(0.0), TAKEOFF_ALTITUDE);
const ORBIT_RADIUS: Metres = Metres(12.0);
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const ORBIT_LAPS: f64 = 1.0;

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "fly one circle of 12 m radius around the point 20 m north of home at 3 m/s"
    vehicle.set_speed(SPEED);

    // Clockwise from above, entered at its nearest point.
    let start_bearing = ORBIT_CENTRE.bearing_to(here);
    let orbit = Arc::circle(
        ORBIT_CENTRE,
        ORBIT_RADIUS,
        start_bearing,
        CLOCKWISE_LAP * ORBIT_LAPS,
    );
    vehicle.go_to(orbit.start()).await?;
    vehicle.follow_arc(orbit).await?;

    // "return"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
