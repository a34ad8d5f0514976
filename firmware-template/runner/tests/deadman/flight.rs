//! One flight with a trouble in it: the mission as a process of its own, the simulator here.
use flightsmith_mission::{
    geodesy::Home,
    vehicle::{Autopilot, Vehicle as VehicleFile},
};
use flightsmith_sim::{
    Scenario, SimConfig, Simulation, TruthSample,
    lockstep::{LockstepLimits, MissionPart, fly_lockstep},
};
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

/// Longest flight, seconds.
const LIMIT_S: f64 = 400.0;
/// At rest: this slow for this long.
const AT_REST_M_S: f64 = 0.5;
const AT_REST_FOR_S: f64 = 0.5;
const TICK: Duration = Duration::from_millis(20);

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Signal {
    Kill,
    Stop,
}

/// A signal to the mission process at a vehicle time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trouble {
    pub signal: Signal,
    pub at_s: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Link {
    Lockstep,
    RealTime,
}

/// What was seen of a flight.
#[derive(Debug, Clone)]
pub struct Flown {
    pub armed_s: Option<f64>,
    pub trouble_s: Option<f64>,
    /// The autopilot's mode and the speed when the trouble came.
    pub doing: (&'static str, f64),
    /// From the trouble to rest (and no later motion but home), to the way home or to the ground, seconds of vehicle time.
    pub safe_after_s: Option<f64>,
    pub farthest_m: f64,
    pub highest_m: f64,
    pub landed: bool,
    pub end_s: f64,
    pub exit_code: Option<i32>,
    /// What mission and supervisor said, last line last.
    pub said: String,
    /// The simulator waited for its limit in vain: nobody but the autopilot's own failsafe was left.
    pub supervisor_missed: bool,
}

/// Looks at each tick.
struct Watch {
    flown: Flown,
    trouble: Option<Trouble>,
    signalled: Option<Arc<AtomicBool>>,
    slow_since_s: Option<f64>,
    mission: i32,
}

impl Watch {
    fn see(&mut self, truth: &TruthSample) {
        let now_s = truth.time_s;
        let flown = &mut self.flown;
        flown.end_s = now_s;
        flown.landed = truth.on_ground && !truth.armed;
        if truth.armed && flown.armed_s.is_none() {
            flown.armed_s = Some(now_s);
        }
        flown.farthest_m = flown.farthest_m.max(truth.position.north_m.hypot(truth.position.east_m));
        flown.highest_m = flown.highest_m.max(truth.position.altitude_m());
        let speed_m_s = truth.velocity.ground_speed_m_s().hypot(truth.velocity.down_m_s);
        if let Some(trouble) = self.trouble
            && self.signalled.is_none()
            && now_s >= trouble.at_s
        {
            flown.doing = (truth.mode, speed_m_s);
            self.signalled = Some(signal_soon(self.mission, trouble.signal, now_s));
        }
        // On a busy machine the signal may be late, and a millisecond of it is a second of vehicle time.
        if flown.trouble_s.is_none() && self.signalled.as_ref().is_some_and(|sent| sent.load(Ordering::Acquire)) {
            flown.trouble_s = Some(now_s);
        }
        let Some(trouble_s) = flown.trouble_s else { return };
        let homewards = !truth.armed || ["RTL", "LAND"].iter().any(|mode| truth.mode.ends_with(mode));
        if speed_m_s >= AT_REST_M_S {
            self.slow_since_s = None;
            // It had come to rest and was moved again by somebody: that was no rest.
            if !homewards {
                flown.safe_after_s = None;
            }
        } else if self.slow_since_s.is_none() {
            self.slow_since_s = Some(now_s);
        }
        let at_rest = self.slow_since_s.is_some_and(|since_s| now_s - since_s.max(trouble_s) >= AT_REST_FOR_S);
        if flown.safe_after_s.is_none() && (homewards || at_rest) {
            flown.safe_after_s = Some(now_s - trouble_s);
        }
    }
}

/// Signals at an instant of its own, somewhere in what the process does with the next ticks; says when it does.
fn signal_soon(mission: i32, signal: Signal, now_s: f64) -> Arc<AtomicBool> {
    let sent = Arc::new(AtomicBool::new(false));
    let sending = sent.clone();
    let after = Duration::from_nanos((now_s * 1e7) as u64 % 60_000);
    std::thread::spawn(move || {
        let begun = Instant::now();
        while begun.elapsed() < after {
            std::hint::spin_loop();
        }
        let number = match signal {
            Signal::Kill => libc::SIGKILL,
            Signal::Stop => libc::SIGSTOP,
        };
        sending.store(true, Ordering::Release);
        // SAFETY: a signal to a process that our own child has started and not collected yet, or to nobody.
        unsafe { libc::kill(mission, number) };
    });
    sent
}

fn vehicle(autopilot: Autopilot) -> Simulation {
    let vehicle: VehicleFile =
        toml::from_str(include_str!("../../../../agent/vehicles/quad.toml")).expect("the vehicle file");
    Simulation::new(SimConfig {
        vehicle,
        autopilot,
        home: Home::default(),
        seed: 5,
        scenario: Scenario::nominal(),
        warm_start: true,
    })
}

/// The mission process: the supervisor's only child.
fn mission_of(supervisor: &Child) -> i32 {
    let id = supervisor.id();
    let begun = Instant::now();
    loop {
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).expect("procfs");
        if let Some(mission) = children.split_whitespace().next() {
            return mission.parse().expect("a process id");
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "no mission process");
        std::thread::yield_now();
    }
}

