//! Rules for what the SDK and the policy say, as rows: before, what is said of which place, after. Rules about the language itself are
//! tried against the real compiler in the tests of the crate.
use super::{proposals, said};
use crate::repair::errors::POLICY;
use crate::repair::mission::MISSION;
use crate::repair::rungs::Proposal;
use crate::repair::sources::{Sources, replaced};
use flightsmith_toolchain::diagnostics::{Diagnostic, Level, Span};

/// What is said of a place in a mission.
struct Saying {
    code: &'static str,
    message: &'static str,
    /// The text that it is about, where it first stands.
    at: &'static str,
    label: &'static str,
    note: &'static str,
}

impl Saying {
    fn of(self, text: &str) -> Diagnostic {
        let start = text.find(self.at).expect("the place");
        let line = text[..start].matches('\n').count() + 1;
        let span = Span {
            file_name: MISSION.into(),
            byte_start: start,
            byte_end: start + self.at.len(),
            line_start: line,
            line_end: line,
            column_start: 1,
            column_end: 2,
            is_primary: true,
            label: (!self.label.is_empty()).then(|| self.label.to_owned()),
            suggested_replacement: None,
            suggestion_applicability: None,
            in_expansion: false,
        };
        let plain = |message: &str, level, spans, children| Diagnostic {
            message: message.into(),
            code: Some(self.code.into()),
            level,
            spans,
            children,
            rendered: None,
        };
        let note = plain(self.note, Level::Note, Vec::new(), Vec::new());
        plain(self.message, Level::Error, vec![span], vec![note])
    }
}

fn made_of(text: &str, proposals: Vec<Proposal>) -> Vec<String> {
    let sources = Sources::from([(MISSION.into(), text.to_owned())]);
    let made = |proposal: Proposal| replaced(&sources, &proposal.parts)?.into_values().next();
    proposals.into_iter().filter_map(made).collect()
}

/// The first thing that is proposed without guessing.
fn first(text: &str, saying: Saying) -> Option<String> {
    let sources = Sources::from([(MISSION.into(), text.to_owned())]);
    made_of(text, said(&sources, &saying.of(text))).into_iter().next()
}

const PLACE: &str =
    "`{float}` is not a place to fly to: write `PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))`";

#[test]
fn what_the_sdk_writes_out_is_put_into_practice() {
    let rows = [
        (
            "use flightsmith_sdk::x;\nasync fn fly() { vehicle.go_to(15.0, -5.0, 12).await?; }",
            Saying { code: "E0277", message: PLACE, at: "15.0", label: "expected a `PositionNed`", note: "" },
            "use flightsmith_sdk::x;\nasync fn fly() { vehicle.go_to(PositionNed::at(North(15.0), East(-5.0), AboveHome(12.0))).await?; }",
        ),
        (
            "use flightsmith_sdk::x;\nasync fn fly() { vehicle.go_to(LocationGlobal(47.1, 8.2, 20.0)).await?; }",
            Saying {
                code: "E0277",
                message: "a place by coordinates is `GlobalPosition::at(Latitude(1.0), Longitude(2.0), Altitude::AboveHome(3.0))`",
                at: "LocationGlobal",
                label: "not a type of this SDK",
                note: "it is flown to by `vehicle.go_to_global(place).await?`",
            },
            "use flightsmith_sdk::x;\nasync fn fly() { vehicle.go_to_global(GlobalPosition::at(Latitude(47.1), Longitude(8.2), Altitude::AboveHome(20.0))).await?; }",
        ),
        (
            "use flightsmith_sdk::x;\nasync fn fly() -> Result<V, F> {\n    vehicle.land()\n}",
            Saying {
                code: "E0308",
                message: "mismatched types",
                at: "vehicle.land()",
                label: "expected `Result<Vehicle<Landed>, FlightError>`, found `Flying<'_, Vehicle<Landed>>`",
                note: "",
            },
            "use flightsmith_sdk::x;\nasync fn fly() -> Result<V, F> {\n    vehicle.land().await\n}",
        ),
        (
            "//! A hop.\nasync fn fly() { hold(North(1.0)) }",
            Saying {
                code: "E0425",
                message: "cannot find function `North` in this scope",
                at: "North",
                label: "",
                note: "",
            },
            "//! A hop.\nuse flightsmith_sdk::prelude::*;\nasync fn fly() { hold(North(1.0)) }",
        ),
    ];
    for (before, saying, after) in rows {
        assert_eq!(first(before, saying).as_deref(), Some(after));
    }
}

#[test]
fn a_finding_of_the_policy_that_names_its_cure_is_cured() {
    let policy = |message, at| Saying { code: POLICY, message, at, label: "", note: "" };
    let wait = "`embassy_time::Timer` is not allowed: to wait in the air write `vehicle.hold(Seconds(5.0)).await?`";
    let rows = [
        (
            "/// Flies.\npub async fn fly(vehicle: Vehicle<Grounded>) {\n    vehicle.land().await\n}",
            policy(
                "`fly` must be `pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError>`",
                "fly(",
            ),
            "/// Flies.\npub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {\n    vehicle.land().await\n}",
        ),
        (
            "async fn fly() {\n    embassy_time::Timer::after_millis(2500).await;\n}",
            policy(wait, "embassy_time::Timer::after_millis(2500).await;"),
            "async fn fly() {\n    vehicle.hold(Seconds(2.5)).await?;\n}",
        ),
        (
            "async fn fly() {\n    tokio::time::sleep(Duration::from_secs(3)).await;\n}",
            policy(wait, "tokio::time"),
            "async fn fly() {\n    vehicle.hold(Seconds(3.0)).await?;\n}",
        ),
        (
            "async fn fly() {\n    let _ = vehicle.take_photo().await;\n}",
            policy("`let _ =` throws away what a call says: write `?` behind it, or handle its error", "let _"),
            "async fn fly() {\n    vehicle.take_photo().await?;\n}",
        ),
    ];
    for (before, saying, after) in rows {
        assert_eq!(first(before, saying).as_deref(), Some(after));
    }
    // A pause whose unit nobody wrote is not guessed, nor is one of two numbers.
    for text in
        ["fn f() {\n    tokio::time::sleep(PAUSE).await;\n}", "fn f() {\n    tokio::time::sleep(after(3)).await;\n}"]
    {
        assert_eq!(first(text, policy(wait, "tokio")), None);
    }
}

#[test]
fn a_landing_in_a_loop_does_not_end_the_mission() {
    let text = "async fn fly() {\n    for east in [1, 2] {\n        vehicle.land().await?;\n    }\n    vehicle.hold().await\n}";
    let mut error =
        Saying { code: "E0382", message: "use of moved value: `vehicle`", at: "vehicle.hold", label: "", note: "" }
            .of(text);
    let moved = text.find("land()").expect("the landing");
    let label = Some("`vehicle` moved due to this method call".to_owned());
    error.spans.push(Span {
        byte_start: moved,
        byte_end: moved + 6,
        is_primary: false,
        label,
        ..error.spans[0].clone()
    });
    let sources = Sources::from([(MISSION.into(), text.to_owned())]);
    let made = made_of(text, proposals(&sources, &error));
    assert!(made.iter().all(|text| !text.contains("return vehicle.land()")), "{made:#?}");
}
