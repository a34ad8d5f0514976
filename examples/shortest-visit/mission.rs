//! The mission `shortest-visit`, written by flightsmith from its checked plan.
//!
//! > Take off to 15 m, visit the points 80 m north of home, 40 m east of home, 60 m northwest
//! > of home and 30 m south of home in the shortest order, wait 3 seconds at each, then return
//! > and land.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(15.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const FIRST_STOP: PositionNed = PositionNed::at(North(-30.0), East(0.0), TAKEOFF_ALTITUDE);
const SECOND_STOP: PositionNed = PositionNed::at(North(0.0), East(40.0), TAKEOFF_ALTITUDE);
const THIRD_STOP: PositionNed = PositionNed::at(North(80.0), East(0.0), TAKEOFF_ALTITUDE);
const FOURTH_STOP: PositionNed = PositionNed::at(North(42.4264), East(-42.4264), TAKEOFF_ALTITUDE);
const STOPS: [PositionNed; 4] = [FIRST_STOP, SECOND_STOP, THIRD_STOP, FOURTH_STOP];
const HOLD_TIME: Seconds = Seconds(3.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 15 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "visit the points 80 m north of home, 40 m east of home, 60 m northwest of home and 30 m
    // south of home in the shortest order"
    // This order is the shortest way through all of them.
    for stop in STOPS {
        vehicle.go_to(stop).await?;

        // "wait 3 seconds at each"
        vehicle.hold(HOLD_TIME).await?;
    }

    // "return"
    vehicle.return_home().await?;

    // "land"
    vehicle.land().await
}
