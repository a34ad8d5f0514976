//! The mission `shortest-way-with-photos`, written by flightsmith from its checked plan.
//!
//! > Take off to 25 m, visit 47.398400,8.545700; 47.397900,8.546400 and 47.397300,8.545300 in
//! > the shortest order, taking a photo at each, then RTL.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(25.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const FIRST_STOP: GlobalPosition = GlobalPosition::at(
    Latitude(47.3973),
    Longitude(8.5453),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);
const SECOND_STOP: GlobalPosition = GlobalPosition::at(
    Latitude(47.3979),
    Longitude(8.5464),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);
const THIRD_STOP: GlobalPosition = GlobalPosition::at(
    Latitude(47.3984),
    Longitude(8.5457),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);
const STOPS: [GlobalPosition; 3] = [FIRST_STOP, SECOND_STOP, THIRD_STOP];

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 25 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // The words name no speed here, so it is the vehicle's cruise speed.
    vehicle.set_speed(CRUISE_SPEED);

    // "visit 47.398400,8.545700; 47.397900,8.546400 and 47.397300,8 ..."
    // This order is the shortest way through all of them. It was worked out for a home at
    // 47.397742, 8.545594.
    for stop in STOPS {
        vehicle.go_to_global(stop).await?;

        // "visit 47.398400,8.545700; 47.397900,8.546400 and 47.397300,8 ..."
        vehicle.take_photo().await?;
    }

    // "RTL"
    vehicle.return_to_launch().await
}
