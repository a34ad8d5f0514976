//! A program that stalls while its driver goes on, as a thread or task beside a driver's thread may: its set-points end at once, its
//! heartbeats and a take-off that PX4 flies by itself within a second or two, and the autopilot's own failsafe acts. At random
//! instants of a whole flight, in both flavours.
mod programs;
use flightsmith_sdk::prelude::*;
use flightsmith_sdk::wire::decoder::Decoder;
use flightsmith_sim::{Scenario, TruthSample};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

const EACH: usize = 40;
const SAFE_WITHIN_S: f64 = 5.0;
const AT_REST_M_S: f64 = 0.5;
/// A flight that nobody ends: PX4 without a ground station holds for COM_DL_LOSS_T and COM_FAIL_ACT_T before it returns.
const LIMIT_S: f64 = 150.0;
const SET_POINTS: [u32; 3] = [82, 84, 86];

type Program = Pin<Box<dyn Future<Output = Result<(), FlightError>>>>;

fn at(north_m: f64, east_m: f64) -> PositionNed {
    PositionNed::at(North(north_m), East(east_m), AboveHome(10.0))
}

/// A mission, as generated programs are.
fn mission(connection: Connection) -> Program {
    Box::pin(async move {
        let vehicle = connection.ready(Seconds(60.0)).await?;
        let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
        vehicle.go_to(at(25.0, 0.0)).await?;
        vehicle.offboard().fly(VelocityNed::towards(Degrees(90.0), MetresPerSecond(4.0)), Seconds(6.0)).await?;
        vehicle.orbit(at(25.0, 20.0), Metres(8.0), 0.5).await?;
        vehicle.hold(Seconds(4.0)).await?;
        vehicle.return_home().await?;
        vehicle.land().await.map(drop)
    })
}

/// A hand-written program of single actions and set-points.
fn program(connection: Connection) -> Program {
    Box::pin(async move {
        let system = connection.system(Seconds(20.0)).await?;
        let action = system.action();
        action.arm().await?;
        action.take_off(AboveHome(10.0)).await?;
        action.go_to(at(25.0, 0.0)).await?;
        let mut offboard = system.offboard().await?;
        let ahead = SetPoint::from(VelocityFrd::forward(MetresPerSecond(3.0)));
        offboard.fly(ahead.with_yaw(Yaw::Rate(DegreesPerSecond(20.0))), Seconds(8.0)).await?;
        offboard.stop().await?;
        action.orbit(at(25.0, 20.0), Metres(8.0), 0.5).await?;
        action.return_to_launch().await
    })
}

struct Seen {
    truth: Vec<TruthSample>,
    sent: Vec<(f64, u32)>,
}

/// Runs `make` and polls it no more from `stall_s` on, while bytes go on moving.
fn run(autopilot: Autopilot, make: fn(Connection) -> Program, stall_s: f64) -> Seen {
    let mut sim = programs::vehicle(autopilot, 6, Scenario::nominal());
    let connection = Connection::new();
    let mut future = make(connection.clone());
    let mut context = Context::from_waker(Waker::noop());
    let (mut to_vehicle, mut decoder) = (Vec::new(), Decoder::default());
    let mut seen = Seen { truth: Vec::new(), sent: Vec::new() };
    let mut ended = false;
    loop {
        sim.tick(&to_vehicle);
        to_vehicle.clear();
        let truth = sim.truth().clone();
        let now_s = truth.time_s;
        let down = truth.on_ground && !truth.armed;
        seen.truth.push(truth);
        connection.feed_lockstep(sim.outgoing(0));
        connection.expect_answer((sim.time_us() * 1000) as i64);
        if now_s < stall_s
            && !ended
            && let Poll::Ready(result) = future.as_mut().poll(&mut context)
        {
            result.expect("undisturbed until then");
            ended = true;
        }
        connection.take_outgoing(|bytes| to_vehicle.extend_from_slice(bytes));
        programs::frames(&mut decoder, &to_vehicle, |id, _| seen.sent.push((now_s, id)));
        if (now_s >= stall_s || ended) && (down || now_s > stall_s.min(1e6) + LIMIT_S) {
            return seen;
        }
    }
}

