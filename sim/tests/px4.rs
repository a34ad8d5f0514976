//! PX4 flavour: motion and failsafes against what was recorded from PX4, with the tolerances stated here.
mod station;

use flightsmith_mission::units::wrap_180;
use flightsmith_mission::vehicle::Autopilot::Px4;
use flightsmith_sim::wire::messages as m;
use flightsmith_sim::{Fault, Scenario};
use station::{Goal, Recorded, Station, bare, config, measure, vehicle};
use std::f64::consts::FRAC_PI_2;

const NAN: f64 = f64::NAN;
const LOITER: u32 = 0x0304_0000;

fn auto_mode(station: &mut Station, sub: f64) -> Option<u8> {
    station.command(176, [1.0, 4.0, sub, 0.0, 0.0, 0.0, 0.0])
}

fn take_off(mut station: Station, height_m: f64) -> Station {
    station.run_s(1.0);
    assert_eq!(station.command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0), "{:?}", station.texts);
    assert_eq!(station.command(22, [0.0, 0.0, 0.0, NAN, NAN, NAN, 488.0 + height_m]), Some(0));
    station.until(40.0, "takeoff", |s| s.height_m() > height_m - 0.3);
    station.run_s(5.0);
    station
}

fn flying(height_m: f64) -> Station {
    take_off(Station::new(bare(Px4)), height_m)
}

