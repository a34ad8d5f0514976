//! Flights of a puppet, judged: clean ones must pass with something to spare, and every way to get it wrong must be caught.
use super::*;
use flightsmith_mission::contract::Tolerances;
use flightsmith_mission::envelope::Envelope;
use flightsmith_mission::frame::{AboveHome, East, North, PositionNed, VelocityNed};
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::itinerary::Arc;
use flightsmith_mission::plan::PlanDraft;
use flightsmith_mission::raw::{position_ned, velocity_ned};
use flightsmith_mission::vehicle::{Payload, Vehicle};

const TICK_S: f64 = 0.02;
const ACCELERATION_M_S2: f64 = 1.2;

fn quad() -> Vehicle {
    let text = r#"{ "name": "quad", "description": "", "cruise_speed_m_s": 5, "reports": ["battery", "wind"], "payloads": ["camera", "gripper"],
        "airframe": { "mass_kg": 2, "arm_m": 0.25, "inertia_kg_m2": [0.021, 0.021, 0.04], "max_thrust_n": 11, "motor_time_constant_s": 0.04,
            "torque_per_thrust_m": 0.016, "drag_n_per_m2_s2": 0.045, "battery_wh": 77, "battery_cells": 4, "hover_power_w": 260 },
        "companion": { "target": "aarch64", "link": "stdio:", "cpu_factor": 4 }, "required_params": {} }"#;
    serde_json::from_str(text).expect("a vehicle")
}

fn contract(plan: &str) -> Contract {
    let draft: PlanDraft = serde_json::from_str(plan).expect("a draft");
    let (vehicle, envelope, home) = (quad(), Envelope::default(), Home::default());
    let plan = draft.check(&envelope, &vehicle, Autopilot::ArduPilot, &home).expect("a plan");
    Contract::derive(&plan, &vehicle, Autopilot::ArduPilot, &envelope, &home, &Tolerances::default())
        .expect("a contract")
}

/// What the puppet does.
#[derive(Debug, Clone, PartialEq)]
enum Do {
    Arm,
    Speed(f64),
    /// North, east, up.
    Go(f64, f64, f64),
    Circle(Arc),
    Hold(f64),
    TurnBy(f64),
    Photo,
    Release,
    /// Touches down this far north of where it begins.
    Land(f64),
    Return,
    Disarm,
    Report {
        battery: f64,
        wind: f64,
    },
    Gone,
    Happens(Event),
}
use Do::*;

/// A vehicle that flies exactly as told, with noise of an amplitude in metres on top.
struct Puppet {
    judge: Judge,
    time_s: f64,
    at: PositionNed,
    velocity: VelocityNed,
    heading_deg: f64,
    speed_m_s: f64,
    noise_m: f64,
    seed: f64,
    armed: bool,
    on_ground: bool,
    control: Control,
    battery_percent: f64,
    reported: Reported,
    events: Vec<Event>,
}

impl Puppet {
    fn new(contract: &Contract, noise_m: f64, seed: u64) -> Self {
        Self {
            judge: Judge::new(contract),
            time_s: 40.0,
            at: PositionNed::HOME,
            velocity: VelocityNed::STILL,
            heading_deg: 0.0,
            speed_m_s: 4.9,
            noise_m,
            seed: seed as f64 * 1.37,
            armed: false,
            on_ground: true,
            control: Control::Mission,
            battery_percent: 90.0,
            reported: Reported { battery_percent: Some(90.0), wind_m_s: Some(3.0) },
            events: Vec::new(),
        }
    }

