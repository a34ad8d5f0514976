//! Every leg, arc and way between against fence, altitude band and keep-outs; and the autopilot's own return from every point.
use super::fault::{FaultKind, Faults, Notice, NoticeKind, PlanFault};
use super::{
    Against, CEILING_MARGIN_M, EMERGENCY_MARGIN_M, FENCE_MARGIN_M, KEEP_OUT_MARGIN_M, MIN_ALTITUDE_M, flat, plain,
};
use crate::contract::Outline;
use crate::estimate::return_altitude_m;
use crate::frame::{East, North, PositionNed};
use crate::itinerary::{Arc, Item, Motion};
use crate::outline::point_to_segment_m;
use crate::plan::PlanDraft;
use crate::raw::position_ned;
use alloc::{format, string::String, vec, vec::Vec};

/// Largest angle of a chord that stands for a part of an arc.
const CHORD_DEG: f64 = 2.0;
/// Beyond this the exact distance does not matter, m.
const SURELY_CLEAR_M: f64 = 25.0;
/// Distance of the points that an emergency return is checked from, m.
const EMERGENCY_STEP_M: f64 = 1.0;

/// Collects the faults of the way; gives back what an emergency return would cross.
pub(super) fn check(plan: &PlanDraft, items: &[Item], against: &Against<'_>, faults: &mut Faults) -> Vec<Notice> {
    let keep_outs = outlines(plan, against);
    for item in flat(items) {
        band_and_fence(item, against, faults);
        for (outline, words) in &keep_outs {
            keep_out(item, outline, words, against.slack_m, faults);
        }
    }
    failsafe_climb(against, faults);
    emergency_crossings(items, &keep_outs)
}

/// The keep-outs with places resolved, and their words.
pub(super) fn outlines(plan: &PlanDraft, against: &Against<'_>) -> Vec<(Outline, String)> {
    let resolved = plan.keep_outs.iter().map(|keep_out| (keep_out.area.resolve(against.home), &keep_out.words));
    resolved.filter_map(|(outline, words)| Some((outline.ok()?, words.clone()))).collect()
}

/// The corners of the straight pieces that stand for an item's way; a circle needs one lap only.
pub(super) fn way(motion: &Motion) -> Vec<PositionNed> {
    match motion {
        Motion::TakeOff { to } => vec![PositionNed::HOME, *to],
        Motion::Leg { from, to } => vec![*from, *to],
        Motion::Arc(arc) => chords(arc),
        Motion::ReturnToLaunch { from } => vec![*from, PositionNed::at(North(0.0), East(0.0), from.altitude())],
        Motion::Hold { at, .. } | Motion::Turn { at, .. } | Motion::Photo { at } | Motion::Release { at, .. } => {
            vec![*at]
        }
        Motion::Branch { at, .. } => vec![*at],
        Motion::Land { from } => vec![*from],
    }
}

fn chords(arc: &Arc) -> Vec<PositionNed> {
    let circle = arc.start_radius_m == arc.end_radius_m;
    let needed_deg = if circle { arc.sweep_deg.abs().min(360.0) } else { arc.sweep_deg.abs() };
    let count = libm::ceil(needed_deg / CHORD_DEG).max(1.0);
    let share = needed_deg / arc.sweep_deg.abs().max(1e-9);
    let mut points: Vec<PositionNed> =
        (0..=count as u32).map(|index| arc.point_at(share * f64::from(index) / count)).collect();
    points.push(arc.end());
    points
}

/// How far an arc may reach beyond its chords, m.
fn sagitta_m(motion: &Motion) -> f64 {
    match motion {
        Motion::Arc(arc) => {
            arc.start_radius_m.max(arc.end_radius_m) * (1.0 - libm::cos((CHORD_DEG / 2.0).to_radians()))
        }
        _ => 0.0,
    }
}

fn fault_of(item: &Item, kind: FaultKind) -> PlanFault {
    let (step, words) = (item.step.clone(), item.words.clone());
    let (says, hint) = (String::new(), String::new());
    PlanFault { step, words, kind, says, value: None, limit: None, unit: "m".into(), hint }
}

