//! The mission `orbit-counterclockwise`, written by flightsmith from its checked plan.
//!
//! > Go up to 20 m, orbit the point 35 m east of home three times counterclockwise with a
//! > radius of 10 m, then fly home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ORBIT_CENTRE: PositionNed = PositionNed::at(North(0.0), East(35.0), TAKEOFF_ALTITUDE);
const ORBIT_RADIUS: Metres = Metres(10.0);
const COUNTERCLOCKWISE_LAP: Degrees = Degrees(-360.0);
const ORBIT_LAPS: f64 = 3.0;

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Go up to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "orbit the point 35 m east of home three times counterclockwi ...": counterclockwise from
    // above, entered at its nearest point.
    let start_bearing = ORBIT_CENTRE.bearing_to(here);
    let orbit = Arc::circle(
        ORBIT_CENTRE,
        ORBIT_RADIUS,
        start_bearing,
        COUNTERCLOCKWISE_LAP * ORBIT_LAPS,
    );
    vehicle.go_to(orbit.start()).await?;
    vehicle.follow_arc(orbit).await?;

    // "fly home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
