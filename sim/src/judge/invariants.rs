//! What must hold from arming until disarmed, whatever the step: fence, ceiling, speeds, keep-outs, reserve, authority, answers.
use super::sample::{Event, Sample};
use super::verdict::{Clause, Least, Violation};
use flightsmith_mission::contract::{Contract, Invariant, Outline};
use flightsmith_mission::frame::PositionNed;

/// Speeds of the envelope may be exceeded by this much (gusts), m/s.
const SPEED_TOLERANCE_M_S: f64 = 0.5;
/// After a pilot has taken over, messages already on their way may arrive for this long, s.
const PILOT_GRACE_S: f64 = 1.3;

/// The monitors of all invariants.
pub(super) struct Invariants {
    monitors: Vec<Monitor>,
    pub violations: Vec<Violation>,
    armed_at_s: Option<f64>,
    pilot_since_s: Option<f64>,
}

struct Monitor {
    id: String,
    words: String,
    kind: Kind,
    unit: &'static str,
    least: Least,
    broken: bool,
    /// A keep-out crossed by a legitimate emergency return.
    excused: bool,
}

enum Kind {
    Fence(f64),
    Ceiling(f64),
    GroundSpeed(f64),
    Climb(f64),
    Descent(f64),
    KeepOut { outline: Outline, centre: PositionNed, radius_m: f64 },
    BatteryReserve(f64),
    PilotAuthority,
    Responsive,
    EndsOnGround(f64),
}