/// When, after `stall_s`, the vehicle is at rest for good (but for the way home) or on its way home.
fn safe_after_s(seen: &Seen, stall_s: f64) -> f64 {
    let homewards =
        |sample: &TruthSample| !sample.armed || ["RTL", "LAND"].iter().any(|mode| sample.mode.ends_with(mode));
    let moving = seen.truth.iter().rfind(|sample| {
        let speed_m_s = sample.velocity.ground_speed_m_s().hypot(sample.velocity.down_m_s);
        sample.time_s >= stall_s && !homewards(sample) && speed_m_s >= AT_REST_M_S
    });
    moving.map_or(0.0, |sample| sample.time_s - stall_s)
}

#[test]
fn a_program_that_stalls_steers_no_more_and_the_autopilot_takes_the_vehicle() {
    for autopilot in [Autopilot::ArduPilot, Autopilot::Px4] {
        for (name, make) in [("mission", mission as fn(Connection) -> Program), ("program", program)] {
            let whole = run(autopilot, make, 1e9);
            let armed_s = whole.truth.iter().find(|sample| sample.armed).expect("armed").time_s;
            let down_s = whole.truth.last().expect("samples").time_s;
            let (mut longest_s, mut longest_take_off_s, mut farthest_m) = (0.0_f64, 0.0_f64, 0.0_f64);
            for index in 0..EACH {
                let share = (index as f64 + 0.5 * f64::from(index as u32 * 7 % 10) / 10.0) / EACH as f64;
                let stall_s = armed_s + share * (down_s - armed_s);
                let seen = run(autopilot, make, stall_s);
                let what = format!("{autopilot:?} {name} stalled at {stall_s:.2} s");
                let late = seen.sent.iter().filter(|(at_s, id)| *at_s >= stall_s && SET_POINTS.contains(id)).count();
                assert_eq!(late, 0, "{what}: set-points after it");
                let end_s = seen.truth.last().expect("samples").time_s;
                let stalled_in_call =
                    whole.sent.iter().any(|(at_s, id)| (at_s - stall_s).abs() < 0.1 && SET_POINTS.contains(id));
                if stalled_in_call {
                    let beats = seen.sent.iter().filter(|(at_s, id)| *at_s > stall_s + 1.3 && *id == 0).count();
                    assert!(
                        beats == 0 || end_s < stall_s + 2.0,
                        "{what}: {beats} heartbeats later than 1.3 s after it"
                    );
                }
                let mode = seen.truth.iter().find(|sample| sample.time_s >= stall_s).map_or("", |sample| sample.mode);
                let after_s = safe_after_s(&seen, stall_s);
                assert!(after_s <= SAFE_WITHIN_S, "{what}: {after_s} s until at rest or on its way home, in {mode}");
                if mode == "AUTO.TAKEOFF" || (mode == "GUIDED" && !stalled_in_call) {
                    longest_take_off_s = longest_take_off_s.max(after_s);
                } else {
                    longest_s = longest_s.max(after_s);
                }
                for sample in &seen.truth {
                    farthest_m = farthest_m.max(sample.position.north_m.hypot(sample.position.east_m));
                    assert!(sample.position.altitude_m() < 35.0, "{what}: {} m up", sample.position.altitude_m());
                }
                assert!(farthest_m < 60.0, "{what}: {farthest_m} m away");
                let last = seen.truth.last().expect("samples");
                assert!(!last.armed, "{what}: never came down ({})", last.mode);
            }
            eprintln!(
                "{autopilot:?} {name}: {EACH} stalls; at rest or on the way home after {longest_s:.2} s at most, \
                 {longest_take_off_s:.2} s where the autopilot itself took off; farthest {farthest_m:.1} m"
            );
        }
    }
}
