//! Reports of synthetic run directories: sound, failed, hostile, half-written.
use super::record::RunRecord;
use super::summary::{Failure, Flights, Verdict};
use super::*;
use serde_json::{Value, json};
use std::fs;
use synthetic::Run;

pub mod synthetic;

#[test]
fn a_verified_run_is_summed_up_whole() {
    let run = Run::square().with_flights(21).with_bundle();
    let report = write(run.path()).unwrap();
    assert_eq!(report.gaps, Vec::<String>::new());
    let json: Value = serde_json::from_str(&fs::read_to_string(run.path().join("report.json")).unwrap()).unwrap();
    let confidence = json["flights"]["confidence_lower"].as_f64().unwrap();
    assert!((confidence - 0.867).abs() < 1e-3, "{confidence}");
    let expected = json!({
        "verdict": "verified", "stage": "bundle", "reason": "",
        "attempts": [{"fixer": "generator", "failed": null, "seconds": 0.41, "tokens": 0}],
        "flights": {"flown": 21, "passed": 21, "confidence_lower": confidence, "failures": []},
        "artifact": {"target": "aarch64-unknown-linux-gnu", "path": "70-bundle/mission", "sha256": run.artifact_sha256()},
        "model": null, "timings_s": {"plan": 0.02, "simulate": 4.5}, "loosened": [], "deployment": null, "gaps": [],
    });
    assert_eq!(json, expected);
}

#[test]
fn the_page_needs_nothing_else_and_shows_the_flight() {
    let run = Run::square().with_flights(3).with_bundle();
    write(run.path()).unwrap();
    let page = run.page();
    for needle in ["<svg", "class=\"plan\"", "class=\"track\"", "class=\"keep-out\"", "fence 500 m", ">verified<"] {
        assert!(page.contains(needle), "{needle} is not in the page");
    }
    for foreign in ["<script", "src=", "url(http", "<link", "@import"] {
        assert!(!page.contains(foreign), "{foreign} is in the page");
    }
    well_formed(&page);
}

#[test]
fn words_cannot_become_markup() {
    let attack = "</title><script>alert(1)</script><img src=x onerror='alert(2)'>\u{202e}";
    let run = Run::square().with_flights(2).with_hostile_text(attack);
    write(run.path()).unwrap();
    let page = run.page();
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains('\u{202e}'));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    well_formed(&page);
    assert!(!track_picture(run.path()).contains("<script"));
}

#[test]
fn failed_flights_outweigh_a_claimed_verdict_and_are_named_with_their_evidence() {
    let run = Run::square().with_flights(4).with_a_failed_flight();
    let report = write(run.path()).unwrap();
    assert_eq!(report.verdict, Verdict::Failed);
    assert_eq!(report.reason, "1 of 5 flights did not hold the contract");
    let expected = Flights {
        flown: 5,
        passed: 4,
        confidence_lower: confidence::lower_bound(4, 5),
        failures: vec![Failure {
            flight: "0005".into(),
            seed: json!(5),
            scenario: json!("gusts to 8 m/s"),
            backend: json!("embedded"),
            broke: vec!["entered the keep-out `stay away from the barn`".into()],
        }],
    };
    assert_eq!(report.flights, expected);
    let page = run.page();
    for needle in ["class=\"bad\"", "class=\"cross\"", "stay away from the barn", "-1.2 m", "keep_out_1"] {
        assert!(page.contains(needle), "{needle} is not in the page");
    }
}

#[test]
fn looser_limits_are_said() {
    let run = Run::square().with_flights(1).with_contract_edit(|contract| {
        contract["tolerances"]["landing_m"] = json!(4.0);
        contract["invariants"][1]["ceiling"]["max_altitude_m"] = json!(150.0);
    });
    let report = write(run.path()).unwrap();
    let expected = ["landing tolerance 4 m instead of 1.5 m", "ceiling 150 m instead of 120 m"];
    assert_eq!(report.loosened, expected);
    assert!(run.page().contains("ceiling 150 m instead of 120 m"));
}