fn into_offboard(station: &mut Station, height_m: f64) {
    station.goal = Some(Goal { position: Some([0.0, 0.0, -height_m]), yaw: Some(0.0), ..Goal::default() });
    station.run_s(1.0);
    assert_eq!(station.command(176, [1.0, 6.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0), "OFFBOARD");
    station.run_s(2.0);
}

#[test]
fn takes_off_and_moves_as_recorded() {
    let recorded = Recorded::load("px4");
    let mut s = Station::new(bare(Px4));
    s.run_s(1.0);
    assert_eq!(s.command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
    assert_eq!(s.command(22, [0.0, 0.0, 0.0, NAN, NAN, NAN, 498.0]), Some(0));
    recorded.check("takeoff", &measure(&mut s, 10.0, 16.0, Station::height_m), 0.06, 0.2);
    assert_eq!(s.sim.truth().mode, "AUTO.LOITER", "Hold by itself");
    assert!(s.says("Armed by external command") && s.says("Takeoff detected"), "{:?}", s.texts);

    let mut s = flying(20.0);
    into_offboard(&mut s, 20.0);
    let north = |s: &Station| s.sim.truth().position.north_m;
    s.goal = Some(Goal { position: Some([20.0, 0.0, -20.0]), yaw: Some(0.0), ..Goal::default() });
    recorded.check("pos20", &measure(&mut s, 20.0, 20.0, north), 0.12, 0.5);
    s.goal = Some(Goal { position: Some([20.0, 0.0, -30.0]), yaw: Some(0.0), ..Goal::default() });
    recorded.check("alt_up10", &measure(&mut s, 10.0, 15.0, Station::height_m), 0.12, 0.2);
    s.goal = Some(Goal { position: Some([20.0, 0.0, -20.0]), yaw: Some(0.0), ..Goal::default() });
    recorded.check("alt_dn10", &measure(&mut s, -10.0, 15.0, Station::height_m), 0.1, 0.2);
    // The recorded simulator's drag kept it at 4.6 m/s; this airframe has less and reaches the 5 m/s.
    s.goal = Some(Goal { velocity: Some([5.0, 0.0, 0.0]), yaw: Some(0.0), ..Goal::default() });
    let speed = measure(&mut s, 5.0, 10.0, |s| s.sim.truth().velocity.north_m_s);
    assert!((speed.t50 - 0.78).abs() < 0.15 && (4.8..5.3).contains(&speed.fastest), "{speed:?}");
    let here = north(&s);
    s.goal = Some(Goal { position: Some([here, 0.0, -20.0]), yaw: Some(0.0), ..Goal::default() });
    s.run_s(10.0);
    s.goal = Some(Goal { position: Some([here, 0.0, -20.0]), yaw: Some(FRAC_PI_2), ..Goal::default() });
    let heading = |s: &Station| wrap_180(s.sim.truth().heading_deg);
    // Recorded overshoot 16 degrees; the yaw loop here is better damped.
    recorded.check("yaw90", &measure(&mut s, 90.0, 8.0, heading), 0.12, 15.0);
}

#[test]
fn lands_in_the_recorded_steps_and_disarms() {
    let mut s = flying(10.0);
    assert_eq!(auto_mode(&mut s, 6.0), Some(0));
    let start_s = s.time_s();
    for row in Recorded::load("px4").land_profile.iter().filter(|row| row[1] > 0.5) {
        while s.time_s() - start_s < row[0] {
            s.tick();
        }
        assert!((s.height_m() - row[1]).abs() < 1.2, "{}: {}, recorded {row:?}", row[0], s.height_m());
    }
    s.until(15.0, "disarmed", |s| !s.sim.truth().armed);
    assert!((0.2..0.4).contains(&s.sim.truth().touchdown_m_s), "{:?}", s.sim.truth());
    s.run_s(0.1);
    assert!(s.says("Landing detected") && s.says("Disarmed by landing"), "{:?}", s.texts);
    assert_eq!(s.sim.truth().mode, "AUTO.LOITER");
}

#[test]
fn returns_along_the_recorded_profile() {
    let mut s = flying(10.0);
    assert_eq!(s.command_int(192, [-1.0, 1.0, 0.0, NAN], 473_981_017, 85_458_593, 498.0, 0), Some(0));
    s.until(40.0, "there", |s| s.sim.truth().position.north_m > 39.5);
    s.run_s(6.0);
    assert_eq!(auto_mode(&mut s, 5.0), Some(0));
    s.tick();
    assert!(s.says("RTL: start return at 518 m (30 m above destination)"), "{:?}", s.texts);
    let start_s = s.time_s();
    for row in &Recorded::load("px4").rtl_profile {
        while s.time_s() - start_s < row[0] {
            s.tick();
        }
        let at = s.sim.truth().position;
        // The recorded simulator's drag holds it at 4 m/s on the way, and it levels off two seconds later.
        assert!((at.north_m - row[1]).abs() < 16.0, "{}: {at:?}, recorded {row:?}", row[0]);
        assert!((at.altitude_m() - row[3]).abs() < 5.0, "{}: {at:?}, recorded {row:?}", row[0]);
    }
    s.until(20.0, "disarmed", |s| !s.sim.truth().armed);
    assert!(s.says("RTL: land at destination"), "{:?}", s.texts);
}

#[test]
fn loses_offboard_as_recorded() {
    for (action, expect) in [(0, "AUTO.RTL"), (3, "AUTO.RTL"), (4, "AUTO.LAND"), (5, "AUTO.LOITER")] {
        let mut s = flying(10.0);
        s.set_param_int("COM_OBL_RC_ACT", action);
        into_offboard(&mut s, 10.0);
        s.goal = None;
        let took_s = s.until(3.0, "failsafe", |s| s.sim.truth().mode != "OFFBOARD");
        assert!((0.9..1.2).contains(&took_s), "{took_s}");
        assert_eq!(s.sim.truth().mode, expect);
        s.run_s(1.1);
        assert_eq!(s.beats.last().map(|beat| beat.3), Some(5), "critical");
        // CURRENT_MODE keeps what was asked for; returning set-points do not restore it, a command does.
        assert_eq!(s.command(512, [436.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
        let current = s.heard.iter().rev().find(|frame| frame.id == m::CURRENT_MODE).expect("asked for");
        assert_eq!(current.u32(4), 6 << 16);
        s.goal = Some(Goal { position: Some([0.0, 0.0, -10.0]), ..Goal::default() });
        s.run_s(1.0);
        assert_eq!(s.sim.truth().mode, expect);
        assert_eq!(s.command(176, [1.0, 6.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
        assert_eq!(s.sim.truth().mode, "OFFBOARD");
    }
}

#[test]
fn gps_loss_descends_and_returns_to_hold() {
    let mut s = flying(10.0);
    assert_eq!(s.command(420, [4.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
    let took_s = s.until(8.0, "AUTO_DESCEND", |s| s.sim.truth().mode == "AUTO.DESCEND");
    assert!((5.0..5.4).contains(&took_s), "{took_s}");
    assert_eq!(auto_mode(&mut s, 3.0), Some(1));
    assert!(s.says("Switching to Hold is currently not available"), "{:?}", s.texts);
    s.run_s(4.0);
    assert!(s.height_m() < 8.0);
    assert_eq!(s.command(420, [4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
    s.until(3.0, "Hold", |s| s.sim.truth().mode == "AUTO.LOITER");
}

#[test]
fn battery_levels_act_as_recorded() {
    let mut s = flying(15.0);
    s.sim.schedule(0.0, Fault::BatteryPercent(12.0));
    s.run_s(3.0);
    assert!(s.says("Low battery") && s.sim.truth().mode == "AUTO.LOITER", "{:?}", s.texts);
    s.sim.schedule(0.0, Fault::BatteryPercent(6.0));
    let took_s = s.until(8.0, "RTL", |s| s.sim.truth().mode == "AUTO.RTL");
    assert!((4.9..5.8).contains(&took_s), "{took_s}");
    assert!(s.says("Failsafe activated: entering Hold for 5 seconds"), "{:?}", s.texts);
    assert_eq!(auto_mode(&mut s, 3.0), Some(0), "Hold is an override");
    s.sim.schedule(0.0, Fault::BatteryPercent(3.0));
    let took_s = s.until(8.0, "LAND", |s| s.sim.truth().mode == "AUTO.LAND");
    assert!((4.9..5.8).contains(&took_s), "{took_s}");
}

#[test]
fn the_geofence_holds_or_returns() {
    for (action, expect, after_s) in [(2, "AUTO.LOITER", 0.0), (3, "AUTO.RTL", 5.0)] {
        let mut s = flying(10.0);
        s.set_param("GF_MAX_HOR_DIST", 30.0);
        s.set_param_int("GF_ACTION", action);
        // A reposition outside is accepted and goes nowhere.
        assert_eq!(s.command_int(192, [-1.0, 1.0, 0.0, NAN], 473_982_800, 85_455_940, 498.0, 0), Some(0));
        s.run_s(3.0);
        assert!(s.says("Reposition is outside geofence") && s.sim.truth().position.north_m.abs() < 0.5);
        into_offboard(&mut s, 10.0);
        s.goal = Some(Goal { velocity: Some([5.0, 0.0, 0.0]), yaw: Some(0.0), ..Goal::default() });
        s.until(15.0, "breach", |s| s.sim.truth().mode != "OFFBOARD");
        assert!((29.9..31.0).contains(&s.sim.truth().position.north_m), "{:?}", s.sim.truth().position);
        s.run_s(after_s + 0.1);
        assert_eq!(s.sim.truth().mode, expect);
        s.tick();
        assert!(s.says("Geofence: exceeding maximum distance to Home"), "{:?}", s.texts);
    }
}

#[test]
fn the_loss_of_the_station_does_what_nav_dll_act_says() {
    let mut s = flying(10.0);
    s.beating = false;
    s.run_s(20.0);
    assert_eq!(s.sim.truth().mode, "AUTO.LOITER", "recorded default: nothing");
    let mut s = flying(10.0);
    s.set_param_int("NAV_DLL_ACT", 2);
    s.run_s(1.0);
    s.beating = false;
    let took_s = s.until(20.0, "RTL", |s| s.sim.truth().mode == "AUTO.RTL");
    // Recorded: Hold about 12 s after the stop (COM_DL_LOSS_T 10), RTL 5 s later.
    assert!((14.0..17.5).contains(&took_s), "{took_s}");
}

#[test]
fn the_pilot_takes_over() {
    let mut s = flying(10.0);
    into_offboard(&mut s, 10.0);
    s.sim.schedule(0.0, Fault::PilotMode("POSCTL".to_owned()));
    s.tick();
    assert_eq!(s.sim.truth().mode, "POSCTL");
    s.goal = Some(Goal { position: Some([20.0, 0.0, -10.0]), ..Goal::default() });
    s.run_s(5.0);
    assert!(s.sim.truth().position.north_m.abs() < 1.0, "set-points are ignored");
    assert_eq!(s.beats.last().map(|beat| beat.1), Some(3 << 16), "told at the next heartbeat");
}

#[test]
fn holds_in_wind_in_every_drawn_scenario() {
    for seed in 0..12 {
        let mut start = config(vehicle("quad"), Px4);
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
    }
}

#[test]
fn the_camera_is_a_component_and_the_gripper_takes_a_second() {
    let mut s = Station::new(config(vehicle("quad-payload"), Px4));
    s.run_s(1.2);
    assert!(s.heard.iter().any(|frame| frame.id == m::HEARTBEAT && frame.component == 100));
    assert_eq!(s.command_to(100, 2000, [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
    s.until(2.0, "CAMERA_IMAGE_CAPTURED", |s| s.heard.iter().any(|frame| frame.id == m::CAMERA_IMAGE_CAPTURED));
    assert_eq!(s.command(2000, [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]), Some(3), "the autopilot itself has none");
    let before_s = s.time_s();
    assert_eq!(s.command(211, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
    assert!((1.0..1.2).contains(&(s.time_s() - before_s)));
}

#[test]
fn a_cold_boot_is_ready_when_the_recorded_one_was() {
    let mut start = bare(Px4);
    start.warm_start = false;
    let mut s = Station::new(start);
    s.run_s(1.3);
    assert_eq!(s.beats.first().map(|beat| (beat.1, beat.2, beat.3)), Some((LOITER, 29, 0)));
    assert_eq!(s.command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(1));
    assert!(s.says("Arming denied: Resolve system health failures first"), "{:?}", s.texts);
    while s.command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]) != Some(0) {
        assert!(s.time_s() < 6.0, "{:?}", s.texts);
        s.run_s(0.1);
    }
    assert!((4.1..4.6).contains(&s.time_s()), "{}", s.time_s());
    let took_s = s.until(15.0, "disarmed", |s| !s.sim.truth().armed);
    assert!((10.0..12.0).contains(&took_s), "{took_s}");
    s.run_s(0.1);
    assert!(s.says("Disarmed by auto preflight disarming"), "{:?}", s.texts);
}