fn band_and_fence(item: &Item, against: &Against<'_>, faults: &mut Faults) {
    let points = way(&item.motion);
    // Where an item begins belongs to the one before it, as does the height that it only keeps; arcs have points between.
    let own = match item.motion {
        Motion::TakeOff { .. } | Motion::Leg { .. } => &points[1..],
        Motion::Arc(_) => &points[..],
        _ => return,
    };
    let climbs = points.iter().any(|point| (point.down_m - points[0].down_m).abs() > 0.01);
    let moves = points.iter().any(|point| point.horizontal_distance_m(&points[0]) > 0.01);
    let envelope = against.envelope;
    let farthest_m = own.iter().map(|p| libm::hypot(p.north_m, p.east_m)).fold(0.0, f64::max) + sagitta_m(&item.motion);
    let fence_m = envelope.max_distance_m;
    let limit_m = fence_m - FENCE_MARGIN_M + against.slack_m;
    if moves && farthest_m > limit_m + 1e-6 && !faults.has(FaultKind::Fence, &item.step) {
        let what = if matches!(item.motion, Motion::Arc(_)) { "its circle reaches" } else { "reaches" };
        faults.push(PlanFault {
            says: format!(
                "{what} {farthest_m:.1} m from home, limit {} m (the fence at {} m less the {FENCE_MARGIN_M:.0} m that a way may stray)",
                plain(limit_m), plain(fence_m)
            ),
            value: Some(farthest_m),
            limit: Some(limit_m),
            hint: format!("bring it {:.0} m closer to home", libm::ceil(farthest_m - limit_m)),
            ..fault_of(item, FaultKind::Fence)
        });
    }
    let (low_m, high_m) = own
        .iter()
        .map(PositionNed::altitude_m)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), m| (l.min(m), h.max(m)));
    // Heights above sea level move with home's own.
    let limit_m = envelope.max_altitude_m - CEILING_MARGIN_M + against.slack_m.min(0.5);
    if climbs && high_m > limit_m + 1e-6 && !faults.has(FaultKind::Ceiling, &item.step) {
        faults.push(PlanFault {
            says: format!(
                "reaches {} m above home, limit {} m (the ceiling at {} m less the {CEILING_MARGIN_M:.0} m that the height may stray)",
                plain(high_m), plain(limit_m), plain(envelope.max_altitude_m)
            ),
            value: Some(high_m),
            limit: Some(limit_m),
            hint: format!("stay at or below {} m", plain(limit_m)),
            ..fault_of(item, FaultKind::Ceiling)
        });
    }
    let known = faults.has(FaultKind::TooLow, &item.step) || faults.has(FaultKind::Value, &item.step);
    if climbs && low_m < MIN_ALTITUDE_M - 1e-6 && !known {
        faults.push(PlanFault {
            says: format!("goes down to {} m above home, limit {} m", plain(low_m), plain(MIN_ALTITUDE_M)),
            value: Some(low_m),
            limit: Some(MIN_ALTITUDE_M),
            hint: format!("stay at or above {} m, or land", plain(MIN_ALTITUDE_M)),
            ..fault_of(item, FaultKind::TooLow)
        });
    }
}

/// The least distance in metres that `motion` keeps from `outline`.
pub(super) fn clearance_m(motion: &Motion, outline: &Outline) -> f64 {
    let points = way(motion);
    // Most keep-outs are far from most ways, which their bounding circle tells at once.
    let (centre, radius_m) = outline.bounding_circle();
    let bound_m = points.windows(2).map(|ends| point_to_segment_m(&centre, &ends[0], &ends[1]) - radius_m);
    let bound_m = bound_m.fold(f64::INFINITY, f64::min);
    if bound_m.is_finite() && bound_m > SURELY_CLEAR_M {
        return bound_m;
    }
    let nearest_m = match points.as_slice() {
        [only] => outline.distance_m(only),
        points => {
            points.windows(2).map(|ends| outline.segment_distance_m(&ends[0], &ends[1])).fold(f64::INFINITY, f64::min)
        }
    };
    nearest_m - sagitta_m(motion)
}