#[test]
fn an_empty_directory_has_a_report_that_says_so() {
    let run = Run::empty();
    let report = write(run.path()).unwrap();
    assert_eq!((report.verdict, report.stage.as_str()), (Verdict::Unfinished, "plan"));
    assert_eq!(report.reason, "the run has not come to its end");
    assert_eq!(report.gaps, ["10-brief.md is missing"]);
    assert!(run.page().contains("10-brief.md is missing"));
    assert!(track_picture(run.path()).contains("no flight and no path on record"));
}

#[test]
fn corrupt_pieces_are_named_and_the_rest_is_shown() {
    let run = Run::square().with_flights(3).with_bundle();
    run.put("21-contract.json", "{\"itinerary\": 3");
    run.put("60-flights/0001/verdict.json", "not json");
    run.put(
        "60-flights/0002/track.json",
        "{\"t_s\":[0,1],\"north_m\":[0],\"east_m\":[0,1],\"altitude_m\":[0,1],\"ground_speed_m_s\":[0,1]}",
    );
    run.put(
        "60-flights/0003/track.json",
        "{\"t_s\":[0],\"north_m\":[1e300],\"east_m\":[0],\"altitude_m\":[0],\"ground_speed_m_s\":[0]}",
    );
    run.put("70-bundle/manifest.json", "[]");
    run.put("events.jsonl", "\u{1}\u{2}\n{\"verdict\":\"verified\"}\n{\"verdict\":");
    let report = write(run.path()).unwrap();
    assert_eq!(report.verdict, Verdict::Failed);
    let starts: Vec<&str> = report.gaps.iter().map(|gap| gap.split([':', ' ']).next().unwrap()).collect();
    let expected = [
        "events.jsonl",
        "60-flights/0001/verdict.json",
        "60-flights/0002/track.json",
        "60-flights/0003/track.json",
        "21-contract.json",
        "70-bundle/manifest.json",
    ];
    assert_eq!(starts, expected);
    let page = run.page();
    assert!(page.contains("class=\"bad\""), "the sound track is drawn, as that of a flight without a verdict");
    well_formed(&page);
}

#[test]
fn odd_numbers_do_not_stop_the_pictures() {
    let run = Run::square().with_flights(1);
    for track in [
        json!({"t_s": [], "north_m": [], "east_m": [], "altitude_m": [], "ground_speed_m_s": []}),
        json!({"t_s": [5.0], "north_m": [0.0], "east_m": [0.0], "altitude_m": [0.0], "ground_speed_m_s": [0.0]}),
        json!({"t_s": [3.0, 3.0], "north_m": [0.0, 0.0], "east_m": [0.0, 0.0], "altitude_m": [-5.0, -5.0], "ground_speed_m_s": [0.0, 0.0]}),
        json!({"t_s": [0.0, 1.0], "north_m": [0.0, 9e6], "east_m": [0.0, -9e6], "altitude_m": [0.0, 9e6], "ground_speed_m_s": [0.0, 9e6]}),
    ] {
        run.put("60-flights/0001/track.json", &track.to_string());
        write(run.path()).unwrap();
        let page = run.page();
        assert!(!page.contains("NaN") && !page.contains("inf "), "{track}");
        well_formed(&page);
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let run = Run::square().with_flights(2).with_bundle();
    write(run.path()).unwrap();
    let first = run.page();
    write(run.path()).unwrap();
    assert_eq!(run.page(), first);
    assert!(RunRecord::read(run.path()).gaps.is_empty());
}

#[test]
fn an_unwritable_directory_is_an_error_with_its_name() {
    let run = Run::empty();
    let gone = run.path().join("nowhere");
    let error = write(&gone).unwrap_err();
    assert_eq!(error.to_string(), format!("{} cannot be written", gone.join("report.json").display()));
}

/// Every opened element is closed in its order; attributes are quoted; enough of HTML for what the page uses.
fn well_formed(page: &str) {
    const VOID: [&str; 3] = ["meta", "br", "!doctype"];
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag is closed");
        let tag = &rest[start + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes in <{tag}>");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "</{name}>");
        } else {
            let name = tag.split([' ', '/']).next().unwrap();
            if !tag.ends_with('/') && !VOID.contains(&name) {
                open.push(name);
            }
        }
        rest = &rest[end + 1..];
    }
    assert_eq!(open, Vec::<&str>::new());
}