    fn tick(&mut self) {
        self.time_s += TICK_S;
        // Slow wander as of an estimator's error, and quick shaking as of gusts.
        let wave = |rate: f64, phase: f64| {
            let angle = rate * self.time_s + phase + self.seed;
            (angle.sin(), rate * angle.cos())
        };
        let (amplitude, air) = (self.noise_m, if self.on_ground { 0.0 } else { 1.0 });
        let (n, vn) = wave(0.13, 0.0);
        let (e, ve) = wave(0.17, 1.0);
        let (d, vd) = wave(0.11, 2.0);
        let (g, vg) = wave(2.1, 3.0);
        let position = position_ned([
            self.at.north_m + amplitude * (n + 0.2 * g),
            self.at.east_m + amplitude * (e - 0.2 * g),
            self.at.down_m + 0.5 * amplitude * air * (d + 0.1 * g),
        ]);
        let velocity = velocity_ned([
            self.velocity.north_m_s + amplitude * (vn + 0.2 * vg),
            self.velocity.east_m_s + amplitude * (ve - 0.2 * vg),
            self.velocity.down_m_s + 0.5 * amplitude * air * (vd + 0.1 * vg),
        ]);
        let sample = Sample {
            time_s: self.time_s,
            position,
            velocity,
            heading_deg: flightsmith_mission::units::wrap_360(self.heading_deg + 6.0 * amplitude * g),
            armed: self.armed,
            on_ground: self.on_ground,
            control: self.control,
            battery_percent: self.battery_percent,
            reported: self.reported,
            events: &self.events,
        };
        self.judge.observe(&sample);
        self.events.clear();
    }

    fn wait(&mut self, seconds: f64) {
        for _ in 0..(seconds / TICK_S).round() as usize {
            self.tick();
        }
    }

    /// Follows a path given by its length and its points, speeding up and braking.
    fn follow(&mut self, length_m: f64, speed_m_s: f64, point: impl Fn(f64) -> PositionNed, nose: bool) {
        let mut share = 0.0_f64;
        let mut speed = 0.0_f64;
        while share < 1.0 {
            // A spiral's metres a share grow outwards.
            let metres = (point(share).distance_m(&point(share + 1e-4)) / 1e-4).max(0.1);
            let brake = (2.0 * ACCELERATION_M_S2 * length_m * (1.0 - share)).sqrt();
            speed = (speed + ACCELERATION_M_S2 * TICK_S).min(speed_m_s).min(brake).max(0.05);
            share = (share + speed * TICK_S / metres).min(1.0);
            let next = point(share);
            let by = next - self.at;
            self.velocity = velocity_ned([by.north_m / TICK_S, by.east_m / TICK_S, by.down_m / TICK_S]);
            if nose && by.north_m.hypot(by.east_m) > 1e-6 {
                self.heading_deg = self.at.bearing_deg(&next);
            }
            self.at = next;
            self.tick();
        }
        self.velocity = VelocityNed::STILL;
        self.wait(0.6);
    }

    fn go(&mut self, to: PositionNed) {
        let from = self.at;
        let by = to - from;
        let level_m = from.horizontal_distance_m(&to);
        let vertical = by.down_m.abs() > level_m;
        let speed_m_s = if vertical { 2.0_f64.min(self.speed_m_s) } else { self.speed_m_s };
        let point = |share: f64| {
            position_ned([
                from.north_m + share * by.north_m,
                from.east_m + share * by.east_m,
                from.down_m + share * by.down_m,
            ])
        };
        self.follow(from.distance_m(&to), speed_m_s, point, false);
    }

    fn perform(&mut self, action: &Do) {
        match action {
            Arm => {
                self.armed = true;
                self.wait(2.0);
                self.on_ground = false;
            }
            Speed(speed) => self.speed_m_s = speed - 0.1,
            Go(north, east, up) => self.go(PositionNed::at(North(*north), East(*east), AboveHome(*up))),
            Circle(arc) => {
                let arc = *arc;
                self.follow(
                    arc.length_m(),
                    self.speed_m_s.min((1.8 * arc.start_radius_m.max(arc.end_radius_m)).sqrt()),
                    move |share| arc.point_at(share),
                    false,
                );
            }
            Hold(seconds) => self.wait(*seconds),
            TurnBy(degrees) => {
                let ticks = (degrees.abs() / 45.0 / TICK_S).ceil();
                for _ in 0..ticks as usize {
                    self.heading_deg += degrees / ticks;
                    self.tick();
                }
                self.wait(0.4);
            }
            Photo => self.events.push(Event::Photo),
            Release => self.events.push(Event::Released(Payload::Gripper)),
            Land(north) => {
                self.control = Control::Land;
                let to = position_ned([self.at.north_m + north, self.at.east_m, 0.0]);
                let speed_m_s = core::mem::replace(&mut self.speed_m_s, 1.0);
                self.go(to);
                self.speed_m_s = speed_m_s;
                self.on_ground = true;
                self.wait(2.0);
                self.perform(&Disarm);
            }
            Return => {
                self.control = Control::Return;
                let altitude_m = self.at.altitude_m().max(15.0);
                self.go(self.at.at_altitude(AboveHome(altitude_m)));
                self.go(PositionNed::at(North(0.0), East(0.0), AboveHome(altitude_m)));
                self.wait(5.0);
                self.perform(&Land(0.0));
            }
            Disarm => {
                self.armed = false;
                self.wait(1.0);
            }
            Report { battery, wind } => {
                self.reported = Reported { battery_percent: Some(*battery), wind_m_s: Some(*wind) };
                self.tick();
            }
            Gone => self.events.push(Event::MissionLost),
            Happens(event) => {
                self.events.push(event.clone());
                self.tick();
            }
        }
    }
}

