//! ArduCopter flavour against what was recorded from ArduCopter.
mod station;

use flightsmith_mission::vehicle::Autopilot::ArduPilot;
use station::{Goal, Station, bare, measure};

fn ready() -> Station {
    let mut station = Station::new(bare(ArduPilot));
    station.run_s(1.0);
    assert_eq!(station.command(176, [1.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0), "GUIDED");
    station
}

fn flying(height_m: f64) -> Station {
    let mut station = ready();
    assert_eq!(station.command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0), "{:?}", station.texts);
    assert_eq!(station.command(22, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, height_m]), Some(0));
    station.until(30.0, "takeoff", |s| s.height_m() > height_m - 0.3);
    station.run_s(5.0);
    station
}

#[test]
fn figures() {
    let mut s = ready();
    assert_eq!(s.command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
    assert_eq!(s.command(22, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0]), Some(0));
    println!("takeoff {:?}", measure(&mut s, 10.0, 14.0, |s| s.height_m()));
    let mut s = flying(20.0);
    s.goal = Some(Goal { position: Some([20.0, 0.0, -20.0]), yaw: Some(0.0), ..Goal::default() });
    println!("pos20 {:?}", measure(&mut s, 20.0, 20.0, |s| s.sim.truth().position.north_m));
    s.goal = Some(Goal { position: Some([20.0, 0.0, -30.0]), yaw: Some(0.0), ..Goal::default() });
    println!("up10 {:?}", measure(&mut s, 10.0, 15.0, |s| s.height_m()));
    s.goal = Some(Goal { position: Some([20.0, 0.0, -20.0]), yaw: Some(0.0), ..Goal::default() });
    println!("dn10 {:?}", measure(&mut s, -10.0, 15.0, |s| s.height_m()));
    s.goal = Some(Goal { velocity: Some([5.0, 0.0, 0.0]), yaw: Some(0.0), ..Goal::default() });
    println!("vel5 {:?}", measure(&mut s, 5.0, 10.0, |s| s.sim.truth().velocity.north_m_s));
    s.goal = None;
    println!("timeout {:?}", measure(&mut s, -5.0, 8.0, |s| s.sim.truth().velocity.north_m_s));
    s.goal =
        Some(Goal { position: Some([80.0, 0.0, -20.0]), yaw: Some(std::f64::consts::FRAC_PI_2), ..Goal::default() });
    println!(
        "yaw {:?}",
        measure(&mut s, 90.0, 8.0, |s| flightsmith_mission::units::wrap_180(s.sim.truth().heading_deg))
    );
    s.goal =
        Some(Goal { position: Some([280.0, 0.0, -20.0]), yaw: Some(std::f64::consts::FRAC_PI_2), ..Goal::default() });
    println!("far {:?}", measure(&mut s, 200.0, 35.0, |s| s.sim.truth().position.north_m));
    assert_eq!(s.command(176, [1.0, 9.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0), "LAND");
    let took = s.until(80.0, "landed", |s| !s.sim.truth().armed);
    println!("land {took} {:?}", s.sim.truth());
    for (at, text) in &s.texts {
        println!("{at:.2} {text}");
    }
}
