//! The mission `orbit-facing-middle`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, orbit the point 40 m north of home twice with a radius of 15 m at 4 m/s
//! > facing the middle, then return and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const SPEED: MetresPerSecond = MetresPerSecond(4.0);
const ORBIT_CENTRE: PositionNed = PositionNed::at(North(40.0), East(0.0), TAKEOFF_ALTITUDE);
const ORBIT_RADIUS: Metres = Metres(15.0);
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const ORBIT_LAPS: f64 = 2.0;

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // "orbit the point 40 m north of home twice with a radius of 15 m at 4 m/s facing the
    // middle"
    vehicle.set_speed(SPEED);

    // Clockwise from above, entered at its nearest point.
    vehicle.set_nose(Nose::At(ORBIT_CENTRE));
    let start_bearing = ORBIT_CENTRE.bearing_to(here);
    let orbit = Arc::circle(
        ORBIT_CENTRE,
        ORBIT_RADIUS,
        start_bearing,
        CLOCKWISE_LAP * ORBIT_LAPS,
    );
    vehicle.go_to(orbit.start()).await?;
    vehicle.follow_arc(orbit).await?;
    vehicle.set_nose(Nose::Keep);

    // "return"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
