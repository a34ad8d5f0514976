//! The mission `other-pad`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, circle the point 20 m south of home once with a radius of 10 m, then
//! > land at the point 20 m west of home.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ORBIT_CENTRE: PositionNed = PositionNed::at(North(-20.0), East(0.0), TAKEOFF_ALTITUDE);
const ORBIT_RADIUS: Metres = Metres(10.0);
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const ORBIT_LAPS: f64 = 1.0;
const LANDING_PLACE: PositionNed = PositionNed::at(North(0.0), East(-20.0), TAKEOFF_ALTITUDE);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "circle the point 20 m south of home once with a radius of 10 m": clockwise from above,
    // entered at its nearest point.
    let start_bearing = ORBIT_CENTRE.bearing_to(here);
    let orbit = Arc::circle(
        ORBIT_CENTRE,
        ORBIT_RADIUS,
        start_bearing,
        CLOCKWISE_LAP * ORBIT_LAPS,
    );
    vehicle.go_to(orbit.start()).await?;
    vehicle.follow_arc(orbit).await?;

    // "land at the point 20 m west of home"
    vehicle.land_at(LANDING_PLACE).await
}
