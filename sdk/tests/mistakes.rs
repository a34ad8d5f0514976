//! The mistakes that code generators make with drone APIs, each refused by the compiler in the words of its `.stderr`.
//!
//! `mistakes/NN-name.rs` is a mission with one mistake, `NN-name.fixed.rs` the same mission as it should be, `cases/NN-name.rs` the
//! crate around it. Whether the words help, and whether the compiler's own suggestion mends the mistake, is measured by
//! `agent/tests/mistakes.rs` and shown in `docs/mistakes.md`.
//!
//! After a change of the SDK: `UPDATE_EXPECT=1 TRYBUILD=overwrite cargo test -p flightsmith-sdk --test mistakes`, and look at what
//! changed.
use std::path::{Path, PathBuf};
use std::process::Command;

/// The compiler whose words the `.stderr` files hold; others say the same a little differently.
const WORDS_OF: &str = "rustc 1.95.";

const AROUND: &str = "//! The crate around the mission, as a generated mission is compiled.
#![no_std]
#![forbid(unsafe_code)]
#![deny(unused_must_use)]
#[path = \"../NAME.rs\"]
mod mission;
pub use mission::fly;

fn main() {}
";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes")
}

/// Names of the files in `folder` that end with `ending`, without it.
fn names(folder: &Path, ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries
        .filter_map(|name| Some(name.to_str()?.strip_suffix(ending)?.to_owned()))
        .filter(|name| !name.contains('.'))
        .collect();
    names.sort();
    names
}

#[test]
fn every_mistake_has_its_crate_its_words_and_its_right_version() {
    let mistakes = names(&folder(), ".rs");
    assert!(mistakes.len() >= 60, "{} mistakes", mistakes.len());
    for name in &mistakes {
        let case = folder().join("cases").join(name).with_extension("rs");
        expect_test::expect_file![case].assert_eq(&AROUND.replace("NAME", name));
    }
    assert_eq!(names(&folder(), ".fixed.rs"), mistakes);
    assert_eq!(names(&folder().join("cases"), ".rs"), mistakes);
    assert_eq!(names(&folder().join("cases"), ".stderr"), mistakes);
}

#[test]
fn every_mistake_is_refused_in_these_words() {
    let rustc = std::env::var_os("RUSTC").unwrap_or("rustc".into());
    let version = Command::new(rustc).arg("--version").output().expect("rustc").stdout;
    let version = String::from_utf8_lossy(&version).into_owned();
    if !version.starts_with(WORDS_OF) {
        // The words that matter are looked for by `agent/tests/mistakes.rs` with any compiler.
        eprintln!("not compared with the words of {WORDS_OF}x: this is {version}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/mistakes/cases/*.rs");
}
