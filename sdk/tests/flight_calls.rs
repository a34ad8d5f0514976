//! Every action and every kind of set-point, flown in the embedded simulator in both flavours, and held against the true state.
#[path = "../examples/flight_calls/calls.rs"]
mod calls;
mod programs;
use flightsmith_sdk::units::Seconds;
use flightsmith_sdk::{Autopilot, Connection, RequestError};
use flightsmith_sim::Scenario;

#[test]
fn every_call_does_what_it_says_on_both_autopilots() {
    for autopilot in [Autopilot::ArduPilot, Autopilot::Px4] {
        let connection = Connection::ground_station();
        connection.set_envelope(calls::envelope());
        let sim = programs::vehicle(autopilot, 3, Scenario::nominal());
        let ran = programs::run(
            sim,
            connection,
            |connection| async move {
                let system = connection.system(Seconds(30.0)).await?;
                let mut tell = |call: &calls::Call| eprintln!("{} {}: {}", call.passed, call.name, call.seen);
                let mut calls = calls::fly_all(&system, &mut tell).await;
                calls.push(calls::reboot(&system, &mut tell).await);
                Ok::<_, RequestError>(calls)
            },
            |_| None,
        );
        let calls = ran.output.expect("connects");
        let failed: Vec<_> = calls.iter().filter(|call| !call.passed).collect();
        assert!(failed.is_empty(), "{autopilot:?}: {failed:#?}");
        assert!(calls.len() > 35, "{} calls", calls.len());
        let envelope = calls::envelope();
        for sample in &ran.truth {
            let away_m = sample.position.north_m.hypot(sample.position.east_m);
            assert!(away_m < envelope.max_distance_m, "{autopilot:?}: {away_m} m away at {} s", sample.time_s);
            let altitude_m = sample.position.altitude_m();
            assert!(altitude_m < envelope.max_altitude_m, "{autopilot:?}: {altitude_m} m up at {} s", sample.time_s);
            let guided = matches!(sample.mode, "GUIDED" | "OFFBOARD");
            let speed_m_s = sample.velocity.ground_speed_m_s();
            assert!(!guided || speed_m_s < envelope.max_speed_m_s + 0.5, "{speed_m_s} m/s at {} s", sample.time_s);
        }
        let last = ran.truth.last().expect("samples");
        assert!(!last.armed && last.on_ground, "{autopilot:?}");
        eprintln!("{autopilot:?}: {} calls in {:.0} s of vehicle time", calls.len(), ran.ended_s);
    }
}
