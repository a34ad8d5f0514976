//! Repairs by a model, replayed from its recorded answers: what it was told, what it answered, what the ladder made of it.
//!
//! `FLIGHTSMITH_RECORD=http://localhost:8080/v1 cargo test -p flightsmith --test repair_cassettes` asks a model and records anew: needed
//! where the questions change (prompts, excerpts, the compiler's words), which this test then says.
mod rustc;

use flightsmith::repair::foreign::ForeignMender;
use flightsmith::repair::{Bounds, Rung, Sources, Workbench, climb};
use flightsmith_llm::Provider;
use flightsmith_llm::cassette::{Cassette, Recording};
use flightsmith_llm::endpoint::{Endpoint, EndpointSettings};
use rustc::{FILE, compile};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What is broken, how often the model has to be asked, and a line of what must become of it.
const REPAIRS: [(&str, usize, &str); 6] = [
    (
        "/// Degrees from north, 0 to 360, of a vector.\npub fn bearing_deg(north_m: f64, east_m: f64) -> f64 {\n    north_m.bearing_to(east_m)\n}\n",
        1,
        "    east_m.atan2(north_m).to_degrees().rem_euclid(360.0)\n",
    ),
    (
        "/// The area of a circle of this radius in m.\npub fn area_m2(radius_m: f64) -> f64 {\n    circle_area_of(radius_m)\n}\n",
        1,
        "    std::f64::consts::PI * radius_m * radius_m\n",
    ),
    (
        "/// The lines, the last first.\npub fn reversed(text: &str) -> Vec<String> {\n    text.lines_from_the_end(String::from)\n}\n",
        1,
        "    text.lines().rev().map(String::from).collect()\n",
    ),
    (
        "/// The highest of the values, if there are any.\npub fn highest(values: &[f64]) -> Option<f64> {\n    values.iter().copied().max()\n}\n",
        1,
        "    values.iter().copied().max_by(f64::total_cmp)\n",
    ),
    (
        "pub enum Battery { Full, Low, Empty }\n/// What to do: fly on, come home, or land at once.\npub fn advice(battery: &Battery) -> &'static str {\n    match battery {\n        Battery::Full => \"fly on\",\n        Battery::Low => \"come home\",\n    }\n}\n",
        1,
        "        Battery::Empty => \"land at once\",\n",
    ),
    (
        "/// The mean of two.\npub fn mean(a: u8, b: u8) -> u8 {\n    u8::mean_of(a, b)\n}\n#[test]\nfn it_does_not_overflow() {\n    assert_eq!(mean(250, 252), 251);\n}\n",
        1,
        "    u8::midpoint(a, b)\n",
    ),
];

fn cassettes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/repair_cassettes")
}

/// The recorded answers, or a model that is asked and recorded.
fn model() -> Box<dyn Provider> {
    match std::env::var("FLIGHTSMITH_RECORD") {
        Ok(url) => {
            let endpoint = Endpoint::new(EndpointSettings::new(url)).expect("an endpoint");
            Box::new(Recording::into_dir(endpoint, cassettes()).expect("a folder"))
        }
        Err(_) => Box::new(Cassette::open(cassettes()).expect("recordings")),
    }
}

#[test]
fn a_model_mends_what_no_rule_does() {
    let model = model();
    for (broken, questions, expected) in REPAIRS {
        let folder = tempfile::tempdir().expect("a folder");
        let mut mender = ForeignMender::new(model.as_ref(), None);
        let mut bench = Workbench { memory: None, model: Some(&mut mender) };
        let bounds = Bounds { judged: 40, mender_calls: 4, wall: Duration::from_secs(120) };
        let sources = Sources::from([(FILE.into(), broken.to_owned())]);
        let compile = &mut |sources: &Sources| compile(folder.path(), sources, "2024");
        let climbed = climb(sources, compile, &Rung::ALL, &mut bench, bounds)
            .unwrap_or_else(|error| panic!("{error:?}\nrecord anew: see the head of this file"));
        let text = &climbed.sources[Path::new(FILE)];
        assert!(climbed.is_mended() && text.contains(expected), "{text}\n{:#?}\n{:#?}", climbed.left, climbed.refused);
        let failed = climbed.refused.iter().filter(|said| said.contains("did not become better")).count();
        assert_eq!((climbed.steps.last().map(|step| step.rung), failed + 1), (Some(Rung::Model), questions), "{text}");
    }
}
