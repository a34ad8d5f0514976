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
            "use flightsmith_sdk::x;\nasync fn fly() { vehicle.go_to(LocationGlobalRelative(47.1, 8.2, 20.0)).await?; }",
            Saying {
                code: "E0277",
                message: "a place by coordinates is `GlobalPosition::at(Latitude(1.0), Longitude(2.0), Altitude::AboveHome(3.0))`",
                at: "LocationGlobalRelative",
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

/// All that is proposed.
fn all(text: &str, error: &Diagnostic) -> Vec<String> {
    let sources = Sources::from([(MISSION.into(), text.to_owned())]);
    made_of(text, proposals(&sources, error))
}

#[test]
fn an_amount_of_another_api_is_turned_into_ours_and_never_into_something_else() {
    let unit = |message, at| Saying { code: "E0277", message, at, label: "not a unit of this SDK", note: "" };
    let kilometres = "lengths are in metres: write `Metres(1500.0)` for 1.5 km";
    let minutes = "times are in seconds: write `Seconds(120.0)` for two minutes";
    assert_eq!(
        first("fn f() { fly(Kilometres(0.4)); }", unit(kilometres, "Kilometres")).unwrap(),
        "fn f() { fly(Metres(400.0)); }"
    );
    assert_eq!(
        first("fn f() { hold(Minutes(2)); }", unit(minutes, "Minutes")).unwrap(),
        "fn f() { hold(Seconds(120.0)); }"
    );
    assert_eq!(
        first("fn f() { hold(Minutes(PAUSE)); }", unit(minutes, "Minutes")).unwrap(),
        "fn f() { hold(Seconds(PAUSE * 60.0)); }"
    );

    let call = |message, at, note| Saying { code: "E0277", message, at, label: "not a call of this SDK", note };
    let climb = "the height is changed by `vehicle.climb_to(AboveHome(20.0)).await?`, up or down";
    let by = "by so much: `vehicle.climb_by(Metres(5.0)).await?`";
    let rows = [
        ("ascend", "fn f() { vehicle.ascend(5.0).await?; }", Some("fn f() { vehicle.climb_by(Metres(5.0)).await?; }")),
        ("descend", "fn f() { vehicle.descend(5).await?; }", Some("fn f() { vehicle.climb_by(Metres(-5.0)).await?; }")),
        ("descend", "fn f() { vehicle.descend(-5.0).await?; }", None),
        (
            "set_altitude",
            "fn f() { vehicle.set_altitude(5.0).await?; }",
            Some("fn f() { vehicle.climb_to(AboveHome(5.0)).await?; }"),
        ),
    ];
    for (name, before, after) in rows {
        // The name alone may be what is wrong, so that it comes first; the numbers in their form come with it.
        let made = all(before, &call(climb, name, by).of(before));
        assert_eq!(made.last().map(String::as_str), after, "{made:#?}");
    }
}

#[test]
fn a_height_is_above_what_the_program_says_it_is() {
    let global = "coordinates are flown to by `vehicle.go_to_global(GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::AboveHome(20.0))).await?`";
    let says = |at| Saying { code: "E0277", message: global, at, label: "not a call of this SDK", note: "" };
    // Nobody says above what.
    let text = "fn f() { vehicle.goto_global(47.1, 8.2, 508.0).await?; }";
    assert_eq!(all(text, &says("goto_global").of(text)), [""; 0]);
    let text = "fn f() { up(AboveHome(30.0)); vehicle.goto_global(47.1, 8.2, 30.0).await?; }";
    assert_eq!(
        all(text, &says("goto_global").of(text)).first().unwrap(),
        "fn f() { up(AboveHome(30.0)); vehicle.go_to_global(GlobalPosition::at(Latitude(47.1), Longitude(8.2), Altitude::AboveHome(30.0))).await?; }"
    );
    // MAVSDK's is above mean sea level, and turns the nose.
    let text = "fn f() {\n    vehicle.goto_location(47.1, 8.2, 508, 90.0).await?;\n}";
    assert_eq!(
        all(text, &says("goto_location").of(text)),
        [
            "fn f() {\n    vehicle.set_nose(Nose::Heading(Degrees(90.0)));\n    vehicle.go_to_global(GlobalPosition::at(Latitude(47.1), Longitude(8.2), Altitude::Amsl(508.0))).await?;\n}"
        ]
    );
}

/// `error` with a label at the place of `at`.
fn labelled(mut error: Diagnostic, text: &str, at: &str, label: &str) -> Diagnostic {
    let start = text.find(at).expect("the label's place");
    let span = Span {
        byte_start: start,
        byte_end: start + at.len(),
        is_primary: false,
        label: Some(label.to_owned()),
        ..error.spans[0].clone()
    };
    error.spans.push(span);
    error
}

#[test]
fn a_landing_comes_last_and_all_calls_stay() {
    let moved = |text: &str| {
        let saying = Saying {
            code: "E0382",
            message: "borrow of moved value: `vehicle`",
            at: "vehicle /*here*/",
            label: "",
            note: "",
        };
        let landing = ["return_to_launch()", "land()"].into_iter().find(|call| text.contains(call)).unwrap();
        let error = labelled(saying.of(text), text, landing, "`vehicle` moved due to this method call");
        all(text, &error).into_iter().filter(|made| !made.contains("clone") && !made.contains("(&")).collect::<Vec<_>>()
    };
    assert_eq!(
        moved(
            "async fn fly() {\n    let landed = vehicle.land().await?;\n    vehicle /*here*/.hold(ONE).await?;\n    vehicle.take_photo().await?;\n    Ok(landed)\n}"
        )[0],
        "async fn fly() {\n    vehicle /*here*/.hold(ONE).await?;\n    vehicle.take_photo().await?;\n    let landed = vehicle.land().await?;\n    Ok(landed)\n}"
    );
    assert_eq!(
        moved(
            "async fn fly() {\n    vehicle.return_to_launch().await?;\n    vehicle /*here*/.hold(ONE).await?;\n    Ok(vehicle)\n}"
        )[0],
        "async fn fly() {\n    vehicle /*here*/.hold(ONE).await?;\n    let vehicle = vehicle.return_to_launch().await?;\n    Ok(vehicle)\n}"
    );
    // Moved before the landing, a flight would end elsewhere, and a parcel that is put down on the ground would be dropped from the air.
    for behind in [
        "go_to(PAD).await?;\\n    Ok(landed)",
        "release(PARCEL).await?;\n    Ok(landed)",
        "go_to(PAD).await?;\n    vehicle.land().await",
    ] {
        let text =
            format!("async fn fly() {{\n    let landed = vehicle.land().await?;\n    vehicle /*here*/.{behind}\n}}");
        assert!(moved(&text).iter().all(|made| made.find("land()") < made.find("/*here*/")), "{:#?}", moved(&text));
    }
}

const WORDS: &str = "//! Flies.\n//!\n//! > Take off to 15 m, fly sixty metres north, wait 3 s\n//! > and land.\n";

#[test]
fn a_number_that_only_the_words_have_is_put_in() {
    let lacks = |at| Saying {
        code: "E0061",
        message: "this struct takes 1 argument but 0 arguments were supplied",
        at,
        label: "",
        note: "",
    };
    let filled = |code: &str, at| {
        let text = format!("{WORDS}{code}");
        all(&text, &lacks(at).of(&text)).into_iter().map(|made| made.replace(WORDS, "")).collect::<Vec<_>>()
    };
    let heights = "const UP: AboveHome = AboveHome(15.0);\nconst WAIT: Seconds = Seconds(3.0);\n";
    assert_eq!(
        filled(&format!("{heights}const LEG: Metres = Metres();"), "Metres()".trim_end_matches("()")),
        [""; 0],
        "the first `Metres` is the type, and nothing is called there"
    );
    assert_eq!(
        filled(&format!("{heights}const LEG: M = Metres();"), "Metres"),
        [format!("{heights}const LEG: M = Metres(60.0);")]
    );
    // What leads up or down has a sign that the words do not have.
    assert_eq!(filled(&format!("{heights}const CLIMB: M = Metres();"), "Metres"), [""; 0]);
    // Two numbers of the words are not there.
    assert_eq!(filled("const LEG: M = Metres();", "Metres"), [""; 0]);
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
