//! The mission `helix-down`, written by flightsmith from its checked plan.
//!
//! > Climb to 30 m, circle the point 20 m north of home 3 times with 10 m radius descending to
//! > 12 m, then return home and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(30.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ORBIT_CENTRE: PositionNed = PositionNed::at(North(20.0), East(0.0), TAKEOFF_ALTITUDE);
const ORBIT_CLIMB: Metres = Metres(-18.0);
const ORBIT_RADIUS: Metres = Metres(10.0);
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const ORBIT_LAPS: f64 = 3.0;

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Climb to 30 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be: legs start from there, so errors do not add up.
    let here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "circle the point 20 m north of home 3 times with 10 m radius descending to 12 m":
    // clockwise from above, entered at its nearest point.
    let start_bearing = ORBIT_CENTRE.bearing_to(here);
    let orbit = Arc {
        climb: ORBIT_CLIMB,
        ..Arc::circle(
            ORBIT_CENTRE,
            ORBIT_RADIUS,
            start_bearing,
            CLOCKWISE_LAP * ORBIT_LAPS,
        )
    };
    vehicle.go_to(orbit.start()).await?;
    vehicle.follow_arc(orbit).await?;

    // "return home"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
