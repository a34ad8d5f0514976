//! The mission `three-levels-of-a-tower`, written by flightsmith from its checked plan.
//!
//! > Take off to 10 m, orbit the point 25 m north of home once with a radius of 10 m, climb to
//! > 20 m, orbit the point 25 m north of home once with a radius of 10 m, climb to 30 m, orbit
//! > the point 25 m north of home once with a radius of 10 m, then return and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(10.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const FIRST_ORBIT_CENTRE: PositionNed = PositionNed::at(North(25.0), East(0.0), TAKEOFF_ALTITUDE);
const ORBIT_RADIUS: Metres = Metres(10.0);
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const ORBIT_LAPS: f64 = 1.0;
const FIRST_UPPER_ALTITUDE: AboveHome = AboveHome(20.0);
const SECOND_ORBIT_CENTRE: PositionNed =
    PositionNed::at(North(25.0), East(0.0), FIRST_UPPER_ALTITUDE);
const SECOND_UPPER_ALTITUDE: AboveHome = AboveHome(30.0);
const THIRD_ORBIT_CENTRE: PositionNed =
    PositionNed::at(North(25.0), East(0.0), SECOND_UPPER_ALTITUDE);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 10 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "orbit the point 25 m north of home once with a radius of 10 m": clockwise from above,
    // entered at its nearest point.
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

    // "climb to 20 m"
    here = here.at_altitude(FIRST_UPPER_ALTITUDE);
    vehicle.climb_to(FIRST_UPPER_ALTITUDE).await?;

    // "orbit the point 25 m north of home once with a radius of 10 m": clockwise from above,
    // entered at its nearest point.
    let start_bearing = SECOND_ORBIT_CENTRE.bearing_to(here);
    let orbit = Arc::circle(
        SECOND_ORBIT_CENTRE,
        ORBIT_RADIUS,
        start_bearing,
        CLOCKWISE_LAP * ORBIT_LAPS,
    );
    here = orbit.start();
    vehicle.go_to(here).await?;
    vehicle.follow_arc(orbit).await?;

    // "climb to 30 m"
    here = here.at_altitude(SECOND_UPPER_ALTITUDE);
    vehicle.climb_to(SECOND_UPPER_ALTITUDE).await?;

    // "orbit the point 25 m north of home once with a radius of 10 m": clockwise from above,
    // entered at its nearest point.
    let start_bearing = THIRD_ORBIT_CENTRE.bearing_to(here);
    let orbit = Arc::circle(
        THIRD_ORBIT_CENTRE,
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
