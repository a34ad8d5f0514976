//! The mission `branches`, written by flightsmith from its checked plan.
//!
//! > Every kind of step: branches
use core::f64::consts::TAU;
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const FIRST_BATTERY_LIMIT: Percent = Percent(20.0);
const FIRST_WIND_LIMIT: MetresPerSecond = MetresPerSecond(12.0);
const CRUISE_SPEED: MetresPerSecond = MetresPerSecond(5.0);
const ROUNDS: u32 = 3;
/// 10.2 m at 0.0 degrees clockwise from the nose, 11.3 degrees up.
const CLIMBING_LEG: OffsetFrd = OffsetFrd::by(Forward(10.0), Right(0.0), Up(2.0));
const RIGHT_TURN: Degrees = Degrees(90.0);
const ORBIT_CENTRE: GlobalPosition = GlobalPosition::at(
    Latitude(47.39775),
    Longitude(8.5456),
    Altitude::AboveHome(0.0),
);
const FIRST_ORBIT_RADIUS: Metres = Metres(6.0);
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const ORBIT_LAPS: f64 = 1.0;
const NORTH: Degrees = Degrees(0.0);
const NOSE_TARGET_DISTANCE: Metres = Metres(30.0);
const EAST: Degrees = Degrees(90.0);
const EAST_LEG: Metres = Metres(5.0);
/// On the ground; flown at the height of the time.
const FIRST_STOP: PositionNed = PositionNed::at(North(0.0), East(20.0), AboveHome(0.0));
/// On the ground; flown at the height of the time.
const SECOND_STOP: PositionNed = PositionNed::at(North(20.0), East(0.0), AboveHome(0.0));
const SECOND_BATTERY_LIMIT: Percent = Percent(30.0);
const SPEED: MetresPerSecond = MetresPerSecond(2.0);
const LOWER_ALTITUDE: AboveHome = AboveHome(10.0);
/// On the ground; flown at the height of the time.
const FIRST_WAYPOINT: PositionNed = PositionNed::at(North(0.0), East(10.0), AboveHome(0.0));
/// On the ground; flown at the height of the time.
const ABOVE_HOME: PositionNed = PositionNed::at(North(0.0), East(0.0), AboveHome(0.0));
const ORBIT_TIME: Seconds = Seconds(10.0);
const SECOND_ORBIT_RADIUS: Metres = Metres(10.0);
const FORWARD_LEG: Metres = Metres(10.0);
const SECOND_WIND_LIMIT: MetresPerSecond = MetresPerSecond(3.0);
const THIRD_BATTERY_LIMIT: Percent = Percent(90.0);
/// On the ground; flown at the height of the time.
const SECOND_WAYPOINT: PositionNed = PositionNed::at(North(5.0), East(5.0), AboveHome(0.0));
/// On the ground; flown at the height of the time.
const THIRD_WAYPOINT: PositionNed = PositionNed::at(North(-5.0), East(-5.0), AboveHome(0.0));
const THIRD_WIND_LIMIT: MetresPerSecond = MetresPerSecond(9.0);
const FOURTH_BATTERY_LIMIT: Percent = Percent(50.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "up"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be and to point: legs start from there, so errors do not
    // add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
    let mut heading = vehicle.heading();
    let mut nose = Nose::Keep;

    // "low": watched from here until the landing.
    vehicle.set_rule(Rule::battery_below(
        FIRST_BATTERY_LIMIT,
        SafeEnd::ReturnToLaunch,
    ));

    // "stormy": watched from here until the landing.
    vehicle.set_rule(Rule::wind_above(FIRST_WIND_LIMIT, SafeEnd::Land));

    // The words name no speed here, so it is the vehicle's cruise speed.
    let mut speed = CRUISE_SPEED;
    vehicle.set_speed(CRUISE_SPEED);

    // "rounds"
    for _round in 0..ROUNDS {
        // "out"
        here = here + CLIMBING_LEG.to_ned(heading);
        vehicle.go_to(here).await?;

        // "turn"
        vehicle.turn_by(RIGHT_TURN).await?;

        // "circle what is below": clockwise from above, entered at its nearest point.
        let centre = vehicle
            .home()
            .to_ned(&ORBIT_CENTRE)
            .at_altitude(here.altitude());
        let start_bearing = entry_bearing(centre, here);
        let orbit = Arc::circle(
            centre,
            FIRST_ORBIT_RADIUS,
            start_bearing,
            CLOCKWISE_LAP * ORBIT_LAPS,
        );
        here = orbit.start();
        vehicle.go_to(here).await?;
        vehicle.follow_arc(orbit).await?;

        // "watch"
        let nose_target = here.towards(NORTH, NOSE_TARGET_DISTANCE);
        vehicle.set_nose(Nose::At(nose_target));

        // "go"
        here = here.towards(EAST, EAST_LEG);
        vehicle.go_to(here).await?;
        heading = here.bearing_to(nose_target);

        // "keep"
        vehicle.set_nose(Nose::Keep);
        nose = Nose::Keep;
    }

    // "two rounds"
    // Round 1 of 2.
    // "tour"
    // This order is the shortest way through all of them.
    let stops = [
        FIRST_STOP.at_altitude(here.altitude()),
        SECOND_STOP.at_altitude(here.altitude()),
    ];
    for stop in stops {
        here = stop;
        vehicle.go_to(stop).await?;
    }

    // Round 2 of 2.
    // "tour"
    // This order is the shortest way through all of them.
    let stops = [
        SECOND_STOP.at_altitude(here.altitude()),
        FIRST_STOP.at_altitude(here.altitude()),
    ];
    for stop in stops {
        here = stop;
        vehicle.go_to(stop).await?;
    }

    // "low?"
    if vehicle.battery()? < SECOND_BATTERY_LIMIT {
        // "slow"
        speed = SPEED;
        vehicle.set_speed(SPEED);

        // "backwards"
        vehicle.set_nose(Nose::AgainstPath);
        nose = Nose::AgainstPath;

        // "down"
        here = here.at_altitude(LOWER_ALTITUDE);
        vehicle.climb_to(LOWER_ALTITUDE).await?;
    } else {
        // "to the east"
        here = FIRST_WAYPOINT.at_altitude(here.altitude());
        vehicle.go_to(here).await?;
    }

    // "time": clockwise from above, entered at its nearest point.
    let centre = ABOVE_HOME.at_altitude(here.altitude());
    let laps = speed.0 * ORBIT_TIME.0 / (TAU * SECOND_ORBIT_RADIUS.0);
    let start_bearing = entry_bearing(centre, here);
    let orbit = Arc::circle(
        centre,
        SECOND_ORBIT_RADIUS,
        start_bearing,
        CLOCKWISE_LAP * laps,
    );
    vehicle.go_to(orbit.start()).await?;
    vehicle.follow_arc(orbit).await?;
    here = orbit.end();

    // "look east"
    vehicle.turn_to(EAST).await?;
    heading = EAST;
    vehicle.set_nose(nose);

    // "ahead"
    here = here.towards(heading, FORWARD_LEG);
    vehicle.go_to(here).await?;

    // "calm?"
    if vehicle.wind()?.speed_m_s >= SECOND_WIND_LIMIT.0 {
        // "back"
        here = PositionNed::at(North(0.0), East(0.0), here.altitude());
        vehicle.return_home().await?;
    }

    // "high?"
    if vehicle.battery()? > THIRD_BATTERY_LIMIT {
        // "there"
        vehicle
            .go_to(SECOND_WAYPOINT.at_altitude(here.altitude()))
            .await?;
    } else {
        // "not there"
        vehicle
            .go_to(THIRD_WAYPOINT.at_altitude(here.altitude()))
            .await?;
    }

    // "storm?"
    if vehicle.wind()?.speed_m_s > THIRD_WIND_LIMIT.0 {
        // "land"
        return vehicle.land().await;
    }

    // "photo"
    vehicle.take_photo().await?;

    // "end"
    if vehicle.battery()? > FOURTH_BATTERY_LIMIT {
        // "home"
        vehicle.return_home().await?;

        // "land"
        vehicle.land().await
    } else {
        // "rtl"
        vehicle.return_to_launch().await
    }
}

/// Bearing from `centre` to where a circle around it is entered: its nearest point, or north from the middle itself.
fn entry_bearing(centre: PositionNed, here: PositionNed) -> Degrees {
    const IN_THE_MIDDLE: Metres = Metres(0.5);
    if centre.horizontal_distance_m(&here) < IN_THE_MIDDLE.0 {
        Degrees(0.0)
    } else {
        centre.bearing_to(here)
    }
}
