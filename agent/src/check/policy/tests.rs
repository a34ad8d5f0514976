//! The policy as a table: sources that must be refused, with the words of the refusal, and sources that must pass.

use super::{Breach, MAX_SOURCE_BYTES, judge};

fn breaches(source: &str) -> Vec<Breach> {
    judge(source).breaches
}

const FLY: &str = "pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {\n    vehicle.land().await\n}\n";

fn refused(part: &str, expected: &str) {
    let source = format!("use flightsmith_sdk::prelude::*;\n{FLY}{part}\n");
    let told: Vec<String> = breaches(&source).iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|line| line.contains(expected)), "{part}\n{told:#?}");
    assert!(told.iter().all(|line| line.starts_with("src/mission.rs:5:")), "{part}\n{told:#?}");
}

fn passes(part: &str) {
    let source = format!("use flightsmith_sdk::prelude::*;\n{FLY}{part}\n");
    assert_eq!(breaches(&source), [], "{part}");
}

#[test]
fn what_a_mission_may_not_contain() {
    for (part, expected) in [
        // The build machine's files and variables.
        ("const P: &str = include_str!(\"/etc/passwd\");", "reads no files"),
        ("const P: &str = r#include_str!(\"/etc/passwd\");", "reads no files"),
        ("const P: &[u8] = core::include_bytes!(\"/etc/passwd\");", "reads no files"),
        ("fn f() { include!{\"/etc/passwd\"} }", "reads no files"),
        ("const P: &str = env!(\"HOME\");", "no variables"),
        ("const P: Option<&str> = option_env![\"TOKEN\"];", "no variables"),
        ("fn f() -> bool { matches!(env!(\"HOME\"), \"x\") }", "no variables"),
        ("fn f() { assert!(true, \"{}\", include_str!(\"/etc/shadow\")) }", "reads no files"),
        // Unsafe code, in whatever dress.
        ("fn f() { unsafe {} }", "`unsafe`"),
        ("fn f() { assert!(unsafe { true }) }", "`unsafe`"),
        ("unsafe fn f() {}", "`unsafe`"),
        ("fn f(p: *const u8) {}", "raw pointers"),
        ("fn f(x: u8) { let _ = &raw const x; }", "raw pointers"),
        ("fn f(x: &u8) { let _ = x as *const u8; }", "raw pointers"),
        ("use core::ptr;", "`core::ptr`"),
        ("use core::{mem, ptr::null};", "`core::ptr`"),
        ("fn f() { core::ptr::null::<u8>(); }", "`core::ptr`"),
        ("fn f() { core::arch::x86_64::_rdtsc(); }", "`core::arch`"),
        ("use core as c;", "may not be renamed"),
        ("use core::{self as c};", "may not be renamed"),
        ("use core::*;", "not all of it"),
        ("use core::{self};", "not `core` itself"),
        ("fn f() { core::mem::transmute::<u8, i8>(1); }", "`transmute`"),
        ("union U { a: u8, b: i8 }", "`union`"),
        ("static mut X: u8 = 0;", "`static`"),
        ("fn f() { core::arch::asm!(\"nop\"); }", "assembly"),
        // Other crates and files.
        ("use std::fs;", "`use std`"),
        ("use ::std::fs;", "`use std`"),
        ("fn f() { std::process::exit(0); }", "`std::process`"),
        ("fn f() { ::libc::abort(); }", "`libc::abort`"),
        ("use flightsmith_runner::main;", "the runner"),
        ("extern crate std;", "`extern`"),
        ("extern \"C\" { fn system(c: *const u8) -> i32; }", "`extern`"),
        ("extern \"C\" fn f() {}", "`extern`"),
        ("mod other;", "one file"),
        ("#[path = \"/etc/passwd\"] mod other;", "`#[path]`"),
        ("#[link(name = \"c\")] fn f() {}", "`#[link]`"),
        ("pub use core::mem;", "re-exports"),
        // What throws an outcome away, or the flight with it.
        ("async fn f(v: &mut Vehicle<Airborne>) { let _ = v.take_photo().await; }", "write `?` behind it"),
        ("async fn f(v: &mut Vehicle<Airborne>) { v.take_photo().await.unwrap(); }", "stop the program in the air"),
        ("fn f(v: &Vehicle<Airborne>) -> Percent { v.battery().expect(\"a battery\") }", "stop the program in the air"),
        ("fn f() { std::thread::sleep(D); }", "to wait in the air write `vehicle.hold(Seconds(5.0)).await?`"),
        ("async fn f() { tokio::time::sleep(D).await; }", "`vehicle.hold(Seconds(5.0)).await?`"),
        // Macros that make code or hide it.
        ("macro_rules! m { () => {} }", "`macro_rules!`"),
        ("fn f() { todo!() }", "return a `FlightError`"),
        ("fn f() { panic!(\"x\") }", "return a `FlightError`"),
        ("fn f() { println!(\"x\") }", "keeps the flight's log"),
        ("fn f() { let _ = vec![0; 10]; }", "allocates nothing"),
        ("fn f() { concat_bytes!(\"x\"); }", "the macro `concat_bytes!`"),
        ("matches! { 1, 1 }", "may not make items"),
        // Attributes.
        ("#[allow(unused_must_use)] fn f() {}", "lints may not be silenced"),
        ("#[expect(unused)] fn f() {}", "lints may not be silenced"),
        ("#[cfg(target_arch = \"aarch64\")] fn f() {}", "the mission that is tested"),
        ("fn f() -> bool { cfg!(target_arch = \"aarch64\") }", "the mission that is tested"),
        ("#[cfg_attr(all(), path = \"x\")] mod other {}", "the mission that is tested"),
        ("#[no_mangle] fn f() {}", "`#[no_mangle]`"),
        ("#[derive(Serialize)] struct S;", "can be derived"),
        ("#[tokio::main] async fn f() {}", "`#[tokio::main]`"),
        ("fn f() { #![allow(unused)] }", "`#![allow]`"),
        ("#[doc = include_str!(\"/etc/passwd\")] fn f() {}", "reads no files"),
        ("#[doc(hidden)] fn f() {}", "plain text"),
    ] {
        refused(part, expected);
    }
}

