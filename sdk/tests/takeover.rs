//! A pilot takes over in the middle of every call that sends set-points or commands, in both flavours: the call ends with
//! `PilotTookOver` in time, nothing more is sent, and heartbeats go on.
mod programs;
use flightsmith_sdk::System;
use flightsmith_sdk::capability::manual_control::{StickMode, Sticks};
use flightsmith_sdk::prelude::*;
use flightsmith_sim::{Fault, Scenario, TruthEvent};
use programs::Ran;
use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;

/// From the first message that shows the change, and from the change itself.
const NOTICED_WITHIN_S: f64 = 0.2;
const NOTICED_AT_ALL_WITHIN_S: f64 = 1.2;
const TICK_S: f64 = 0.02;

const HEARTBEAT: u32 = 0;
/// Messages that steer or command: MANUAL_CONTROL, COMMAND_INT, COMMAND_LONG, SET_ATTITUDE_TARGET, both position targets.
const COMMANDING: [u32; 6] = [69, 75, 76, 82, 84, 86];

/// Vehicle time at which the call under test begins, as the program says.
type Begun = Rc<Cell<bool>>;
type Program = Pin<Box<dyn Future<Output = Result<(), FlightError>>>>;
type Case = (&'static str, fn(Connection, Begun) -> Program);

fn at(north_m: f64, east_m: f64, altitude_m: f64) -> PositionNed {
    PositionNed::at(North(north_m), East(east_m), AboveHome(altitude_m))
}

/// A mission's call: the vehicle flies at 10 m, then `$call`.
macro_rules! mission {
    ($name:literal, |$vehicle:ident| $call:expr) => {
        ($name, |connection: Connection, begun: Begun| {
            Box::pin(async move {
                let vehicle = connection.ready(Seconds(60.0)).await?;
                #[allow(unused_mut, reason = "some calls take the vehicle")]
                let mut $vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
                begun.set(true);
                $call.await.map(drop)
            })
        })
    };
}

/// An action of a hand-written program: the vehicle hovers at 10 m, then `$call`.
macro_rules! program {
    ($name:literal, |$system:ident| $call:expr) => {
        ($name, |connection: Connection, begun: Begun| {
            Box::pin(async move {
                let $system = connection.system(Seconds(20.0)).await?;
                $system.action().arm().await?;
                $system.action().take_off(AboveHome(10.0)).await?;
                begun.set(true);
                $call.await.map(drop)
            })
        })
    };
}

/// A set-point for 20 s, under a mission and under a program.
macro_rules! set_point {
    ($name:literal, $point:expr) => {{
        let pair: [Case; 2] = [
            mission!($name, |vehicle| async move { vehicle.offboard().fly($point, Seconds(20.0)).await }),
            program!($name, |system| async { system.offboard().await?.fly($point, Seconds(20.0)).await }),
        ];
        pair
    }};
}

fn north() -> VelocityNed {
    VelocityNed::towards(Degrees(0.0), MetresPerSecond(2.0))
}
fn lean() -> AttitudeThrust {
    AttitudeThrust { roll: Degrees(0.0), pitch: Degrees(-2.0), thrust: Percent(45.0) }
}

async fn taking_off(system: System, begun: Begun) -> Result<(), FlightError> {
    system.action().arm().await?;
    begun.set(true);
    system.action().take_off(AboveHome(30.0)).await
}

async fn sticks(system: System) -> Result<(), FlightError> {
    let mut control = system.manual_control();
    control.begin(StickMode::Altitude).await?;
    control.hold(Sticks { pitch: 0.3, ..Sticks::default() }, Seconds(20.0)).await?;
    Ok(())
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = vec![
        ("arm_and_take_off", |connection, begun| {
            Box::pin(async move {
                let vehicle = connection.ready(Seconds(60.0)).await?;
                begun.set(true);
                vehicle.arm_and_take_off(AboveHome(40.0)).await.map(drop)
            })
        }),
        mission!("go_to", |vehicle| vehicle.go_to(at(60.0, 20.0, 20.0))),
        mission!("go_to_global", |vehicle| {
            let place = vehicle.home().to_global(&at(60.0, 20.0, 20.0));
            vehicle.go_to_global(place)
        }),
        mission!("move_by", |vehicle| vehicle.move_by(OffsetFrd::by(Forward(60.0), Right(0.0), Up(0.0)))),
        mission!("climb_to", |vehicle| vehicle.climb_to(AboveHome(60.0))),
        mission!("turn_by", |vehicle| vehicle.turn_by(Degrees(720.0))),
        mission!("follow_arc", |vehicle| vehicle.follow_arc(Arc::circle(
            at(20.0, 0.0, 10.0),
            Metres(20.0),
            Degrees(180.0),
            Degrees(360.0)
        ))),
        mission!("orbit", |vehicle| vehicle.orbit(at(20.0, 0.0, 10.0), Metres(15.0), 2.0)),
        mission!("hold", |vehicle| vehicle.hold(Seconds(30.0))),
        mission!("land", |vehicle| vehicle.land()),
        mission!("land_at", |vehicle| vehicle.land_at(at(40.0, 0.0, 0.0))),
        mission!("return_to_launch", |vehicle| vehicle.return_to_launch()),
        ("action take_off", |connection, begun| {
            Box::pin(async move { taking_off(connection.system(Seconds(20.0)).await?, begun).await })
        }),
        program!("action go_to", |system| async { system.action().go_to(at(60.0, 0.0, 10.0)).await }),
        program!("action orbit", |system| async {
            system.action().orbit(at(20.0, 0.0, 10.0), Metres(15.0), 2.0).await
        }),
        program!("action land_at", |system| async { system.action().land_at(at(40.0, 0.0, 0.0)).await }),
        program!("action land", |system| async { system.action().land().await }),
        program!("action return_to_launch", |system| async { system.action().return_to_launch().await }),
        program!("sticks", |system| sticks(system.clone())),
    ];
    cases.extend(set_point!("offboard position", at(60.0, 0.0, 10.0)));
    cases.extend(set_point!("offboard velocity", north()));
    cases.extend(set_point!(
        "offboard turning",
        SetPoint::from(VelocityFrd::forward(MetresPerSecond(2.0))).with_yaw(Yaw::Rate(DegreesPerSecond(20.0)))
    ));
    cases.extend(set_point!("offboard acceleration", AccelerationNed { north_m_s2: 0.3, ..Default::default() }));
    cases.extend(set_point!("offboard attitude", lean()));
    cases.push(mission!("offboard place", |vehicle| {
        let place = vehicle.home().to_global(&at(60.0, 0.0, 10.0));
        async move { vehicle.offboard().fly(place, Seconds(30.0)).await }
    }));
    cases
}

/// The mode that the pilot takes, which no call of ours commands.
fn pilots_mode(autopilot: Autopilot) -> (&'static str, u32) {
    match autopilot {
        Autopilot::ArduPilot => ("POSHOLD", 16),
        Autopilot::Px4 => ("POSCTL", 3 << 16),
    }
}

/// Runs `case` with the pilot's switch `after_s` into the call.
fn taken_over(autopilot: Autopilot, case: Case, after_s: f64) -> (Ran<Result<(), FlightError>>, f64) {
    let begun = Begun::default();
    let (watched, mode) = (begun.clone(), pilots_mode(autopilot).0);
    let (mut began_s, mut switched_s) = (None, f64::NAN);
    let mut sim = programs::vehicle(autopilot, 4, Scenario::nominal());
    // Attitude set-points need ArduPilot to take a thrust as a thrust.
    sim.set_parameter("GUID_OPTIONS", 8.0);
    let ran = programs::run(
        sim,
        Connection::ground_station(),
        |connection| (case.1)(connection, begun),
        |sim| {
            let now_s = sim.truth().time_s;
            // A take-off counts from the ground up.
            if began_s.is_none()
                && watched.get()
                && (!case.0.contains("take_off") || sim.truth().position.altitude_m() > 1.0)
            {
                began_s = Some(now_s);
            }
            let due = switched_s.is_nan() && began_s.is_some_and(|began_s| now_s >= began_s + after_s);
            due.then(|| {
                switched_s = now_s + TICK_S;
                Fault::PilotMode(mode.to_owned())
            })
        },
    );
    (ran, switched_s)
}

#[test]
fn whatever_is_flown_a_pilot_takes_over_in_time_and_for_good() {
    let mut slowest: [(f64, f64); 2] = [(0.0, 0.0); 2];
    let mut random = 20_261_126_u64;
    for (index, autopilot) in [Autopilot::ArduPilot, Autopilot::Px4].into_iter().enumerate() {
        let (mode, number) = pilots_mode(autopilot);
        for case in cases() {
            for _ in 0..3 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let after_s = 0.3 + 3.0 * (random >> 33) as f64 / f64::from(1_u32 << 31);
                let (ran, switched_s) = taken_over(autopilot, case, after_s);
                let what = format!("{autopilot:?} {} taken over after {after_s:.2} s", case.0);
                assert_eq!(ran.output, Err(FlightError::PilotTookOver { mode }), "{what}");
                let really = ran.events.iter().any(|(at_s, event)| {
                    matches!(event, TruthEvent::Mode { mode: taken, by: Some(_) } if *taken == mode)
                        && (at_s - switched_s).abs() < 1.5 * TICK_S
                });
                assert!(really, "{what}: the pilot's switch at {switched_s} s");
                let shown_s = ran.shown.iter().find(|(at_s, shown)| *shown == number && *at_s >= switched_s - TICK_S);
                let shown_s = shown_s.unwrap_or_else(|| panic!("{what}: never shown")).0;
                let (after_shown_s, after_switch_s) = (ran.ended_s - shown_s, ran.ended_s - switched_s);
                assert!(after_shown_s <= NOTICED_WITHIN_S + 1e-6, "{what}: {after_shown_s} s after it was shown");
                assert!(after_switch_s <= NOTICED_AT_ALL_WITHIN_S + 1e-6, "{what}: {after_switch_s} s after it");
                slowest[index].0 = slowest[index].0.max(after_shown_s);
                slowest[index].1 = slowest[index].1.max(after_switch_s);
                // From the very tick on that showed it.
                let late: Vec<_> =
                    ran.sent.iter().filter(|(at_s, id)| *at_s >= shown_s && COMMANDING.contains(id)).collect();
                assert!(late.is_empty(), "{what}: sent {late:?} after {shown_s} s");
                let beats = ran.sent.iter().filter(|(at_s, id)| *at_s > ran.ended_s && *id == HEARTBEAT).count();
                assert!(beats >= 2, "{what}: {beats} heartbeats after the end");
            }
        }
        let (shown_s, switch_s) = slowest[index];
        eprintln!("{autopilot:?}: at most {shown_s:.2} s after it was shown, {switch_s:.2} s after the switch");
    }
}

