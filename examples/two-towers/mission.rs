//! The mission `two-towers`, written by flightsmith from its checked plan.
//!
//! > Take off to 18 m, orbit the point 40 m north of home once with a radius of 12 m facing the
//! > middle, then orbit the point 40 m east of home once with a radius of 12 m facing the
//! > middle, then return and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(18.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const FIRST_ORBIT_CENTRE: PositionNed = PositionNed::at(North(40.0), East(0.0), TAKEOFF_ALTITUDE);
const ORBIT_RADIUS: Metres = Metres(12.0);
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const ORBIT_LAPS: f64 = 1.0;
const SECOND_ORBIT_CENTRE: PositionNed = PositionNed::at(North(0.0), East(40.0), TAKEOFF_ALTITUDE);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 18 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "orbit the point 40 m north of home once with a radius of 12 m facing the middle"
    // Clockwise from above, entered at its nearest point.
    vehicle.set_nose(Nose::At(FIRST_ORBIT_CENTRE));
    let start_bearing = FIRST_ORBIT_CENTRE.bearing_to(here);
    let orbit = Arc::circle(
        FIRST_ORBIT_CENTRE,
        ORBIT_RADIUS,
        start_bearing,
        CLOCKWISE_LAP * ORBIT_LAPS,
    );
    here = orbit.start();
    vehicle.go_to(here).await?;
    vehicle.follow_arc(orbit).await?;

    // "orbit the point 40 m east of home once with a radius of 12 m facing the middle"
    // Clockwise from above, entered at its nearest point.
    vehicle.set_nose(Nose::At(SECOND_ORBIT_CENTRE));
    let start_bearing = SECOND_ORBIT_CENTRE.bearing_to(here);
    let orbit = Arc::circle(
        SECOND_ORBIT_CENTRE,
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
