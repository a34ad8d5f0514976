//! The structural rules by families, on small programs that the real compiler judges: what is wrong, its code, and what it must become.
mod language;
#[path = "../rustc/mod.rs"]
mod rustc;
mod slips;
mod traits;

use flightsmith::repair::{Bounds, Rung, Sources, Workbench, climb};
use rustc::{FILE, compile};
use std::path::PathBuf;
use std::time::Duration;

/// Code, what is wrong, what it must become.
type Row = (&'static str, &'static str, &'static str);

fn check(table: &[Row]) {
    let mut wrong = Vec::new();
    for (code, before, after) in table {
        let folder = tempfile::tempdir().unwrap();
        let bounds = Bounds { judged: 60, mender_calls: 0, wall: Duration::from_secs(120) };
        let sources = Sources::from([(FILE.into(), (*before).to_owned())]);
        let errors = compile(folder.path(), &sources, "2021").unwrap();
        let has_code = errors.iter().any(|error| error.code.as_deref() == Some(*code));
        let compiler = &mut |sources: &Sources| compile(folder.path(), sources, "2021");
        let climbed = climb(sources, compiler, &Rung::WITHOUT_MODEL, &mut Workbench::default(), bounds)
            .unwrap_or_else(|error| panic!("{error:?}"));
        let text = &climbed.sources[&PathBuf::from(FILE)];
        if !has_code || !climbed.is_mended() || text != after {
            let left: Vec<&str> = climbed.left.iter().map(|error| error.message.as_str()).collect();
            wrong.push(format!(
                "{code} ({has_code}), became:\n{text}\nleft: {left:#?}\nrefused: {:#?}",
                climbed.refused
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
}
