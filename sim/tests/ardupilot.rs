//! ArduCopter flavour: motion and failsafes against what was recorded from ArduCopter, with the tolerances stated here.
mod station;

use flightsmith_mission::units::wrap_180;
use flightsmith_mission::vehicle::Autopilot::ArduPilot;
use flightsmith_sim::{Fault, Scenario};
use station::{Goal, Recorded, Station, bare, config, measure, vehicle};
use std::f64::consts::FRAC_PI_2;

const GUIDED: f64 = 4.0;
const RTL: f64 = 6.0;
const LAND: f64 = 9.0;

fn mode(station: &mut Station, number: f64) -> Option<u8> {
    station.command(176, [1.0, number, 0.0, 0.0, 0.0, 0.0, 0.0])
}

fn arm(station: &mut Station) {
    station.run_s(1.0);
    assert_eq!(mode(station, GUIDED), Some(0), "GUIDED");
    assert_eq!(station.command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0), "{:?}", station.texts);
}

fn take_off(mut station: Station, height_m: f64) -> Station {
    arm(&mut station);
    assert_eq!(station.command(22, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, height_m]), Some(0));
    station.until(40.0, "takeoff", |s| s.height_m() > height_m - 0.3);
    station.run_s(5.0);
    station
}

fn flying(height_m: f64) -> Station {
    take_off(Station::new(bare(ArduPilot)), height_m)
}

fn go_to(station: &mut Station, north: f64, east: f64, height_m: f64) {
    station.goal = Some(Goal { position: Some([north, east, -height_m]), ..Goal::default() });
    station.until(90.0, "goto", |s| {
        let at = s.sim.truth().position;
        (at.north_m - north).hypot(at.east_m - east) < 0.5 && (at.altitude_m() - height_m).abs() < 0.5
    });
    station.goal = None;
}

#[test]
fn takes_off_and_moves_as_recorded() {
    let recorded = Recorded::load("ap");
    let mut s = Station::new(bare(ArduPilot));
    arm(&mut s);
    assert_eq!(s.command(22, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0]), Some(0));
    recorded.check("takeoff", &measure(&mut s, 10.0, 14.0, Station::height_m), 0.06, 0.3);

    let mut s = flying(20.0);
    let north = |s: &Station| s.sim.truth().position.north_m;
    s.goal = Some(Goal { position: Some([20.0, 0.0, -20.0]), yaw: Some(0.0), ..Goal::default() });
    recorded.check("pos20", &measure(&mut s, 20.0, 20.0, north), 0.1, 0.4);
    s.goal = Some(Goal { position: Some([20.0, 0.0, -30.0]), yaw: Some(0.0), ..Goal::default() });
    recorded.check("alt_up10", &measure(&mut s, 10.0, 15.0, Station::height_m), 0.06, 0.2);
    s.goal = Some(Goal { position: Some([20.0, 0.0, -20.0]), yaw: Some(0.0), ..Goal::default() });
    recorded.check("alt_dn10", &measure(&mut s, -10.0, 15.0, Station::height_m), 0.06, 0.2);
    s.goal = Some(Goal { velocity: Some([5.0, 0.0, 0.0]), yaw: Some(0.0), ..Goal::default() });
    recorded.check("vel5", &measure(&mut s, 5.0, 10.0, |s| s.sim.truth().velocity.north_m_s), 0.15, 0.2);
    // GUID_TIMEOUT: 3 s after the last velocity it brakes and has stopped at 5.5 s.
    s.goal = None;
    let stop = measure(&mut s, -5.0, 8.0, |s| s.sim.truth().velocity.north_m_s);
    assert!((3.2..4.0).contains(&stop.t10) && (4.4..5.5).contains(&stop.t90), "{stop:?}");
    let heading = |s: &Station| wrap_180(s.sim.truth().heading_deg);
    let here = s.sim.truth().position.north_m;
    s.goal = Some(Goal { position: Some([here, 0.0, -20.0]), yaw: Some(FRAC_PI_2), ..Goal::default() });
    recorded.check("yaw90_sp", &measure(&mut s, 90.0, 8.0, heading), 0.12, 6.0);
    // A far target reaches WP_SPD, 10 m/s, whatever DO_CHANGE_SPEED said.
    assert_eq!(s.command(178, [1.0, 5.0, -1.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
    s.goal = Some(Goal { position: Some([here + 200.0, 0.0, -20.0]), yaw: Some(FRAC_PI_2), ..Goal::default() });
    let far = measure(&mut s, 200.0, 30.0, north);
    assert!((9.8..10.4).contains(&far.fastest) && far.overshoot < 1.5, "{far:?}");
}

#[test]
fn a_takeoff_is_repeated_without_harm_until_it_lifts_off() {
    let mut s = Station::new(bare(ArduPilot));
    arm(&mut s);
    assert_eq!(s.command(22, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0]), Some(0));
    assert_eq!(s.command(22, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0]), Some(0), "its ACK may have been lost");
    s.until(5.0, "lift-off", |s| s.height_m() > 0.3);
    assert_eq!(s.command(22, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0]), Some(4), "recorded: FAILED in flight");
}

