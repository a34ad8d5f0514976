//! The mission `moves`, written by flightsmith from its checked plan.
//!
//! > Every kind of step: moves
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const FIRST_SPEED: MetresPerSecond = MetresPerSecond(5.0);
/// Clockwise from the nose.
const LEG_ANGLE: Degrees = Degrees(60.0);
const LEG_LENGTH: Metres = Metres(30.0);
/// 14.7 m at 327.4 degrees true.
const LEG: OffsetNed = OffsetNed::by(North(12.3456), East(-7.8912), Up(0.0));
/// 13.3 m at 22.6 degrees true, 13.0 degrees down.
const DESCENDING_LEG: OffsetNed = OffsetNed::by(North(12.0), East(5.0), Up(-3.0));
/// 10.8 m at 0.0 degrees clockwise from the nose, 21.8 degrees up.
const CLIMBING_LEG: OffsetFrd = OffsetFrd::by(Forward(10.0), Right(0.0), Up(4.0));
const CLIMB_HEIGHT: Metres = Metres(3.0);
/// On the ground; flown at the height of the time.
const FIRST_WAYPOINT: PositionNed = PositionNed::at(North(30.0), East(10.0), AboveHome(0.0));
const FIRST_ALTITUDE: AboveHome = AboveHome(25.0);
const SECOND_WAYPOINT: PositionNed = PositionNed::at(North(30.0), East(-10.0), FIRST_ALTITUDE);
/// On the ground; flown at the height of the time.
const THIRD_WAYPOINT: PositionNed = PositionNed::at(North(0.0), East(-10.0), AboveHome(0.0));
const FIRST_ALTITUDE_AMSL: Altitude = Altitude::Amsl(520.0);
const FOURTH_WAYPOINT: GlobalPosition = GlobalPosition::at(
    Latitude(47.3979),
    Longitude(8.5458),
    Altitude::AboveHome(0.0),
);
const FIFTH_WAYPOINT: GlobalPosition =
    GlobalPosition::at(Latitude(47.3979), Longitude(8.546), Altitude::Amsl(515.0));
/// 14.1 m at 45.0 degrees true.
const FIRST_WAYPOINT_OFFSET: OffsetNed = OffsetNed::by(North(10.0), East(10.0), Up(0.0));
/// 5.5 m at 53.1 degrees clockwise from the nose.
const SECOND_WAYPOINT_OFFSET: OffsetFrd = OffsetFrd::by(Forward(3.3), Right(4.4), Up(0.0));
const SECOND_ALTITUDE_AMSL: Altitude = Altitude::Amsl(516.0);
const SECOND_ALTITUDE: AboveHome = AboveHome(30.0);
const FIRST_ABOVE_HOME: PositionNed = PositionNed::at(North(0.0), East(0.0), SECOND_ALTITUDE);
const THIRD_ALTITUDE_AMSL: Altitude = Altitude::Amsl(518.0);
const DESCENT_HEIGHT: Metres = Metres(2.0);
const NORTH_EAST: Degrees = Degrees(45.0);
const SECOND_ABOVE_HOME: PositionNed = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
const FACED_PLACE: GlobalPosition = GlobalPosition::at(
    Latitude(47.398),
    Longitude(8.546),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);
