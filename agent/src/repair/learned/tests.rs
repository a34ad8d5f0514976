//! Templates from one program applied to another, and what no template may carry.
use super::*;
use flightsmith_toolchain::diagnostics::{Level, Span};

fn sources(text: &str) -> Sources {
    Sources::from([("m.rs".into(), text.to_owned())])
}

/// An error that points at the first `at` of a text.
fn error(text: &str, at: &str, code: &str, message: &str) -> Diagnostic {
    let start = text.find(at).expect("the place");
    let span = Span {
        file_name: "m.rs".into(),
        byte_start: start,
        byte_end: start + at.len(),
        line_start: text[..start].matches('\n').count() + 1,
        line_end: text[..start].matches('\n').count() + 1,
        column_start: 1,
        column_end: 2,
        is_primary: true,
        label: None,
        suggested_replacement: None,
        suggestion_applicability: None,
        in_expansion: false,
    };
    Diagnostic {
        message: message.into(),
        code: Some(code.into()),
        level: Level::Error,
        spans: vec![span],
        children: Vec::new(),
        rendered: None,
    }
}

/// What is known for an error, the proven first.
fn all(memory: &Memory, text: &str, wrong: &Diagnostic) -> Vec<Proposal> {
    [true, false].map(|proven| memory.proposals(&sources(text), wrong, proven)).concat()
}

/// The step that `proposal` is, made in `before` for the error `wrong`.
fn step(proposal: &Proposal, before: &str, wrong: &Diagnostic) -> Lesson {
    let after = crate::repair::sources::replaced(&sources(before), &proposal.parts).expect("it fits");
    let kind = StepKind::of(proposal.rung, &proposal.rule, proposal.record.as_deref(), &BTreeSet::new());
    let signature = signature(&sources(before), wrong, &own_names(&sources(before))).expect("a place");
    let by = vec![Trial { signature, kind }];
    Lesson { before: sources(before), errors: Vec::new(), after, rung: proposal.rung, by }
}

/// Tells the memory what came of `proposal` in `before`.
fn tell(memory: &mut Memory, proposal: &Proposal, (before, wrong): (&str, &Diagnostic), worked: bool) {
    let step = step(proposal, before, wrong);
    if worked {
        memory.learn(&[step], &Value::Null);
    } else {
        memory.count_in_vain(&step.by);
    }
}

/// What is learned from `before` and `after` at `at`, put into `other` at `other_at`.
fn transfer(before: &str, after: &str, at: &str, other: &str, other_at: &str) -> Option<String> {
    let wrong = error(before, at, "E0599", "no method");
    let template = learn(&sources(before), &sources(after), &wrong)?;
    let parts = apply(&template, &sources(other), &error(other, other_at, "E0599", "no method"))?;
    let new = crate::repair::sources::replaced(&sources(other), &parts)?;
    new.into_values().next()
}

#[test]
fn an_edit_learned_here_is_made_there() {
    let check = |before: &str, after: &str, at: &str, other: &str, other_at: &str, expected: &str| {
        assert_eq!(transfer(before, after, at, other, other_at).as_deref(), Some(expected), "{before} -> {after}");
    };
    check(
        "fn f() { vehicle.hover(5.0).await?; }",
        "fn f() { vehicle.hold(Seconds(5.0)).await?; }",
        "hover",
        "fn g(drone: D) {\n    let pause = 2.0;\n    drone.hover(pause + 1.0).await?;\n}",
        "hover",
        "fn g(drone: D) {\n    let pause = 2.0;\n    drone.hold(Seconds(pause + 1.0)).await?;\n}",
    );
    check(
        "fn f() { let a = make(); a.run(); }",
        "fn f() { let mut a = make(); a.run(); }",
        "a = make",
        "fn g() { let other = make(); other.run(); }",
        "other = make",
        "fn g() { let mut other = make(); other.run(); }",
    );
    check(
        "fn f() -> M { HashMap::new() }",
        "use std::collections::HashMap;\nfn f() -> M { HashMap::new() }",
        "HashMap",
        "//! Doc.\nfn g() { let x = HashMap::new(); }",
        "HashMap",
        "//! Doc.\nuse std::collections::HashMap;\nfn g() { let x = HashMap::new(); }",
    );
    check(
        "fn f(v: &V) { take(v); }",
        "fn f(v: &V) { take(v.clone()); }",
        "v);",
        "fn g(items: &V) { take(items); }",
        "items);",
        "fn g(items: &V) { take(items.clone()); }",
    );
}

