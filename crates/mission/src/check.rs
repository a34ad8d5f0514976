//! The static check: what turns a [`PlanDraft`] into a [`MissionPlan`], before anything is generated or built.
//!
//! Every fault is reported at once, each with its step, the words quoted, the value, the limit and what to change. Geometry is
//! checked over the whole itinerary in all its branches: every leg, arc and way between, not only points. Keep-outs in the way
//! of a single leg are led around ([`detour`]). The runner calls [`recheck`] with the vehicle's actual home before it arms.
//!
//! What it leaves to others: how exactly the flight keeps to the plan is the judge's question.
use crate::envelope::Envelope;
use crate::estimate::{Estimator, START_PERCENT};
use crate::geodesy::Home;
use crate::itinerary::{Item, Itinerary, ItineraryError, Motion, resolve};
use crate::plan::{MissionPlan, PlanDraft};
use crate::vehicle::{Autopilot, Vehicle};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

mod detour;
mod fault;
mod geometry;
mod reports;
mod values;

pub use fault::{FaultKind, Notice, NoticeKind, PlanFault};

/// How far the fence must stay from the planned way, m: what a leg may stray.
pub const FENCE_MARGIN_M: f64 = 3.0;
/// How far the ceiling must stay from the planned way, m: what the height may stray.
pub const CEILING_MARGIN_M: f64 = 1.0;
/// How far keep-outs must stay from the planned way, m: 2 m and what a leg may stray.
pub const KEEP_OUT_MARGIN_M: f64 = 5.0;
/// Lowest flight between takeoff and landing, m above home.
pub const MIN_ALTITUDE_M: f64 = 1.0;
/// An emergency return closer than this to a keep-out is stated, m.
pub const EMERGENCY_MARGIN_M: f64 = 2.0;

/// The vehicle's own measurement of its home may be this far off, which must not refuse on board what was planned at the margin, m.
const HOME_SLACK_M: f64 = 1.5;

/// What the check compares a plan with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Against<'a> {
    /// The limits in force (the caller has already taken the tightest of all sources).
    pub envelope: &'a Envelope,
    /// The vehicle.
    pub vehicle: &'a Vehicle,
    /// Its autopilot.
    pub autopilot: Autopilot,
    /// Where it will be armed.
    pub home: &'a Home,
    /// By how much the margins may be used up, m: 0 but for the check on board.
    pub slack_m: f64,
}

impl PlanDraft {
    /// Makes a plan of the draft, or names every fault in it.
    ///
    /// `envelope` holds the limits in force. Changes that it makes to the draft are told in [`MissionPlan::notices`]: ways around
    /// keep-outs, and safe branches where the vehicle cannot answer the question.
    ///
    /// ```
    /// # use flightsmith_mission::{envelope::Envelope, geodesy::Home, plan::PlanDraft, vehicle::{Autopilot, Vehicle}};
    /// # fn example(vehicle: &Vehicle, draft: PlanDraft) {
    /// match draft.check(&Envelope::default(), vehicle, Autopilot::ArduPilot, &Home::default()) {
    ///     Ok(plan) => assert!(plan.notices().is_empty()),
    ///     Err(faults) => faults.iter().for_each(|fault| eprintln!("{fault}")),
    /// }
    /// # }
    /// ```
    pub fn check(
        mut self,
        envelope: &Envelope,
        vehicle: &Vehicle,
        autopilot: Autopilot,
        home: &Home,
    ) -> Result<MissionPlan, Vec<PlanFault>> {
        let against = Against { envelope, vehicle, autopilot, home, slack_m: 0.0 };
        let mut faults = fault::Faults::default();
        if self.speed_m_s.is_none() && vehicle.cruise_speed_m_s > envelope.max_speed_m_s {
            self.speed_m_s = Some(envelope.max_speed_m_s);
        }
        let mut notices = reports::take_safe_branches(&mut self, vehicle, &mut faults);
        values::check(&self, &against, &mut faults);
        if faults.geometry_makes_sense() {
            notices.extend(detour::lead_around(&mut self, &against));
            notices.extend(flight(&self, &against, &mut faults));
        }
        if faults.is_empty() { Ok(MissionPlan { draft: self, notices }) } else { Err(faults.into_sorted()) }
    }
}

