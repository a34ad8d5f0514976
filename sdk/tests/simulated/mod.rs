//! The SDK and the embedded simulator joined in one process, tick by tick, with what was true at each.
use flightsmith_mission::{geodesy::Home, vehicle::Vehicle as VehicleFile};
use flightsmith_sdk::{Autopilot, Connection, FlightError, Grounded, Landed, Vehicle, units::Seconds};
use flightsmith_sim::{Fault, Scenario, SimConfig, Simulation, TruthEvent, TruthSample};
use std::cell::RefCell;
use std::task::{Context, Poll, Waker};

/// Longest flight, seconds of vehicle time.
const LIMIT_S: f64 = 600.0;

thread_local! {
    static MARKS: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Notes from within a mission that it has come this far.
pub fn mark(name: &'static str) {
    MARKS.with_borrow_mut(|marks| marks.push(name));
}

/// A flight with its truth.
pub struct Flown {
    pub home: Home,
    pub result: Result<(), FlightError>,
    pub ended_s: f64,
    pub truth: Vec<TruthSample>,
    pub events: Vec<(f64, TruthEvent)>,
    /// Index into `truth` of each mark.
    marks: Vec<(&'static str, usize)>,
}

impl Flown {
    fn index(&self, mark: &str) -> usize {
        let found = self.marks.iter().find(|(name, _)| *name == mark);
        found.unwrap_or_else(|| panic!("never came to `{mark}`: {:?}", self.result)).1
    }
    pub fn at(&self, mark: &str) -> &TruthSample {
        &self.truth[self.index(mark)]
    }
    pub fn between(&self, from: &str, to: &str) -> &[TruthSample] {
        &self.truth[self.index(from)..=self.index(to)]
    }
}

/// Flies `mission` until it ends, and a second more.
pub fn fly<Fut>(
    autopilot: Autopilot,
    seed: u64,
    scenario: Scenario,
    faults: &[(f64, Fault)],
    mission: impl FnOnce(Vehicle<Grounded>) -> Fut + 'static,
) -> Flown
where
    Fut: Future<Output = Result<Vehicle<Landed>, FlightError>> + 'static,
{
    let vehicle: VehicleFile =
        toml::from_str(include_str!("../../../agent/vehicles/quad-payload.toml")).expect("the vehicle file");
    let home = Home::default();
    let mut sim = Simulation::new(SimConfig { vehicle, autopilot, home, seed, scenario, warm_start: true });
    for (at_s, fault) in faults {
        sim.schedule(*at_s, fault.clone());
    }
    let connection = Connection::new();
    let for_mission = connection.clone();
    let mut flight = Box::pin(async move {
        let vehicle = for_mission.ready(Seconds(60.0)).await?;
        mission(vehicle).await.map(drop)
    });
    let mut flown =
        Flown { home, result: Ok(()), ended_s: f64::NAN, truth: Vec::new(), events: Vec::new(), marks: Vec::new() };
    let mut context = Context::from_waker(Waker::noop());
    let mut to_vehicle = Vec::new();
    let begun_s = sim.truth().time_s;
    let mut ticks_after_end = 0;
    while ticks_after_end < 50 {
        sim.tick(&to_vehicle);
        to_vehicle.clear();
        let truth = sim.truth().clone();
        let now_s = truth.time_s;
        assert!(now_s - begun_s < LIMIT_S, "no end within {LIMIT_S} s");
        flown.events.extend(sim.events().iter().map(|event| (now_s, event.clone())));
        flown.truth.push(truth);
        connection.feed_lockstep(sim.outgoing(0));
        connection.expect_answer((sim.time_us() * 1000) as i64);
        if !flown.ended_s.is_nan() {
            ticks_after_end += 1;
        } else if let Poll::Ready(result) = flight.as_mut().poll(&mut context) {
            flown.result = result;
            flown.ended_s = now_s;
        }
        MARKS.with_borrow_mut(|marks| {
            flown.marks.extend(marks.drain(..).map(|name| (name, flown.truth.len() - 1)));
        });
        connection.take_outgoing(|bytes| to_vehicle.extend_from_slice(bytes));
    }
    flown
}
