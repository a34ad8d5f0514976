//! The mission `spiral-climb`, written by flightsmith from its checked plan.
//!
//! > Take off to 8 m, circle the point 25 m ahead 3 times with 12 m radius climbing to 28 m
//! > facing the middle, then return and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(8.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ORBIT_CENTRE_DISTANCE: Metres = Metres(25.0);
const ORBIT_CLIMB: Metres = Metres(20.0);
const ORBIT_RADIUS: Metres = Metres(12.0);
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const ORBIT_LAPS: f64 = 3.0;

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 8 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be and to point: legs start from there, so errors do not
    // add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
    let heading = vehicle.heading();

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "circle the point 25 m ahead 3 times with 12 m radius climbing to 28 m facing the middle"
    // Clockwise from above, entered at its nearest point.
    let centre = here.towards(heading, ORBIT_CENTRE_DISTANCE);
    vehicle.set_nose(Nose::At(centre));
    let start_bearing = centre.bearing_to(here);
    let orbit = Arc {
        climb: ORBIT_CLIMB,
        ..Arc::circle(
            centre,
            ORBIT_RADIUS,
            start_bearing,
            CLOCKWISE_LAP * ORBIT_LAPS,
        )
    };
    vehicle.go_to(orbit.start()).await?;
    vehicle.follow_arc(orbit).await?;
    vehicle.set_nose(Nose::Keep);

    // "return"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
