//! Protocols under stress, as issue 5 demands: 20 % loss, 200 ms latency and reordering both ways; every request ends right or with an
//! exact error. Simulated time and seeded dice: the same figures every time. Run with `--nocapture` to see them.
#![expect(clippy::print_stdout, reason = "the figures are what this test is also for")]
#[path = "fake/lists/mod.rs"]
mod lists;

use flightsmith_sdk::capability::mission_raw::{MissionItem, Place};
use flightsmith_sdk::capability::param::ParamValue;
use flightsmith_sdk::{Autopilot, RequestError, System, frame::Altitude, units::Seconds};
use flightsmith_sim::{Scenario, SimConfig, Simulation};
use lists::channel::{Dice, STRESS};
use lists::{ListVehicle, Side, World, split};
use std::fmt::Write as _;

const ROUNDS: usize = 200;
const BOTH: [Autopilot; 2] = [Autopilot::ArduPilot, Autopilot::Px4];

/// What became of many requests of one kind.
#[derive(Default)]
struct Tally {
    right: usize,
    exact_errors: Vec<String>,
    slowest_s: f64,
    total_s: f64,
    sent: u32,
}

impl Tally {
    fn add(&mut self, outcome: Result<(), RequestError>, took_s: f64, sent: u32) {
        self.slowest_s = self.slowest_s.max(took_s);
        self.total_s += took_s;
        self.sent += sent;
        match outcome {
            Ok(()) => self.right += 1,
            // What a caller can act on: it says what was not answered and for how long.
            Err(error @ (RequestError::NoAnswer { .. } | RequestError::OutcomeUnknown { .. })) => {
                self.exact_errors.push(error.to_string());
            }
            Err(error) => panic!("not the truth: {error}"),
        }
    }
    fn print(&self, what: &str, autopilot: Autopilot) {
        let mut line = format!(
            "{what}, {autopilot:?}: {} of {ROUNDS} right, {} with an exact error; mean {:.1} s, slowest {:.1} s",
            self.right,
            self.exact_errors.len(),
            self.total_s / ROUNDS as f64,
            self.slowest_s,
        );
        if self.sent > 0 {
            let _ = write!(line, ", {:.1} messages sent each", f64::from(self.sent) / ROUNDS as f64);
        }
        println!("{line}");
        for error in &self.exact_errors {
            println!("    {error}");
        }
        assert_eq!(self.right + self.exact_errors.len(), ROUNDS);
        assert!(self.right >= ROUNDS * 97 / 100, "too many errors, exact or not");
    }
}

fn mission(dice: &mut Dice) -> Vec<MissionItem> {
    let high = Altitude::AboveHome(10.0 + dice.roll() * 50.0);
    let mut items = vec![MissionItem::take_off(high)];
    for _ in 0..2 + dice.below(12) {
        let (lat_deg, lon_deg) = (47.39 + dice.roll() * 0.02, 8.54 + dice.roll() * 0.02);
        items.push(MissionItem::waypoint(lat_deg, lon_deg, high).hold(Seconds((dice.roll() * 5.0).floor())));
    }
    items.push(MissionItem::jump_to(1, 2));
    items.push(MissionItem::return_to_launch());
    items
}

#[test]
fn missions_are_sent_and_read() {
    for autopilot in BOTH {
        let (mut uploads, mut downloads) = (Tally::default(), Tally::default());
        let mut world = World::new(ListVehicle::new(autopilot), STRESS, 11);
        let mut dice = Dice(5);
        let system = world.system();
        for _ in 0..ROUNDS {
            let items = mission(&mut dice);
            let before: u32 = world.side.heard.values().sum();
            let (raw, sent) = (system.mission_raw(), items.clone());
            let (end, took_s) = world.run_while(400.0, async move { raw.upload(&sent).await }, |_| true);
            let outcome = end.expect("an end");
            let ended_well = outcome.is_ok();
            uploads.add(outcome, took_s, world.side.heard.values().sum::<u32>() - before);
            if ended_well {
                let stored: Vec<u16> = world.side.items.lists[0].iter().map(|item| item.command).collect();
                assert_eq!(stored, items.iter().map(|item| item.command).collect::<Vec<_>>(), "what the vehicle has");
            }
            let raw = system.mission_raw();
            let (end, took_s) = world.run_while(400.0, async move { raw.download().await }, |_| true);
            downloads.add(end.expect("an end").map(|read| assert_same(&read, &items)), took_s, 0);
        }
        uploads.print("mission uploads", autopilot);
        downloads.print("mission downloads", autopilot);
    }
}

