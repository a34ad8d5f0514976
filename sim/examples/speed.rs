//! `cargo run -p flightsmith-sim --example speed -- VEHICLE.toml`: how many times real time the simulator alone runs.
use flightsmith_mission::vehicle::{Autopilot, Vehicle};
use flightsmith_sim::wire::{Payload, write_frame};
use flightsmith_sim::{Scenario, SimConfig, Simulation};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("name a vehicle file")?;
    let vehicle: Vehicle = toml::from_str(&std::fs::read_to_string(file)?)?;
    for autopilot in [Autopilot::ArduPilot, Autopilot::Px4] {
        for pose in [false, true] {
            let mut sim = Simulation::new(SimConfig {
                vehicle: vehicle.clone(),
                autopilot,
                home: Default::default(),
                seed: 1,
                scenario: Scenario::draw(3),
                warm_start: true,
            });
            let command = |id: u16, p: [f64; 7]| Payload::new().f32s(&p).u16(id).u8(1).u8(1).u8(0);
            let started = Instant::now();
            let ticks = 30_000u32;
            let mut sent = 0;
            for tick in 0..ticks {
                let mut bytes = Vec::new();
                let mut send = |payload: &Payload| write_frame(&mut bytes, 0, 1, 191, 76, payload);
                match (tick, autopilot) {
                    (20, _) if pose => {
                        send(&command(511, [32.0, 1e5, 0.0, 0.0, 0.0, 0.0, 0.0]));
                        send(&command(511, [30.0, 1e5, 0.0, 0.0, 0.0, 0.0, 0.0]));
                    }
                    (60, Autopilot::ArduPilot) => send(&command(176, [1.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
                    (70, _) => send(&command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
                    (80, Autopilot::ArduPilot) => send(&command(22, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0])),
                    (80, Autopilot::Px4) => send(&command(22, [0.0, 0.0, 0.0, f64::NAN, f64::NAN, f64::NAN, 498.0])),
                    _ => {}
                }
                sent += sim.tick(&bytes).len();
            }
            let took_s = started.elapsed().as_secs_f64();
            let flown_s = f64::from(ticks) * 0.02;
            eprintln!(
                "{autopilot:?} pose {pose}: {:.0} x real time, {:.1} us a tick, {sent} bytes, {:.1} m up",
                flown_s / took_s,
                took_s * 1e6 / f64::from(ticks),
                sim.truth().position.altitude_m()
            );
        }
    }
    Ok(())
}