#[test]
fn what_a_mission_may_contain() {
    for part in [
        "/// Metres above home.\nconst ALTITUDE: Metres = Metres(10.0);",
        "use core::f32::consts::PI;\nuse core::mem;",
        "#[derive(Debug, Clone, Copy)]\nstruct Leg { north_m: f64 }",
        "fn f(a: bool, b: bool) -> bool { a != b && matches!(Some(1), Some(_)) && !(a || b) }",
        "fn f() -> &'static str { \"unsafe include_str!(\\\"/etc/passwd\\\")\" }",
        "// unsafe extern static\nasync fn wait() { loop {} }",
        "mod legs { pub fn count() -> usize { 4 } }\nuse self::legs::count;\nuse crate::mission::legs as l;",
        "fn f() { for leg in 0..4 { while leg < 2 { break; } } }",
    ] {
        passes(part);
    }
    // No Rust: the compiler's to explain.
    for part in ["fn f( {", "fn f() { let = ; }"] {
        let judgement = judge(&format!("{FLY}{part}"));
        assert_eq!((judgement.breaches, judgement.is_judged), (Vec::new(), false), "{part}");
    }
}

#[test]
fn every_mission_of_ours_passes() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let examples =
        std::fs::read_dir(root.join("examples")).unwrap().map(|entry| entry.unwrap().path().join("mission.rs"));
    let mut missions: Vec<_> = examples.filter(|path| path.is_file()).collect();
    assert!(missions.len() >= 25, "{} examples", missions.len());
    missions.push(root.join("firmware-template/companion/src/mission.rs"));
    for path in missions {
        let judgement = judge(&std::fs::read_to_string(&path).unwrap());
        assert_eq!((judgement.breaches, judgement.is_judged), (Vec::new(), true), "{}", path.display());
    }
}

#[test]
fn fly_has_its_shape() {
    let told = |source: &str| breaches(source).iter().map(ToString::to_string).collect::<Vec<_>>();
    let signature = "`pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError>`";
    assert_eq!(told(""), [format!("src/mission.rs:1:1: there is no {signature}")]);
    for source in
        ["fn fly() {}", "pub fn fly(v: V) -> R {}", "pub async fn fly<T>(v: T) -> R {}", "pub async fn fly(v: V) {}"]
    {
        let [breach] = <[String; 1]>::try_from(told(source)).expect(source);
        assert!(breach.ends_with(&format!("`fly` must be {signature}")), "{breach}");
    }
}

#[test]
fn size_and_depth_are_bounded() {
    let long = "a".repeat(MAX_SOURCE_BYTES + 1);
    assert!(breaches(&long)[0].message.contains("limit 131072"));
    for (source, expected) in [
        (format!("{FLY}fn f() {{ {}1{} }}", "(".repeat(30_000), ")".repeat(30_000)), "nested more than"),
        (format!("{FLY}fn f() {{ {}1 }}", "-".repeat(60_000)), "operators in a row"),
        (format!("{FLY}fn f() {{ {}1 }}", "- ".repeat(60_000)), "operators in a row"),
    ] {
        assert!(breaches(&source)[0].message.contains(expected));
    }
    // Long, flat and legal: must neither be refused nor overflow.
    let sum = format!("{FLY}fn f() -> f64 {{ {}1.0 }}", "1.0+".repeat(30_000));
    assert_eq!(breaches(&sum), []);
}