#[test]
fn an_import_is_learned_by_the_error_that_asked_for_it_alone() {
    let (before, after) = ("fn f(m: Map) { a == b }", "use std::collections::Map;\nfn f(m: Map) { a == b }");
    let learned = |at: &str, code: &str, message: &str| {
        learn(&sources(before), &sources(after), &error(before, at, code, message)).is_some()
    };
    assert!(learned("Map", "E0412", "cannot find type `Map` in this scope"));
    assert!(!learned("a == b", "E0369", "binary operation `==` cannot be applied to type `&Point`"));
    let all = "use std::collections::*;\nfn f(m: Map) { a == b }";
    let of_all = |at: &str, code: &str| learn(&sources(before), &sources(all), &error(before, at, code, "x")).is_some();
    assert_eq!((of_all("Map", "E0412"), of_all("a == b", "E0369")), (true, false));
}

#[test]
fn what_is_this_programs_alone_is_not_learned() {
    // A name that was not in the place before cannot be known in another program.
    let before = "fn total() {}\nfn f() { totl(); }";
    let wrong = error(before, "totl", "E0425", "cannot find function");
    assert_eq!(learn(&sources(before), &sources("fn total() {}\nfn f() { total(); }"), &wrong), None);
    // A number from nowhere neither.
    let before = "fn f() { hold(); }";
    let wrong = error(before, "hold", "E0061", "takes 1 argument");
    assert_eq!(learn(&sources(before), &sources("fn f() { hold(5.0); }"), &wrong), None);
}

#[test]
fn nothing_outside_the_policy_is_learned_or_used() {
    let before = "fn f() { go(x); }";
    let wrong = error(before, "go", "E0425", "cannot find function `go`");
    for after in [
        "fn f() { unsafe { go(x) }; }",
        "use std::process::Command;\nfn f() { go(x); }",
        "use std::fs::read;\nfn f() { read(x); }",
        "fn f() { todo!(); }",
        "fn f() { include_str!(x); }",
        "fn f() { std::net::lookup_host(x); }",
    ] {
        assert_eq!(learn(&sources(before), &sources(after), &wrong), None, "{after}");
    }
    // As it may come in an export of another machine: as tokens that are none, or in the space between.
    for (space, token) in [(" ", "unsafe { x }"), ("/* */ unsafe ", "x"), ("", "unsafe"), ("", "#"), ("", "process")] {
        let new = vec![(space.to_owned(), Piece::Token(token.to_owned()))];
        let hunk = Hunk { anchor: Anchor::Start(0), old: vec![Piece::Token("go".into())], new };
        let template = Template { hunks: vec![hunk] };
        assert!(!template.is_allowed() && apply(&template, &sources(before), &wrong).is_none(), "{token}");
    }
}

#[test]
fn fixes_that_contradict_each_other_compete_on_their_record() {
    let text = "fn f() { vehicle.goto(place); }";
    let wrong = error(text, "goto", "E0599", "no method named `goto` found");
    let lesson = |after: &str| Lesson {
        before: sources(text),
        errors: vec![wrong.clone()],
        after: sources(after),
        rung: Rung::Model,
        by: Vec::new(),
    };
    let mut memory = Memory::default();
    let (bad, good) = (lesson("fn f() { vehicle.turn_to(place); }"), lesson("fn f() { vehicle.go_to(place); }"));
    assert_eq!(memory.learn(&[bad, good], &Value::Null), 2);
    let first = |memory: &Memory| all(memory, text, &wrong)[0].clone();
    let other = |memory: &Memory| all(memory, text, &wrong).get(1).cloned();
    for _ in 0..3 {
        let leading = first(&memory);
        let worked = leading.parts[0].text.contains("go_to");
        tell(&mut memory, &leading, (text, &wrong), worked);
    }
    assert!(first(&memory).parts[0].text.contains("go_to"));
    // One that keeps failing is not tried any more.
    let loser = other(&memory).expect("still tried");
    for _ in 0..5 {
        tell(&mut memory, &loser, (text, &wrong), false);
    }
    assert_eq!(other(&memory), None);
}