/// What is sent later, by whatever call, does not leave either.
#[test]
fn a_program_that_goes_on_after_a_takeover_sends_nothing() {
    for autopilot in [Autopilot::ArduPilot, Autopilot::Px4] {
        let begun = Begun::default();
        let watched = begun.clone();
        let mut switched = false;
        let ran = programs::run(
            programs::vehicle(autopilot, 4, Scenario::nominal()),
            Connection::ground_station(),
            |connection| async move {
                let system = connection.system(Seconds(20.0)).await?;
                system.action().arm().await?;
                system.action().take_off(AboveHome(10.0)).await?;
                begun.set(true);
                let first = system.action().go_to(at(60.0, 0.0, 10.0)).await;
                let then = [
                    system.action().go_to(at(0.0, 0.0, 10.0)).await,
                    system.action().hold().await,
                    system.action().land().await,
                    system.offboard().await.map(drop),
                    system.action().set_speed(MetresPerSecond(3.0)).await,
                ];
                system.sleep(Seconds(3.0)).await?;
                Ok::<_, FlightError>((first, then))
            },
            |sim| {
                let due = !switched && watched.get() && sim.truth().position.north_m > 10.0;
                switched |= due;
                due.then(|| Fault::PilotMode(pilots_mode(autopilot).0.to_owned()))
            },
        );
        let (first, then) = ran.output.expect("the link holds");
        let taken = Err(FlightError::PilotTookOver { mode: pilots_mode(autopilot).0 });
        assert_eq!(first, taken);
        for result in then {
            assert_eq!(result, taken, "{autopilot:?}");
        }
        let pilots = pilots_mode(autopilot).1;
        let shown_s = ran.shown.iter().find(|(_, mode)| *mode == pilots).expect("the pilot's mode").0;
        let late = ran.sent.iter().filter(|(at_s, id)| *at_s >= shown_s && COMMANDING.contains(id)).count();
        assert_eq!(late, 0, "{autopilot:?}");
    }
}
