//! The repair ladder without a model, on small programs that the real compiler judges: what each rule mends, and what is refused.
mod rustc;

use flightsmith::repair::guard::refusal;
use flightsmith::repair::{Bounds, Climbed, Memory, Proposer, Rung, Sources, Stuck, Workbench, climb};
use flightsmith_toolchain::diagnostics::{Applicability, Diagnostic, Level, Span};
use rustc::{FILE, compile};
use std::path::PathBuf;
use std::time::Duration;

fn sources(text: &str) -> Sources {
    Sources::from([(FILE.into(), text.to_owned())])
}

fn mend_with(text: &str, rungs: &[Rung], bench: &mut Workbench<'_>) -> Climbed {
    let folder = tempfile::tempdir().unwrap();
    let bounds = Bounds { judged: 80, mender_calls: 0, wall: Duration::from_secs(120) };
    climb(sources(text), &mut |sources: &Sources| compile(folder.path(), sources, "2024"), rungs, bench, bounds)
        .unwrap_or_else(|error| panic!("{error:?}"))
}

fn mend(text: &str) -> Climbed {
    mend_with(text, &Rung::WITHOUT_MODEL, &mut Workbench::default())
}

fn text_of(climbed: &Climbed) -> &str {
    &climbed.sources[&PathBuf::from(FILE)]
}