fn judged(contract: &Contract, actions: &[Do], noise_m: f64, seed: u64) -> Verdict {
    let mut puppet = Puppet::new(contract, noise_m, seed);
    puppet.wait(1.0);
    actions.iter().for_each(|action| puppet.perform(action));
    let id =
        FlightId { seed, scenario: serde_json::Value::Null, backend: "puppet".into(), autopilot: Autopilot::ArduPilot };
    puppet.judge.finish(id).0
}

const PLAN: &str = r#"{ "name": "everything", "speed_m_s": 5,
    "keep_outs": [ { "words": "avoid the barn", "area": { "circle": { "centre": { "from_home": { "north_m": 20, "east_m": 30 } }, "radius_m": 4 } } } ],
    "steps": [
        { "words": "take off to 10 m", "do": { "take_off": { "altitude_m": 10 } } },
        { "words": "fly 40 m north", "do": { "go_to": { "place": { "from_home": { "north_m": 40, "east_m": 0 } } } } },
        { "words": "hold 5 s", "do": { "hold": { "seconds": 5 } } },
        { "words": "take a photo", "do": "photo" },
        { "words": "face east", "do": { "turn": { "to": { "heading": { "heading_deg": 90 } } } } },
        { "words": "30 m east and 5 m up", "do": { "move": { "by": { "world": { "east_m": 30, "up_m": 5 } } } } },
        { "words": "orbit once at 3 m/s", "do": { "speed": { "speed_m_s": 3 } } },
        { "words": "orbit once", "do": { "orbit": { "centre": { "from_home": { "north_m": 40, "east_m": 45 } }, "radius_m": 15, "amount": { "laps": 1 }, "turn": "clockwise" } } },
        { "words": "drop it", "do": { "release": { "payload": "gripper" } } },
        { "words": "come back over 60 m north", "do": { "go_to": { "place": { "from_home": { "north_m": 60, "east_m": 0 } } } } },
        { "words": "return", "do": { "return_home": {} } },
        { "words": "land", "do": "land" }
    ] }"#;

fn orbit() -> Arc {
    let centre = PositionNed::at(North(40.0), East(45.0), AboveHome(15.0));
    Arc { centre, start_bearing_deg: 270.0, sweep_deg: 360.0, start_radius_m: 15.0, end_radius_m: 15.0, climb_m: 0.0 }
}

/// The program that the plan asks for.
fn right() -> Vec<Do> {
    vec![
        Arm,
        Go(0.0, 0.0, 10.0),
        Speed(5.0),
        Go(40.0, 0.0, 10.0),
        Hold(5.0),
        Photo,
        TurnBy(90.0),
        Go(40.0, 30.0, 15.0),
        Speed(3.0),
        Circle(orbit()),
        Release,
        Go(60.0, 0.0, 15.0),
        Go(0.0, 0.0, 15.0),
        Land(0.0),
    ]
}
fn place_of(action: &Do) -> usize {
    right().iter().position(|other| other == action).expect("an action of the right program")
}
/// The right program with one action replaced by others.
fn with(action: Do, by: &[Do]) -> Vec<Do> {
    let mut actions = right();
    let place = place_of(&action);
    actions.splice(place..=place, by.iter().cloned());
    actions
}