fn keep_out(item: &Item, outline: &Outline, words: &str, slack_m: f64, faults: &mut Faults) {
    // What is done on the spot is where a leg ended, which has been told already.
    if !matches!(
        item.motion,
        Motion::TakeOff { .. } | Motion::Leg { .. } | Motion::Arc(_) | Motion::ReturnToLaunch { .. }
    ) {
        return;
    }
    let nearest_m = clearance_m(&item.motion, outline);
    let needed_m = KEEP_OUT_MARGIN_M - slack_m;
    if nearest_m >= needed_m - 1e-6 || faults.has(FaultKind::KeepOut, &item.step) {
        return;
    }
    let area = if words.is_empty() { "a keep-out".into() } else { format!("the keep-out \"{words}\"") };
    let says = if nearest_m <= 0.0 {
        format!("enters {area}; {} m distance are needed", plain(needed_m))
    } else {
        format!("passes {nearest_m:.2} m from {area}, limit {} m", plain(needed_m))
    };
    let hint = match item.motion {
        Motion::TakeOff { .. } => "take off farther away from it",
        Motion::ReturnToLaunch { .. } => "say return home and land: that way can be led around",
        Motion::Arc(_) => "move the circle or make it smaller",
        _ => "fly elsewhere, or go there as a leg of its own that may be led around",
    };
    faults.push(PlanFault {
        says,
        value: Some(nearest_m),
        limit: Some(needed_m),
        hint: hint.into(),
        ..fault_of(item, FaultKind::KeepOut)
    });
}

fn failsafe_climb(against: &Against<'_>, faults: &mut Faults) {
    let climbs_to_m = return_altitude_m(against.vehicle, against.autopilot);
    let limit_m = against.envelope.max_altitude_m - CEILING_MARGIN_M;
    if climbs_to_m <= limit_m {
        return;
    }
    let param = match against.autopilot {
        crate::vehicle::Autopilot::ArduPilot => "RTL_ALT_M",
        crate::vehicle::Autopilot::Px4 => "RTL_RETURN_ALT",
    };
    faults.push(PlanFault {
        step: String::new(),
        words: String::new(),
        kind: FaultKind::FailsafeReturn,
        says: format!(
            "the autopilot's own return climbs to {} m, the envelope allows {} m less {CEILING_MARGIN_M:.0} m",
            plain(climbs_to_m),
            plain(against.envelope.max_altitude_m)
        ),
        value: Some(climbs_to_m),
        limit: Some(limit_m),
        unit: "m".into(),
        hint: format!(
            "set {param} to at most {} m in the vehicle file's required_params, or raise the ceiling",
            plain(limit_m)
        ),
    });
}

/// One notice for each keep-out that the straight way home from some point of the plan comes too close to.
fn emergency_crossings(items: &[Item], keep_outs: &[(Outline, String)]) -> Vec<Notice> {
    let flight = flat(items);
    let home = PositionNed::HOME;
    let mut notices = Vec::new();
    for (outline, words) in keep_outs {
        let (centre, radius_m) = outline.bounding_circle();
        let crosses = |point: &PositionNed| {
            point_to_segment_m(&centre, point, &home) < radius_m + EMERGENCY_MARGIN_M
                && outline.segment_distance_m(point, &home) < EMERGENCY_MARGIN_M
        };
        let first = flight.iter().find(|item| {
            way(&item.motion).windows(2).any(|ends| points_between(&ends[0], &ends[1]).any(|point| crosses(&point)))
        });
        if let Some(item) = first {
            notices.push(Notice {
                kind: NoticeKind::EmergencyCrossesKeepOut,
                step: item.step.clone(),
                words: words.clone(),
                says: format!(
                    "an emergency return from step {} on may fly straight home across this keep-out",
                    item.step
                ),
            });
        }
    }
    notices
}

fn points_between(a: &PositionNed, b: &PositionNed) -> impl Iterator<Item = PositionNed> {
    let (a, by) = (*a, *b - *a);
    let count = libm::ceil(libm::hypot(by.north_m, by.east_m) / EMERGENCY_STEP_M).clamp(1.0, 1_000.0) as u32;
    (0..=count).map(move |index| {
        let share = f64::from(index) / f64::from(count);
        position_ned([a.north_m + by.north_m * share, a.east_m + by.east_m * share, a.down_m])
    })
}
