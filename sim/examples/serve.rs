//! `cargo run -p flightsmith-sim --example serve -- ardupilot|px4 VEHICLE.toml [SPEED|max] [cold] [TCP port | ground port, onboard port]`
//!
//! The simulator on its usual (or the given) ports, for trying peers by hand; the product's own command is `flightsmith sim`.
use flightsmith_mission::vehicle::Autopilot;
use flightsmith_sim::server::{ServerConfig, Speed, serve};
use flightsmith_sim::{Scenario, SimConfig};
use std::sync::atomic::AtomicBool;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let autopilot = match words.first().map(String::as_str) {
        Some("px4") => Autopilot::Px4,
        _ => Autopilot::ArduPilot,
    };
    let file = words.get(1).ok_or("name a vehicle file")?;
    let sim = SimConfig {
        vehicle: toml::from_str(&std::fs::read_to_string(file)?)?,
        autopilot,
        home: Default::default(),
        seed: 1,
        scenario: Scenario::nominal(),
        warm_start: !words.iter().any(|word| word == "cold"),
    };
    let mut config = ServerConfig::new(sim);
    config.speed = match words.get(2).map(String::as_str) {
        Some("max") => Speed::Max,
        Some(times) => Speed::Times(times.parse()?),
        None => Speed::Times(1.0),
    };
    let ports: Vec<u16> = words.iter().skip(3).filter_map(|word| word.parse().ok()).collect();
    match (autopilot, ports.as_slice()) {
        (Autopilot::ArduPilot, [port, ..]) => config.listen.set_port(*port),
        (Autopilot::Px4, [ground, onboard, ..]) => {
            config.ground.1.set_port(*ground);
            config.onboard.1.set_port(*onboard);
            config.ground.0 = ground + 4020;
            config.onboard.0 = onboard + 40;
        }
        _ => {}
    }
    serve(config, &AtomicBool::new(false))?;
    Ok(())
}
