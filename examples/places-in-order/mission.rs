//! The mission `places-in-order`, written by flightsmith from its checked plan.
//!
//! > Take off to 20 m, visit the points 50 m north of home, 50 m east of home and 50 m south of
//! > home in this order, wait 2 seconds at each, then return and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const FIRST_STOP: PositionNed = PositionNed::at(North(50.0), East(0.0), TAKEOFF_ALTITUDE);
const SECOND_STOP: PositionNed = PositionNed::at(North(0.0), East(50.0), TAKEOFF_ALTITUDE);
const THIRD_STOP: PositionNed = PositionNed::at(North(-50.0), East(0.0), TAKEOFF_ALTITUDE);
const STOPS: [PositionNed; 3] = [FIRST_STOP, SECOND_STOP, THIRD_STOP];
const HOLD_TIME: Seconds = Seconds(2.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 20 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "visit the points 50 m north of home, 50 m east of home and 5 ..."
    for stop in STOPS {
        vehicle.go_to(stop).await?;

        // "visit the points 50 m north of home, 50 m east of home and 5 ..."
        vehicle.hold(HOLD_TIME).await?;
    }

    // "return"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
