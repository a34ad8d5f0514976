//! Rules by families, each as a row: what is wrong, the code that the real compiler gives, and what it must become.
mod rustc;

use flightsmith::repair::{Bounds, Climbed, Rung, Sources, Workbench, climb};
use rustc::{FILE, compile};
use std::path::PathBuf;
use std::time::Duration;

fn mend(sources: Sources) -> Climbed {
    let folder = tempfile::tempdir().unwrap();
    let bounds = Bounds { judged: 80, mender_calls: 0, wall: Duration::from_secs(120) };
    let mut compiler = |sources: &Sources| compile(folder.path(), sources, "2024");
    climb(sources, &mut compiler, &Rung::WITHOUT_MODEL, &mut Workbench::default(), bounds)
        .unwrap_or_else(|error| panic!("{error:?}"))
}

/// Rows of (code of the first error, before, after): all of them must come out so.
fn check(table: &[(&str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (code, before, after) in table {
        let climbed = mend(Sources::from([(FILE.into(), (*before).to_owned())]));
        let text = &climbed.sources[&PathBuf::from(FILE)];
        let first = climbed.steps.first().and_then(|step| step.codes.first()).map_or("", String::as_str);
        if text != after || first != *code {
            wrong.push(format!(
                "{code} (first {first}), became:\n{text}left: {:#?}\nrefused: {:#?}",
                climbed.left.iter().map(|error| &error.message).collect::<Vec<_>>(),
                climbed.refused
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A call that takes a future which may go to other threads.
const SPAWN: &str = "fn spawn<F: Future<Output = ()> + Send + 'static>(_: F) {}\nasync fn tick() {}\n";

#[test]
fn what_goes_to_another_thread_may_go_there() {
    let with_spawn = |text: &str| format!("{SPAWN}{text}");
    let rows = [
        (
            "none",
            "use std::rc::Rc;\npub fn f() {\n    let count = Rc::new(5);\n    spawn(async move {\n        tick().await;\n        println!(\"{count}\");\n    });\n}\n",
            "use std::sync::Arc;\npub fn f() {\n    let count = Arc::new(5);\n    spawn(async move {\n        tick().await;\n        println!(\"{count}\");\n    });\n}\n",
        ),
        (
            "E0277",
            "use std::cell::RefCell;\nuse std::rc::Rc;\npub fn f() {\n    let count = Rc::new(RefCell::new(5));\n    std::thread::spawn(move || {\n        *count.borrow_mut() += 1;\n    });\n}\n",
            "use std::sync::Mutex;\nuse std::sync::Arc;\npub fn f() {\n    let count = Arc::new(Mutex::new(5));\n    std::thread::spawn(move || {\n        *count.lock().unwrap() += 1;\n    });\n}\n",
        ),
        (
            "E0277",
            "use std::cell::RefCell;\nuse std::sync::Arc;\nfn f(count: Arc<RefCell<u8>>) {\n    std::thread::spawn(move || {\n        *count.borrow_mut() += 1;\n    });\n}\n",
            "use std::sync::Mutex;\nuse std::sync::Arc;\nfn f(count: Arc<Mutex<u8>>) {\n    std::thread::spawn(move || {\n        *count.lock().unwrap() += 1;\n    });\n}\n",
        ),
        (
            "none",
            "use std::sync::{Arc, Mutex};\npub fn f(sum: Arc<Mutex<u8>>) {\n    spawn(async move {\n        let mut held = sum.lock().unwrap();\n        *held += 1;\n        tick().await;\n    });\n}\n",
            "use std::sync::{Arc, Mutex};\npub fn f(sum: Arc<Mutex<u8>>) {\n    spawn(async move {\n        {\n            let mut held = sum.lock().unwrap();\n            *held += 1;\n        }\n        tick().await;\n    });\n}\n",
        ),
        (
            "none",
            "use std::sync::Mutex;\nasync fn add(sum: &Mutex<u8>) {\n    let mut held = sum.lock().unwrap();\n    *held += 1;\n    tick().await;\n    drop(held);\n}\npub fn f(sum: &'static Mutex<u8>) {\n    spawn(add(sum));\n}\n",
            "use std::sync::Mutex;\nasync fn add(sum: &Mutex<u8>) {\n    {\n        let mut held = sum.lock().unwrap();\n        *held += 1;\n    }\n    tick().await;\n}\npub fn f(sum: &'static Mutex<u8>) {\n    spawn(add(sum));\n}\n",
        ),
        (
            "E0277",
            "fn f(work: Box<dyn Fn() -> u8>) {\n    std::thread::spawn(move || work());\n}\n",
            "fn f(work: Box<dyn Fn() -> u8 + Send>) {\n    std::thread::spawn(move || work());\n}\n",
        ),
    ];
    let texts: Vec<(String, String)> = rows.iter().map(|(_, one, two)| (with_spawn(one), with_spawn(two))).collect();
    let table: Vec<(&str, &str, &str)> =
        rows.iter().zip(&texts).map(|((code, ..), (one, two))| (*code, one.as_str(), two.as_str())).collect();
    check(&table);
}

#[test]
fn a_lock_that_would_wait_for_itself_is_not_made() {
    let text = "use std::cell::RefCell;\nuse std::sync::Arc;\nfn f(count: Arc<RefCell<u8>>) {\n    std::thread::spawn(move || {\n        let sum = *count.borrow() + *count.borrow();\n        println!(\"{sum}\");\n    });\n}\n";
    let climbed = mend(Sources::from([(FILE.into(), text.to_owned())]));
    assert_eq!((climbed.sources[&PathBuf::from(FILE)].as_str(), climbed.is_mended()), (text, false));
}

#[test]
fn arguments_come_from_what_is_at_hand_once() {
    check(&[
        (
            "E0061",
            "pub struct Metres(pub f64);\nconst LEG: Metres = Metres(4.0);\nfn go(_: u8, _: Metres) {}\npub fn f() {\n    go(1);\n}\n",
            "pub struct Metres(pub f64);\nconst LEG: Metres = Metres(4.0);\nfn go(_: u8, _: Metres) {}\npub fn f() {\n    go(1, LEG);\n}\n",
        ),
        (
            "E0061",
            "pub enum Tree { Name(String), One }\npub enum Fault { Unknown(String) }\npub fn f(tree: &Tree) -> Result<u8, Fault> {\n    match tree {\n        Tree::Name(name) => Err(Fault::Unknown()),\n        Tree::One => Ok(1),\n    }\n}\n",
            "pub enum Tree { Name(String), One }\npub enum Fault { Unknown(String) }\npub fn f(tree: &Tree) -> Result<u8, Fault> {\n    match tree {\n        Tree::Name(name) => Err(Fault::Unknown(name.clone())),\n        Tree::One => Ok(1),\n    }\n}\n",
        ),
        (
            "E0277",
            "pub fn f(all: Option<&Vec<u8>>) -> &[u8] {\n    all.map_or(Vec::as_slice, &[][..])\n}\n",
            "pub fn f(all: Option<&Vec<u8>>) -> &[u8] {\n    all.map_or(&[][..], Vec::as_slice)\n}\n",
        ),
        (
            "E0308",
            "pub struct Metres(pub f64);\npub struct AboveHome(pub f64);\nfn climb(_: AboveHome) {}\npub fn f() {\n    climb(Metres(20.0));\n}\n",
            "pub struct Metres(pub f64);\npub struct AboveHome(pub f64);\nfn climb(_: AboveHome) {}\npub fn f() {\n    climb(AboveHome(20.0));\n}\n",
        ),
        (
            "E0271",
            "pub fn f<'a>(all: &'a [(u8, &'a str)]) -> impl Iterator<Item = &'a str> {\n    all.iter().map(|(_, value)| value)\n}\n",
            "pub fn f<'a>(all: &'a [(u8, &'a str)]) -> impl Iterator<Item = &'a str> {\n    all.iter().map(|(_, value)| *value)\n}\n",
        ),
    ]);
}

#[test]
fn no_number_and_none_of_several_values_is_filled_in() {
    for text in [
        "const LEG: f64 = 4.0;\nfn go(_: f64) {}\npub fn f() {\n    go();\n}\n",
        "pub struct M(pub f64);\npub const A: M = M(1.0);\npub const B: M = M(2.0);\nfn go(_: M) {}\npub fn f() {\n    go();\n}\n",
        "pub struct P { x: f64, y: f64 }\npub fn f() -> P {\n    P { x: 1.0 }\n}\n",
    ] {
        let climbed = mend(Sources::from([(FILE.into(), text.to_owned())]));
        assert_eq!(climbed.sources[&PathBuf::from(FILE)], text);
    }
}

#[test]
fn fields_come_from_what_bears_their_name_or_begin_empty() {
    check(&[
        (
            "E0063",
            "pub struct TooHigh { asked: f64, limit: f64 }\npub struct Judge { limit: f64 }\nimpl Judge {\n    pub fn f(&self, asked: f64) -> TooHigh {\n        TooHigh { asked }\n    }\n}\n",
            "pub struct TooHigh { asked: f64, limit: f64 }\npub struct Judge { limit: f64 }\nimpl Judge {\n    pub fn f(&self, asked: f64) -> TooHigh {\n        TooHigh { asked, limit: self.limit }\n    }\n}\n",
        ),
        (
            "E0063",
            "pub struct Editor { name: u8, done: Vec<u8>, undone: Vec<u8> }\npub fn f(name: u8) -> Editor {\n    Editor { name, undone: Vec::new() }\n}\n",
            "pub struct Editor { name: u8, done: Vec<u8>, undone: Vec<u8> }\npub fn f(name: u8) -> Editor {\n    Editor { name, undone: Vec::new(), done: Vec::new() }\n}\n",
        ),
        (
            "E0615",
            "pub struct Net { names: Vec<u8> }\nimpl Net {\n    pub fn name(&self) -> u8 { 1 }\n    pub fn f(&self) -> usize {\n        self.name.len()\n    }\n}\n",
            "pub struct Net { names: Vec<u8> }\nimpl Net {\n    pub fn name(&self) -> u8 { 1 }\n    pub fn f(&self) -> usize {\n        self.names.len()\n    }\n}\n",
        ),
    ]);
}

#[test]
fn results_are_opened_where_they_are_bound_and_bounds_promised() {
    check(&[
        (
            "E0599",
            "pub struct Tank(u8);\nimpl Tank {\n    fn fill(&mut self) {}\n    fn drain(self) -> u8 { self.0 }\n}\nfn open() -> Result<Tank, String> { Ok(Tank(1)) }\npub fn f() -> Result<u8, String> {\n    let mut tank = open();\n    tank.fill();\n    Ok(tank.drain())\n}\n",
            "pub struct Tank(u8);\nimpl Tank {\n    fn fill(&mut self) {}\n    fn drain(self) -> u8 { self.0 }\n}\nfn open() -> Result<Tank, String> { Ok(Tank(1)) }\npub fn f() -> Result<u8, String> {\n    let mut tank = open()?;\n    tank.fill();\n    Ok(tank.drain())\n}\n",
        ),
        (
            "E0599",
            "use std::fmt;\npub trait Number: Copy {}\npub struct Matrix<T> { v: Vec<T> }\nimpl<T: Number> Matrix<T> {\n    pub fn row(&self) -> &[T] { &self.v }\n}\nimpl<T: fmt::Display> fmt::Display for Matrix<T> {\n    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {\n        write!(f, \"{}\", self.row().len())\n    }\n}\n",
            "use std::fmt;\npub trait Number: Copy {}\npub struct Matrix<T> { v: Vec<T> }\nimpl<T: Number> Matrix<T> {\n    pub fn row(&self) -> &[T] { &self.v }\n}\nimpl<T: fmt::Display + Number> fmt::Display for Matrix<T> {\n    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {\n        write!(f, \"{}\", self.row().len())\n    }\n}\n",
        ),
        (
            "E0599",
            "pub fn f(v: &[u8]) -> Vec<u8> {\n    let first: Vec<u8> = v.iter().copied().collect();\n    first[..1].iterator().copied().collect()\n}\n",
            "pub fn f(v: &[u8]) -> Vec<u8> {\n    let first: Vec<u8> = v.iter().copied().collect();\n    first[..1].iter().copied().collect()\n}\n",
        ),
        (
            "E0728",
            "async fn go(_: u8) -> Result<(), u8> { Ok(()) }\npub async fn f(all: &[u8]) -> Result<(), u8> {\n    all.iter().for_each(|one| {\n        go(*one).await?;\n    });\n    Ok(())\n}\n",
            "async fn go(_: u8) -> Result<(), u8> { Ok(()) }\npub async fn f(all: &[u8]) -> Result<(), u8> {\n    for one in all.iter() {\n        go(*one).await?;\n    }\n    Ok(())\n}\n",
        ),
    ]);
}

#[test]
fn what_is_handed_on_is_open_to_all() {
    let sources = |keyword: &str| {
        Sources::from([
            (FILE.into(), "mod part;\npub use part::{\n    Fault,\n    go,\n};\n".to_owned()),
            ("part.rs".into(), format!("pub struct Fault;\n{keyword}fn go() -> u8 {{ 1 }}\n")),
        ])
    };
    let climbed = mend(sources(""));
    assert_eq!((climbed.sources, climbed.compiles), (sources("pub "), 2));
}