#[test]
fn a_clean_flight_passes_with_something_to_spare() {
    let contract = contract(PLAN);
    for seed in 0..20 {
        let verdict = judged(&contract, &right(), 0.3, seed);
        assert_eq!(verdict.violations, [], "seed {seed}");
        assert!(verdict.passed, "{:#?}", verdict.clauses);
        for clause in &verdict.clauses {
            assert!(clause.margin.is_none_or(|margin| margin > 0.0), "seed {seed}: {clause:?}");
        }
    }
}

/// Every way to get it wrong, and the clause that must catch it first.
#[test]
fn wrong_flights_are_caught() {
    let contract = contract(PLAN);
    let half = |sweep_deg: f64| Circle(Arc { sweep_deg, ..orbit() });
    let other_radius = |radius_m: f64| Circle(Arc { start_radius_m: radius_m, end_radius_m: radius_m, ..orbit() });
    let north = Go(40.0, 0.0, 10.0);
    let east = Go(40.0, 30.0, 15.0);
    let over = Go(60.0, 0.0, 15.0);
    let home = Go(0.0, 0.0, 15.0);
    let table: Vec<(&str, Vec<Do>, &str)> = vec![
        ("corner left out", with(over.clone(), &[]), "10.way"),
        ("first corner left out", with(north.clone(), &[]), "2.photo"),
        ("wrong side", with(over.clone(), &[Go(60.0, 60.0, 15.0)]), "10.way"),
        ("swapped order", with(over.clone(), &[home.clone(), over.clone()]), "10.way"),
        ("too fast", with(Speed(5.0), &[Speed(6.0)]), "2.speed"),
        ("slower limit ignored", with(Speed(3.0), &[]), "8.speed"),
        ("hold too short", with(Hold(5.0), &[Hold(3.5)]), "3.hold"),
        ("no hold", with(Hold(5.0), &[]), "3.hold"),
        (
            "turned away while it should hold",
            with(Hold(5.0), &[Hold(2.0), TurnBy(-60.0), TurnBy(60.0), Hold(1.5)]),
            "3.hold",
        ),
        ("held elsewhere", with(Hold(5.0), &[Go(43.5, 0.0, 10.0), Hold(5.0), north.clone()]), "3.hold"),
        ("crept while it should hold", with(Hold(5.0), &[Speed(0.5), Go(38.0, 0.0, 10.0), Speed(5.0)]), "3.hold"),
        ("not turned", with(TurnBy(90.0), &[]), "5.turn"),
        ("turned to the wrong heading", with(TurnBy(90.0), &[TurnBy(75.0)]), "5.turn"),
        ("turned the wrong way round", with(TurnBy(90.0), &[TurnBy(-270.0)]), "5.turn"),
        ("nose off on a leg", with(over.clone(), &[TurnBy(30.0), over.clone()]), "10.nose"),
        ("photo missing", with(Photo, &[]), "4.photo"),
        ("two photos", with(Photo, &[Photo, Hold(1.0), Photo]), "5.photo"),
        ("photo elsewhere", with(Photo, &[Go(40.0, 3.5, 10.0), Photo]), "4.photo"),
        ("photo too early", with(Hold(5.0), &[Photo, Hold(5.0)]), "3.hold"),
        ("photo while flying", with(home.clone(), &[Photo, home.clone()]), "11.photo"),
        ("release missing", with(Release, &[]), "9.release"),
        ("released before arming", [vec![Release, Report { battery: 90.0, wind: 3.0 }], right()].concat(), "1.release"),
        ("photo after landing", [right(), vec![Photo, Report { battery: 90.0, wind: 3.0 }]].concat(), "12.photo"),
        ("released twice", with(Release, &[Release, Hold(0.5), Release]), "10.release"),
        ("released too early", with(Circle(orbit()), &[Release, Circle(orbit())]), "8.release"),
        ("1.5 m too high on a leg", with(north.clone(), &[Go(0.0, 0.0, 11.5), Go(40.0, 0.0, 11.5)]), "2.height"),
        ("1.5 m too low at the end", with(east.clone(), &[Go(40.0, 30.0, 13.5)]), "6.height"),
        ("takeoff too low", with(Go(0.0, 0.0, 10.0), &[Go(0.0, 0.0, 8.5)]), "1.way"),
        ("orbit the wrong way", with(Circle(orbit()), &[half(-360.0)]), "8.way"),
        ("half a lap", with(Circle(orbit()), &[half(180.0)]), "8.release"),
        ("nine tenths of a lap", with(Circle(orbit()), &[half(324.0)]), "8.release"),
        (
            "half a lap, then on",
            {
                let mut actions = with(Circle(orbit()), &[half(180.0)]);
                actions.retain(|action| *action != Release);
                actions
            },
            "8.way",
        ),
        ("two laps", with(Circle(orbit()), &[half(720.0)]), "9.release"),
        ("no orbit", with(Circle(orbit()), &[]), "8.release"),
        ("orbit too wide", with(Circle(orbit()), &[Go(40.0, 27.0, 15.0), other_radius(18.0)]), "8.way"),
        (
            "an extra excursion",
            with(over.clone(), &[Go(50.0, 15.0, 15.0), Go(60.0, 15.0, 15.0), Go(50.0, 15.0, 15.0), over.clone()]),
            "10.way",
        ),
        (
            "to and fro on the same line",
            with(over.clone(), &[Go(50.0, 15.0, 15.0), Go(44.0, 24.0, 15.0), over.clone()]),
            "10.way",
        ),
        ("flown twice", with(home.clone(), &[home.clone(), over.clone(), home.clone()]), "12.way"),
        ("waits without an end", with(home.clone(), &[Hold(90.0), home.clone()]), "11.time"),
        ("lands 2 m away", with(Land(0.0), &[Land(2.0)]), "12.landing"),
        ("lands early", with(home.clone(), &[Go(30.0, 0.0, 15.0)]), "11.order"),
        ("lands at once", vec![Arm, Go(0.0, 0.0, 10.0), Land(0.0)], "2.order"),
        ("never lands", with(Land(0.0), &[]), "12.order"),
        ("never takes off", vec![Arm, Disarm], "1.order"),
        ("motors stop in flight", with(home.clone(), &[Disarm]), "11.order"),
        (
            "arms again",
            {
                let mut actions = right();
                actions.push(Arm);
                actions
            },
            "12.order",
        ),
        ("returns by RTL instead", with(home.clone(), &[Return]), "11.order"),
        ("touches the keep-out for a tick", with(home.clone(), &[Go(20.0, 26.3, 15.0), home.clone()]), "11.way"),
        ("the mission is gone", with(Hold(5.0), &[Hold(5.0), Gone]), "responsive"),
        (
            "stalls",
            with(Hold(5.0), &[Hold(5.0), Happens(Event::Stalled { used_ms: 31.0, limit_ms: 20.0 })]),
            "responsive",
        ),
        (
            "fights the pilot",
            with(Hold(5.0), &[Happens(Event::PilotTookOver), Hold(2.0), Happens(Event::MissionCommanded)]),
            "pilot_authority",
        ),
    ];
    let mut wrong = Vec::new();
    for (what, actions, first) in &table {
        for seed in 0..3 {
            let verdict = judged(&contract, actions, 0.2, seed);
            let told = verdict.violations.first().map(|violation| (violation.id.as_str(), violation.says.as_str()));
            if verdict.passed || told.is_none_or(|(id, _)| id != *first) {
                wrong.push(format!("{what}, seed {seed}: expected {first}, found {told:?}"));
            }
        }
    }
    assert_eq!(wrong, [""; 0], "{wrong:#?}");
}