impl Invariants {
    pub fn new(contract: &Contract) -> Self {
        let mut monitors = Vec::new();
        let mut keep_outs = 0;
        let mut add = |id: &str, words: &str, kind: Kind, unit: &'static str| {
            let (id, words) = (id.to_owned(), words.to_owned());
            monitors.push(Monitor { id, words, kind, unit, least: Least::NONE, broken: false, excused: false });
        };
        for invariant in &contract.invariants {
            match invariant {
                Invariant::Fence { max_distance_m } => add("fence", "", Kind::Fence(*max_distance_m), "m"),
                Invariant::Ceiling { max_altitude_m } => add("ceiling", "", Kind::Ceiling(*max_altitude_m), "m"),
                Invariant::GroundSpeed { max_speed_m_s } => {
                    add("ground_speed", "", Kind::GroundSpeed(*max_speed_m_s + SPEED_TOLERANCE_M_S), "m/s");
                }
                Invariant::VerticalSpeed { max_climb_m_s, max_descent_m_s } => {
                    add("climb", "", Kind::Climb(*max_climb_m_s + SPEED_TOLERANCE_M_S), "m/s");
                    add("descent", "", Kind::Descent(*max_descent_m_s + SPEED_TOLERANCE_M_S), "m/s");
                }
                Invariant::KeepOut { outline, words } => {
                    keep_outs += 1;
                    let (centre, radius_m) = outline.bounding_circle();
                    let kind = Kind::KeepOut { outline: outline.clone(), centre, radius_m };
                    add(&format!("keep_out_{keep_outs}"), words, kind, "m");
                }
                Invariant::BatteryReserve { percent } => {
                    add("battery_reserve", "", Kind::BatteryReserve(*percent), "%")
                }
                Invariant::PilotAuthority => add("pilot_authority", "", Kind::PilotAuthority, "s"),
                Invariant::Responsive => add("responsive", "", Kind::Responsive, "ms"),
                Invariant::EndsOnGround { within_s } => add("ends_on_ground", "", Kind::EndsOnGround(*within_s), "s"),
            }
        }
        Self { monitors, violations: Vec::new(), armed_at_s: None, pilot_since_s: None }
    }

    /// Whether a pilot has taken over.
    pub fn pilot_flies(&self) -> bool {
        self.pilot_since_s.is_some()
    }

    /// Looks at the events only.
    pub fn happened(&mut self, sample: &Sample<'_>) {
        let now_s = sample.time_s;
        for event in sample.events {
            match event {
                Event::PilotTookOver => {
                    self.pilot_since_s.get_or_insert(now_s);
                }
                Event::MissionCommanded => {
                    if let Some(since_s) = self.pilot_since_s {
                        self.note(
                            "pilot_authority",
                            PILOT_GRACE_S - (now_s - since_s),
                            now_s - since_s,
                            PILOT_GRACE_S,
                            sample,
                        );
                    }
                }
                Event::Stalled { used_ms, limit_ms } => {
                    self.note("responsive", limit_ms - used_ms, *used_ms, *limit_ms, sample);
                }
                Event::MissionLost => self.note("responsive", -1.0, f64::NAN, 0.0, sample),
                Event::Photo | Event::Released(_) => {}
            }
        }
    }

    /// Looks at one tick. `emergency` is set while a standing rule's return is flown, which may cross keep-outs (the plan says so).
    pub fn observe(&mut self, sample: &Sample<'_>, emergency: bool) {
        self.happened(sample);
        let now_s = sample.time_s;
        if sample.armed {
            self.armed_at_s.get_or_insert(now_s);
        }
        let Some(armed_at_s) = self.armed_at_s else { return };
        if !sample.armed && sample.on_ground {
            return;
        }
        for index in 0..self.monitors.len() {
            let (measured, limit, margin) = self.monitors[index].measure(sample, now_s - armed_at_s);
            if margin.is_infinite() {
                continue;
            }
            let monitor = &mut self.monitors[index];
            if margin < 0.0 && emergency && matches!(monitor.kind, Kind::KeepOut { .. }) {
                monitor.excused = true;
                continue;
            }
            monitor.least.note(margin, now_s);
            if margin < 0.0 && !monitor.broken {
                monitor.broken = true;
                let violation = monitor.violation(measured, limit, sample);
                self.violations.push(violation);
            }
        }
    }

    fn note(&mut self, id: &str, margin: f64, measured: f64, limit: f64, sample: &Sample<'_>) {
        let Some(monitor) = self.monitors.iter_mut().find(|monitor| monitor.id == id) else { return };
        monitor.least.note(margin, sample.time_s);
        if margin < 0.0 && !monitor.broken {
            monitor.broken = true;
            let violation = monitor.violation(measured, limit, sample);
            self.violations.push(violation);
        }
    }

    /// The flight is over: `on_ground` and disarmed, or given up.
    pub fn finish(&mut self, last: &Sample<'_>, ended_well: bool) {
        let duration_s = last.time_s - self.armed_at_s.unwrap_or(last.time_s);
        let reserve = self.monitors.iter().find_map(|monitor| match monitor.kind {
            Kind::BatteryReserve(percent) => Some(percent),
            _ => None,
        });
        if let Some(percent) = reserve {
            self.note("battery_reserve", last.battery_percent - percent, last.battery_percent, percent, last);
        }
        let within = self.monitors.iter().find_map(|monitor| match monitor.kind {
            Kind::EndsOnGround(within_s) => Some(within_s),
            _ => None,
        });
        if let Some(within_s) = within {
            let margin_s = if ended_well { within_s - duration_s } else { -1.0 };
            self.note("ends_on_ground", margin_s, duration_s, within_s, last);
        }
    }

    pub fn clauses(&self) -> impl Iterator<Item = Clause> + '_ {
        self.monitors.iter().map(Monitor::clause)
    }
}

impl Monitor {
    /// Measured, limit and margin; an infinite margin where there is nothing to say at a tick.
    fn measure(&self, sample: &Sample<'_>, armed_for_s: f64) -> (f64, f64, f64) {
        let up_to = |measured: f64, limit: f64| (measured, limit, limit - measured);
        let position = &sample.position;
        match &self.kind {
            Kind::Fence(limit_m) => up_to(libm::hypot(position.north_m, position.east_m), *limit_m),
            Kind::Ceiling(limit_m) => up_to(position.altitude_m(), *limit_m),
            Kind::GroundSpeed(limit_m_s) => up_to(sample.velocity.ground_speed_m_s(), *limit_m_s),
            Kind::Climb(limit_m_s) => up_to(-sample.velocity.down_m_s, *limit_m_s),
            Kind::Descent(limit_m_s) => up_to(sample.velocity.down_m_s, *limit_m_s),
            Kind::KeepOut { outline, centre, radius_m } => {
                // Far away the bounding circle is exact enough, and cheap.
                let at_least_m = centre.horizontal_distance_m(position) - radius_m;
                let metres =
                    if at_least_m > self.least.margin.min(50.0) { at_least_m } else { outline.distance_m(position) };
                (metres, 0.0, metres)
            }
            Kind::EndsOnGround(within_s) if armed_for_s > *within_s => up_to(armed_for_s, *within_s),
            Kind::EndsOnGround(_) | Kind::BatteryReserve(_) | Kind::PilotAuthority | Kind::Responsive => {
                (0.0, 0.0, f64::INFINITY)
            }
        }
    }

