//! What the guard lets the author of an edit do and what it refuses, given what the real compiler says of the text before.
mod rustc;

use flightsmith::repair::Sources;
use flightsmith::repair::guard::refusal_of_named;
use rustc::{FILE, compile};

/// Why the edit is refused, given the real errors of `before`.
fn refused(before: &Sources, after: &Sources) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let errors = compile(folder.path(), before, "2024").unwrap();
    assert!(!errors.is_empty(), "this compiles: {before:#?}");
    refusal_of_named(before, after, &errors).map(|refusal| refusal.to_string())
}

/// Pairs of what is found and what takes its place, and why that is refused.
type Edit<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>);

/// Makes each edit of `before`.
fn check(before: &str, edits: &[Edit<'_>]) {
    let sources = |text: &str| Sources::from([(FILE.into(), text.to_owned())]);
    for (changes, expected) in edits {
        let after = changes.iter().fold(before.to_owned(), |text, (find, replace)| {
            assert!(text.contains(find), "{find} is not in\n{text}");
            text.replace(find, replace)
        });
        let said = refused(&sources(before), &sources(&after));
        assert_eq!(said.as_deref(), *expected, "{before}\nbecame\n{after}");
    }
}

#[test]
fn a_result_that_ends_with_the_body_may_be_owned() {
    check(
        "pub fn name(id: u32) -> &'static str {\n    let text = format!(\"v{id}\");\n    text.as_str()\n}\npub fn other() -> &'static str {\n    \"a\"\n}\n",
        &[
            (&[("name(id: u32) -> &'static str", "name(id: u32) -> String"), ("text.as_str()", "text")], None),
            (
                &[("name(id: u32) -> &'static str", "name(id: u32) -> usize"), ("text.as_str()", "text.len()")],
                Some("case.rs: it changes the public `fn name`"),
            ),
            (
                &[("other() -> &'static str", "other() -> String"), ("\"a\"", "\"a\".to_string()")],
                Some("case.rs: it changes the public `fn other`"),
            ),
        ],
    );
}

#[test]
fn a_receiver_may_change_in_the_trait_as_well() {
    check(
        "pub trait Count {\n    fn add(&self, by: u32);\n    fn all(&self) -> u32;\n}\npub struct C { n: u32 }\nimpl Count for C {\n    fn add(&self, by: u32) {\n        self.n += by;\n    }\n    fn all(&self) -> u32 {\n        self.n\n    }\n}\n",
        &[
            (&[("fn add(&self", "fn add(&mut self")], None),
            (
                &[("fn add(&self, by: u32", "fn add(&mut self, by: String")],
                Some("case.rs: it changes the public `fn add`"),
            ),
            (&[("fn all(&self", "fn all(&mut self")], Some("case.rs: it changes the public `fn all`")),
        ],
    );
}

#[test]
fn types_of_two_parameters_may_change_places_where_errors_name_both() {
    let before = "pub struct Point(pub f64, pub f64);\npub fn far(width: Point, corner: f64) -> f64 {\n    let right = Point(width, 0.0);\n    at(corner) + right.0\n}\nfn at(place: Point) -> f64 { place.0 }\n";
    check(
        before,
        &[
            (&[("width: Point, corner: f64", "width: f64, corner: Point")], None),
            (
                &[("width: Point, corner: f64", "width: f64, corner: String")],
                Some("case.rs: it changes the public `fn far`"),
            ),
        ],
    );
    // What is called of a parameter names it as well.
    check(
        &before.replace("at(corner)", "corner.norm()"),
        &[(&[("width: Point, corner: f64", "width: f64, corner: Point"), ("corner.norm()", "corner.0.abs()")], None)],
    );
    // An error about one of the two is no reason to change the other.
    check(
        &before.replace("at(corner)", "corner"),
        &[(
            &[("width: Point, corner: f64", "width: f64, corner: Point"), ("corner + right", "corner.0 + right")],
            Some("case.rs: it changes the public `fn far`"),
        )],
    );
}

#[test]
fn a_call_that_does_not_exist_may_be_put_in_other_words_and_not_left_out() {
    check(
        "pub fn f(v: &[u8], n: usize) -> u8 {\n    let w = v;\n    let first = w.item_at(n);\n    keep(w);\n    first\n}\nfn keep(_: &[u8]) {}\n",
        &[
            (&[("w.item_at(n)", "w[n]")], None),
            (&[("w.item_at(n)", "*w.iter().nth(n).unwrap_or(&0)")], None),
            (&[("w.item_at(n)", "n as u8")], None),
            (&[("w.item_at(n)", "0")], Some("case.rs: it removes a call of `item_at`")),
            // What is put in elsewhere does nothing in its place.
            (
                &[("w.item_at(n)", "0"), ("let w = v;", "let w = &v[..];")],
                Some("case.rs: it removes a call of `item_at`"),
            ),
            (&[("w.item_at(n)", "w[n]"), ("keep(w)", "w")], Some("case.rs: it removes a call of `keep`")),
        ],
    );
    // A call that is there, and called wrongly, is kept.
    check(
        "pub fn f(v: &mut Vec<u8>) {\n    v.push(\"a\");\n}\n",
        &[
            (&[("v.push(\"a\")", "v[0] = 1 + v[0]")], Some("case.rs: it removes a call of `push`")),
            (&[("\"a\"", "b'a'")], None),
        ],
    );
}

/// Units as the SDK has them.
const UNITS: &str = "#[derive(Clone, Copy)]\npub struct Metres(pub f64);\n#[derive(Clone, Copy)]\npub struct AboveHome(pub f64);\n#[derive(Clone, Copy)]\npub struct Seconds(pub f64);\npub struct North(pub f64);\npub struct East(pub f64);\n";

#[test]
fn a_unit_may_become_another_where_errors_speak_of_both() {
    let before = format!(
        "{UNITS}const HEIGHT: Metres = Metres(20.0);\nconst PAUSE: Seconds = Seconds(3.0);\npub fn fly() {{\n    climb(HEIGHT);\n    wait(PAUSE);\n}}\nfn climb(_: AboveHome) {{}}\nfn wait(_: Seconds) {{}}\n"
    );
    check(
        &before,
        &[
            (&[("HEIGHT: Metres = Metres(20.0)", "HEIGHT: AboveHome = AboveHome(20.0)")], None),
            (
                &[("PAUSE: Seconds = Seconds(3.0)", "PAUSE: Metres = Metres(3.0)")],
                Some("case.rs: it removes a call of `Seconds`"),
            ),
            (&[("    climb(HEIGHT);\n", "")], Some("case.rs: it removes a call of `climb`")),
            (&[("climb(HEIGHT)", "HEIGHT")], Some("case.rs: it removes a call of `climb`")),
        ],
    );
}

#[test]
fn zeros_may_go_where_an_error_spells_the_call_without_them() {
    let before = |place: &str| {
        format!(
            "{UNITS}#[diagnostic::on_unimplemented(message = \"no place: write `Place::above(AboveHome(10.0))`\")]\npub trait Target {{}}\npub struct Place(pub f64);\nimpl Place {{\n    pub fn above(height: AboveHome) -> Self {{\n        Place(height.0)\n    }}\n}}\nimpl Target for Place {{}}\npub fn fly() {{\n    go_to(({place}, AboveHome(10.0)));\n}}\nfn go_to(_: impl Target) {{}}\n"
        )
    };
    let above = "go_to(Place::above(AboveHome(10.0)))";
    let zeros = "North(0.0), East(0.0)";
    check(&before(zeros), &[(&[("go_to((North(0.0), East(0.0), AboveHome(10.0)))", above)], None)]);
    check(
        &before("North(40.0), East(7.0)"),
        &[(&[("go_to((North(40.0), East(7.0), AboveHome(10.0)))", above)], Some("case.rs: it removes 2 values"))],
    );
}

#[test]
fn a_name_may_be_declared_as_what_is_expected_of_it() {
    check(
        "pub struct Shape;\n\npub struct Dot;\n\nimpl Shape for Dot {}\n",
        &[
            (&[("pub struct Shape;", "pub trait Shape {}")], None),
            (
                &[("pub struct Shape;", "pub trait Other {}"), ("impl Shape", "impl Other")],
                Some("case.rs: it removes `type Shape`"),
            ),
            (&[("pub struct Dot;", "pub trait Dot {}")], Some("case.rs: it removes `type Dot`")),
        ],
    );
    // Two names that stand at each other's places.
    check(
        "pub struct Area;\n\npub trait Square {}\n\nimpl Area for Square {}\n",
        &[(&[("pub struct Area;", "pub trait Area {}"), ("pub trait Square {}", "pub struct Square;")], None)],
    );
}

#[test]
fn an_impl_that_may_not_be_is_left_out_and_nothing_with_it() {
    let before = "pub struct A;\nimpl Sized for A {}\npub fn f() -> u8 {\n    g(3)\n}\nfn g(n: u8) -> u8 { n }\n";
    check(
        before,
        &[
            (&[("impl Sized for A {}\n", "")], None),
            (&[("impl Sized for A {}\n", ""), ("g(3)", "3")], Some("case.rs: it removes a call of `g`")),
        ],
    );
    check(
        "pub struct A;\nimpl Copy for &'static mut A {}\n",
        &[(&[("impl Copy for &'static mut A {}\n", "")], Some("case.rs: it removes `impl of a trait`"))],
    );
}

#[test]
fn a_type_with_private_fields_may_get_another() {
    check(
        "pub struct Counter {\n    n: u32,\n}\nimpl Counter {\n    pub fn step(&mut self) {\n        self.n += self.by;\n    }\n}\npub struct Open {\n    pub n: u32,\n}\npub fn f(open: Open) -> u32 {\n    open.more\n}\n",
        &[
            (&[("    n: u32,\n}\nimpl", "    n: u32,\n    by: u32,\n}\nimpl")], None),
            (
                &[("    n: u32,\n}\nimpl", "    n: u32,\n    pub by: u32,\n}\nimpl")],
                Some("case.rs: it changes the public `type Counter`"),
            ),
            // Others may write it out with all its fields.
            (
                &[("pub n: u32,\n}", "pub n: u32,\n    more: u32,\n}")],
                Some("case.rs: it changes the public `type Open`"),
            ),
        ],
    );
}

#[test]
fn a_double_may_get_another_name_and_not_go() {
    check(
        "pub trait T {\n    fn a(&self) -> u8;\n}\npub struct S(u8);\nimpl T for S {\n    fn a(&self) -> u8 {\n        self.0\n    }\n    fn a(&self) -> u8 {\n        self.0 + 1\n    }\n}\n",
        &[
            (
                &[
                    ("    fn a(&self) -> u8 {\n        self.0 + 1\n    }\n", ""),
                    (
                        "pub struct S(u8);\n",
                        "pub struct S(u8);\nimpl S {\n    pub fn a_2(&self) -> u8 {\n        self.0 + 1\n    }\n}\n",
                    ),
                ],
                None,
            ),
            (&[("    fn a(&self) -> u8 {\n        self.0 + 1\n    }\n", "")], Some("case.rs: it removes `fn a`")),
        ],
    );
}

/// What becomes of one replacement in another file than that of the error.
fn check_in(before: &Sources, file: &str, (find, replace): (&str, &str), expected: Option<&str>) {
    let mut after = before.clone();
    let text = after.get_mut(std::path::Path::new(file)).unwrap();
    assert!(text.contains(find), "{find}");
    *text = text.replace(find, replace);
    assert_eq!(refused(before, &after).as_deref(), expected, "{find} -> {replace}");
}

#[test]
fn a_file_that_no_error_names_may_show_more_of_what_it_has_and_lose_nothing() {
    let before = Sources::from([
        (FILE.into(), "mod net;\npub use net::NetError;\n".to_owned()),
        ("net.rs".into(), "pub(crate) enum NetError {\n    Unknown,\n}\npub fn ends() -> u8 {\n    3\n}\n".to_owned()),
    ]);
    let check = |find: &str, replace: &str, expected: Option<&str>| {
        check_in(&before, "net.rs", (find, replace), expected);
    };
    check("pub(crate) enum", "pub enum", None);
    check("    Unknown,\n", "", Some("net.rs: it removes `Unknown`, and no error names the file"));
    check("pub(crate) enum", "enum", Some("net.rs: it removes `pub`, and no error names the file"));
    check("3", "4", Some("net.rs: it removes `3`, and no error names the file"));
}

#[test]
fn a_file_that_only_a_note_names_may_be_edited_as_far_as_the_note_reaches() {
    let before = Sources::from([
        (FILE.into(), "mod part;\npub fn f() -> u8 {\n    part::go()\n}\n".to_owned()),
        ("part.rs".into(), "fn go() -> u8 {\n    keep(3)\n}\nfn keep(n: u8) -> u8 {\n    n\n}\n".to_owned()),
    ]);
    let check = |find: &str, replace: &str, expected: Option<&str>| {
        check_in(&before, "part.rs", (find, replace), expected);
    };
    check("fn go", "pub fn go", None);
    check("keep(3)", "3", Some("part.rs: it removes a call of `keep`"));
    check(
        "fn keep(n: u8) -> u8 {\n    n\n}",
        "fn keep(n: u8) -> u8 {}",
        Some("part.rs: it removes the body of `keep`"),
    );
    check(
        "fn go() -> u8 {\n    keep(3)",
        "pub fn go() -> u8 {\n    unsafe { keep(3) }",
        Some("part.rs: it adds `unsafe`"),
    );
}
