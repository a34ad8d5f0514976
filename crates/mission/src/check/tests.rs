//! Plans that must pass and plans that must not, as tables.
use super::*;
use crate::plan::*;
use crate::vehicle::{Airframe, Companion, Payload, Report, RequiredParams};
use alloc::vec;
use std::string::ToString;

/// The default vehicle with everything that a mission can use.
pub(crate) fn quad() -> Vehicle {
    Vehicle {
        name: "quad-payload".into(),
        description: "a test vehicle".into(),
        airframe: Airframe {
            mass_kg: 2.0,
            arm_m: 0.25,
            inertia_kg_m2: [0.021, 0.021, 0.04],
            max_thrust_n: 11.0,
            motor_time_constant_s: 0.04,
            torque_per_thrust_m: 0.016,
            drag_n_per_m2_s2: 0.045,
            battery_wh: 77.0,
            battery_cells: 4,
            hover_power_w: 260.0,
        },
        cruise_speed_m_s: 5.0,
        envelope: Envelope::default(),
        payloads: vec![Payload::Camera, Payload::Gripper],
        reports: vec![Report::Battery, Report::Wind],
        companion: Companion { target: "aarch64".into(), link: "stdio:".into(), cpu_factor: 4.0 },
        required_params: RequiredParams::default(),
    }
}