#[test]
fn lands_at_the_recorded_rate_and_disarms() {
    let mut s = flying(10.0);
    assert_eq!(mode(&mut s, LAND), Some(0));
    let took_s = s.until(40.0, "landed", |s| !s.sim.truth().armed);
    // Recorded: 20 s of descent at 0.5 m/s, then 2 s.
    assert!((21.0..24.0).contains(&took_s), "{took_s}");
    assert!((0.4..0.6).contains(&s.sim.truth().touchdown_m_s), "{:?}", s.sim.truth());
    assert!(s.says("SIM Hit ground") && s.says("Disarming motors"), "{:?}", s.texts);
}

#[test]
fn returns_along_the_recorded_profile() {
    let mut s = flying(10.0);
    s.set_param("WP_SPD", 5.0);
    go_to(&mut s, 40.0, 20.0, 10.0);
    s.run_s(3.0);
    assert_eq!(mode(&mut s, RTL), Some(0));
    let start_s = s.time_s();
    let recorded = Recorded::load("ap");
    for row in &recorded.rtl_profile {
        let (at_s, north, height) = (row[0], row[1], row[3]);
        while s.time_s() - start_s < at_s {
            s.tick();
        }
        let at = s.sim.truth().position;
        // Two seconds of difference in phase, at 5 m/s over ground and 1.5 m/s vertically.
        assert!((at.north_m - north).abs() < 10.0, "{at_s}: {at:?}, recorded {row:?}");
        assert!((at.altitude_m() - height).abs() < 3.1, "{at_s}: {at:?}, recorded {row:?}");
    }
    let took_s = s.until(20.0, "disarmed", |s| !s.sim.truth().armed) + s.time_s() - start_s;
    assert!((45.0..56.0).contains(&took_s), "{took_s}");
}

#[test]
fn gps_loss_lands_and_refuses_modes_as_recorded() {
    let mut s = flying(10.0);
    let lost_s = s.time_s();
    s.sim.schedule(0.0, Fault::GpsFix(false));
    s.until(12.0, "LAND", |s| s.sim.truth().mode == "LAND");
    // Recorded: LAND 8.1 s after the loss.
    assert!((7.5..8.7).contains(&(s.time_s() - lost_s)), "{}", s.time_s() - lost_s);
    s.tick();
    assert!(s.says("EKF Failsafe: changed to Land Mode"), "{:?}", s.texts);
    assert_eq!(mode(&mut s, GUIDED), Some(4));
    assert!(s.says("Mode change to Guided failed: requires position"), "{:?}", s.texts);
    s.sim.schedule(0.0, Fault::GpsFix(true));
    s.run_s(2.0);
    assert!(s.says("EKF Failsafe Cleared"), "{:?}", s.texts);
    assert_eq!(s.sim.truth().mode, "LAND");
    assert_eq!(mode(&mut s, GUIDED), Some(0));
}