fn assert_same(read: &[MissionItem], sent: &[MissionItem]) {
    assert_eq!(read.len(), sent.len());
    for (read, sent) in read.iter().zip(sent) {
        assert_eq!(read.command, sent.command);
        if let (Place::Global { lat_deg: a, .. }, Place::Global { lat_deg: b, .. }) = (read.place, sent.place) {
            assert!((a - b).abs() < 1e-7);
        }
        if sent.command == 177 {
            assert_eq!(read.params, sent.params, "a jump goes to the user's item");
        }
    }
}

#[test]
fn parameters_are_listed_and_set() {
    for autopilot in BOTH {
        let (mut listed, mut set) = (Tally::default(), Tally::default());
        let mut world = World::new(ListVehicle::new(autopilot), STRESS, 12);
        let mut dice = Dice(6);
        let system = world.system();
        for _ in 0..ROUNDS {
            let param = system.param();
            let (end, took_s) = world.run_while(400.0, async move { param.list().await }, |_| true);
            listed.add(end.expect("an end").map(|all| assert_complete(&all, &world.side)), took_s, 0);
            let index = dice.below(150);
            let (name, kind) = (world.side.params.list[index].name.clone(), world.side.params.list[index].kind);
            let number = dice.below(100) as i32;
            let value = if kind == 9 { ParamValue::Float(number as f32 / 3.0) } else { ParamValue::Int(number) };
            let (param, to_set) = (system.param(), name.clone());
            let (end, took_s) = world.run_while(400.0, async move { param.set(&to_set, value).await }, |_| true);
            let outcome = end.expect("an end");
            if outcome.is_ok() {
                assert_eq!(world.side.params.value(&name), value.as_f64(), "{name}");
            }
            set.add(outcome.map(drop), took_s, 0);
        }
        listed.print("parameter lists", autopilot);
        set.print("parameters set", autopilot);
    }
}

fn assert_complete(all: &[flightsmith_sdk::capability::param::Parameter], vehicle: &ListVehicle) {
    assert_eq!(all.len(), vehicle.params.list.len());
    for (told, true_one) in all.iter().zip(&vehicle.params.list) {
        let cast = vehicle.autopilot == Autopilot::ArduPilot || true_one.kind == 9;
        let value = if cast { f64::from(true_one.value as f32) } else { true_one.value };
        assert_eq!((&told.name, told.value.as_f64()), (&true_one.name, value));
    }
}

#[test]
fn commands_are_answered() {
    for autopilot in BOTH {
        let mut tally = Tally::default();
        let mut world = World::new(ListVehicle::new(autopilot), STRESS, 13);
        let system = world.system();
        for round in 0..ROUNDS {
            let item = (round % 7) as u16;
            let raw = system.mission_raw();
            let (end, took_s) = world.run_while(100.0, async move { raw.set_current(item).await }, |_| true);
            let outcome = end.expect("an end");
            if outcome.is_ok() {
                let ahead = u16::from(autopilot == Autopilot::ArduPilot);
                assert_eq!(world.side.items.current, item + ahead);
            }
            tally.add(outcome, took_s, 0);
        }
        tally.print("commands", autopilot);
    }
}

fn noise(dice: &mut Dice, length: usize) -> Vec<u8> {
    (0..length).map(|_| dice.below(256) as u8).collect()
}

#[test]
fn files_and_logs_arrive_whole() {
    for autopilot in BOTH {
        let [mut read, mut written, mut logged] = [(); 3].map(|()| Tally::default());
        let mut world = World::new(ListVehicle::new(autopilot), STRESS, 16);
        let mut dice = Dice(8);
        let system = world.system();
        for round in 0..ROUNDS {
            let length = dice.below(30_000);
            let content = noise(&mut dice, length);
            world.side.files.files.insert("/logs/a.bin".into(), content.clone());
            let ftp = system.ftp();
            let (end, took_s) = world.run_while(900.0, async move { ftp.download("/logs/a.bin").await }, |_| true);
            read.add(end.expect("an end").map(|got| assert!(got == content, "another content")), took_s, 0);
            let length = dice.below(4_000);
            let (content, path) = (noise(&mut dice, length), format!("/logs/{round}.lua"));
            let (ftp, sent, to) = (system.ftp(), content.clone(), path.clone());
            let (end, took_s) = world.run_while(900.0, async move { ftp.upload(&to, &sent).await }, |_| true);
            let outcome = end.expect("an end");
            if outcome.is_ok() {
                assert!(world.side.files.files.remove(&path) == Some(content), "what the vehicle has");
            }
            written.add(outcome, took_s, 0);
            let length = dice.below(30_000);
            let content = noise(&mut dice, length);
            world.side.logs.logs = vec![vec![1; 100], content.clone()];
            let logs = system.log_files();
            let reading = async move {
                let listed = logs.list().await?;
                logs.download(&listed[1]).await
            };
            let (end, took_s) = world.run_while(900.0, reading, |_| true);
            logged.add(end.expect("an end").map(|got| assert!(got == content, "another content")), took_s, 0);
        }
        read.print("files read (to 30 kB)", autopilot);
        written.print("files written (to 4 kB)", autopilot);
        logged.print("logs listed and read (to 30 kB)", autopilot);
    }
}

