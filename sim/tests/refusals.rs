//! Every command of the recorded refusal sessions, sent again at its recorded vehicle time: the results must be the recorded
//! ones, in both flavours.
mod station;

use flightsmith_mission::vehicle::Autopilot;
use serde::Deserialize;
use station::{Station, bare};
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Row {
    v: f64,
    label: String,
    #[serde(default)]
    cmd: u16,
    #[serde(default)]
    p: Vec<Option<f64>>,
    #[serde(default)]
    int: bool,
    #[serde(default)]
    result: Option<u8>,
    #[serde(default)]
    param: Option<String>,
    #[serde(default)]
    value: f64,
}

fn replay(autopilot: Autopilot, session: &str) -> Vec<String> {
    let sessions: BTreeMap<String, Vec<Row>> =
        serde_json::from_str(include_str!("data/refusals.json")).expect("the recorded table parses");
    let mut config = bare(autopilot);
    config.warm_start = false;
    let mut station = Station::new(config);
    let mut differences = Vec::new();
    for row in &sessions[session] {
        while station.time_s() < row.v {
            station.tick();
        }
        if let Some(name) = &row.param {
            station.set_param(name, row.value);
            continue;
        }
        let p: Vec<f64> = row.p.iter().map(|value| value.unwrap_or(f64::NAN)).collect();
        let component = if row.label.contains("comp 250") { 250 } else { 1 };
        let before = station.texts.len();
        let got = if row.int {
            station.command_int(row.cmd, [p[0], p[1], p[2], p[3]], p[4] as i32, p[5] as i32, p[6], 0)
        } else {
            station.command_to(component, row.cmd, [p[0], p[1], p[2], p[3], p[4], p[5], p[6]])
        };
        if got != row.result {
            differences.push(format!(
                "{:.2} {}: recorded {:?}, got {got:?} {:?} in {}",
                row.v,
                row.label,
                row.result,
                &station.texts[before..],
                station.sim.truth().mode
            ));
        }
    }
    differences
}

#[test]
fn arducopter_answers_as_recorded() {
    assert_eq!(replay(Autopilot::ArduPilot, "ap_refused"), Vec::<String>::new());
}

#[test]
fn px4_answers_as_recorded() {
    assert_eq!(replay(Autopilot::Px4, "px4_refused"), Vec::<String>::new());
}

#[test]
fn px4_changes_modes_as_recorded() {
    assert_eq!(replay(Autopilot::Px4, "px4_refused_modes"), Vec::<String>::new());
}
