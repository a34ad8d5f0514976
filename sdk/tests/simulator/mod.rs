//! A `System` talking with the embedded simulator, tick by tick: for what is asked of a vehicle that need not fly.
use flightsmith_mission::{geodesy::Home, vehicle::Vehicle as VehicleFile};
use flightsmith_sdk::{Autopilot, Connection, System, units::Seconds};
use flightsmith_sim::{Scenario, SimConfig, Simulation};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Longest conversation, seconds of vehicle time.
const LIMIT_S: f64 = 300.0;

/// Runs `call` with a vehicle that is switched on and about to be ready.
pub fn with_system<Fut: Future<Output = ()>>(autopilot: Autopilot, call: impl FnOnce(System) -> Fut) {
    let vehicle: VehicleFile =
        toml::from_str(include_str!("../../../agent/vehicles/quad.toml")).expect("the vehicle file");
    let scenario = Scenario::nominal();
    let config = SimConfig { vehicle, autopilot, home: Home::default(), seed: 1, scenario, warm_start: true };
    let mut sim = Simulation::new(config);
    let connection = Connection::ground_station();
    let mut future = pin!(async {
        let system = connection.system(Seconds(10.0)).await.expect("a heartbeat");
        call(system).await;
    });
    let mut context = Context::from_waker(Waker::noop());
    let mut to_vehicle = Vec::new();
    let begun_s = sim.truth().time_s;
    loop {
        sim.tick(&to_vehicle);
        to_vehicle.clear();
        assert!(sim.truth().time_s - begun_s < LIMIT_S, "no end within {LIMIT_S} s");
        connection.feed_lockstep(sim.outgoing(0));
        connection.expect_answer((sim.time_us() * 1000) as i64);
        if let Poll::Ready(()) = future.as_mut().poll(&mut context) {
            return;
        }
        connection.take_outgoing(|bytes| to_vehicle.extend_from_slice(bytes));
    }
}
