//! The mission `figures`, written by flightsmith from its checked plan.
//!
//! > Every kind of step: figures
use core::f64::consts::TAU;
use flightsmith_sdk::prelude::*;

const TAKEOFF_ALTITUDE: AboveHome = AboveHome(20.0);
const SPEED: MetresPerSecond = MetresPerSecond(4.0);
/// From the first corner to the middle, seen along the first leg.
const SQUARE_MIDDLE: OffsetFrd = OffsetFrd::by(Forward(6.0), Right(6.0), Up(0.0));
const FIRST_SQUARE_SIDE: Metres = Metres(12.0);
const SOUTH: Degrees = Degrees(180.0);
const HOLD_TIME: Seconds = Seconds(1.0);
const TO_THE_RIGHT: Degrees = Degrees(90.0);
const RECTANGLE_FIRST_LEG_BEARING: Degrees = Degrees(30.0);
const RECTANGLE_CENTRE: PositionNed = PositionNed::at(North(10.0), East(10.0), TAKEOFF_ALTITUDE);
/// From the middle to the first corner, seen along the first leg.
const RECTANGLE_FIRST_CORNER: OffsetFrd = OffsetFrd::by(Forward(-10.0), Right(5.0), Up(0.0));
const RECTANGLE_LENGTH: Metres = Metres(20.0);
const RECTANGLE_WIDTH: Metres = Metres(10.0);
const RECTANGLE_SIDES: [Metres; 4] = [
    RECTANGLE_LENGTH,
    RECTANGLE_WIDTH,
    RECTANGLE_LENGTH,
    RECTANGLE_WIDTH,
];
const TO_THE_LEFT: Degrees = Degrees(-90.0);
/// From the first corner to the middle, seen along the first leg.
const PENTAGON_MIDDLE: OffsetFrd = OffsetFrd::by(Forward(5.0), Right(6.8819), Up(0.0));
const PENTAGON_CORNERS: u32 = 5;
const PENTAGON_SIDE: Metres = Metres(10.0);
/// How much the course turns at each corner.
const PENTAGON_TURN: Degrees = Degrees(360.0 / PENTAGON_CORNERS as f64);
/// Clockwise from the nose.
const POLYGON_FIRST_LEG_ANGLE: Degrees = Degrees(-30.0);
/// From the first corner to the middle, seen along the first leg.
const POLYGON_MIDDLE: OffsetFrd = OffsetFrd::by(Forward(2.0), Right(-6.8114), Up(0.0));
const POLYGON_CORNERS: u32 = 11;
const POLYGON_SIDE: Metres = Metres(4.0);
/// How much the course turns at each corner.
const POLYGON_TURN: Degrees = Degrees(-360.0 / POLYGON_CORNERS as f64);
const NORTH: Degrees = Degrees(0.0);
const CLOCKWISE_LAP: Degrees = Degrees(360.0);
const COUNTERCLOCKWISE_LAP: Degrees = Degrees(-360.0);
const FIRST_EIGHT_RADIUS: Metres = Metres(8.0);
/// From the first corner to the middle, seen along the first leg.
const SEARCH_MIDDLE: OffsetFrd = OffsetFrd::by(Forward(3.0), Right(0.0), Up(0.0));
const SEARCH_LEGS: u32 = 5;
const SEARCH_SPACING: Metres = Metres(6.0);
const EAST: Degrees = Degrees(90.0);
/// From the first corner to the middle, seen along the first leg.
const SURVEY_MIDDLE: OffsetFrd = OffsetFrd::by(Forward(10.0), Right(-12.5), Up(0.0));
const FIRST_TRACKS: u32 = 4;
const TRACK_LENGTH: Metres = Metres(20.0);
const FIRST_SURVEY_WIDTH: Metres = Metres(25.0);
/// As many tracks as cover the width, at most 10.0 m apart.
const FIRST_TRACK_GAP: Metres = Metres(FIRST_SURVEY_WIDTH.0 / (FIRST_TRACKS - 1) as f64);
const HALF_TURN: Degrees = Degrees(180.0);
const FIRST_ABOVE_HOME: PositionNed = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
/// From the middle to the first corner, seen along the first leg.
const SURVEY_FIRST_CORNER: OffsetFrd = OffsetFrd::by(Forward(-10.0), Right(-10.0), Up(0.0));
const SECOND_TRACKS: u32 = 3;
const SECOND_SURVEY_WIDTH: Metres = Metres(20.0);
/// As many tracks as cover the width, at most 10.0 m apart.
const SECOND_TRACK_GAP: Metres = Metres(SECOND_SURVEY_WIDTH.0 / (SECOND_TRACKS - 1) as f64);
const FIRST_SPIRAL_TURNS: f64 = 1.5;
const FIRST_SPIRAL_START_RADIUS: Metres = Metres(0.0);
const FIRST_SPIRAL_END_RADIUS: Metres = Metres(15.0);
const FIRST_SPIRAL_CLIMB: Metres = Metres(5.0);
/// On the ground; flown at the height of the time.
const SPIRAL_CENTRE: PositionNed = PositionNed::at(North(10.0), East(0.0), AboveHome(0.0));
const SECOND_SPIRAL_TURNS: f64 = 2.0;
const SECOND_SPIRAL_START_RADIUS: Metres = Metres(15.0);
const SECOND_SPIRAL_END_RADIUS: Metres = Metres(5.0);
const SECOND_SPIRAL_CLIMB: Metres = Metres(-5.0);
const FIRST_ORBIT_RADIUS: Metres = Metres(8.0);
const FIRST_ORBIT_LAPS: f64 = 0.5;
/// On the ground; flown at the height of the time.
const ORBIT_CENTRE: PositionNed = PositionNed::at(North(5.0), East(5.0), AboveHome(0.0));
const ORBIT_CLIMB: Metres = Metres(6.0);
const SECOND_ORBIT_LAPS: f64 = 2.0;
/// On the ground; flown at the height of the time.
const SECOND_ABOVE_HOME: PositionNed = PositionNed::at(North(0.0), East(0.0), AboveHome(0.0));
const SECOND_ORBIT_RADIUS: Metres = Metres(9.0);
const THIRD_ORBIT_LAPS: f64 = 1.25;
const FORWARD_LEG: Metres = Metres(5.0);
const ORBIT_TIME: Seconds = Seconds(20.0);
/// As many laps as the speed limit makes in that time.
const FOURTH_ORBIT_LAPS: f64 = SPEED.0 * ORBIT_TIME.0 / (TAU * SECOND_ORBIT_RADIUS.0);
/// On the ground; flown at the height of the time.
const EIGHT_CENTRE: PositionNed = PositionNed::at(North(0.0), East(20.0), AboveHome(0.0));
const EIGHT_LAPS: u32 = 2;
const SECOND_EIGHT_RADIUS: Metres = Metres(6.0);
const NOSE_TARGET_DISTANCE: Metres = Metres(30.0);
const SECOND_SQUARE_SIDE: Metres = Metres(8.0);
const NOSE_HEADING: Degrees = Degrees(123.0);
const LEFT_TURN: Degrees = Degrees(-90.0);

