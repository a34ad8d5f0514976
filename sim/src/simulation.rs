//! The simulator as a library: bytes in, bytes out, 20 ms of vehicle time a tick. It owns no clock, no file and no socket, so
//! the same inputs give the same flight.
use crate::autopilot::ardupilot::{self, ArduPilot};
use crate::autopilot::link::{Link, LinkProfile};
use crate::autopilot::px4::{self, Px4};
use crate::autopilot::{Craft, Parts, TICK_US};
use crate::control::AttitudeControl;
use crate::control::position::PositionControl;
use crate::physics::World;
use crate::physics::battery::Battery;
use crate::physics::wind::Wind;
use crate::random::Random;
use crate::scenario::{Fault, Scenario};
use crate::sensors::Estimator;
use crate::truth::{TruthEvent, TruthSample};

use flightsmith_mission::geodesy::Home;
use flightsmith_mission::raw::velocity_ned;
use flightsmith_mission::units::wrap_360;
use flightsmith_mission::vehicle::{Autopilot, Vehicle};

/// Vehicle time of one tick in nanoseconds.
pub const TICK_NS: u64 = TICK_US * 1000;

/// What a simulation starts from.
#[derive(Debug, Clone)]
pub struct SimConfig {
    /// The vehicle's file: airframe, payloads, reports, start parameters.
    pub vehicle: Vehicle,
    /// Which autopilot it behaves like.
    pub autopilot: Autopilot,
    /// Where it stands and where its nose points.
    pub home: Home,
    /// Seed of every noise.
    pub seed: u64,
    /// Conditions.
    pub scenario: Scenario,
    /// Begins just before the vehicle can be armed, instead of with its boot (ArduPilot needs 41 s for that, PX4 4 s).
    pub warm_start: bool,
}

#[derive(Debug, Clone)]
enum Flavour {
    ArduPilot(Box<ArduPilot>),
    Px4(Box<Px4>),
}

/// A simulated vehicle.
#[derive(Debug, Clone)]
pub struct Simulation {
    craft: Craft,
    flavour: Flavour,
    random: Random,
    loss: f64,
    truth: TruthSample,
    touchdown_m_s: f64,
    scheduled: Vec<(f64, Fault)>,
    system_id: u8,
}

/// A link of the simulated vehicle; link 0 is there from the start.
pub type LinkId = usize;