    fn violation(&self, measured: f64, limit: f64, sample: &Sample<'_>) -> Violation {
        let says = match &self.kind {
            Kind::Fence(_) => format!("was {measured:.2} m from home, the fence is at {limit:.1} m"),
            Kind::Ceiling(_) => format!("was {measured:.2} m above home, the ceiling is at {limit:.1} m"),
            Kind::GroundSpeed(_) => format!("flew {measured:.2} m/s over ground, the envelope allows {limit:.1} m/s"),
            Kind::Climb(_) => format!("climbed at {measured:.2} m/s, the envelope allows {limit:.1} m/s"),
            Kind::Descent(_) => format!("descended at {measured:.2} m/s, the envelope allows {limit:.1} m/s"),
            Kind::KeepOut { .. } => format!("entered the keep-out \"{}\" by {:.2} m", self.words, -measured),
            Kind::BatteryReserve(_) => format!("landed with {measured:.1} % of the battery, {limit:.0} % must be left"),
            Kind::PilotAuthority => {
                format!("sent a set-point or command {measured:.2} s after the pilot had taken over")
            }
            Kind::Responsive if measured.is_nan() => "stopped answering before the flight was over".to_owned(),
            Kind::Responsive => format!("stalled: used {measured:.1} ms of CPU time in a tick, limit {limit:.1} ms"),
            Kind::EndsOnGround(_) if measured <= limit => {
                format!("the flight did not end landed and disarmed ({measured:.0} s after arming)")
            }
            Kind::EndsOnGround(_) => format!("was not on the ground {measured:.0} s after arming, limit {limit:.0} s"),
        };
        let measured = if measured.is_nan() { 0.0 } else { measured };
        Violation {
            id: self.id.clone(),
            says,
            at_s: sample.time_s,
            measured,
            limit,
            unit: self.unit.into(),
            position: sample.position,
        }
    }

    fn clause(&self) -> Clause {
        let least = self.least.margin;
        let tested = least.is_finite();
        let says = match &self.kind {
            Kind::Fence(limit_m) => format!("stays within {limit_m:.0} m of home: at most {:.1} m", limit_m - least),
            Kind::Ceiling(limit_m) => {
                format!("stays below {limit_m:.0} m above home: at most {:.1} m", limit_m - least)
            }
            Kind::GroundSpeed(limit) => {
                format!("flies at most {limit:.1} m/s over ground: at most {:.2} m/s", limit - least)
            }
            Kind::Climb(limit) => format!("climbs at most {limit:.1} m/s: at most {:.2} m/s", limit - least),
            Kind::Descent(limit) => format!("descends at most {limit:.1} m/s: at most {:.2} m/s", limit - least),
            Kind::KeepOut { .. } if self.excused => {
                format!("stays out of \"{}\": crossed by the emergency return, as the plan says it may", self.words)
            }
            Kind::KeepOut { .. } => format!("stays out of \"{}\": at least {least:.1} m away", self.words),
            Kind::BatteryReserve(percent) => {
                format!("lands with at least {percent:.0} % of the battery: {:.1} %", percent + least)
            }
            Kind::PilotAuthority if tested => "sends nothing after a pilot has taken over".to_owned(),
            Kind::PilotAuthority => "sends nothing after a pilot has taken over: nobody did".to_owned(),
            Kind::Responsive => "answers every tick in time".to_owned(),
            Kind::EndsOnGround(within_s) => format!("ends landed and disarmed within {within_s:.0} s"),
        };
        let says = if tested || says.contains("nobody") || matches!(self.kind, Kind::Responsive) {
            says
        } else {
            format!("{} (not reached)", says.split(':').next().unwrap_or(""))
        };
        Clause {
            id: self.id.clone(),
            step: String::new(),
            words: self.words.clone(),
            says,
            margin: self.least.known(),
            unit: self.unit.into(),
            held: !self.broken,
            at_s: self.least.time(),
        }
    }
}