#[test]
fn a_store_keeps_what_was_learned_and_a_person_decides() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Store::open(dir.path()).expect("made");
    let text = "fn f() { vehicle.goto(place); }";
    let wrong = error(text, "goto", "E0599", "no method named `goto` found");
    let mut memory = Memory::default();
    let after = sources("fn f() { vehicle.go_to(place); }");
    let lesson =
        Lesson { before: sources(text), errors: vec![wrong.clone()], after, rung: Rung::Model, by: Vec::new() };
    memory.learn(std::slice::from_ref(&lesson), &serde_json::json!({ "run": "a" }));
    let ids = memory.save(&store).expect("saved");
    store.publish_learned().expect("published");
    let read = || Memory::of(&Published::open(&flightsmith_kb::learned_path(dir.path())).expect("readable"));
    assert_eq!((ids.len(), all(&read(), text, &wrong).len()), (1, 1));
    store.learned().expect("there").reject(&ids[0]).expect("rejected");
    store.publish_learned().expect("published");
    let mut rejected = read();
    assert!(all(&rejected, text, &wrong).is_empty());
    assert_eq!(rejected.learn(&[lesson], &Value::Null), 0, "and is not learned again");
}

#[test]
fn signatures_tell_calls_and_kinds_apart() {
    let text = "fn f() { vehicle.go_to(40.0, 0.0); vehicle.climb_to(5.0); here(1.0); }\nfn here() {}";
    let of = |at: &str, message: &str, label: &str| {
        let mut wrong = error(text, at, "E0308", message);
        wrong.spans[0].label = Some(label.into());
        signature(&sources(text), &wrong, &own_names(&sources(text))).unwrap()
    };
    // The same words about calls of two names are two things; one's own names are the program's alone.
    let arguments = "this method takes 1 argument but 2 arguments were supplied";
    assert_ne!(of("go_to", arguments, ""), of("climb_to", arguments, ""));
    assert!(!of("here", arguments, "").contains("here"));
    // Where the message names nothing, the place's label does.
    let of_number = |label| of("5.0", "mismatched types", label);
    assert_ne!(
        of_number("expected `AboveHome`, found floating-point number"),
        of_number("expected `Seconds`, found integer")
    );
    assert_eq!(of("5.0", "no `x` here", "expected `A`"), of("5.0", "no `x` here", "expected `B`"));
}

#[test]
fn twice_of_two_times_is_no_proof() {
    let before = "fn f() { vehicle.hover(5.0); }";
    let after = "fn f() { vehicle.hold(5.0); }";
    let wrong = error(before, "hover", "E0599", "no method");
    let mut memory = Memory::default();
    let lesson = |rung| Lesson {
        before: sources(before),
        errors: vec![wrong.clone()],
        after: sources(after),
        rung,
        by: Vec::new(),
    };
    let known = |memory: &Memory| [true, false].map(|proven| memory.proposals(&sources(before), &wrong, proven).len());
    memory.learn(&[lesson(Rung::Model)], &Value::Null);
    assert_eq!(known(&memory), [0, 1]);
    memory.learn(&[lesson(Rung::Model)], &Value::Null);
    assert_eq!(known(&memory), [0, 1]);
    memory.learn(&[lesson(Rung::Model)], &Value::Null);
    assert_eq!(known(&memory), [1, 0]);
    let proven = memory.proposals(&sources(before), &wrong, true)[0].clone();
    tell(&mut memory, &proven, (before, &wrong), false);
    assert_eq!(known(&memory), [0, 1]);
}

#[test]
fn what_mended_the_same_kind_of_error_elsewhere_comes_last() {
    let before = "fn f() { vehicle.hover(5.0); }";
    let lesson = |after: &str, times: usize| {
        let wrong = error(before, "hover", "E0308", "arguments are incorrect");
        let one = Lesson {
            before: sources(before),
            errors: vec![wrong],
            after: sources(after),
            rung: Rung::Model,
            by: Vec::new(),
        };
        vec![one; times]
    };
    let mut memory = Memory::default();
    memory.learn(&lesson("fn f() { vehicle.hover(Seconds(5.0)); }", 3), &Value::Null);
    let other = "fn g() { vehicle.wait(7.0); }";
    let elsewhere = error(other, "wait", "E0308", "arguments are incorrect");
    let found = [true, false].map(|proven| memory.proposals(&sources(other), &elsewhere, proven).len());
    assert_eq!(found, [0, 1]);
    let of_another_kind = error(other, "wait", "E0308", "an argument is missing");
    assert!(memory.proposals(&sources(other), &of_another_kind, false).is_empty());
}