#[test]
fn a_keep_out_touched_for_one_tick_is_told() {
    let contract = contract(PLAN);
    let mut puppet = Puppet::new(&contract, 0.0, 0);
    right()[..4].iter().for_each(|action| puppet.perform(action));
    let here = core::mem::replace(&mut puppet.at, PositionNed::at(North(20.0), East(26.01), AboveHome(10.0)));
    puppet.tick();
    puppet.at = here;
    puppet.tick();
    let id =
        FlightId { seed: 0, scenario: serde_json::Value::Null, backend: "puppet".into(), autopilot: Autopilot::Px4 };
    let verdict = puppet.judge.finish(id).0;
    let barn = verdict.violations.iter().find(|violation| violation.id == "keep_out_1").expect("told");
    assert_eq!(barn.says, "entered the keep-out \"avoid the barn\" by 0.01 m");
    assert!(explain(barn).contains("lead the way around"), "{}", explain(barn));
}

/// The plan with these steps between a takeoff to 10 m and, where they do not end the flight, a landing.
fn short(rules: &str, steps: &str, land: bool) -> Contract {
    let end = if land { r#", { "do": "land" }"# } else { "" };
    contract(&format!(
        r#"{{ "name": "short", "speed_m_s": 5, "rules": [ {rules} ], "steps": [ {{ "do": {{ "take_off": {{ "altitude_m": 10 }} }} }}, {steps} {end} ] }}"#
    ))
}

fn first_of(contract: &Contract, actions: &[Do]) -> Option<String> {
    let verdict = judged(contract, actions, 0.15, 1);
    assert_eq!(
        verdict.passed,
        verdict.violations.is_empty(),
        "{:#?}",
        verdict.clauses.iter().filter(|clause| !clause.held).collect::<Vec<_>>()
    );
    verdict.violations.first().map(|violation| format!("{}: {}", violation.id, violation.says))
}

fn check(contract: &Contract, what: &str, actions: &[Do], expected: Option<&str>) {
    let found = first_of(contract, actions);
    let matches = match (&found, expected) {
        (None, None) => true,
        (Some(found), Some(expected)) => found.starts_with(expected),
        _ => false,
    };
    assert!(matches, "{what}: expected {expected:?}, found {found:?}");
}

const UP: [Do; 2] = [Arm, Go(0.0, 0.0, 10.0)];

fn flight(actions: &[Do]) -> Vec<Do> {
    UP.iter().chain(actions).cloned().collect()
}

#[test]
fn branches_follow_what_the_vehicle_reports() {
    let steps = r#"{ "do": { "when": { "condition": { "battery_below": 50 },
        "then": [ { "do": { "return_home": {} } }, { "do": "land" } ],
        "otherwise": [ { "do": { "go_to": { "place": { "from_home": { "north_m": 40, "east_m": 40 } } } } } ] } } },
        { "do": { "return_home": {} } }"#;
    let out = r#"{ "do": { "go_to": { "place": { "from_home": { "north_m": 40, "east_m": 0 } } } } }"#;
    let contract = short("", &format!("{out}, {steps}"), true);
    let report = |battery: f64| Report { battery, wind: 3.0 };
    let go = Go(40.0, 0.0, 10.0);
    let on = [Go(40.0, 40.0, 10.0), Go(0.0, 0.0, 10.0), Land(0.0)];
    let home = [Go(0.0, 0.0, 10.0), Land(0.0)];
    let fly = |battery: f64, then: &[Do]| flight(&[&[report(battery), go.clone()], then].concat());
    check(&contract, "high, goes on", &fly(80.0, &on), None);
    check(&contract, "low, returns", &fly(40.0, &home), None);
    check(
        &contract,
        "high, returns",
        &fly(80.0, &home),
        Some("3.branch: step 3: went on as if the condition held, though the vehicle reported 80.0"),
    );
    check(&contract, "low, goes on", &fly(40.0, &on), Some("3.branch"));
    check(&contract, "on the edge, goes on", &fly(49.5, &on), None);
    check(&contract, "on the edge, returns", &fly(50.5, &home), None);
    check(
        &contract,
        "changes while it decides",
        &flight(&[&[report(80.0), go.clone(), Hold(1.0), report(45.0)], &home[..]].concat()),
        None,
    );
    check(
        &contract,
        "changes too late",
        &flight(&[&[report(80.0), go.clone(), Go(20.0, 0.0, 10.0), report(45.0)], &home[..]].concat()),
        Some("3.branch"),
    );
    check(
        &contract,
        "high, flies neither way",
        &fly(80.0, &[Go(40.0, -20.0, 10.0), Go(0.0, 0.0, 10.0), Land(0.0)]),
        Some("3e.1.way"),
    );
}

