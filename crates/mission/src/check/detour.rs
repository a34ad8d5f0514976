//! Ways around keep-outs: the shortest of straight pieces from node to node, where the nodes stand around each outline at the
//! margin (a visibility graph, Lozano-Perez and Wesley 1979; searched by Dijkstra's algorithm).
use super::fault::{Notice, NoticeKind};
use super::geometry::{clearance_m, outlines};
use super::{Against, FENCE_MARGIN_M, KEEP_OUT_MARGIN_M, flat, itinerary, plain};
use crate::contract::Outline;
use crate::frame::{AboveHome, East, North, PositionNed};
use crate::itinerary::{Item, Motion};
use crate::plan::{Action, PlanDraft, Step};
use crate::units::{Degrees, Metres};
use alloc::{collections::BTreeSet, format, string::String, vec::Vec};

/// Nodes around a circle or a corner; their polygon lies outside the margin.
const NODES: u32 = 16;
/// The nodes stand this much farther out than the check demands, m.
const SPARE_M: f64 = 0.5;

/// Puts `via` points into the legs of `plan` that a keep-out is in the way of, and tells which. What cannot be led around stays
/// as it is: the check of the geometry names it.
pub(super) fn lead_around(plan: &mut PlanDraft, against: &Against<'_>) -> Vec<Notice> {
    let keep_outs = outlines(plan, against);
    let mut notices = Vec::new();
    let mut tried = BTreeSet::new();
    if keep_outs.is_empty() {
        return notices;
    }
    // Each round mends one step, since a step's new way moves the heading that later ones may start from.
    while let Ok(itinerary) = itinerary(plan, against) {
        let blocked = blocked_way(&itinerary.items, &keep_outs, plan, &tried);
        let Some((step, words, from, to)) = blocked else { break };
        tried.insert(step.clone());
        let Some(via) = via_mut(plan, &step) else { continue };
        let Some(found) = way_around(&from, &to, &keep_outs, against.envelope.max_distance_m - FENCE_MARGIN_M) else {
            continue;
        };
        let points = found.iter().map(|p| format!("{} m north {} m east", plain(p.north_m), plain(p.east_m)));
        let points = points.collect::<Vec<_>>().join(", then ");
        *via = found;
        notices.push(Notice {
            kind: NoticeKind::Detour,
            step,
            words,
            says: format!("led around a keep-out, at least {} m away from it, by {points}", plain(KEEP_OUT_MARGIN_M)),
        });
    }
    notices
}

/// The first step not yet tried that comes too close and may be led around, with where its way begins and ends.
fn blocked_way(
    items: &[Item],
    keep_outs: &[(Outline, String)],
    plan: &mut PlanDraft,
    tried: &BTreeSet<String>,
) -> Option<(String, String, PositionNed, PositionNed)> {
    let flight = flat(items);
    let blocked = |item: &Item| {
        matches!(item.motion, Motion::Leg { .. })
            && keep_outs.iter().any(|(outline, _)| clearance_m(&item.motion, outline) < KEEP_OUT_MARGIN_M - 1e-6)
    };
    for (index, item) in flight.iter().enumerate() {
        if tried.contains(&item.step) || !blocked(item) || via_mut(plan, &item.step).is_none() {
            continue;
        }
        // The legs of one step stand together: its way goes from the first one's beginning to the last one's end.
        let same = |other: &&&Item| other.step == item.step && matches!(other.motion, Motion::Leg { .. });
        let first = flight[..index].iter().rev().take_while(same).last().unwrap_or(item);
        let mut last = item;
        for next in flight[index + 1..].iter().take_while(same) {
            // A repeated step follows upon itself only where its next run begins, which its ways' count tells.
            last = next;
        }
        let (Motion::Leg { from, .. }, Motion::Leg { to, .. }) = (&first.motion, &last.motion) else { continue };
        return Some((item.step.clone(), item.words.clone(), *from, *to));
    }
    None
}

/// The way points of the step with this number, if it is one that may be led around.
fn via_mut<'p>(plan: &'p mut PlanDraft, number: &str) -> Option<&'p mut Vec<PositionNed>> {
    let step = step_mut(&mut plan.steps, number)?;
    match &mut step.action {
        Action::GoTo { straight: false, via, .. }
        | Action::Move { straight: false, via, .. }
        | Action::ReturnHome { straight: false, via }
        | Action::LandAt { via, .. } => Some(via),
        _ => None,
    }
}

