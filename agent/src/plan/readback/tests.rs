//! Readbacks of whole missions, compared whole.
use super::*;
use crate::plan::from_words;
use expect_test::{Expect, expect};

fn check(words: &str, expected: Expect) {
    let (vehicle, envelope, home) = (crate::plan::tests::vehicle(), Envelope::default(), Home::default());
    let planned = from_words(words, &vehicle, &envelope, &home).unwrap_or_else(|refusal| panic!("{refusal}"));
    let plan = planned.draft.check(&envelope, &vehicle, Autopilot::ArduPilot, &home).expect("within the envelope");
    let against = ReadFor { envelope: &envelope, vehicle: &vehicle, autopilot: Autopilot::ArduPilot, home: &home };
    expected.assert_eq(&readback(&plan, &against, &planned.assumptions));
}

#[test]
fn the_mission_of_the_readme() {
    check(
        "Take off to 10 m, fly a 40 m square at 5 m/s, then return and land",
        expect![[r#"
        Mission take-off-to-10-m-fly-a-40-m-square-at-5-m
          "Take off to 10 m, fly a 40 m square at 5 m/s, then return and land"
        Vehicle quad-payload with ArduPilot, armed at 47.397742, 8.545594 (488 m above sea level), nose at
        000° (north).
        Heights are above home, bearings are true, distances are over ground.

        1. Arm and take off straight up to 10 m.
        2. From here on fly at most 5 m/s over ground.
        3. Fly a square of 40 m a side, beginning here, first leg to 000° (north), clockwise.
           - 40 m on 000° (north) to 40 m north of home
           - 40 m on 090° (east) to 40 m north and 40 m east of home
           - 40 m on 180° (south) to 40 m east of home
           - 40 m on 270° (west) to above home
        4. Fly level to above home.
        5. Land here and disarm.

        In all: 160 m over ground, up to 10 m high and 56.6 m from home.
        About 96.7 s and 12 % of the battery at worst (5 m/s of head wind, a tenth more mass, a battery at
        80 %).
        Lands at home.

        Limits in force: 120 m high, 500 m from home, 15 m/s over ground, 5 m/s up, 3 m/s down, 25 % of the
        battery left at landing.
        On any failure the autopilot returns to launch; a pilot who changes the mode has control at once.

        Assumed where the words leave it open:
          - figures bend to the right (clockwise) unless said otherwise
          - the first leg of a figure goes north unless said otherwise
          - a speed holds from where it is said until another one is
          - the nose keeps the heading that it has
    "#]],
    );
}

#[test]
fn a_keep_out_a_rule_and_a_branch() {
    check(
        "Take off to 20 m, stay out of a 20 m circle around 50 m north of home, fly 100 m north. If the wind is above 6 m/s land, \
         otherwise orbit 100 m north of home at 15 m radius for a minute facing the centre, then come back. If the battery drops below 40 %, return.",
        expect![[r#"
            Mission take-off-to-20-m-stay-out-of-a-20-m
              "Take off to 20 m, stay out of a 20 m circle around 50 m north of home, fly 100 m north. If the
              wind is above 6 m/s land, otherwise orbit 100 m north of home at 15 m radius for a minute facing
              the centre, then come back. If the battery drops below 40 %, return."
            Vehicle quad-payload with ArduPilot, armed at 47.397742, 8.545594 (488 m above sea level), nose at
            000° (north).
            Heights are above home, bearings are true, distances are over ground.

            1. Arm and take off straight up to 20 m.
            2. Fly 100 m on 000° (north), led around keep-outs over 3 points.
               - 46.7 m on 031° (north-north-east) to 40.1 m north and 24 m east of home
               - 10.1 m on 011° (north-north-east) to 50 m north and 26 m east of home
               - 10.1 m on 349° (north-north-west) to 59.9 m north and 24 m east of home
               - 46.7 m on 329° (north-north-west) to 100 m north of home
            3. Decide here: is the wind above 6 m/s?
              If so:
              3.1. Land here and disarm.
              If not:
              3e.1. From here on the nose points into the middle of each figure.
              3e.2. Circle around 100 m north of home with a radius of 15 m for 60 s on the circle, clockwise.
                    - 15 m on 000° (north) to 115 m north of home
                    - 3.18 laps clockwise around 100 m north of home at a radius of 15 m
              3e.3. Fly level to above home, led around keep-outs over 2 points.
                    - 57.5 m on 168° (south-south-east) to 50 m north and 26 m east of home
                    - 10.1 m on 191° (south-south-west) to 40.1 m north and 24 m east of home
                    - 46.7 m on 211° (south-south-west) to above home
              3e.4. Land here and disarm.

            In all: at most 543 m over ground, up to 20 m high and 115 m from home.
            About 3 min 37 s and 27 % of the battery at worst (5 m/s of head wind, a tenth more mass, a battery
            at 80 %).
            Lands 100 m north of home (47.398641, 8.545594), or at home.
            Keeps out, at any height, of the circle of 20 m radius around 50 m north of home.
            At any moment: if the battery falls below 40 %, it returns to launch and lands there (the
            autopilot's RTL); what is left is not flown.
            NOTE step 2: led around a keep-out, at least 5 m away from it, by 40.1 m north 24 m east, then 50 m
                 north 26 m east, then 59.9 m north 24 m east
            NOTE step 3e.3: led around a keep-out, at least 5 m away from it, by 50 m north 26 m east, then 40.1
                 m north 24 m east
            NOTE step 2: an emergency return from step 2 on may fly straight home across this keep-out

            Limits in force: 120 m high, 500 m from home, 15 m/s over ground, 5 m/s up, 3 m/s down, 25 % of the
            battery left at landing.
            On any failure the autopilot returns to launch; a pilot who changes the mode has control at once.

            Assumed where the words leave it open:
              - the size of a circle is taken as its radius
              - circles go clockwise unless said otherwise
              - coming back without another word is read as: fly home and land there
              - no speed is said: legs are flown at the vehicle's cruise speed of 5 m/s
        "#]],
    );
}

#[test]
fn repeats_photos_and_releases() {
    check(
        "Take off to 15 m. Three times: fly 20 m ahead, take a photo, fly back. Climb to 20 m above home, \
         fly a 10 m by 20 m rectangle turning left with a 2 s pause at each corner, descend by 5 m, release the package, land 10 m west of home.",
        expect![[r#"
            Mission take-off-to-15-m-three-times-fly-20-m
              "Take off to 15 m. Three times: fly 20 m ahead, take a photo, fly back. Climb to 20 m above home,
              fly a 10 m by 20 m rectangle turning left with a 2 s pause at each corner, descend by 5 m, release
              the package, land 10 m west of home."
            Vehicle quad-payload with ArduPilot, armed at 47.397742, 8.545594 (488 m above sea level), nose at
            000° (north).
            Heights are above home, bearings are true, distances are over ground.

            1. Arm and take off straight up to 15 m.
            2. 3 times:
              2.1. Fly 20 m ahead.
                   It is then 20 m north of home, 15 m high.
              2.2. Take a photo.
              2.3. Fly 20 m back.
                   It is then above home, 15 m high.
            3. Climb or descend on the spot to 20 m.
            4. Fly a rectangle of 10 m by 20 m, beginning here, first leg to 000° (north), counterclockwise; at
               each corner hold for 2 s.
               - 10 m on 000° (north) to 10 m north of home
               - hold for 2 s
               - 20 m on 270° (west) to 10 m north and 20 m west of home
               - hold for 2 s
               - 10 m on 180° (south) to 20 m west of home
               - hold for 2 s
               - 20 m on 090° (east) to above home
               - hold for 2 s
            5. Descend by 5 m on the spot.
            6. Open the gripper, which lets go of its load.
            7. Fly level to 10 m west of home, land there and disarm.

            In all: 190 m over ground, up to 20 m high and 22.4 m from home.
            About 3 min 13 s and 23 % of the battery at worst (5 m/s of head wind, a tenth more mass, a battery
            at 80 %).
            Lands 10 m west of home (47.397742, 8.545462).

            Limits in force: 120 m high, 500 m from home, 15 m/s over ground, 5 m/s up, 3 m/s down, 25 % of the
            battery left at landing.
            On any failure the autopilot returns to launch; a pilot who changes the mode has control at once.

            Assumed where the words leave it open:
              - "fly back" in a repeat goes back along its legs
              - the first leg of a figure goes north unless said otherwise
              - the load hangs on the gripper
              - no speed is said: legs are flown at the vehicle's cruise speed of 5 m/s
              - the nose keeps the heading that it has
        "#]],
    );
}