impl Simulation {
    /// Switched on (or, with `warm_start`, about to be ready) at `config.home`.
    pub fn new(config: SimConfig) -> Self {
        let SimConfig { vehicle, autopilot, home, seed, scenario, warm_start } = config;
        let random = Random::new(seed);
        let wind = Wind::new(scenario.wind_m_s, scenario.wind_from_deg, scenario.gust_m_s, random.fork("wind"));
        let battery = Battery::new(&vehicle.airframe, scenario.battery_start_percent);
        let world = World::new(&vehicle.airframe, scenario.mass_factor, home.heading_deg.to_radians(), wind, battery);
        let mut estimator = Estimator::new(scenario.gps_noise_m, random.fork("estimator"));
        estimator.fast(&world);
        let (attitude_gains, position_gains, profile) = match autopilot {
            Autopilot::ArduPilot => (ardupilot::ATTITUDE_GAINS, ardupilot::POSITION_GAINS, LinkProfile::Quiet),
            Autopilot::Px4 => (px4::ATTITUDE_GAINS, px4::POSITION_GAINS, LinkProfile::Px4Onboard),
        };
        let loss = scenario.link_loss_percent / 100.0;
        let mut craft = Craft::new(Parts {
            kind: autopilot,
            site: home,
            attitude_control: AttitudeControl::new(&vehicle.airframe, attitude_gains),
            position_control: PositionControl::new(position_gains),
            world,
            estimator,
            link: Link::new(profile, loss, random.fork("link 0")),
            vehicle,
        });
        craft.attitude_target.yaw_rad = home.heading_deg.to_radians();
        let flavour = match autopilot {
            Autopilot::ArduPilot => Flavour::ArduPilot(Box::new(ArduPilot::new(&mut craft, warm_start))),
            Autopilot::Px4 => Flavour::Px4(Box::new(Px4::new(&mut craft, warm_start))),
        };
        let truth = sample(&craft, 0.0);
        Self { craft, flavour, random, loss, truth, touchdown_m_s: 0.0, scheduled: Vec::new(), system_id: 1 }
    }
    /// Speaks as the MAVLink system `id` (1 until set), so that several vehicles can be told apart.
    #[must_use]
    pub fn with_system_id(mut self, id: u8) -> Self {
        self.system_id = id;
        for link in &mut self.craft.links {
            link.system = id;
        }
        self
    }
    /// Adds a link; frames that come by it are answered on it.
    pub fn add_link(&mut self, profile: LinkProfile) -> LinkId {
        let links = &mut self.craft.links;
        let reused = links.iter().skip(1).position(|link| !link.open).map(|index| index + 1);
        let id = reused.unwrap_or(links.len());
        let mut link = Link::new(profile, self.loss, self.random.fork(&format!("link {id}")));
        link.system = self.system_id;
        match links.get_mut(id) {
            Some(slot) => *slot = link,
            None => links.push(link),
        }
        id
    }
    /// How many links there have been at most at once.
    pub fn link_count(&self) -> usize {
        self.craft.links.len()
    }
    /// Takes a link out of use; its id may be given to a later one.
    pub fn close_link(&mut self, link: LinkId) {
        if let Some(link) = self.craft.links.get_mut(link) {
            link.open = false;
            link.out.clear();
            link.streams.clear();
            link.param_cursor = None;
        }
    }
    /// Lets `fault` happen at `at_s` of vehicle time (at once where that is past).
    pub fn schedule(&mut self, at_s: f64, fault: Fault) {
        self.scheduled.push((at_s, fault));
    }
    /// Sets a parameter as its owner would have done before the flight.
    pub fn set_parameter(&mut self, name: &str, value: f64) {
        self.craft.params.put(name, value);
    }
    /// Gives bytes that came by `link`; they are handled in the next [`Simulation::step`].
    pub fn feed(&mut self, link: LinkId, bytes: &[u8]) {
        if let Some(link) = self.craft.links.get_mut(link)
            && !bytes.is_empty()
        {
            link.decoder.push(bytes);
        }
    }
    /// Advances by one tick.
    pub fn step(&mut self) {
        self.craft.events.clear();
        for link in &mut self.craft.links {
            link.out.clear();
        }
        self.apply_faults();
        self.receive();
        self.craft.advance();
        match &mut self.flavour {
            Flavour::ArduPilot(autopilot) => autopilot.tick(&mut self.craft),
            Flavour::Px4(autopilot) => autopilot.tick(&mut self.craft),
        }
        self.craft.tick_payloads();
        self.craft.tick_mission_raw();
        self.craft.send_due();
        for event in &self.craft.events {
            if let TruthEvent::Touchdown { speed_m_s } = event {
                self.touchdown_m_s = *speed_m_s;
            }
        }
        self.truth = sample(&self.craft, self.touchdown_m_s);
    }
    /// One tick of link 0: what the mission sent before it, what the vehicle sends in it.
    pub fn tick(&mut self, incoming: &[u8]) -> &[u8] {
        self.feed(0, incoming);
        self.step();
        self.outgoing(0)
    }
    /// What the last tick sent by `link`.
    pub fn outgoing(&self, link: LinkId) -> &[u8] {
        self.craft.links.get(link).map_or(&[], |link| &link.out)
    }
    /// Bytes on `link` that belonged to no valid frame.
    pub fn skipped_bytes(&self, link: LinkId) -> u64 {
        self.craft.links.get(link).map_or(0, |link| link.decoder.skipped_bytes)
    }
    /// The true state after the last tick.
    pub fn truth(&self) -> &TruthSample {
        &self.truth
    }
    /// What happened in the last tick.
    pub fn events(&self) -> &[TruthEvent] {
        &self.craft.events
    }
    /// Vehicle time in microseconds since boot.
    pub fn time_us(&self) -> u64 {
        self.craft.now_us
    }
    /// The autopilot flavour.
    pub fn autopilot(&self) -> Autopilot {
        self.craft.kind
    }
    fn receive(&mut self) {
        for link in 0..self.craft.links.len() {
            // As many as fit a tick of a fast link; a flood waits for the next tick.
            for _ in 0..2000 {
                let Some((mut frame, _)) = self.craft.links[link].decoder.next_frame() else {
                    break;
                };
                frame.heard_by = self.system_id;
                let now_us = self.craft.now_us;
                if self.craft.links[link].loses(now_us) {
                    continue;
                }
                match &mut self.flavour {
                    Flavour::ArduPilot(autopilot) => autopilot.handle(&mut self.craft, link, &frame),
                    Flavour::Px4(autopilot) => autopilot.handle(&mut self.craft, link, &frame),
                }
            }
        }
    }
    fn apply_faults(&mut self) {
        let now_s = self.craft.now_s();
        while let Some(due) = self.scheduled.iter().position(|(at_s, _)| *at_s <= now_s) {
            let (_, fault) = self.scheduled.remove(due);
            match fault {
                Fault::GpsFix(fix) => self.craft.estimator.gps_fix = fix,
                Fault::LinkLoss { for_s } => {
                    let until_us = self.craft.now_us + (for_s * 1e6) as u64;
                    self.craft.links[0].dead_until_us = until_us;
                }
                Fault::BatteryPercent(percent) => self.craft.world.battery.set_percent(percent),
                Fault::Wind { wind_m_s, from_deg, gust_m_s } => self.craft.world.wind.set(wind_m_s, from_deg, gust_m_s),
                Fault::PilotMode(name) => match &mut self.flavour {
                    Flavour::ArduPilot(autopilot) => {
                        if let Some(number) = ardupilot::mode_by_name(&name) {
                            autopilot.pilot_mode(&mut self.craft, number);
                        }
                    }
                    Flavour::Px4(autopilot) => autopilot.pilot_mode(&mut self.craft, &name),
                },
            }
        }
    }
}

fn sample(craft: &Craft, touchdown_m_s: f64) -> TruthSample {
    let world = &craft.world;
    let (roll_rad, pitch_rad, yaw_rad) = world.attitude.euler();
    let most_n = world.airframe().max_thrust_n;
    TruthSample {
        time_s: craft.now_s(),
        position: craft.true_position(),
        velocity: velocity_ned([world.velocity[0], world.velocity[1], world.velocity[2]]),
        roll_rad,
        pitch_rad,
        heading_deg: wrap_360(yaw_rad.to_degrees()),
        rates_rad_s: world.rates.0,
        armed: craft.armed,
        on_ground: world.on_ground,
        mode: craft.status.mode_name,
        battery_percent: world.battery.percent(),
        motors: world.thrust_n.map(|thrust_n| thrust_n / most_n),
        wind_m_s: world.wind.now.0,
        touchdown_m_s,
    }
}