/// Checks a plan as it is, without changing it: what the runner does on board with the vehicle's actual home.
pub fn recheck(
    plan: &PlanDraft,
    envelope: &Envelope,
    vehicle: &Vehicle,
    autopilot: Autopilot,
    home: &Home,
) -> Result<Vec<Notice>, Vec<PlanFault>> {
    let against = Against { envelope, vehicle, autopilot, home, slack_m: HOME_SLACK_M };
    let mut faults = fault::Faults::default();
    reports::refuse_unanswerable(plan, vehicle, &mut faults);
    values::check(plan, &against, &mut faults);
    let mut notices = Vec::new();
    if faults.geometry_makes_sense() {
        notices = flight(plan, &against, &mut faults);
    }
    if faults.is_empty() { Ok(notices) } else { Err(faults.into_sorted()) }
}

/// The itinerary of `plan` for the speeds that hold under `envelope`.
pub(crate) fn itinerary(plan: &PlanDraft, against: &Against<'_>) -> Result<Itinerary, ItineraryError> {
    let cruise_speed_m_s = against.vehicle.cruise_speed_m_s.min(against.envelope.max_speed_m_s);
    resolve(plan, against.home, cruise_speed_m_s)
}

/// All that needs the itinerary.
fn flight(plan: &PlanDraft, against: &Against<'_>, faults: &mut fault::Faults) -> Vec<Notice> {
    let itinerary = match itinerary(plan, against) {
        Ok(itinerary) => itinerary,
        Err(error) => {
            faults.push(fault::from_itinerary(&error));
            return Vec::new();
        }
    };
    let notices = geometry::check(plan, &itinerary.items, against, faults);
    energy(&itinerary.items, against, faults);
    notices
}

/// Whether the worst way through leaves the reserve.
fn energy(items: &[Item], against: &Against<'_>, faults: &mut fault::Faults) {
    let estimator = Estimator::new(against.vehicle, against.autopilot, against.envelope);
    let flight = estimator.flight(items);
    let reserve_percent = against.envelope.battery_reserve_percent;
    let usable_percent = START_PERCENT - reserve_percent;
    if flight.battery_percent <= usable_percent {
        return;
    }
    let mut by_step: BTreeMap<&str, (f64, &str)> = BTreeMap::new();
    for item in flat(items) {
        by_step.entry(&item.step).or_insert((0.0, &item.words)).0 += estimator.item(item).battery_percent;
    }
    let hungriest = by_step.into_iter().max_by(|(_, (a, _)), (_, (b, _))| a.total_cmp(b));
    let (step, words) = hungriest.map(|(step, (_, words))| (step.into(), words.into())).unwrap_or_default();
    let too_long_s = flight.duration_s * (1.0 - usable_percent / flight.battery_percent);
    faults.push(PlanFault {
        step,
        words,
        kind: FaultKind::Energy,
        says: format!(
            "the flight needs about {:.0} % of the battery ({:.0} s in a wind of 5 m/s with 10 % more mass); a battery at {START_PERCENT:.0} % has {usable_percent:.0} % to give above the reserve of {reserve_percent:.0} %",
            flight.battery_percent, flight.duration_s
        ),
        value: Some(flight.battery_percent),
        limit: Some(usable_percent),
        unit: "%".into(),
        hint: format!("shorten the flight by about {:.0} s; this step takes the most", libm::ceil(too_long_s / 10.0) * 10.0),
    });
}

/// All items of all branches.
pub(crate) fn flat(items: &[Item]) -> Vec<&Item> {
    let mut all = Vec::new();
    for item in items {
        all.push(item);
        if let Motion::Branch { then, otherwise, .. } = &item.motion {
            all.extend(flat(then));
            all.extend(flat(otherwise));
        }
    }
    all
}

/// A number as it would be said: no more digits than it needs.
pub(crate) fn plain(value: f64) -> String {
    if value != 0.0 && value.abs() < 1.0 || (value - libm::round(value)).abs() < 1e-9 {
        format!("{value}")
    } else {
        format!("{value:.1}")
    }
}

#[cfg(test)]
pub(crate) mod tests;