#[test]
fn without_a_station_it_does_what_the_parameters_say() {
    // Recorded defaults: nothing.
    let mut s = flying(10.0);
    s.beating = false;
    s.run_s(20.0);
    assert_eq!(s.sim.truth().mode, "GUIDED");
    // With FS_GCS_ENABLE 1 and the default 5 s: RTL about 4.7 s after the loss was noticed, status 5.
    let mut s = flying(10.0);
    s.set_param("FS_GCS_ENABLE", 1.0);
    s.run_s(1.0);
    s.beating = false;
    let took_s = s.until(7.0, "RTL", |s| s.sim.truth().mode == "RTL");
    assert!((4.0..5.3).contains(&took_s), "{took_s}");
    s.tick();
    assert_eq!(s.beats.last().map(|beat| (beat.1, beat.3)), Some((6, 5)));
    s.beating = true;
    s.run_s(2.0);
    assert!(s.says("GCS Failsafe Cleared") && s.sim.truth().mode == "RTL", "{:?}", s.texts);
}

#[test]
fn a_low_battery_returns_where_the_vehicle_file_says_so() {
    let mut s = take_off(Station::new(config(vehicle("quad"), ArduPilot)), 10.0);
    assert_eq!(s.sim.truth().mode, "GUIDED");
    s.sim.schedule(0.0, Fault::BatteryPercent(15.0));
    s.until(15.0, "RTL", |s| s.sim.truth().mode == "RTL");
    s.tick();
    assert!(s.says("Battery Failsafe"), "{:?}", s.texts);
    assert_eq!(mode(&mut s, GUIDED), Some(0), "GUIDED is allowed again, as recorded");
}

#[test]
fn a_fence_breach_returns_and_a_target_outside_is_ignored() {
    let mut s = Station::new(bare(ArduPilot));
    for (name, value) in [
        ("FENCE_TYPE", 2.0),
        ("FENCE_RADIUS", 30.0),
        ("FENCE_ACTION", 1.0),
        ("FENCE_ENABLE", 1.0),
        ("AVOID_ENABLE", 0.0),
    ] {
        s.set_param(name, value);
    }
    let mut s = take_off(s, 10.0);
    s.goal = Some(Goal { position: Some([60.0, 0.0, -10.0]), ..Goal::default() });
    s.run_s(8.0);
    assert!(s.sim.truth().position.north_m.abs() < 0.5, "{:?}", s.sim.truth().position);
    assert_eq!(s.command_int(192, [-1.0, 1.0, 0.0, f64::NAN], 473_982_800, 85_455_940, 498.0, 0), Some(4));
    s.goal = Some(Goal { velocity: Some([5.0, 0.0, 0.0]), ..Goal::default() });
    s.until(15.0, "RTL", |s| s.sim.truth().mode == "RTL");
    assert!((29.8..31.0).contains(&s.sim.truth().position.north_m), "{:?}", s.sim.truth().position);
    let mut farthest = 0.0f64;
    for _ in 0..400 {
        s.tick();
        farthest = farthest.max(s.sim.truth().position.north_m);
    }
    // Recorded: out to 37 to 39 m.
    assert!((32.0..40.0).contains(&farthest), "{farthest}");
    assert!(s.says("Circle fence breached"), "{:?}", s.texts);
    // With AVOID_ENABLE 3 it stops at the margin without a breach.
    let mut s = Station::new(bare(ArduPilot));
    for (name, value) in [("FENCE_TYPE", 2.0), ("FENCE_RADIUS", 30.0), ("FENCE_ENABLE", 1.0)] {
        s.set_param(name, value);
    }
    let mut s = take_off(s, 10.0);
    s.goal = Some(Goal { velocity: Some([5.0, 0.0, 0.0]), ..Goal::default() });
    s.run_s(30.0);
    assert_eq!(s.sim.truth().mode, "GUIDED");
    assert!((26.5..29.0).contains(&s.sim.truth().position.north_m), "{:?}", s.sim.truth().position);
}

