//! Whatever comes over a link: never a panic, never a state that is not a number, and the corruption is counted.
mod station;

use flightsmith_mission::vehicle::Autopilot;
use flightsmith_sim::Simulation;
use flightsmith_sim::wire::{Payload, write_frame};
use proptest::prelude::*;

/// Messages that the autopilot acts on.
const IDS: [u32; 22] = [0, 11, 20, 21, 22, 23, 39, 40, 41, 43, 44, 45, 47, 51, 66, 70, 73, 75, 76, 84, 86, 111];

fn check(autopilot: Autopilot, script: &[(u32, Vec<u8>, Vec<u8>)]) {
    let mut config = station::config(station::vehicle("quad-payload"), autopilot);
    config.seed = 3;
    let mut sim = Simulation::new(config);
    let command = |id: u16, p: [f64; 7]| Payload::new().f32s(&p).u16(id).u8(1).u8(1).u8(0);
    for tick in 0..700u32 {
        let mut bytes = Vec::new();
        // It is flying when the noise begins.
        let payload = match (tick, autopilot) {
            (60, Autopilot::ArduPilot) => Some(command(176, [1.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
            (70, _) => Some(command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
            (80, Autopilot::ArduPilot) => Some(command(22, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0])),
            (80, Autopilot::Px4) => Some(command(22, [0.0, 0.0, 0.0, f64::NAN, f64::NAN, f64::NAN, 498.0])),
            _ => None,
        };
        if let Some(payload) = payload {
            write_frame(&mut bytes, 0, 255, 190, 76, &payload);
        }
        if tick >= 400
            && let Some((id, body, noise)) = script.get(tick as usize % script.len().max(1))
        {
            let mut payload = Payload::new();
            for byte in body {
                payload = payload.u8(*byte);
            }
            bytes.extend_from_slice(noise);
            write_frame(&mut bytes, tick as u8, 255, 190, IDS[*id as usize % IDS.len()], &payload);
        }
        sim.tick(&bytes);
        let truth = sim.truth();
        let sum = truth.position.north_m + truth.position.east_m + truth.position.down_m + truth.velocity.north_m_s;
        assert!(sum.is_finite(), "tick {tick}: {truth:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_messages_and_noise(
        script in proptest::collection::vec(
            (any::<u32>(), proptest::collection::vec(any::<u8>(), 0..60), proptest::collection::vec(any::<u8>(), 0..20)), 0..40),
        px4 in any::<bool>(),
    ) {
        check(if px4 { Autopilot::Px4 } else { Autopilot::ArduPilot }, &script);
    }
}

#[test]
fn noise_is_counted() {
    let mut sim = Simulation::new(station::config(station::vehicle("quad"), Autopilot::Px4));
    sim.tick(&[1, 2, 3, 4, 5]);
    assert_eq!(sim.skipped_bytes(0), 5);
}