/// The embedded simulator, which links nothing of the SDK.
struct Embedded(Simulation);

impl Embedded {
    fn new(autopilot: Autopilot) -> Self {
        let vehicle = toml::from_str(include_str!("../../agent/vehicles/quad-payload.toml")).expect("the vehicle file");
        let home = flightsmith_sdk::Home::default();
        let config = SimConfig { vehicle, autopilot, home, seed: 3, scenario: Scenario::default(), warm_start: true };
        Self(Simulation::new(config))
    }
}

impl Side for Embedded {
    fn time_s(&self) -> f64 {
        self.0.time_us() as f64 * 1e-6
    }
    fn tick(&mut self, incoming: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        self.0.tick(&incoming.concat());
        split(self.0.outgoing(0))
    }
}

#[test]
fn the_embedded_simulator_is_reached_as_well() {
    for autopilot in BOTH {
        let (mut uploads, mut downloads) = (Tally::default(), Tally::default());
        let (mut listed, mut commands) = (Tally::default(), Tally::default());
        let mut world = World::new(Embedded::new(autopilot), STRESS, 15);
        let mut dice = Dice(7);
        let system = world.system();
        let parameters = if autopilot == Autopilot::ArduPilot { 1368 } else { 950 };
        for round in 0..ROUNDS {
            let items = mission(&mut dice);
            let (raw, sent) = (system.mission_raw(), items.clone());
            let (end, took_s) = world.run_while(400.0, async move { raw.upload(&sent).await }, |_| true);
            uploads.add(end.expect("an end"), took_s, 0);
            let raw = system.mission_raw();
            let (end, took_s) = world.run_while(400.0, async move { raw.download().await }, |_| true);
            downloads.add(end.expect("an end").map(|read| assert_same(&read, &items)), took_s, 0);
            let (raw, item) = (system.mission_raw(), (round % items.len()) as u16);
            let (end, took_s) = world.run_while(100.0, async move { raw.set_current(item).await }, |_| true);
            commands.add(end.expect("an end"), took_s, 0);
            let param = system.param();
            let (end, took_s) = world.run_while(400.0, async move { param.list().await }, |_| true);
            listed.add(end.expect("an end").map(|all| assert!(all.len() >= parameters)), took_s, 0);
        }
        uploads.print("simulator: mission uploads", autopilot);
        downloads.print("simulator: mission downloads", autopilot);
        commands.print("simulator: commands", autopilot);
        listed.print("simulator: parameter lists", autopilot);
    }
}

#[test]
fn a_dead_vehicle_is_an_error_in_time() {
    for autopilot in BOTH {
        let mut world = World::new(ListVehicle::new(autopilot), STRESS, 14);
        let system: System = world.system();
        world.side.items.silent = true;
        world.side.params.silent = true;
        let raw = system.mission_raw();
        let items = mission(&mut Dice(1));
        let (end, took_s) = world.run_while(100.0, async move { raw.upload(&items).await }, |_| true);
        let error = end.expect("within its limit").expect_err("nobody answers");
        assert!(matches!(error, RequestError::NoAnswer { what: "MISSION_COUNT", .. }), "{error}");
        println!("{autopilot:?}: {error} (took {took_s:.1} s)");
        let param = system.param();
        let (end, _) = world.run_while(100.0, async move { param.list().await }, |_| true);
        let error = end.expect("within its limit").expect_err("nobody answers");
        assert!(matches!(error, RequestError::NoAnswer { what: "PARAM_REQUEST_LIST", .. }), "{error}");
    }
}