fn draft(steps: &str) -> PlanDraft {
    serde_json::from_str(&format!(r#"{{ "name": "test", "steps": [ {steps} ] }}"#)).expect("a draft")
}
fn draft_with(keep_outs: &str, steps: &str) -> PlanDraft {
    let text = format!(r#"{{ "name": "test", "keep_outs": [ {keep_outs} ], "steps": [ {steps} ] }}"#);
    serde_json::from_str(&text).expect("a draft")
}
fn check(draft: PlanDraft) -> Result<MissionPlan, Vec<PlanFault>> {
    draft.check(&Envelope::default(), &quad(), Autopilot::ArduPilot, &Home::default())
}
fn kinds(result: &Result<MissionPlan, Vec<PlanFault>>) -> Vec<(FaultKind, &str)> {
    match result {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(|fault| (fault.kind, fault.step.as_str())).collect(),
    }
}

type Expected = [(FaultKind, &'static str)];

const UP: &str = r#"{ "do": { "take_off": { "altitude_m": 10 } } }"#;
const DOWN: &str = r#"{ "do": "land" }"#;
const SQUARE: &str = r#"{ "words": "fly a 40 m square", "do": { "pattern": { "shape": { "square": { "side_m": 40 } }, "first_leg": { "bearing": 0 }, "turn": "clockwise" } } }"#;
const HOUSE: &str = r#"{ "words": "avoid the house", "area": { "circle": { "centre": { "from_home": { "north_m": 50, "east_m": 0 } }, "radius_m": 10 } } }"#;

#[test]
fn the_first_mission_passes_as_it_is() {
    let wanted = draft(&format!(
        r#"{UP}, {{ "do": {{ "speed": {{ "speed_m_s": 5 }} }} }}, {SQUARE}, {{ "do": {{ "return_home": {{}} }} }}, {DOWN}"#
    ));
    let plan = check(wanted.clone()).expect("a plan");
    assert_eq!((plan.draft(), plan.notices()), (&wanted, &[][..]));
    for autopilot in [Autopilot::ArduPilot, Autopilot::Px4] {
        assert_eq!(recheck(&plan, &Envelope::default(), &quad(), autopilot, &Home::default()), Ok(vec![]));
    }
}

/// One step between takeoff and landing, and the faults it must bring.
#[test]
fn single_steps() {
    use FaultKind::*;
    let table: &[(&str, &Expected)] = &[
        (r#"{ "move": { "by": { "world": { "north_m": 497 } } } }"#, &[]),
        (r#"{ "move": { "by": { "world": { "north_m": 498 } } } }"#, &[(Fence, "2")]),
        (r#"{ "move": { "by": { "world": { "north_m": -498 } } } }"#, &[(Fence, "2")]),
        (r#"{ "move": { "by": { "world": { "north_m": 0 } } } }"#, &[(Value, "2")]),
        (r#"{ "move": { "by": { "world": { "north_m": 1e300 } } } }"#, &[(Value, "2")]),
        (r#"{ "altitude": { "to": { "above_home": 119 } } }"#, &[]),
        (r#"{ "altitude": { "to": { "above_home": 120 } } }"#, &[(Ceiling, "2")]),
        (r#"{ "altitude": { "to": { "by": 115 } } }"#, &[(Ceiling, "2")]),
        (r#"{ "altitude": { "to": { "amsl": 500 } } }"#, &[]),
        (r#"{ "altitude": { "to": { "amsl": 488.5 } } }"#, &[(TooLow, "2")]),
        (r#"{ "altitude": { "to": { "by": -12 } } }"#, &[(TooLow, "2")]),
        (r#"{ "hold": { "seconds": 0 } }"#, &[(Value, "2")]),
        (r#"{ "hold": { "seconds": -5 } }"#, &[(Value, "2")]),
        (r#"{ "hold": { "seconds": 1200 } }"#, &[(Energy, "2")]),
        (r#"{ "hold": { "seconds": 1e9 } }"#, &[(Value, "2")]),
        (r#"{ "speed": { "speed_m_s": 15 } }"#, &[]),
        (r#"{ "speed": { "speed_m_s": 15.1 } }"#, &[(Speed, "2")]),
        (r#"{ "speed": { "speed_m_s": 0 } }"#, &[(Value, "2")]),
        (r#"{ "turn": { "to": { "by": { "angle_deg": 721 } } } }"#, &[(Value, "2")]),
        (r#"{ "release": { "payload": "gripper" } }"#, &[]),
        (r#"{ "release": { "payload": { "servo": { "channel": 9, "release_us": 1900 } } } }"#, &[(Payload, "2")]),
        (r#"{ "repeat": { "times": 0, "steps": [ { "do": "photo" } ] } }"#, &[(Value, "2")]),
        (r#"{ "repeat": { "times": 2, "steps": [] } }"#, &[(Value, "2")]),
        (
            r#"{ "repeat": { "times": 900, "steps": [ { "do": { "repeat": { "times": 900, "steps": [ { "do": { "speed": { "speed_m_s": 3 } } } ] } } } ] } }"#,
            &[(TooLong, "2.1.1")],
        ),
        (r#"{ "go_to": { "place": { "global": { "lat_deg": 8.546, "lon_deg": 47.398 } } } }"#, &[(Place, "2")]),
        (r#"{ "go_to": { "place": { "global": { "lat_deg": 47.398, "lon_deg": 8.546 } } } }"#, &[]),
        (r#"{ "go_to": { "place": { "global": { "lat_deg": 97.0, "lon_deg": 8.546 } } } }"#, &[(Place, "2")]),
        (r#"{ "orbit": { "centre": "here", "radius_m": 20, "amount": { "laps": 2 }, "turn": "clockwise" } }"#, &[]),
        (
            r#"{ "orbit": { "centre": "here", "radius_m": 1, "amount": { "laps": 2 }, "turn": "clockwise" } }"#,
            &[(Value, "2")],
        ),
        (
            r#"{ "orbit": { "centre": "here", "radius_m": 20, "amount": { "laps": 1 }, "turn": "clockwise", "climb_m": -9.5 } }"#,
            &[(TooLow, "2")],
        ),
        (
            r#"{ "pattern": { "shape": { "polygon": { "sides": 2, "side_m": 10 } }, "first_leg": { "bearing": 0 }, "turn": "clockwise" } }"#,
            &[(Value, "2")],
        ),
        (
            r#"{ "pattern": { "shape": { "polygon": { "sides": 25, "side_m": 10 } }, "first_leg": { "bearing": 0 }, "turn": "clockwise" } }"#,
            &[(Value, "2")],
        ),
        (
            r#"{ "pattern": { "shape": { "lawnmower": { "length_m": 100, "width_m": 100, "spacing_m": 0.001 } }, "first_leg": { "bearing": 0 }, "turn": "clockwise" } }"#,
            &[(Value, "2")],
        ),
        (
            r#"{ "pattern": { "shape": { "square": { "side_m": 400 } }, "first_leg": { "bearing": 0 }, "turn": "clockwise" } }"#,
            &[(Fence, "2")],
        ),
        (r#"{ "visit": { "places": [], "order": "given" } }"#, &[(Value, "2")]),
        (
            r#"{ "visit": { "places": [ { "place": "home" } ], "order": "given", "at_each": [ { "do": "land" } ] } }"#,
            &[(Order, "2")],
        ),
        (r#"{ "when": { "condition": { "battery_below": 40 }, "then": [ { "do": { "return_home": {} } } ] } }"#, &[]),
        (r#"{ "when": { "condition": { "battery_below": 140 }, "then": [ { "do": "land" } ] } }"#, &[(Value, "2")]),
        (
            r#"{ "when": { "condition": { "wind_above": 5 }, "then": [], "otherwise": [ { "do": { "move": { "by": { "world": { "east_m": 600 } } } } } ] } }"#,
            &[(Fence, "2e.1")],
        ),
    ];
    for (step, expected) in table {
        let result = check(draft(&format!(r#"{UP}, {{ "do": {step} }}, {DOWN}"#)));
        assert_eq!(kinds(&result), *expected, "{step}\n{result:#?}");
    }
}

#[test]
fn order_of_steps() {
    use FaultKind::*;
    let table: &[(&str, &Expected)] = &[
        (DOWN, &[(Order, "1")]),
        (UP, &[(Order, "")]),
        ("", &[(Order, "")]),
        (r#"{ "do": "photo" }"#, &[(Order, ""), (Order, "1")]),
        (
            r#"{ "do": { "take_off": { "altitude_m": 10 } } }, { "do": { "take_off": { "altitude_m": 10 } } }, { "do": "land" }"#,
            &[(Order, "2")],
        ),
        (r#"{ "do": { "take_off": { "altitude_m": 10 } } }, { "do": "land" }, { "do": "photo" }"#, &[(Order, "3")]),
        (r#"{ "do": { "take_off": { "altitude_m": 0.5 } } }, { "do": "land" }"#, &[(Value, "1")]),
        (r#"{ "do": { "take_off": { "altitude_m": -10 } } }, { "do": "land" }"#, &[(Value, "1")]),
        (r#"{ "do": { "take_off": { "altitude_m": 200 } } }, { "do": "land" }"#, &[(Ceiling, "1")]),
    ];
    for (steps, expected) in table {
        let result = check(draft(steps));
        assert_eq!(kinds(&result), *expected, "{steps}\n{result:#?}");
    }
}

#[test]
fn every_fault_is_named_at_once_in_plain_words() {
    let steps = format!(
        r#"{UP}, {{ "words": "fly 600 m north", "do": {{ "move": {{ "by": {{ "world": {{ "north_m": 600 }} }} }} }} }},
        {{ "words": "climb to 150 m", "do": {{ "altitude": {{ "to": {{ "above_home": 150 }} }} }} }},
        {{ "words": "at 20 m/s", "do": {{ "speed": {{ "speed_m_s": 20 }} }} }},
        {{ "words": "photograph the barn", "do": "photo" }},
        {{ "words": "wait for -3 s", "do": {{ "hold": {{ "seconds": -3 }} }} }},
        {{ "words": "back home", "do": {{ "return_home": {{}} }} }}, {DOWN}"#
    );
    let mut vehicle = quad();
    (vehicle.payloads, vehicle.airframe.battery_wh) = (vec![], 60.0);
    let result = draft(&steps).check(&Envelope::default(), &vehicle, Autopilot::ArduPilot, &Home::default());
    let said: Vec<_> = result.expect_err("faults").iter().map(ToString::to_string).collect();
    expect_test::expect![[r#"
        step 2 ("fly 600 m north"): reaches 600.0 m from home, limit 497 m (the fence at 500 m less the 3 m that a way may stray); bring it 103 m closer to home
        step 3 ("climb to 150 m"): reaches 150 m above home, limit 119 m (the ceiling at 120 m less the 1 m that the height may stray); stay at or below 119 m
        step 4 ("at 20 m/s"): flies at 20 m/s, the envelope allows 15 m/s; fly at 15 m/s or less
        step 5 ("photograph the barn"): needs a camera, which quad-payload does not declare; fly a vehicle whose file lists it under payloads, or drop the step
        step 6 ("wait for -3 s"): the time to hold is -3 s, must be 0.1 to 7200 s; give 0.1 to 7200 s
        step 7 ("back home"): the flight needs about 92 % of the battery (451 s in a wind of 5 m/s with 10 % more mass); a battery at 80 % has 55 % to give above the reserve of 25 %; shorten the flight by about 190 s; this step takes the most"#]]
    .assert_eq(&said.join("\n"));
}

#[test]
fn a_keep_out_in_the_way_is_led_around_with_the_margin() {
    let steps = format!(
        r#"{UP}, {{ "words": "fly 100 m north", "do": {{ "move": {{ "by": {{ "world": {{ "north_m": 100 }} }} }} }} }}, {{ "words": "return", "do": {{ "return_home": {{}} }} }}, {DOWN}"#
    );
    let plan = check(draft_with(HOUSE, &steps)).expect("a plan");
    let told: Vec<_> =
        plan.notices().iter().map(|notice| (notice.kind, notice.step.as_str(), notice.words.as_str())).collect();
    assert_eq!(
        told,
        [
            (NoticeKind::Detour, "2", "fly 100 m north"),
            (NoticeKind::Detour, "3", "return"),
            (NoticeKind::EmergencyCrossesKeepOut, "2", "avoid the house"),
        ]
    );
    let against = Against {
        envelope: &Envelope::default(),
        vehicle: &quad(),
        autopilot: Autopilot::ArduPilot,
        home: &Home::default(),
        slack_m: 0.0,
    };
    let flown = itinerary(&plan, &against).expect("an itinerary");
    let (house, _) = &geometry::outlines(&plan, &against)[0];
    let clearances: Vec<f64> = flown.items.iter().map(|item| geometry::clearance_m(&item.motion, house)).collect();
    assert!(clearances.iter().all(|metres| *metres >= KEEP_OUT_MARGIN_M), "{clearances:?}");
    let length_m: f64 = flown
        .items
        .iter()
        .map(|item| match &item.motion {
            Motion::Leg { from, to } => from.horizontal_distance_m(to),
            _ => 0.0,
        })
        .sum();
    assert!(length_m < 2.0 * 112.0, "the way around is short: {length_m}");
    assert_eq!(
        recheck(&plan, &Envelope::default(), &quad(), Autopilot::ArduPilot, &Home::default()).map(|n| n.len()),
        Ok(1)
    );
}

#[test]
fn a_way_around_two_polygons_that_leave_no_gap_goes_around_both() {
    let wall = |name: &str, north: f64, west: f64, east: f64| {
        format!(
            r#"{{ "words": "{name}", "area": {{ "polygon": {{ "corners": [ {{ "from_home": {{ "north_m": {north}, "east_m": {west} }} }}, {{ "from_home": {{ "north_m": {north}, "east_m": {east} }} }}, {{ "from_home": {{ "north_m": {}, "east_m": {east} }} }}, {{ "from_home": {{ "north_m": {}, "east_m": {west} }} }} ] }} }} }}"#,
            north + 4.0,
            north + 4.0
        )
    };
    let keep_outs = format!("{}, {}", wall("left", 30.0, -60.0, -2.0), wall("right", 30.0, 2.0, 40.0));
    let steps = format!(
        r#"{UP}, {{ "do": {{ "go_to": {{ "place": {{ "from_home": {{ "north_m": 80, "east_m": 0 }} }}, "altitude": {{ "above_home": 20 }} }} }} }}, {DOWN}"#
    );
    let plan = check(draft_with(&keep_outs, &steps)).expect("a plan");
    let Action::GoTo { via, .. } = &plan.steps[1].action else { panic!("not a go_to") };
    assert!(via.iter().all(|point| point.east_m >= 40.0), "around the shorter, eastern end: {via:?}");
    assert!(via.iter().all(|point| (10.0..20.0).contains(&point.altitude_m())), "{via:?}");
}

#[test]
fn keep_outs_that_refuse() {
    use FaultKind::*;
    let around_home = r#"{ "area": { "circle": { "centre": "home", "radius_m": 5 } } }"#;
    let bow = r#"{ "area": { "polygon": { "corners": [ { "from_home": { "north_m": 50, "east_m": 50 } }, { "from_home": { "north_m": 60, "east_m": 60 } }, { "from_home": { "north_m": 50, "east_m": 60 } }, { "from_home": { "north_m": 60, "east_m": 50 } } ] } } }"#;
    let ring = r#"{ "area": { "polygon": { "corners": [ { "from_home": { "north_m": -30, "east_m": -30 } }, { "from_home": { "north_m": 30, "east_m": -30 } }, { "from_home": { "north_m": 30, "east_m": 30 } }, { "from_home": { "north_m": -30, "east_m": 30 } }, { "from_home": { "north_m": -30, "east_m": 2 } }, { "from_home": { "north_m": -28, "east_m": 2 } }, { "from_home": { "north_m": -28, "east_m": 28 } }, { "from_home": { "north_m": 28, "east_m": 28 } }, { "from_home": { "north_m": 28, "east_m": -28 } }, { "from_home": { "north_m": -28, "east_m": -28 } }, { "from_home": { "north_m": -28, "east_m": -2 } }, { "from_home": { "north_m": -30, "east_m": -2 } } ] } } }"#;
    let here = r#"{ "area": { "circle": { "centre": "here", "radius_m": 5 } } }"#;
    let north = r#"{ "do": { "go_to": { "place": { "from_home": { "north_m": 100, "east_m": 0 } } } } }"#;
    let table: &[(&str, &str, &Expected)] = &[
        (around_home, "", &[(KeepOut, "1")]),
        (bow, "", &[(Outline, "")]),
        (here, "", &[(Outline, "")]),
        // A room around home whose only door is too narrow.
        (ring, north, &[(KeepOut, "2")]),
        (
            HOUSE,
            r#"{ "do": { "go_to": { "place": { "from_home": { "north_m": 50, "east_m": 3 } } } } }"#,
            &[(KeepOut, "2")],
        ),
        (
            HOUSE,
            r#"{ "do": { "go_to": { "place": { "from_home": { "north_m": 100, "east_m": 0 } }, "straight": true } } }, { "do": { "return_home": {} } }"#,
            &[(KeepOut, "2")],
        ),
        (HOUSE, &format!(r#"{north}, {{ "do": "return_to_launch" }}"#), &[(KeepOut, "3")]),
        (
            HOUSE,
            r#"{ "do": { "orbit": { "centre": { "from_home": { "north_m": 50, "east_m": 0 } }, "radius_m": 14, "amount": { "laps": 1 }, "turn": "clockwise" } } }"#,
            &[(KeepOut, "2")],
        ),
        (
            HOUSE,
            r#"{ "do": { "orbit": { "centre": { "from_home": { "north_m": 50, "east_m": 0 } }, "radius_m": 16, "amount": { "laps": 1 }, "turn": "clockwise" } } }"#,
            &[],
        ),
    ];
    for (keep_out, steps, expected) in table {
        let comma = if steps.is_empty() { "" } else { ", " };
        let land = if steps.contains("launch") { String::new() } else { format!(", {DOWN}") };
        let result = check(draft_with(keep_out, &format!("{UP}{comma}{steps}{land}")));
        assert_eq!(kinds(&result), *expected, "{keep_out} {steps}\n{result:#?}");
    }
}

/// PX4 accepts each of these; we refuse them (or lead around, where the words leave room for it).
mod px4_issues {
    use super::*;

    /// A leg between two inside points leaves the allowed area (here: crosses an exclusion between two allowed points).
    #[test]
    fn issue_22362_a_leg_between_two_inside_points() {
        let notch = r#"{ "words": "stay out of the yard", "area": { "polygon": { "corners": [ { "from_home": { "north_m": 20, "east_m": 15 } }, { "from_home": { "north_m": 80, "east_m": 15 } }, { "from_home": { "north_m": 80, "east_m": 35 } }, { "from_home": { "north_m": 20, "east_m": 35 } } ] } } }"#;
        let visit = format!(
            r#"{UP}, {{ "words": "visit both corners", "do": {{ "visit": {{ "order": "given", "places": [ {{ "place": {{ "from_home": {{ "north_m": 50, "east_m": 0 }} }} }}, {{ "place": {{ "from_home": {{ "north_m": 50, "east_m": 50 }} }} }} ] }} }} }}, {DOWN}"#
        );
        let faults = check(draft_with(notch, &visit)).expect_err("refused");
        assert_eq!(
            faults[0].to_string(),
            "step 2 (\"visit both corners\"): enters the keep-out \"stay out of the yard\"; 5 m distance are needed; fly elsewhere, or go there as a leg of its own that may be led around"
        );
        let legs = format!(
            r#"{UP}, {{ "do": {{ "go_to": {{ "place": {{ "from_home": {{ "north_m": 50, "east_m": 0 }} }} }} }} }}, {{ "do": {{ "go_to": {{ "place": {{ "from_home": {{ "north_m": 50, "east_m": 50 }} }} }} }} }}, {DOWN}"#
        );
        assert_eq!(check(draft_with(notch, &legs)).expect("led around").notices()[0].kind, NoticeKind::Detour);
        let straight = legs.replace(r#""east_m": 50 } }"#, r#""east_m": 50 } }, "straight": true"#);
        assert_eq!(kinds(&check(draft_with(notch, &straight))), [(FaultKind::KeepOut, "3")]);
    }

    /// The loiter's centre is inside the fence, its circle is not.
    #[test]
    fn issue_28527_a_loiter_circle_leaves_the_fence() {
        let orbit = |radius_m: u32| {
            format!(
                r#"{UP}, {{ "do": {{ "move": {{ "by": {{ "world": {{ "north_m": 380 }} }} }} }} }}, {{ "words": "orbit", "do": {{ "orbit": {{ "centre": {{ "from_home": {{ "north_m": 400, "east_m": 0 }} }}, "radius_m": {radius_m}, "amount": {{ "laps": 0.25 }}, "turn": "clockwise" }} }} }}, {{ "do": {{ "speed": {{ "speed_m_s": 12 }} }} }}, {{ "do": {{ "return_home": {{}} }} }}, {DOWN}"#
            )
        };
        let fly = |radius_m: u32, laps: &str| check(draft(&orbit(radius_m).replace("0.25", laps)));
        assert_eq!(kinds(&fly(90, "1")), []);
        assert_eq!(kinds(&fly(110, "1")), [(FaultKind::Fence, "3")]);
        // A quarter from the south side does not reach that far.
        assert_eq!(kinds(&fly(110, "0.25")), []);
    }

    /// Each leg of the loop's body is inside; the jump from its end back to its beginning crosses.
    #[test]
    fn issue_28760_the_edge_of_a_jump() {
        let pond = r#"{ "words": "the pond", "area": { "circle": { "centre": { "from_home": { "north_m": 40, "east_m": 20 } }, "radius_m": 12 } } }"#;
        let go = |north: i32, east: i32| {
            format!(
                r#"{{ "words": "to {north} {east}", "do": {{ "go_to": {{ "place": {{ "from_home": {{ "north_m": {north}, "east_m": {east} }} }}, "straight": true }} }} }}"#
            )
        };
        let body = format!("{}, {}, {}", go(40, 0), go(80, 20), go(40, 40));
        let flown = |times: u32| {
            check(draft_with(
                pond,
                &format!(
                    r#"{UP}, {{ "do": {{ "repeat": {{ "times": {times}, "steps": [ {body} ] }} }} }}, {}, {}, {DOWN}"#,
                    go(0, 40),
                    go(0, 0)
                ),
            ))
        };
        assert_eq!(kinds(&flown(1)), []);
        let twice = flown(2);
        assert_eq!(kinds(&twice), [(FaultKind::KeepOut, "2.1")]);
    }
}

#[test]
fn the_autopilots_own_return() {
    let plan = || draft(&format!("{UP}, {DOWN}"));
    let low = Envelope { max_altitude_m: 25.0, ..Envelope::default() };
    let with = |vehicle: &Vehicle, autopilot| plan().check(&low, vehicle, autopilot, &Home::default());
    assert_eq!(kinds(&with(&quad(), Autopilot::ArduPilot)), []);
    assert_eq!(kinds(&with(&quad(), Autopilot::Px4)), [(FaultKind::FailsafeReturn, "")]);
    let mut tame = quad();
    let rule = crate::vehicle::ParamRule { value: 20.0, at_least: None, at_most: None, why: "low ceiling".into() };
    tame.required_params.px4.insert("RTL_RETURN_ALT".into(), rule);
    assert_eq!(kinds(&with(&tame, Autopilot::Px4)), []);
}

#[test]
fn a_question_that_the_vehicle_cannot_answer() {
    let mut deaf = quad();
    deaf.reports = vec![];
    let with = |steps: &str| draft(steps).check(&Envelope::default(), &deaf, Autopilot::Px4, &Home::default());
    let when = |then: &str| {
        format!(
            r#"{UP}, {{ "words": "if the wind is above 8 m/s", "do": {{ "when": {{ "condition": {{ "wind_above": 8 }}, "then": [ {then} ] }} }} }}, {SQUARE}, {DOWN}"#
        )
    };
    assert_eq!(kinds(&with(&when(r#"{ "do": { "hold": { "seconds": 5 } } }"#))), [(FaultKind::Report, "2")]);
    let safe = with(&when(r#"{ "do": { "return_home": {} } }, { "do": "land" }"#)).expect("the safe branch");
    let told: Vec<_> = safe.notices().iter().map(|notice| notice.says.as_str()).collect();
    assert_eq!(
        told,
        [
            "the vehicle does not report its wind, so the branch that ends the flight is taken; the 2 steps after it are not flown"
        ]
    );
    assert_eq!(safe.steps.len(), 3);
    let mut ruled = draft(&format!("{UP}, {DOWN}"));
    ruled.rules.push(Rule { words: String::new(), when: Condition::BatteryBelow(30.0), then: SafeEnd::Land });
    let result = ruled.check(&Envelope::default(), &deaf, Autopilot::Px4, &Home::default());
    assert_eq!(kinds(&result), [(FaultKind::Report, "")]);
}

#[test]
fn a_plan_moved_to_another_home_is_checked_there() {
    let barn = r#"{ "words": "avoid the barn", "area": { "circle": { "centre": { "global": { "lat_deg": 47.3982, "lon_deg": 8.545594 } }, "radius_m": 10 } } }"#;
    let steps = format!(
        r#"{UP}, {{ "do": {{ "move": {{ "by": {{ "world": {{ "north_m": 35.8 }} }} }} }} }}, {{ "do": {{ "return_home": {{}} }} }}, {DOWN}"#
    );
    let plan = check(draft_with(barn, &steps)).expect("a plan");
    let within_its_error = Home { lat_deg: Home::default().lat_deg + 0.00001, ..Home::default() };
    let result = recheck(&plan, &Envelope::default(), &quad(), Autopilot::ArduPilot, &within_its_error);
    assert_eq!(result.map(|notices| notices.len()), Ok(0), "a metre off");
    let moved = Home { lat_deg: 47.3980, ..Home::default() };
    let result = recheck(&plan, &Envelope::default(), &quad(), Autopilot::ArduPilot, &moved);
    assert_eq!(result.expect_err("refused")[0].kind, FaultKind::KeepOut);
}

#[test]
fn contract_of_the_first_mission() {
    let plan =
        check(draft_with(HOUSE, &format!(r#"{UP}, {{ "do": {{ "return_home": {{}} }} }}, {DOWN}"#))).expect("a plan");
    let (vehicle, envelope, home) = (quad(), Envelope::default(), Home::default());
    use crate::contract::*;
    let contract = Contract::derive(&plan, &vehicle, Autopilot::Px4, &envelope, &home, &Tolerances::default())
        .expect("a contract");
    assert_eq!(contract.itinerary.items.len(), 2, "return home from home is nothing");
    assert_eq!(
        contract.invariants,
        [
            Invariant::Fence { max_distance_m: 500.0 },
            Invariant::Ceiling { max_altitude_m: 120.0 },
            Invariant::GroundSpeed { max_speed_m_s: 15.0 },
            Invariant::VerticalSpeed { max_climb_m_s: 5.0, max_descent_m_s: 3.0 },
            Invariant::KeepOut {
                outline: Outline::Circle { centre: crate::raw::position_ned([50.0, 0.0, 0.0]), radius_m: 10.0 },
                words: "avoid the house".into()
            },
            Invariant::BatteryReserve { percent: 25.0 },
            Invariant::PilotAuthority,
            Invariant::Responsive,
            Invariant::EndsOnGround { within_s: 119.0 },
        ]
    );
}

mod properties {
    use super::*;
    use crate::frame::{Altitude, PositionNed};
    use proptest::prelude::*;

    fn circle(north_m: f64, east_m: f64, radius_m: f64) -> KeepOut {
        let area = Area::Circle { centre: Place::FromHome { north_m, east_m }, radius_m };
        KeepOut { words: String::new(), area }
    }
    fn box_(north_m: f64, east_m: f64, size_m: f64) -> KeepOut {
        let corner = |n: f64, e: f64| Place::FromHome { north_m: north_m + n, east_m: east_m + e };
        let corners = vec![corner(0.0, 0.0), corner(0.0, size_m), corner(size_m, 2.0 * size_m), corner(size_m, 0.0)];
        KeepOut { words: String::new(), area: Area::Polygon { corners } }
    }

    /// Numbers as a careless or hostile author would write them.
    fn number() -> impl Strategy<Value = f64> {
        prop_oneof![
            6 => -200.0..200.0f64,
            2 => -1e6..1e6f64,
            1 => prop_oneof![
                Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(0.0), Just(-0.0), Just(f64::MAX),
                Just(f64::MIN_POSITIVE), Just(1e-9), Just(1e300), Just(90.0), Just(360.0),
            ],
        ]
    }
    fn place() -> impl Strategy<Value = Place> {
        prop_oneof![
            Just(Place::Home),
            Just(Place::Here),
            (number(), number()).prop_map(|(north_m, east_m)| Place::FromHome { north_m, east_m }),
            (number(), number()).prop_map(|(forward_m, right_m)| Place::FromHere {
                by: Displacement::Body { forward_m, right_m, up_m: 0.0 }
            }),
            (number(), number()).prop_map(|(lat_deg, lon_deg)| Place::Global { lat_deg, lon_deg }),
        ]
    }
    fn rotation() -> impl Strategy<Value = Rotation> {
        prop_oneof![Just(Rotation::Clockwise), Just(Rotation::Counterclockwise)]
    }
    fn shape() -> impl Strategy<Value = Shape> {
        prop_oneof![
            number().prop_map(|side_m| Shape::Square { side_m }),
            (any::<u32>(), number()).prop_map(|(sides, side_m)| Shape::Polygon { sides, side_m }),
            (number(), any::<u32>()).prop_map(|(radius_m, laps)| Shape::FigureEight { radius_m, laps }),
            (number(), number(), number(), number()).prop_map(|(start_radius_m, end_radius_m, turns, climb_m)| {
                Shape::Spiral { start_radius_m, end_radius_m, turns, climb_m }
            }),
            (number(), any::<u32>()).prop_map(|(spacing_m, legs)| Shape::ExpandingSquare { spacing_m, legs }),
            (number(), number(), number()).prop_map(|(length_m, width_m, spacing_m)| Shape::Lawnmower {
                length_m,
                width_m,
                spacing_m
            }),
        ]
    }
    fn action() -> impl Strategy<Value = Action> {
        let leaf = prop_oneof![
            (place(), proptest::option::of(number())).prop_map(|(place, altitude)| Action::GoTo {
                place,
                altitude: altitude.map(Altitude::AboveHome),
                straight: false,
                via: vec![]
            }),
            number().prop_map(|metres| Action::Altitude { to: AltitudeChange::By(metres) }),
            number().prop_map(|seconds| Action::Hold { seconds }),
            number().prop_map(|speed_m_s| Action::Speed { speed_m_s }),
            number().prop_map(|angle_deg| Action::Turn { to: TurnTo::By { angle_deg } }),
            place().prop_map(|place| Action::Nose { nose: Nose::At { place } }),
            (place(), number(), number(), rotation(), number()).prop_map(|(centre, radius_m, laps, turn, climb_m)| {
                Action::Orbit { centre, radius_m, amount: OrbitAmount::Laps(laps), turn, climb_m }
            }),
            (place(), number(), number(), rotation()).prop_map(|(centre, radius_m, seconds, turn)| Action::Orbit {
                centre,
                radius_m,
                amount: OrbitAmount::Seconds(seconds),
                turn,
                climb_m: 0.0
            }),
            (shape(), number(), rotation(), proptest::option::of(place())).prop_map(
                |(shape, bearing, turn, centre)| Action::Pattern {
                    shape,
                    first_leg: Direction::FromNose(bearing),
                    turn,
                    centre,
                    at_each: vec![]
                }
            ),
            Just(Action::ReturnHome { straight: false, via: vec![] }),
            Just(Action::Land),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            let steps = proptest::collection::vec(inner.prop_map(|action| Step { words: String::new(), action }), 0..4);
            prop_oneof![
                (any::<u32>(), steps.clone()).prop_map(|(times, steps)| Action::Repeat { times, steps }),
                (1u32..6, steps.clone()).prop_map(|(times, steps)| Action::Repeat { times, steps }),
                (number(), steps.clone(), steps).prop_map(|(percent, then, otherwise)| Action::When {
                    condition: Condition::BatteryBelow(percent),
                    then,
                    otherwise
                }),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        /// A way around keeps its distance from everything, stays inside the fence and is no odyssey.
        #[test]
        fn ways_around_keep_their_distance(
            circles in proptest::collection::vec((-120.0..120.0f64, -120.0..120.0f64, 1.0..25.0f64), 0..5),
            boxes in proptest::collection::vec((-120.0..120.0f64, -120.0..120.0f64, 3.0..30.0f64), 0..3),
            north_m in -150.0..150.0f64, east_m in -150.0..150.0f64,
        ) {
            let mut wanted = draft(&format!(r#"{UP}, {{ "do": {{ "go_to": {{ "place": {{ "from_home": {{ "north_m": {north_m}, "east_m": {east_m} }} }} }} }} }}, {{ "do": {{ "return_home": {{}} }} }}, {DOWN}"#));
            wanted.keep_outs.extend(circles.iter().map(|(n, e, r)| circle(*n, *e, *r)));
            wanted.keep_outs.extend(boxes.iter().map(|(n, e, s)| box_(*n, *e, *s)));
            let home = Home::default();
            match check(wanted) {
                Ok(plan) => {
                    let (envelope, vehicle) = (Envelope::default(), quad());
                    let against = Against { envelope: &envelope, vehicle: &vehicle, autopilot: Autopilot::ArduPilot, home: &home, slack_m: 0.0 };
                    let flown = itinerary(&plan, &against).expect("an itinerary");
                    let mut length_m = 0.0;
                    for item in &flown.items {
                        if let Motion::Leg { from, to } = &item.motion {
                            length_m += from.horizontal_distance_m(to);
                        }
                        for (outline, _) in geometry::outlines(&plan, &against) {
                            prop_assert!(geometry::clearance_m(&item.motion, &outline) >= KEEP_OUT_MARGIN_M - 1e-6);
                        }
                        for point in geometry::way(&item.motion) {
                            prop_assert!(point.horizontal_distance_m(&PositionNed::HOME) <= 497.0 + 1e-6);
                        }
                    }
                    prop_assert!(length_m <= 2.0 * (libm::hypot(north_m, east_m) + 500.0));
                    prop_assert_eq!(recheck(&plan, &envelope, &vehicle, Autopilot::ArduPilot, &home).map(|_| ()), Ok(()));
                }
                Err(faults) => {
                    for fault in &faults {
                        prop_assert!(fault.kind == FaultKind::KeepOut || fault.kind == FaultKind::Energy, "{}", fault);
                    }
                }
            }
        }

        /// Whatever is written: an answer, soon, and an accepted plan stays inside the envelope.
        #[test]
        fn no_draft_makes_it_panic(
            altitude_m in number(),
            actions in proptest::collection::vec(action(), 0..5),
            keep_out in (number(), number(), number()),
        ) {
            let step = |action| Step { words: String::new(), action };
            let mut steps = vec![step(Action::TakeOff { altitude_m })];
            steps.extend(actions.into_iter().map(step));
            steps.push(step(Action::Land));
            let mut wanted = draft(UP);
            wanted.steps = steps;
            wanted.keep_outs.push(circle(keep_out.0, keep_out.1, keep_out.2));
            if let Ok(plan) = check(wanted) {
                let (envelope, vehicle, home) = (Envelope::default(), quad(), Home::default());
                let against = Against { envelope: &envelope, vehicle: &vehicle, autopilot: Autopilot::ArduPilot, home: &home, slack_m: 0.0 };
                for item in flat(&itinerary(&plan, &against).expect("an itinerary").items) {
                    for point in geometry::way(&item.motion) {
                        prop_assert!(point.horizontal_distance_m(&PositionNed::HOME) < 500.0 && point.altitude_m() < 120.0);
                    }
                }
            }
        }
    }
}

/// As much as a plan may hold: without quick bounds this takes minutes.
#[test]
fn a_full_plan_gets_its_answer() {
    let corner = |angle: f64| {
        format!(r#"{{ "from_home": {{ "north_m": {}, "east_m": {} }} }}"#, libm::cos(angle), libm::sin(angle))
    };
    let area = |number: usize| {
        let corners: Vec<_> = (0..100).map(|index| corner(0.0628 * f64::from(index))).collect();
        let text = format!(r#"{{ "area": {{ "polygon": {{ "corners": [ {} ] }} }} }}"#, corners.join(", "));
        let mut area: KeepOut = serde_json::from_str(&text).expect("an area");
        if let Area::Polygon { corners } = &mut area.area {
            for corner in corners {
                if let Place::FromHome { north_m, .. } = corner {
                    *north_m += 60.0 + 8.0 * number as f64;
                }
            }
        }
        area
    };
    let orbit = r#"{ "do": { "orbit": { "centre": "home", "radius_m": 20, "amount": { "laps": 0.05 }, "turn": "clockwise" } } }"#;
    let mut wanted = draft(&format!(
        r#"{UP}, {{ "do": {{ "repeat": {{ "times": 1000, "steps": [ {orbit}, {orbit} ] }} }} }}, {DOWN}"#
    ));
    wanted.keep_outs.extend((0..50).map(area));
    let result = check(wanted);
    assert_eq!(kinds(&result), [(FaultKind::Energy, "2.1")]);
}
