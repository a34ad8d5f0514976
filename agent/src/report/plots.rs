//! Height and ground speed over vehicle time, all flights in one picture each, with the limits that held.
use super::map::thinned;
use super::record::{Flight, RunRecord, Track};
use super::svg::{escape, number, path_data, round_step, ticks};
use flightsmith_mission::contract::{Contract, Invariant};
use flightsmith_mission::itinerary::{Item, Motion};
use std::fmt::Write;

const WIDTH_PX: f64 = 560.0;
const HEIGHT_PX: f64 = 206.0;
const LEFT_PX: f64 = 46.0;
const RIGHT_PX: f64 = 14.0;
const TOP_PX: f64 = 24.0;
const BOTTOM_PX: f64 = 32.0;

/// Height above home over time; `None` without a track.
pub fn altitude(record: &RunRecord) -> Option<String> {
    let ceiling_m = record.contract.as_ref().and_then(|contract| {
        contract.invariants.iter().find_map(|invariant| match invariant {
            Invariant::Ceiling { max_altitude_m } => Some(*max_altitude_m),
            _ => None,
        })
    });
    let limit = ceiling_m.map(|limit| (limit, format!("ceiling {} m", number(limit, 1))));
    plot(record, "height above home, m", limit, |track| &track.altitude_m)
}

/// Ground speed over time; `None` without a track.
pub fn speed(record: &RunRecord) -> Option<String> {
    let limit = record.contract.as_ref().and_then(highest_speed_limit_m_s);
    let limit = limit.map(|limit| (limit, format!("limit {} m/s", number(limit, 2))));
    plot(record, "ground speed, m/s", limit, |track| &track.ground_speed_m_s)
}

/// The highest limit of the plan's moving items; where it has none, the envelope's.
fn highest_speed_limit_m_s(contract: &Contract) -> Option<f64> {
    fn highest(items: &[Item]) -> f64 {
        let of = |item: &Item| match &item.motion {
            Motion::Leg { .. } | Motion::Arc(_) => item.speed_m_s,
            Motion::Branch { then, otherwise, .. } => highest(then).max(highest(otherwise)),
            _ => 0.0,
        };
        items.iter().map(of).fold(0.0, f64::max)
    }
    let planned_m_s = highest(&contract.itinerary.items);
    if planned_m_s > 0.0 {
        return Some(planned_m_s);
    }
    contract.invariants.iter().find_map(|invariant| match invariant {
        Invariant::GroundSpeed { max_speed_m_s } => Some(*max_speed_m_s),
        _ => None,
    })
}

fn plot(
    record: &RunRecord,
    title: &str,
    limit: Option<(f64, String)>,
    column: fn(&Track) -> &Vec<f64>,
) -> Option<String> {
    let flown: Vec<(&Flight, &Track)> = record
        .flights
        .iter()
        .filter_map(|flight| Some((flight, flight.track.as_ref()?)))
        .filter(|(_, track)| track.len() > 1)
        .collect();
    let values = || flown.iter().flat_map(|(_, track)| column(track)).copied();
    let ends = flown.iter().flat_map(|(_, track)| track.t_s.last().copied());
    let end_s = ends.fold(0.0, f64::max).max(1.0);
    let start_s = flown.iter().map(|(_, track)| track.t_s[0]).fold(f64::MAX, f64::min).min(end_s - 1.0);
    if flown.is_empty() {
        return None;
    }
    let (low, mut high) = (values().fold(0.0, f64::min), values().fold(1.0, f64::max));
    // A limit far above would flatten the curve: it is then only named.
    let in_sight = limit.as_ref().filter(|(value, _)| *value <= high * 2.0 && *value >= 0.0);
    if let Some((value, _)) = in_sight {
        high = high.max(*value);
    }
    let span = (high - low) * 1.08;
    let x = |t_s: f64| LEFT_PX + (t_s - start_s) / (end_s - start_s) * (WIDTH_PX - LEFT_PX - RIGHT_PX);
    let y = |value: f64| HEIGHT_PX - BOTTOM_PX - (value - low) / span * (HEIGHT_PX - TOP_PX - BOTTOM_PX);
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" viewBox=\"0 0 {WIDTH_PX} {HEIGHT_PX}\" role=\"img\" aria-label=\"{0}\"><rect class=\"ground\" width=\"{WIDTH_PX}\" height=\"{HEIGHT_PX}\" rx=\"6\"/>",
        escape(title)
    );
    for value in ticks(low, low + span, round_step(span, 5.0)) {
        let _ = write!(
            svg,
            "<path class=\"grid\" d=\"M{LEFT_PX} {0:.1}H{1}\"/><text x=\"{2}\" y=\"{3:.1}\" text-anchor=\"end\">{4}</text>",
            y(value),
            WIDTH_PX - RIGHT_PX,
            LEFT_PX - 7.0,
            y(value) + 4.0,
            number(value, 2)
        );
    }
    for t_s in ticks(start_s, end_s, round_step(end_s - start_s, 9.0)) {
        let _ = write!(
            svg,
            "<path class=\"grid\" d=\"M{0:.1} {TOP_PX}V{1}\"/><text x=\"{0:.1}\" y=\"{2}\" text-anchor=\"middle\">{3} s</text>",
            x(t_s),
            HEIGHT_PX - BOTTOM_PX,
            HEIGHT_PX - BOTTOM_PX + 17.0,
            number(t_s, 1)
        );
    }
    let mut order: Vec<usize> = (0..flown.len()).collect();
    order.sort_by_key(|index| (!flown[*index].0.passed(), *index == 0));
    for index in order {
        let (flight, track) = flown[index];
        let class = match (flight.passed(), index) {
            (false, _) => "bad",
            (true, 0) => "track",
            (true, _) => "other",
        };
        let line = path_data(thinned(track).map(|i| (x(track.t_s[i]), y(column(track)[i]))));
        let _ =
            write!(svg, "<path class=\"{class}\" d=\"{line}\"><title>flight {}</title></path>", escape(&flight.folder));
    }
    if let Some((value, _)) = in_sight {
        let _ = write!(svg, "<path class=\"limit\" d=\"M{LEFT_PX} {:.1}H{}\"/>", y(*value), WIDTH_PX - RIGHT_PX);
    }
    if let Some((_, says)) = &limit {
        let far = if in_sight.is_some() { "" } else { ", above this picture" };
        let _ = write!(
            svg,
            "<text class=\"limit-name\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}{far}</text>",
            WIDTH_PX - RIGHT_PX - 4.0,
            in_sight.map_or(TOP_PX - 8.0, |(value, _)| y(*value) - 5.0),
            escape(says)
        );
    }
    svg.push_str("</svg>\n");
    Some(svg)
}
