//! The real compiler as a judge of small sources.
use flightsmith::repair::Sources;
use flightsmith_toolchain::diagnostics::{Diagnostic, from_rustc};
use std::path::Path;
use std::process::Command;

/// The file that stands for the crate.
pub const FILE: &str = "case.rs";

/// The errors of a library that begins with [`FILE`], as rustc has them.
pub fn compile(folder: &Path, sources: &Sources, edition: &str) -> Result<Vec<Diagnostic>, std::io::Error> {
    for (path, text) in sources {
        std::fs::write(folder.join(path), text)?;
    }
    let output = Command::new("rustc")
        .args(["--edition", edition, "--crate-type", "lib", "--emit=metadata", "--error-format=json", "-Awarnings"])
        .args(["-o", "case.rmeta", FILE])
        .current_dir(folder)
        .output()?;
    let mut errors = from_rustc(&String::from_utf8_lossy(&output.stderr));
    errors.retain(Diagnostic::is_error);
    assert_eq!(output.status.success(), errors.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(errors)
}
