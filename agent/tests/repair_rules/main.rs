//! The structural rules by families, on small programs that the real compiler judges: what is wrong, its code, and what it must become.
mod language;
mod traits;

use flightsmith::repair::{Bounds, Rung, Sources, Workbench, climb};
use flightsmith_toolchain::diagnostics::{Diagnostic, from_rustc};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const FILE: &str = "case.rs";

/// The errors of a single file, as rustc has them.
fn compile(folder: &Path, sources: &Sources) -> Result<Vec<Diagnostic>, std::io::Error> {
    std::fs::write(folder.join(FILE), &sources[&PathBuf::from(FILE)])?;
    let output = Command::new("rustc")
        .args(["--edition", "2021", "--crate-type", "lib", "--emit=metadata", "--error-format=json", "-Awarnings"])
        .args(["-o", "case.rmeta", FILE])
        .current_dir(folder)
        .output()?;
    let mut errors = from_rustc(&String::from_utf8_lossy(&output.stderr));
    errors.retain(Diagnostic::is_error);
    assert_eq!(output.status.success(), errors.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(errors)
}

/// Code, what is wrong, what it must become.
type Row = (&'static str, &'static str, &'static str);

fn check(table: &[Row]) {
    let mut wrong = Vec::new();
    for (code, before, after) in table {
        let folder = tempfile::tempdir().unwrap();
        let bounds = Bounds { judged: 60, mender_calls: 0, wall: Duration::from_secs(120) };
        let sources = Sources::from([(FILE.into(), (*before).to_owned())]);
        let errors = compile(folder.path(), &sources).unwrap();
        let has_code = errors.iter().any(|error| error.code.as_deref() == Some(*code));
        let compiler = &mut |sources: &Sources| compile(folder.path(), sources);
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