#[test]
fn rules_mend_what_the_compiler_does_not_suggest() {
    // What is wrong, and what it must become; the code is the first error's.
    let table: [(&str, &str, &str); 21] = [
        (
            "E0382",
            "struct Log { lines: u32 }\npub fn f() -> u32 { let a = Log { lines: 1 }; let b = a; a.lines + b.lines }\n",
            "#[derive(Clone)]\nstruct Log { lines: u32 }\npub fn f() -> u32 { let a = Log { lines: 1 }; let b = a.clone(); a.lines + b.lines }\n",
        ),
        (
            "E0515",
            "fn name(id: u32) -> &'static str {\n    let text = format!(\"v{id}\");\n    text.as_str()\n}\n",
            "fn name(id: u32) -> String {\n    let text = format!(\"v{id}\");\n    text\n}\n",
        ),
        (
            "E0502",
            "pub fn f(mut v: Vec<u32>) -> u32 {\n    let first = &v[0];\n    v.push(4);\n    first + 1\n}\n",
            "pub fn f(mut v: Vec<u32>) -> u32 {\n    let first = &v[0].clone();\n    v.push(4);\n    first + 1\n}\n",
        ),
        (
            "E0597",
            "pub fn f() -> usize {\n    let longest;\n    {\n        let text = String::from(\"abc\");\n        longest = &text;\n    }\n    longest.len()\n}\n",
            "pub fn f() -> usize {\n    let longest;\n        let text = String::from(\"abc\");\n    {\n        longest = &text;\n    }\n    longest.len()\n}\n",
        ),
        (
            "E0053",
            "pub trait Area { fn area(&self, scale: f64) -> f64; }\npub struct Sq(f64);\nimpl Area for Sq { fn area(&self, scale: i32) -> f64 { self.0 * scale } }\n",
            "pub trait Area { fn area(&self, scale: f64) -> f64; }\npub struct Sq(f64);\nimpl Area for Sq { fn area(&self, scale: f64) -> f64 { self.0 * scale } }\n",
        ),
        (
            "E0407",
            "pub trait Shape { fn area(&self) -> f64; }\npub struct Dot;\nimpl Shape for Dot {\n    fn area(&self) -> f64 { 0.0 }\n    fn name(&self) -> u8 { 7 }\n}\n",
            "pub trait Shape { fn area(&self) -> f64;     fn name(&self) -> u8;\n}\npub struct Dot;\nimpl Shape for Dot {\n    fn area(&self) -> f64 { 0.0 }\n    fn name(&self) -> u8 { 7 }\n}\n",
        ),
        (
            "E0308",
            "fn level() -> Result<u8, String> { Ok(3) }\npub fn low() -> Result<bool, String> {\n    Ok(level() < 5)\n}\n",
            "fn level() -> Result<u8, String> { Ok(3) }\npub fn low() -> Result<bool, String> {\n    Ok(level()? < 5)\n}\n",
        ),
        (
            "E0004",
            "pub fn f(r: Result<u8, String>) -> Result<u8, String> {\n    match r {\n        Ok(n) => Ok(n),\n    }\n}\n",
            "pub fn f(r: Result<u8, String>) -> Result<u8, String> {\n    match r {\n        Ok(n) => Ok(n),\n        Err(error) => return Err(error),\n    }\n}\n",
        ),
        (
            "E0063",
            "pub struct P { x: i32, y: i32 }\npub fn p(x: i32, y: i32) -> P { P { x } }\n",
            "pub struct P { x: i32, y: i32 }\npub fn p(x: i32, y: i32) -> P { P { x, y } }\n",
        ),
        (
            "E0425",
            "pub fn average(values: &[f64]) -> f64 {\n    let total: f64 = values.iter().sum();\n    totl / values.len() as f64\n}\n",
            "pub fn average(values: &[f64]) -> f64 {\n    let total: f64 = values.iter().sum();\n    total / values.len() as f64\n}\n",
        ),
        (
            "E0616",
            "mod tank { #[derive(Default)] pub struct Tank {\n    litres: u32\n} }\npub fn f() -> u32 { tank::Tank::default().litres }\n",
            "mod tank { #[derive(Default)] pub struct Tank {\n    pub(crate) litres: u32\n} }\npub fn f() -> u32 { tank::Tank::default().litres }\n",
        ),
        (
            "E0603",
            "mod part {\n    fn go() -> u8 { 1 }\n}\npub fn f() -> u8 { part::go() }\n",
            "mod part {\n    pub(crate) fn go() -> u8 { 1 }\n}\npub fn f() -> u8 { part::go() }\n",
        ),
        (
            "E0603",
            "mod part {\n    pub mod inner {\n        fn go() -> u8 { 1 }\n    }\n}\npub use part::inner::go;\n",
            "mod part {\n    pub mod inner {\n        pub fn go() -> u8 { 1 }\n    }\n}\npub use part::inner::go;\n",
        ),
        (
            "E0308",
            "pub fn f(x: u8) -> u8 {\n    match x {\n        0 => 1,\n        _ => 2,\n    };\n}\n",
            "pub fn f(x: u8) -> u8 {\n    match x {\n        0 => 1,\n        _ => 2,\n    }\n}\n",
        ),
        ("E0428", "pub struct Mark;\npub struct Mark;\n", "pub struct Mark;\npub struct Mark2;\n"),
        (
            "E0496",
            "pub struct S<'a>(&'a u8);\nimpl<'a> S<'a> {\n    pub fn f<'a>(x: &'a u8) -> &'a u8 { x }\n}\n",
            "pub struct S<'a>(&'a u8);\nimpl<'a> S<'a> {\n    pub fn f<'b>(x: &'b u8) -> &'b u8 { x }\n}\n",
        ),
        (
            "E0593",
            "pub fn f(v: Vec<u8>) -> Vec<u8> { v.into_iter().map(|| 1).collect() }\n",
            "pub fn f(v: Vec<u8>) -> Vec<u8> { v.into_iter().map(|_| 1).collect() }\n",
        ),
        (
            "E0277",
            "pub fn f(n: f64, k: u32) -> f64 {\n    n * k\n}\n",
            "pub fn f(n: f64, k: u32) -> f64 {\n    n * k as f64\n}\n",
        ),
        (
            "none",
            "pub fn f(x: i32) -> i32 {\n    if x > 1 {\n        return 2;\n    x\n}\n",
            "pub fn f(x: i32) -> i32 {\n    if x > 1 {\n        return 2;\n    }\n    x\n}\n",
        ),
        ("none", "pub const C: char = 'x;\n", "pub const C: char = 'x';\n"),
        (
            "none",
            "pub fn f() -> Vec<u8> {\n    let mut v = Vec::new();\n    v.push((1 + 2);\n    v\n}\n",
            "pub fn f() -> Vec<u8> {\n    let mut v = Vec::new();\n    v.push((1 + 2));\n    v\n}\n",
        ),
    ];
    let mut wrong = Vec::new();
    for (code, text, right) in table {
        let climbed = mend(text);
        let first = climbed.steps.first().and_then(|step| step.codes.first()).map_or("", String::as_str);
        if text_of(&climbed) != right || first != code {
            wrong.push(format!("{code} (first {first}), became:\n{}{:#?}", text_of(&climbed), climbed.refused));
        }
        assert!(climbed.steps.iter().map(|step| step.compiles).sum::<usize>() < climbed.compiles);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn independent_errors_are_mended_in_one_compile() {
    let text = "pub fn a() -> u32 { let x = 1; x = 2; x }\npub fn b(v: Vec<u8>) -> u8 { v[0] + totl() }\nfn total() -> u8 { 1 }\n\
                pub fn c() -> String { \"a\" }\n";
    let climbed = mend(text);
    assert!(climbed.is_mended(), "{:#?}", climbed.left);
    assert!(climbed.steps.iter().any(|step| step.rules.len() > 1), "{:#?}", climbed.steps);
    let edit = &climbed.steps[0].edits[0];
    assert_eq!((edit.file.as_path(), edit.first_line <= edit.last_line), (std::path::Path::new(FILE), true));
}

#[test]
fn what_cannot_be_mended_stays_as_it_was() {
    let text = "pub fn f() -> u32 {\n    unheard_of_anywhere()\n}\n";
    let climbed = mend(text);
    assert_eq!((text_of(&climbed), climbed.steps.len(), climbed.left.len()), (text, 0, 1));
}

#[test]
fn a_public_signature_is_not_changed_because_a_suggestion_says_so() {
    // Followed far enough, the compiler's suggestions make this generic over what can be summed.
    let text = "pub fn mean(values: &[f64]) -> f64 {\n    values.sum_up() / values.len() as f64\n}\n";
    let climbed = mend(text);
    assert_eq!((text_of(&climbed), climbed.is_mended()), (text, false), "{:#?}", climbed.steps);
}

/// Why the guard refuses to make `before` into `after`, given the real errors of `before`.
fn refused(before: &str, after: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let errors = compile(folder.path(), &sources(before), "2024").unwrap();
    assert!(!errors.is_empty(), "this compiles:\n{before}");
    refusal(&sources(before), &sources(after), &errors).map(|refusal| refusal.to_string())
}

#[test]
fn behaviour_is_not_deleted_to_make_it_compile() {
    let before = "pub fn f(v: &mut Vec<u8>) -> u8 {\n    v.push(1);\n    v.clear();\n    g(v)\n}\nfn g(v: &[u8]) -> u8 {\n    v[0].absurd()\n}\n\
                  #[test]\nfn t() {\n    assert_eq!(g(&[1]), 1);\n}\n";
    let check = |find: &str, replace: &str, expected: Option<&str>| {
        assert!(before.contains(find));
        let said = refused(before, &before.replace(find, replace));
        assert_eq!(said.as_deref(), expected, "{find} -> {replace}");
    };
    check("    v.clear();\n", "", Some("case.rs: it removes a call of `clear`"));
    check("    v.push(1);\n    v.clear();\n    g(v)\n", "", Some("case.rs: it removes the body of `f`"));
    check("v[0].absurd()", "todo!()", Some("case.rs: it adds `todo`"));
    check("v[0].absurd()", "panic!(\"{}\", v[0].absurd2())", Some("case.rs: it adds `panic`"));
    check("v[0].absurd()", "unsafe { v[0].abs_diff(0) }", Some("case.rs: it adds `unsafe`"));
    check("fn g", "#[allow(unused)]\nfn g", Some("case.rs: it adds `allow`"));
    check("v[0].absurd()", "v[0]", Some("case.rs: it removes a call of `absurd`"));
    check(
        "pub fn f(v: &mut Vec<u8>) -> u8",
        "pub fn f(v: Vec<u8>) -> u8",
        Some("case.rs: it changes the public `fn f`"),
    );
    check("assert_eq!(g(&[1]), 1)", "assert_eq!(g(&[1]), 2)", Some("case.rs: it changes the test `t`"));
    check("#[test]\n", "#[test]\n#[ignore]\n", Some("case.rs: it adds `ignore`"));
    check("#[test]\n", "", Some("case.rs: it removes the attribute `test`"));
    check("v[0].absurd()", "v[0].abs_diff(0", Some("case.rs is no longer Rust"));
    check("v[0].absurd()", "v[0].abs_diff(0)", None);
}

#[test]
fn what_is_declared_otherwise_is_still_there_and_a_double_is_not_renamed() {
    let table: [(&str, &str, &str, Option<&str>); 6] = [
        // Of two items of one name in a trait's implementation none becomes another item.
        (
            "trait T { fn a(&self) -> u8; }\nimpl T for u8 {\n    fn a(&self) -> u8 { 1 }\n    fn a(&self) -> u8 { 2 }\n}\n",
            "fn a(&self) -> u8 { 2 }",
            "fn a_2(&self) -> u8 { 2 }",
            Some("case.rs: it removes `fn a`"),
        ),
        ("const N: &mut u8 = &mut 3;\n", "const N", "static N", None),
        (
            "pub const N: u8 = 3;\nconst M: &mut u8 = &mut 3;\n",
            "const N",
            "static N",
            Some("case.rs: it changes the public `const N`"),
        ),
        ("fn f(n: u8) {\n    if n > 3 { break; }\n    f(n);\n}\n", "break", "return", None),
        (
            "fn f(n: u8) {\n    loop { if n > 3 { break; } }\n    g();\n}\n",
            "break",
            "return",
            Some("case.rs: it removes a break"),
        ),
        (
            "struct At { n: u8 }\nfn f() { let a = At { n: 3 }; a.m(); }\n",
            "At { n: 3 }; a.m()",
            "3_u8; a.count_ones()",
            Some("case.rs: it removes a call of `At`"),
        ),
    ];
    for (before, find, replace, expected) in table {
        assert_eq!(refused(before, &before.replace(find, replace)).as_deref(), expected, "{before}");
    }
}

/// A model that answers one name by others, in order.
struct ScriptedModel(&'static str, Vec<&'static str>, usize);

impl Proposer for ScriptedModel {
    fn propose(&mut self, stuck: &Stuck<'_>) -> Result<Option<Sources>, String> {
        let Some(answer) = self.1.get(self.2) else { return Ok(None) };
        self.2 += 1;
        Ok(Some(sources(&stuck.sources[&PathBuf::from(FILE)].replace(self.0, answer))))
    }
}

#[test]
fn what_the_model_mended_once_is_mended_without_it() {
    let first = "pub fn a() -> String { let mut text = String::new(); text.add_line_of(\"a\"); text }\n";
    let second = "pub fn b(lines: &[String]) -> String {\n    let mut report = String::new();\n    report.add_line_of(lines[0].trim());\n    report\n}\n";
    let bounds = Bounds { judged: 40, mender_calls: 2, wall: Duration::from_secs(60) };
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::default();
    let mut repair = |text: &str, model: &mut ScriptedModel| {
        let mut bench = Workbench { memory: Some(&memory), model: Some(model) };
        let compile = &mut |sources: &Sources| compile(folder.path(), sources, "2024");
        let climbed = climb(sources(text), compile, &Rung::ALL, &mut bench, bounds).unwrap();
        assert!(climbed.is_mended(), "{:#?} {:#?}", climbed.left, climbed.refused);
        memory.learn(&climbed.lessons, &serde_json::json!({ "case": "test" }));
        climbed
    };
    let mut model = ScriptedModel("add_line_of", vec!["append_line", "push_str"], 0);
    let before = repair(first, &mut model);
    assert_eq!((before.steps.last().unwrap().rung, model.2), (Rung::Model, 2));
    let mut nobody = ScriptedModel("", Vec::new(), 0);
    let after = repair(second, &mut nobody);
    assert_eq!((after.steps[0].rung, nobody.2), (Rung::Learned, 0));
    assert!(text_of(&after).contains("report.push_str(lines[0].trim());"), "{}", text_of(&after));
    assert!(after.compiles < before.compiles && after.compiles == 2, "{} and {}", after.compiles, before.compiles);
}

/// What a compiler says that wants each of these names borrowed, and is so sure of it.
fn scripted_errors(sources: &Sources, wanted: &[(&str, Applicability)]) -> Vec<Diagnostic> {
    let text = &sources[&PathBuf::from(FILE)];
    let missing = wanted.iter().filter(|(name, _)| !text.contains(&format!("&{name}")));
    missing
        .map(|(name, sure)| {
            let start = text.find(&format!("({name})")).expect("it is called with it") + 1;
            let place = |suggestion: bool| Span {
                file_name: FILE.into(),
                byte_start: start,
                byte_end: if suggestion { start } else { start + name.len() },
                line_start: 1,
                line_end: 1,
                column_start: start + 1,
                column_end: start + 1,
                is_primary: true,
                label: None,
                suggested_replacement: suggestion.then(|| "&".to_owned()),
                suggestion_applicability: suggestion.then_some(*sure),
                in_expansion: false,
            };
            let diagnostic = |level, message: &str, span| Diagnostic {
                message: message.into(),
                code: Some("E0308".into()),
                level,
                spans: vec![span],
                children: Vec::new(),
                rendered: None,
            };
            let help = diagnostic(Level::Help, "borrow it", place(true));
            Diagnostic { children: vec![help], ..diagnostic(Level::Error, &format!("`{name}` by value"), place(false)) }
        })
        .collect()
}

#[test]
fn what_always_helped_is_tried_with_what_is_sure() {
    let wanted = [("sure", Applicability::MachineApplicable), ("maybe", Applicability::MaybeIncorrect)];
    let mut memory = Memory::default();
    let mut compiles = || {
        let bounds = Bounds { judged: 40, mender_calls: 0, wall: Duration::from_secs(60) };
        let mut bench = Workbench { memory: Some(&memory), model: None };
        let mut compiler = |sources: &Sources| Ok::<_, ()>(scripted_errors(sources, &wanted));
        let text = "fn f() {\n    one(sure);\n    two(maybe);\n}\n";
        let climbed = climb(sources(text), &mut compiler, &Rung::WITHOUT_MODEL, &mut bench, bounds).unwrap();
        assert!(climbed.is_mended() && text_of(&climbed).contains("&sure") && text_of(&climbed).contains("&maybe"));
        memory.learn(&climbed.lessons, &serde_json::Value::Null);
        climbed.compiles
    };
    assert_eq!([compiles(), compiles(), compiles(), compiles()], [3, 3, 3, 2]);
}

#[test]
fn what_failed_on_two_of_a_kind_is_not_tried_on_the_third() {
    // Three errors of one kind, none of which a suggestion mends.
    let names = ["a", "b", "c"].map(|name| (name, Applicability::MaybeIncorrect));
    let mut asked = 0;
    let mut compiler = |now: &Sources| {
        asked += 1;
        let plain = now[&PathBuf::from(FILE)].replace('&', "");
        Ok::<_, ()>(scripted_errors(&sources(&plain), &names))
    };
    let bounds = Bounds { judged: 40, mender_calls: 0, wall: Duration::from_secs(60) };
    let text =
        "fn f() {\n    let a = g();\n    let b = g();\n    let c = g();\n    one(a);\n    one(b);\n    one(c);\n}\n";
    let rungs = [Rung::Compiler, Rung::CompilerMaybe];
    let climbed = climb(sources(text), &mut compiler, &rungs, &mut Workbench::default(), bounds).unwrap();
    assert!(!climbed.is_mended());
    // As it is, all three together, two alone.
    assert_eq!((climbed.compiles, asked), (4, 4));
}