/// Flies the mission with `trouble`, until the vehicle is down or nothing more comes of it.
pub fn fly(autopilot: Autopilot, link: Link, trouble: Option<Trouble>) -> Flown {
    let url = match link {
        Link::Lockstep => "stdio",
        Link::RealTime => "pipe",
    };
    let mut runner = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--link", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut watch = Watch {
        flown: Flown {
            armed_s: None,
            trouble_s: None,
            doing: ("", 0.0),
            safe_after_s: None,
            farthest_m: 0.0,
            highest_m: 0.0,
            landed: false,
            end_s: 0.0,
            exit_code: None,
            said: String::new(),
            supervisor_missed: false,
        },
        trouble,
        signalled: None,
        slow_since_s: None,
        mission: mission_of(&runner),
    };
    match link {
        Link::Lockstep => lockstep(&mut runner, autopilot, &mut watch),
        Link::RealTime => real_time(&mut runner, autopilot, &mut watch),
    }
    if let Some(mut stderr) = runner.stderr.take() {
        stderr.read_to_string(&mut watch.flown.said).expect("text");
    }
    watch.flown.exit_code = runner.wait().expect("ends").code();
    watch.flown
}

fn lockstep(runner: &mut Child, autopilot: Autopilot, watch: &mut Watch) {
    let mut sim = vehicle(autopilot);
    let (from, to) = (runner.stdout.take().expect("a pipe"), runner.stdin.take().expect("a pipe"));
    let limits = LockstepLimits { flight_s: LIMIT_S, ..LockstepLimits::default() };
    let end = fly_lockstep::<_, _, Vec<u8>>(&mut sim, from, to, None, &limits, &mut || None, &mut |sim| {
        watch.see(sim.truth());
        ControlFlow::Continue(())
    })
    .expect("flies");
    watch.flown.supervisor_missed = end.mission == MissionPart::Silent;
}

fn real_time(runner: &mut Child, autopilot: Autopilot, watch: &mut Watch) {
    let mut sim = vehicle(autopilot);
    let (mut from, mut to) = (runner.stdout.take().expect("a pipe"), runner.stdin.take().expect("a pipe"));
    let (heard, hear) = mpsc::channel();
    std::thread::spawn(move || {
        let mut chunk = [0_u8; 8192];
        while let Ok(length @ 1..) = from.read(&mut chunk) {
            if heard.send(chunk[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    let begun = Instant::now();
    let mut ticks = 0;
    loop {
        ticks += 1;
        std::thread::sleep((begun + TICK * ticks).saturating_duration_since(Instant::now()));
        let incoming: Vec<u8> = hear.try_iter().flatten().collect();
        let outgoing = sim.tick(&incoming).to_vec();
        watch.see(sim.truth());
        // Nobody may be there any more to read it.
        let gone = to.write_all(&outgoing).is_err();
        let down = watch.flown.armed_s.is_some() && watch.flown.landed;
        if down && gone || f64::from(ticks) * TICK.as_secs_f64() > LIMIT_S {
            break;
        }
    }
}