const FIRST_RIGHT_TURN: Degrees = Degrees(360.0);
const FORWARD_LEG: Metres = Metres(10.0);
const FIRST_STOP: GlobalPosition = GlobalPosition::at(
    Latitude(47.3979),
    Longitude(8.5458),
    Altitude::AboveHome(TAKEOFF_ALTITUDE.0),
);
const SECOND_STOP: GlobalPosition = GlobalPosition::at(
    Latitude(47.398),
    Longitude(8.5459),
    Altitude::AboveHome(FIRST_ALTITUDE.0),
);
const STOPS: [GlobalPosition; 2] = [FIRST_STOP, SECOND_STOP];
const TO_THE_RIGHT: Degrees = Degrees(90.0);
const STOP_DISTANCE: Metres = Metres(20.0);
const THIRD_STOP: PositionNed = PositionNed::at(North(10.0), East(10.0), FIRST_ALTITUDE);
const FOURTH_STOP: GlobalPosition = GlobalPosition::at(
    Latitude(47.3978),
    Longitude(8.5457),
    Altitude::AboveHome(FIRST_ALTITUDE.0),
);
const THIRD_ABOVE_HOME: PositionNed = PositionNed::at(North(0.0), East(0.0), FIRST_ALTITUDE);
const SECOND_RIGHT_TURN: Degrees = Degrees(90.0);
const RELEASE_SERVO: Payload = Payload::Servo {
    channel: 9,
    release_us: 1900,
};
const SECOND_SPEED: MetresPerSecond = MetresPerSecond(2.0);
const THIRD_SPEED: MetresPerSecond = MetresPerSecond(6.0);
const LANDING_PLACE: GlobalPosition = GlobalPosition::at(
    Latitude(47.3978),
    Longitude(8.5457),
    Altitude::AboveHome(FIRST_ALTITUDE.0),
);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "up"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be and to point: legs start from there, so errors do not
    // add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
    let mut heading = vehicle.heading();

    // The speed limit of the whole flight.
    vehicle.set_speed(FIRST_SPEED);

    // "two o'clock"
    here = here.towards(heading + LEG_ANGLE, LEG_LENGTH);
    vehicle.go_to(here).await?;

    // "odd way"
    here = here + LEG;
    vehicle.go_to(here).await?;

    // "odd way down"
    here = here + DESCENDING_LEG;
    vehicle.go_to(here).await?;

    // "up ahead"
    here = here + CLIMBING_LEG.to_ned(heading);
    vehicle.go_to(here).await?;

    // "straight up"
    here = here.at_altitude(here.altitude() + CLIMB_HEIGHT);
    vehicle.go_to(here).await?;

    // "to a spot"
    vehicle
        .go_to(FIRST_WAYPOINT.at_altitude(here.altitude()))
        .await?;

    // "to a spot, higher"
    vehicle.go_to(SECOND_WAYPOINT).await?;

    // "spot at sea height"
    here = THIRD_WAYPOINT.at_altitude(vehicle.home().above_home(FIRST_ALTITUDE_AMSL));
    vehicle.go_to(here).await?;

    // "coordinates"
    vehicle
        .go_to(
            vehicle
                .home()
                .to_ned(&FOURTH_WAYPOINT)
                .at_altitude(here.altitude()),
        )
        .await?;

    // "coordinates at sea height"
    here = vehicle.home().to_ned(&FIFTH_WAYPOINT);
    vehicle.go_to_global(FIFTH_WAYPOINT).await?;

    // "coordinates from there"
    here = (here + FIRST_WAYPOINT_OFFSET).at_altitude(FIRST_ALTITUDE);
    vehicle.go_to(here).await?;

    // "by the nose from there"
    vehicle
        .go_to(
            (here + SECOND_WAYPOINT_OFFSET.to_ned(heading))
                .at_altitude(vehicle.home().above_home(SECOND_ALTITUDE_AMSL)),
        )
        .await?;

    // "home, higher"
    here = FIRST_ABOVE_HOME;
    vehicle.go_to(FIRST_ABOVE_HOME).await?;

    // "sea height"
    here = here.at_altitude(vehicle.home().above_home(THIRD_ALTITUDE_AMSL));
    vehicle.climb_to(here.altitude()).await?;

    // "up three"
    here = here.at_altitude(here.altitude() + CLIMB_HEIGHT);
    vehicle.climb_to(here.altitude()).await?;

    // "down two"
    here = here.at_altitude(here.altitude() - DESCENT_HEIGHT);
    vehicle.climb_to(here.altitude()).await?;

    // "same height"
    here = here.at_altitude(TAKEOFF_ALTITUDE);
    vehicle.climb_to(TAKEOFF_ALTITUDE).await?;

    // "look north east"
    vehicle.turn_to(NORTH_EAST).await?;

    // "look at home"
    vehicle.face(SECOND_ABOVE_HOME).await?;

    // "look at coordinates"
    let target = vehicle.home().to_ned(&FACED_PLACE);
    vehicle.face(target).await?;
    heading = here.bearing_to(target);

    // "all around"
    vehicle.turn_by(FIRST_RIGHT_TURN).await?;
    heading = heading + FIRST_RIGHT_TURN;

    // "some way"
    here = here.towards(heading, FORWARD_LEG);
    vehicle.go_to(here).await?;

    // "in order"
    for stop in STOPS {
        here = vehicle.home().to_ned(&stop);
        vehicle.go_to_global(stop).await?;
    }

    // "mixed"
    // This order is the shortest way through all of them. It was worked out for a home at
    // 47.397742, 8.545594.
    let stops = [
        here.towards(heading + TO_THE_RIGHT, STOP_DISTANCE),
        THIRD_STOP,
        vehicle.home().to_ned(&FOURTH_STOP),
        THIRD_ABOVE_HOME,
    ];
    for stop in stops {
        vehicle.go_to(stop).await?;

        // "photo"
        vehicle.take_photo().await?;

        // "turn"
        vehicle.turn_by(SECOND_RIGHT_TURN).await?;
    }

    // "drop"
    vehicle.release(Payload::Gripper).await?;

    // "drop it"
    vehicle.release(RELEASE_SERVO).await?;

    // "slow"
    vehicle.set_speed(SECOND_SPEED);

    // "fast"
    vehicle.set_speed(THIRD_SPEED);

    // "land there"
    let target = vehicle.home().to_ned(&LANDING_PLACE);
    vehicle.land_at(target).await
}
