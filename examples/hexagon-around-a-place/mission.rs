//! The mission `hexagon-around-a-place`, written by flightsmith from its checked plan.
//!
//! > Take off to 18 m, fly a hexagon with 20 m sides around the point 47.398200, 8.545900
//! > keeping the nose pointing north at 6 m/s, then return to launch.
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(18.0);
const SPEED: MetresPerSecond = MetresPerSecond(6.0);
const NORTH: Degrees = Degrees(0.0);
const HEXAGON_CENTRE: GlobalPosition = GlobalPosition::at(
    Latitude(47.3982),
    Longitude(8.5459),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);
/// From the middle to the first corner, seen along the first leg.
const HEXAGON_FIRST_CORNER: OffsetFrd = OffsetFrd::by(Forward(-10.0), Right(-17.3205), Up(0.0));
const HEXAGON_CORNERS: u32 = 6;
const HEXAGON_SIDE: Metres = Metres(20.0);
/// How much the course turns at each corner.
const HEXAGON_TURN: Degrees = Degrees(360.0 / HEXAGON_CORNERS as f64);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "Take off to 18 m"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // "fly a hexagon with 20 m sides around the point 47.398200, 8.545900 keeping the nose
    // pointing north at 6 m/s"
    vehicle.set_speed(SPEED);
    vehicle.set_nose(Nose::Heading(NORTH));

    // First side north, turning right.
    let centre = vehicle.home().to_ned(&HEXAGON_CENTRE);
    let mut course = NORTH;
    let mut here = centre + HEXAGON_FIRST_CORNER.to_ned(course);
    vehicle.go_to(here).await?;
    for _side in 0..HEXAGON_CORNERS {
        here = here.towards(course, HEXAGON_SIDE);
        vehicle.go_to(here).await?;
        course = course + HEXAGON_TURN;
    }

    // "return to launch"
    vehicle.return_to_launch().await
}