/// The step with this number, as the itinerary counts: `3.1` within step 3, `3e.1` within its `otherwise`.
fn step_mut<'s>(steps: &'s mut [Step], number: &str) -> Option<&'s mut Step> {
    let (first, rest) = match number.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (number, None),
    };
    let index: usize = first.trim_end_matches('e').parse().ok()?;
    let step = steps.get_mut(index.checked_sub(1)?)?;
    let Some(rest) = rest else { return Some(step) };
    match &mut step.action {
        Action::Repeat { steps, .. } => step_mut(steps, rest),
        Action::When { otherwise, .. } if first.ends_with('e') => step_mut(otherwise, rest),
        Action::When { then, .. } => step_mut(then, rest),
        _ => None,
    }
}

/// The points between `from` and `to` of the shortest way that keeps the margin from all of `keep_outs` and stays within
/// `reach_m` of home; heights change evenly along it. `None` where there is none.
fn way_around(
    from: &PositionNed,
    to: &PositionNed,
    keep_outs: &[(Outline, String)],
    reach_m: f64,
) -> Option<Vec<PositionNed>> {
    let margin_m = KEEP_OUT_MARGIN_M + SPARE_M / 2.0;
    let mut nodes = Vec::from([*from, *to]);
    for (outline, _) in keep_outs {
        nodes.extend(nodes_around(outline));
    }
    let free = |index: usize, node: &PositionNed| {
        // The ends may stand at the very margin.
        let needed_m = if index < 2 { KEEP_OUT_MARGIN_M - 1e-6 } else { margin_m };
        libm::hypot(node.north_m, node.east_m) <= reach_m + 1e-6
            && keep_outs.iter().all(|(outline, _)| outline.distance_m(node) >= needed_m)
    };
    if !free(0, from) || !free(1, to) {
        return None;
    }
    let mut index = 0;
    nodes.retain(|node| {
        index += 1;
        free(index - 1, node)
    });
    let sees = |a: &PositionNed, b: &PositionNed| {
        keep_outs.iter().all(|(outline, _)| outline.segment_distance_m(a, b) >= KEEP_OUT_MARGIN_M - 1e-6)
    };
    let mut length_m = alloc::vec![f64::INFINITY; nodes.len()];
    let mut before = alloc::vec![usize::MAX; nodes.len()];
    let mut done = alloc::vec![false; nodes.len()];
    length_m[0] = 0.0;
    loop {
        let open = (0..nodes.len()).filter(|&index| !done[index] && length_m[index].is_finite());
        let nearest = open.min_by(|&a, &b| length_m[a].total_cmp(&length_m[b]))?;
        if nearest == 1 {
            break;
        }
        done[nearest] = true;
        for next in 0..nodes.len() {
            let through_m = length_m[nearest] + nodes[nearest].horizontal_distance_m(&nodes[next]);
            if !done[next] && through_m < length_m[next] - 1e-9 && sees(&nodes[nearest], &nodes[next]) {
                (length_m[next], before[next]) = (through_m, nearest);
            }
        }
    }
    let (mut way, mut at) = (Vec::new(), before[1]);
    while at != 0 {
        let share = length_m[at] / length_m[1];
        let altitude_m = from.altitude_m() + share * (to.altitude_m() - from.altitude_m());
        // To the decimetre, so that plan, readback and program say the same number; the spare covers the rounding.
        let rounded = |metres: f64| libm::round(metres * 10.0) / 10.0;
        way.push(PositionNed::at(
            North(rounded(nodes[at].north_m)),
            East(rounded(nodes[at].east_m)),
            AboveHome(rounded(altitude_m)),
        ));
        at = before[at];
    }
    way.reverse();
    Some(way)
}

fn nodes_around(outline: &Outline) -> Vec<PositionNed> {
    let ring = |centre: &PositionNed, radius_m: f64| {
        let outer_m = (radius_m + KEEP_OUT_MARGIN_M + SPARE_M) / libm::cos(core::f64::consts::PI / f64::from(NODES));
        let centre = *centre;
        (0..NODES)
            .map(move |index| centre.towards(Degrees(360.0 / f64::from(NODES) * f64::from(index)), Metres(outer_m)))
    };
    match outline {
        Outline::Circle { centre, radius_m } => ring(centre, *radius_m).collect(),
        Outline::Polygon { corners } => corners.iter().flat_map(|corner| ring(corner, 0.0)).collect(),
    }
}