#[test]
fn what_tests_refuse_is_not_tried_again_where_it_worked_once() {
    let text = "fn f(v: &V) -> u8 { v.measure() }";
    let wrong = error(text, "measure", "E0599", "no method named `measure` found");
    let after = sources("fn f(v: &V) -> u8 { v.len() }");
    let lesson =
        Lesson { before: sources(text), errors: vec![wrong.clone()], after, rung: Rung::Model, by: Vec::new() };
    let refuted_after = |times: usize| {
        let mut memory = Memory::default();
        memory.learn(&vec![lesson.clone(); times], &Value::Null);
        let fix = all(&memory, text, &wrong)[0].clone();
        memory.refute(&[step(&fix, text, &wrong)]);
        [true, false].map(|proven| memory.proposals(&sources(text), &wrong, proven).len())
    };
    assert_eq!(refuted_after(1), [0, 0]);
    // One that had proven itself has not any more.
    assert_eq!(refuted_after(6), [0, 1]);
}

#[test]
fn a_step_stands_while_all_that_it_put_in_does() {
    let lesson = |before: &str, after: &str| Lesson {
        before: sources(before),
        errors: Vec::new(),
        after: sources(after),
        rung: Rung::Model,
        by: Vec::new(),
    };
    let one = lesson("fn f() {\n    a();\n    b();\n}\n", "fn f() {\n    a2();\n    b();\n}\n");
    assert!(one.stands_in(&sources("fn f() {\n    a2();\n    c();\n}\n")));
    assert!(!one.stands_in(&sources("fn f() {\n    a3();\n    b();\n}\n")));
    assert!(!one.stands_in(&Sources::new()));
}

fn trial(signature: &str, rule: &str) -> Trial {
    Trial { signature: signature.into(), kind: StepKind { rung: Rung::Structural, rule: rule.into() } }
}

/// A repair that ended well by these steps.
fn ended_well(memory: &mut Memory, by: &[Trial]) {
    let nothing = Sources::new();
    let lesson =
        Lesson { before: nothing.clone(), errors: Vec::new(), after: nothing, rung: Rung::Structural, by: by.to_vec() };
    memory.learn(&[lesson], &Value::Null);
}

#[test]
fn steps_go_first_or_last_by_what_came_of_them() {
    let mut memory = Memory::default();
    let (good, bad, other) = (trial("E1", "good"), trial("E1", "bad"), trial("E2", "bad"));
    let standings = |memory: &Memory| [&good, &bad, &other].map(|step| memory.standing(step));
    for repair in 0..3 {
        assert_eq!(standings(&memory), [Standing::Plain; 3], "after {repair} repairs");
        // The same step on several errors of one repair is one failure.
        memory.count_in_vain(&[bad.clone(), bad.clone(), other.clone()]);
        ended_well(&mut memory, &[good.clone(), good.clone()]);
    }
    // Where something helps, what never did is tried behind it; where nothing does, it is left out.
    assert_eq!(standings(&memory), [Standing::First, Standing::Last, Standing::LeftOut]);
    // What tests refuse goes first no longer, and is not in vain either.
    let refused = Lesson {
        before: Sources::new(),
        errors: Vec::new(),
        after: Sources::new(),
        rung: Rung::Structural,
        by: vec![good.clone()],
    };
    memory.refute(&[refused]);
    assert_eq!(standings(&memory)[0], Standing::Plain);
    // Nothing is for ever.
    ended_well(&mut memory, std::slice::from_ref(&other));
    assert_eq!(standings(&memory)[2], Standing::Plain);
}

#[test]
fn other_rules_begin_anew_with_what_failed() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Store::open(dir.path()).expect("made");
    let (good, bad) = (trial("E1", "good"), trial("E2", "bad"));
    let put = |trial: &Trial, ladder: &str, worked: u64, failed: u64| {
        let known = KnownStep { step: trial.kind.clone(), ladder: ladder.into() };
        let template = serde_json::to_value(known).expect("JSON");
        store
            .learned()
            .expect("there")
            .tally(&[Tallied { signature: trial.signature.clone(), template, worked, failed }])
            .expect("counted");
        store.publish_learned().expect("published");
        Memory::of(&Published::open(&flightsmith_kb::learned_path(dir.path())).expect("readable"))
    };
    put(&good, "other rules", 3, 0);
    let memory = put(&bad, "other rules", 0, 9);
    assert_eq!((memory.standing(&good), memory.standing(&bad)), (Standing::First, Standing::Plain));
    let memory = put(&bad, LADDER, 0, 3);
    assert_eq!((memory.steps(), memory.standing(&bad)), (2, Standing::LeftOut));
    assert!(memory.is_empty(), "a step is no fix");
    assert_eq!(store.learned().expect("there").journal(1).expect("read"), []);
}