/// Flies the mission from arming to disarming.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "up"
    let mut vehicle = vehicle.arm_and_take_off(TAKEOFF_ALTITUDE).await?;

    // Where the vehicle is meant to be and to point: legs start from there, so errors do not
    // add up.
    let mut here = PositionNed::at(North(0.0), East(0.0), TAKEOFF_ALTITUDE);
    let mut heading = vehicle.heading();

    // "before"
    vehicle.set_speed(SPEED);

    // "middle"
    // "square": first side ahead, turning right.
    let mut course = heading;
    let centre = here + SQUARE_MIDDLE.to_ned(course);
    vehicle.set_nose(Nose::At(centre));
    for _side in 0..4 {
        here = here.towards(course, FIRST_SQUARE_SIDE);
        vehicle.go_to(here).await?;

        // "turn"
        vehicle.turn_to(SOUTH).await?;

        // "wait"
        vehicle.hold(HOLD_TIME).await?;
        vehicle.set_nose(Nose::At(centre));
        course = course + TO_THE_RIGHT;
    }

    // "rectangle around": first side at 30.0 degrees, turning left.
    let mut course = RECTANGLE_FIRST_LEG_BEARING;
    vehicle.set_nose(Nose::At(RECTANGLE_CENTRE));
    here = RECTANGLE_CENTRE + RECTANGLE_FIRST_CORNER.to_ned(course);
    vehicle.go_to(here).await?;
    heading = here.bearing_to(RECTANGLE_CENTRE);
    for side in RECTANGLE_SIDES {
        here = here.towards(course, side);
        vehicle.go_to(here).await?;
        heading = here.bearing_to(RECTANGLE_CENTRE);
        course = course + TO_THE_LEFT;
    }

    // "pentagon": first side at 90.0 degrees from the nose, turning right.
    let mut course = heading + TO_THE_RIGHT;
    let centre = here + PENTAGON_MIDDLE.to_ned(course);
    vehicle.set_nose(Nose::At(centre));
    for _side in 0..PENTAGON_CORNERS {
        here = here.towards(course, PENTAGON_SIDE);
        vehicle.go_to(here).await?;
        heading = here.bearing_to(centre);
        course = course + PENTAGON_TURN;
    }

    // "eleven corners": first side at -30.0 degrees from the nose, turning left.
    let mut course = heading + POLYGON_FIRST_LEG_ANGLE;
    let centre = here + POLYGON_MIDDLE.to_ned(course);
    vehicle.set_nose(Nose::At(centre));
    for _side in 0..POLYGON_CORNERS {
        here = here.towards(course, POLYGON_SIDE);
        vehicle.go_to(here).await?;
        course = course + POLYGON_TURN;
    }

    // "eight": begins north, first circle to the right.
    let course = NORTH;
    let centre = here;
    vehicle.set_nose(Nose::At(centre));
    for sweep in [CLOCKWISE_LAP, COUNTERCLOCKWISE_LAP] {
        // The circle's middle lies a quarter turn beside the course.
        let aside = sweep / 4.0;
        let centre = here.towards(course + aside, FIRST_EIGHT_RADIUS);
        let orbit = Arc::circle(centre, FIRST_EIGHT_RADIUS, course - aside, sweep);
        vehicle.follow_arc(orbit).await?;
    }

    // "search": legs of 1, 1, 2, 2, 3, 3 .. spacings, the first north, turning right.
    let mut course = NORTH;
    let centre = here + SEARCH_MIDDLE.to_ned(course);
    vehicle.set_nose(Nose::At(centre));
    for leg in 0..SEARCH_LEGS {
        here = here.towards(course, SEARCH_SPACING * f64::from(leg / 2 + 1));
        vehicle.go_to(here).await?;
        course = course + TO_THE_RIGHT;
    }

    // "survey": first track east, the others to its left.
    let mut course = EAST;
    let centre = here + SURVEY_MIDDLE.to_ned(course);
    vehicle.set_nose(Nose::At(centre));
    let across = course + TO_THE_LEFT;
    for track in 1..=FIRST_TRACKS {
        here = here.towards(course, TRACK_LENGTH);
        vehicle.go_to(here).await?;

        // "photo"
        vehicle.take_photo().await?;
        if track < FIRST_TRACKS {
            here = here.towards(across, FIRST_TRACK_GAP);
            vehicle.go_to(here).await?;

            // "photo"
            vehicle.take_photo().await?;
        }
        course = course + HALF_TURN;
    }

    // "survey around": first track north, the others to its right.
    let mut course = NORTH;
    vehicle.set_nose(Nose::At(FIRST_ABOVE_HOME));
    here = FIRST_ABOVE_HOME + SURVEY_FIRST_CORNER.to_ned(course);
    vehicle.go_to(here).await?;
    heading = here.bearing_to(FIRST_ABOVE_HOME);
    let across = course + TO_THE_RIGHT;
    for track in 1..=SECOND_TRACKS {
        here = here.towards(course, TRACK_LENGTH);
        vehicle.go_to(here).await?;
        heading = here.bearing_to(FIRST_ABOVE_HOME);
        if track < SECOND_TRACKS {
            here = here.towards(across, SECOND_TRACK_GAP);
            vehicle.go_to(here).await?;
            heading = here.bearing_to(FIRST_ABOVE_HOME);
        }
        course = course + HALF_TURN;
    }

    // "spiral": counterclockwise from above, begins ahead of its middle.
    let centre = here;
    vehicle.set_nose(Nose::At(centre));
    let spiral = Arc {
        centre,
        start_bearing: heading,
        sweep: COUNTERCLOCKWISE_LAP * FIRST_SPIRAL_TURNS,
        start_radius: FIRST_SPIRAL_START_RADIUS,
        end_radius: FIRST_SPIRAL_END_RADIUS,
        climb: FIRST_SPIRAL_CLIMB,
    };
    vehicle.follow_arc(spiral).await?;
    here = spiral.end();

    // "spiral in": clockwise from above, begins north of its middle.
    let centre = SPIRAL_CENTRE.at_altitude(here.altitude());
    vehicle.set_nose(Nose::At(centre));
    let spiral = Arc {
        centre,
        start_bearing: NORTH,
        sweep: CLOCKWISE_LAP * SECOND_SPIRAL_TURNS,
        start_radius: SECOND_SPIRAL_START_RADIUS,
        end_radius: SECOND_SPIRAL_END_RADIUS,
        climb: SECOND_SPIRAL_CLIMB,
    };
    vehicle.go_to(spiral.start()).await?;
    vehicle.follow_arc(spiral).await?;
    here = spiral.end();

    // "orbit here": clockwise from above, entered at its nearest point.
    let centre = here;
    vehicle.set_nose(Nose::At(centre));
    let orbit = Arc::circle(
        centre,
        FIRST_ORBIT_RADIUS,
        NORTH,
        CLOCKWISE_LAP * FIRST_ORBIT_LAPS,
    );
    vehicle.go_to(orbit.start()).await?;
    vehicle.follow_arc(orbit).await?;
    here = orbit.end();

    // "helix": counterclockwise from above, entered at its nearest point.
    let centre = ORBIT_CENTRE.at_altitude(here.altitude());
    vehicle.set_nose(Nose::At(centre));
    let start_bearing = centre.bearing_to(here);
    let orbit = Arc {
        climb: ORBIT_CLIMB,
        ..Arc::circle(
            centre,
            FIRST_ORBIT_RADIUS,
            start_bearing,
            COUNTERCLOCKWISE_LAP * SECOND_ORBIT_LAPS,
        )
    };
    vehicle.go_to(orbit.start()).await?;
    vehicle.follow_arc(orbit).await?;
    here = orbit.end();

    // "along"
    vehicle.set_nose(Nose::AlongPath);

    // "orbit": clockwise from above, entered at its nearest point.
    let centre = SECOND_ABOVE_HOME.at_altitude(here.altitude());
    let start_bearing = centre.bearing_to(here);
    let orbit = Arc::circle(
        centre,
        SECOND_ORBIT_RADIUS,
        start_bearing,
        CLOCKWISE_LAP * THIRD_ORBIT_LAPS,
    );
    vehicle.go_to(orbit.start()).await?;
    vehicle.follow_arc(orbit).await?;
    here = orbit.end();
    heading = orbit.start_bearing + orbit.sweep + TO_THE_RIGHT;

    // "ahead"
    here = here.towards(heading, FORWARD_LEG);
    vehicle.go_to(here).await?;

    // "backwards"
    vehicle.set_nose(Nose::AgainstPath);

    // "orbit": counterclockwise from above, entered at its nearest point.
    let centre = SECOND_ABOVE_HOME.at_altitude(here.altitude());
    let start_bearing = entry_bearing(centre, here);
    let orbit = Arc::circle(
        centre,
        SECOND_ORBIT_RADIUS,
        start_bearing,
        COUNTERCLOCKWISE_LAP * FOURTH_ORBIT_LAPS,
    );
    vehicle.go_to(orbit.start()).await?;
    vehicle.follow_arc(orbit).await?;
    here = orbit.end();

    // "eight": begins east, first circle to the left.
    let centre = EIGHT_CENTRE.at_altitude(here.altitude());
    let course = EAST;
    here = centre;
    vehicle.go_to(here).await?;
    for _lap in 0..EIGHT_LAPS {
        for sweep in [COUNTERCLOCKWISE_LAP, CLOCKWISE_LAP] {
            // The circle's middle lies a quarter turn beside the course.
            let aside = sweep / 4.0;
            let centre = here.towards(course + aside, SECOND_EIGHT_RADIUS);
            let orbit = Arc::circle(centre, SECOND_EIGHT_RADIUS, course - aside, sweep);
            vehicle.follow_arc(orbit).await?;
        }
    }
    heading = vehicle.heading();

    // "ahead"
    let from = here;
    here = here.towards(heading, FORWARD_LEG);
    vehicle.go_to(here).await?;
    heading = here.bearing_to(from);

    // "watch"
    let nose_target = here.towards(NORTH, NOSE_TARGET_DISTANCE);
    vehicle.set_nose(Nose::At(nose_target));

    // "square": first side north, turning right.
    let mut course = NORTH;
    for _side in 0..4 {
        here = here.towards(course, SECOND_SQUARE_SIDE);
        vehicle.go_to(here).await?;
        heading = here.bearing_to(nose_target);
        course = course + TO_THE_RIGHT;
    }

    // "ahead"
    here = here.towards(heading, FORWARD_LEG);
    vehicle.go_to(here).await?;
    heading = here.bearing_to(nose_target);

    // "fixed"
    vehicle.set_nose(Nose::Heading(NOSE_HEADING));

    // "square": first side north, turning right.
    let mut course = NORTH;
    for _side in 0..4 {
        here = here.towards(course, SECOND_SQUARE_SIDE);
        vehicle.go_to(here).await?;
        heading = NOSE_HEADING;

        // "turn"
        vehicle.turn_by(LEFT_TURN).await?;
        heading = heading + LEFT_TURN;
        vehicle.set_nose(Nose::Heading(NOSE_HEADING));
        course = course + TO_THE_RIGHT;
    }

    // "ahead"
    vehicle.go_to(here.towards(heading, FORWARD_LEG)).await?;

    // "keep"
    vehicle.set_nose(Nose::Keep);

    // "home"
    vehicle.return_home().await?;

    // "rtl"
    vehicle.return_to_launch().await
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