#[test]
fn the_pilot_takes_over_and_set_points_are_ignored() {
    let mut s = flying(10.0);
    s.goal = Some(Goal { position: Some([40.0, 0.0, -10.0]), ..Goal::default() });
    s.run_s(2.0);
    let beats = s.beats.len();
    s.sim.schedule(0.0, Fault::PilotMode("LOITER".to_owned()));
    s.tick();
    assert_eq!(s.sim.truth().mode, "LOITER");
    assert_eq!(s.beats.last().map(|beat| beat.1), Some(5), "a heartbeat at once");
    assert_eq!(s.beats.len(), beats + 1);
    s.run_s(20.0);
    let at = s.sim.truth().position;
    assert!(at.north_m < 20.0 && (at.altitude_m() - 10.0).abs() < 1.0, "{at:?}");
}

#[test]
fn holds_in_wind_and_lands_near_home_in_every_drawn_scenario() {
    for seed in 0..12 {
        let mut start = config(vehicle("quad"), ArduPilot);
        start.scenario = Scenario { link_loss_percent: 0.0, ..Scenario::draw(seed) };
        start.seed = seed;
        let mut s = take_off(Station::new(start), 10.0);
        let (mut worst_m, mut worst_height_m) = (0.0f64, 0.0f64);
        for _ in 0..1500 {
            s.tick();
            let at = s.sim.truth().position;
            worst_m = worst_m.max(at.north_m.hypot(at.east_m));
            worst_height_m = worst_height_m.max((at.altitude_m() - 10.0).abs());
        }
        assert!(worst_m < 1.9, "seed {seed}: {worst_m}");
        assert!(worst_height_m < 0.95, "seed {seed}: {worst_height_m}");
        assert_eq!(mode(&mut s, LAND), Some(0));
        s.until(40.0, "landed", |s| !s.sim.truth().armed);
        let at = s.sim.truth().position;
        assert!(at.north_m.hypot(at.east_m) < 1.4, "seed {seed}: {at:?}");
    }
}

#[test]
fn payloads_work_where_declared_and_are_refused_elsewhere() {
    let mut s = Station::new(config(vehicle("quad-payload"), ArduPilot));
    s.run_s(1.0);
    assert_eq!(s.command(203, [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]), Some(0));
    let photo = s.until(2.0, "CAMERA_FEEDBACK", |s| s.heard.iter().any(|frame| frame.id == 180));
    assert!(photo > 0.1, "{photo}");
    // A lost CAMERA_FEEDBACK can be made up for by asking how many pictures there are.
    assert_eq!(s.command(512, [262.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
    let status = s.heard.iter().rev().find(|frame| frame.id == 262).expect("CAMERA_CAPTURE_STATUS");
    assert_eq!(status.u32(18), 1);
    assert_eq!(s.command(211, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
    assert_eq!(s.command(183, [9.0, 1900.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
    let mut s = Station::new(config(vehicle("quad"), ArduPilot));
    s.run_s(1.0);
    assert_eq!(s.command(203, [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]), Some(4));
    assert_eq!(s.command(211, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(4));
    assert_eq!(s.command(183, [9.0, 1900.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(4));
}

#[test]
fn a_cold_boot_is_ready_when_the_recorded_one_was() {
    let mut start = bare(ArduPilot);
    start.warm_start = false;
    let mut s = Station::new(start);
    s.run_s(3.1);
    assert_eq!(s.command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(4));
    s.run_s(25.0);
    assert_eq!(mode(&mut s, GUIDED), Some(0));
    assert_eq!(s.command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(4));
    assert!(s.says("Arm: Need Position Estimate"), "{:?}", s.texts);
    while s.command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]) != Some(0) {
        assert!(s.time_s() < 43.0, "{:?}", s.texts);
        s.run_s(0.2);
    }
    assert!((41.2..42.0).contains(&s.time_s()), "{}", s.time_s());
    // Never taken off: disarms by itself after DISARM_DELAY.
    let took_s = s.until(15.0, "disarmed", |s| !s.sim.truth().armed);
    assert!((9.5..10.5).contains(&took_s), "{took_s}");
}