#[test]
fn standing_rules_end_the_flight_when_they_hold() {
    let rule = r#"{ "words": "if the battery falls below 40 %, return", "when": { "battery_below": 40 }, "then": "return_to_launch" }"#;
    let out = r#"{ "do": { "go_to": { "place": { "from_home": { "north_m": 60, "east_m": 0 } } } } }, { "do": { "return_home": {} } }"#;
    let contract = short(rule, out, true);
    let report = |battery: f64| Report { battery, wind: 3.0 };
    check(&contract, "never holds", &flight(&[Go(60.0, 0.0, 10.0), Go(0.0, 0.0, 10.0), Land(0.0)]), None);
    check(&contract, "holds and acts", &flight(&[Go(30.0, 0.0, 10.0), report(39.0), Return]), None);
    check(
        &contract,
        "acts without holding",
        &flight(&[Go(30.0, 0.0, 10.0), report(60.0), Return]),
        Some("2.order: step 2: its return began"),
    );
    check(
        &contract,
        "holds and is ignored",
        &flight(&[Go(30.0, 0.0, 10.0), report(35.0), Go(60.0, 0.0, 10.0), Go(0.0, 0.0, 10.0), Land(0.0)]),
        Some("2.rule"),
    );
    check(
        &contract,
        "acts by the wrong end",
        &flight(&[Go(30.0, 0.0, 10.0), report(35.0), Land(0.0)]),
        Some("2.order"),
    );
    check(
        &contract,
        "acts and strays",
        &flight(&[Go(30.0, 0.0, 10.0), report(35.0), Happens(Event::Photo), Go(30.0, 0.0, 15.0)]),
        Some("2.photo"),
    );
}

#[test]
fn the_autopilots_return_as_a_step() {
    let contract = short(
        "",
        r#"{ "do": { "go_to": { "place": { "from_home": { "north_m": 40, "east_m": 30 } } } } }, { "do": "return_to_launch" }"#,
        false,
    );
    let out = Go(40.0, 30.0, 10.0);
    check(&contract, "right", &flight(&[out.clone(), Return]), None);
    check(&contract, "goes elsewhere", &flight(&[out.clone(), Go(40.0, 0.0, 10.0), Return]), Some("3.way"));
    check(&contract, "lands on the spot", &flight(&[out.clone(), Land(0.0)]), Some("3.height"));
    check(&contract, "lands beside home", &flight(&[out.clone(), Go(2.5, 1.0, 15.0), Land(0.0)]), Some("3.landing"));
}

#[test]
fn the_nose_on_the_way() {
    let policy = |nose: &str| {
        short(
            "",
            &format!(
                r#"{{ "do": {{ "nose": {{ "nose": {nose} }} }} }}, {{ "do": {{ "go_to": {{ "place": {{ "from_home": {{ "north_m": 0, "east_m": 40 }} }} }} }} }}, {{ "do": {{ "go_to": {{ "place": {{ "from_home": {{ "north_m": 8, "east_m": 40 }} }} }} }} }}"#
            ),
            true,
        )
    };
    let (east, north) = (Go(0.0, 40.0, 10.0), Go(8.0, 40.0, 10.0));
    let fly = |first_deg: f64, second_deg: f64| {
        flight(&[TurnBy(first_deg), east.clone(), TurnBy(second_deg), north.clone(), Land(0.0)])
    };
    let along = policy(r#""along_path""#);
    check(&along, "along", &fly(90.0, -90.0), None);
    check(&along, "keeps", &fly(0.0, 0.0), Some("3.nose"));
    check(&along, "keeps on the short second leg", &fly(90.0, 0.0), Some("4.nose"));
    check(&policy(r#""against_path""#), "against", &fly(-90.0, -90.0), None);
    check(&policy(r#""against_path""#), "along instead", &fly(90.0, -90.0), Some("3.nose"));
    check(&policy(r#"{ "heading": { "heading_deg": 200 } }"#), "fixed", &fly(200.0, 0.0), None);
    check(&policy(r#"{ "heading": { "heading_deg": 200 } }"#), "fixed elsewhere", &fly(180.0, 0.0), Some("3.nose"));
}

#[test]
fn arcs_of_all_kinds() {
    let spiral = r#"{ "do": { "pattern": { "shape": { "spiral": { "start_radius_m": 0, "end_radius_m": 30, "turns": 3, "climb_m": 10 } }, "first_leg": { "bearing": 0 }, "turn": "counterclockwise" } } }"#;
    let arc = Arc {
        centre: PositionNed::at(North(0.0), East(0.0), AboveHome(10.0)),
        start_bearing_deg: 0.0,
        sweep_deg: -1080.0,
        start_radius_m: 0.0,
        end_radius_m: 30.0,
        climb_m: 10.0,
    };
    let contract = short("", spiral, true);
    let fly = |arc: Arc| flight(&[Speed(3.0), Circle(arc), Land(0.0)]);
    check(&contract, "spiral", &fly(arc), None);
    check(&contract, "the other way", &fly(Arc { sweep_deg: 1080.0, ..arc }), Some("2.way"));
    check(&contract, "level", &fly(Arc { climb_m: 0.0, ..arc }), Some("2.height"));
    check(&contract, "a turn less", &fly(Arc { sweep_deg: -720.0, ..arc }), Some("2.way"));
    check(&contract, "straight to its end", &flight(&[Go(30.0, 0.0, 20.0), Land(0.0)]), Some("2.way"));

    let eight = r#"{ "do": { "pattern": { "shape": { "figure_eight": { "radius_m": 15, "laps": 1 } }, "first_leg": { "bearing": 0 }, "turn": "clockwise" } } }"#;
    let contract = short("", eight, true);
    let loop_ = |east: f64, sweep_deg: f64| {
        Circle(Arc {
            centre: PositionNed::at(North(0.0), East(east), AboveHome(10.0)),
            start_bearing_deg: if east > 0.0 { 270.0 } else { 90.0 },
            sweep_deg,
            start_radius_m: 15.0,
            end_radius_m: 15.0,
            climb_m: 0.0,
        })
    };
    check(&contract, "eight", &flight(&[loop_(15.0, 360.0), loop_(-15.0, -360.0), Land(0.0)]), None);
    check(&contract, "one loop only", &flight(&[loop_(15.0, 360.0), Land(0.0)]), Some("2/2.order"));
    check(
        &contract,
        "both loops on one side",
        &flight(&[loop_(15.0, 360.0), loop_(15.0, 360.0), Land(0.0)]),
        Some("2/2.way"),
    );
    check(&contract, "loops swapped", &flight(&[loop_(-15.0, -360.0), loop_(15.0, 360.0), Land(0.0)]), Some("2/1.way"));

    let laps = r#"{ "do": { "orbit": { "centre": { "from_home": { "north_m": 0, "east_m": 10 } }, "radius_m": 10, "amount": { "laps": 3 }, "turn": "clockwise" } } }"#;
    let contract = short("", laps, true);
    let orbit = |laps: f64| {
        flight(&[
            Circle(Arc {
                centre: PositionNed::at(North(0.0), East(10.0), AboveHome(10.0)),
                start_bearing_deg: 270.0,
                sweep_deg: 360.0 * laps,
                start_radius_m: 10.0,
                end_radius_m: 10.0,
                climb_m: 0.0,
            }),
            Land(0.0),
        ])
    };
    check(&contract, "three laps", &orbit(3.0), None);
    check(&contract, "two laps", &orbit(2.0), Some("2.order: step 2: a landing began"));
    check(&contract, "four laps", &orbit(4.0), Some("3.way"));
}

#[test]
fn photos_at_each_corner() {
    let square = r#"{ "words": "a square with photos", "do": { "pattern": { "shape": { "square": { "side_m": 20 } }, "first_leg": { "bearing": 0 }, "turn": "clockwise", "at_each": [ { "do": "photo" } ] } } }"#;
    let contract = short("", square, true);
    let corners = [(20.0, 0.0), (20.0, 20.0), (0.0, 20.0), (0.0, 0.0)];
    let fly = |order: &[usize], without: Option<usize>| {
        let mut actions = UP.to_vec();
        for &corner in order {
            actions.push(Go(corners[corner].0, corners[corner].1, 10.0));
            if without != Some(corner) {
                actions.push(Photo);
            }
        }
        actions.push(Land(0.0));
        actions
    };
    check(&contract, "right", &fly(&[0, 1, 2, 3], None), None);
    check(&contract, "counterclockwise", &fly(&[2, 1, 0, 3], None), Some("2/1.way"));
    check(&contract, "a corner left out", &fly(&[0, 2, 3], None), Some("2/3.way"));
    check(&contract, "no photo at the third", &fly(&[0, 1, 2, 3], Some(2)), Some("2/6.photo"));
    check(&contract, "no photo at the last", &fly(&[0, 1, 2, 3], Some(3)), Some("2/8.order"));
}
