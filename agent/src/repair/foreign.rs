//! The model as the last rung of a foreign project's repair: one file at a time, by edits that are checked before they are applied.
use super::model::{ModelMender, Wrong};
use super::sources::{Sources, named_by};
use super::workbench::{Proposer, Stuck};
use crate::models::Model;
use crate::retrieve::SdkContext;
use std::path::PathBuf;

/// A model that mends files of somebody's project.
pub struct ForeignMender<'a>(ModelMender<'a>);

impl<'a> ForeignMender<'a> {
    /// With `model`.
    pub fn new(model: &'a Model) -> Self {
        Self(ModelMender::new(model))
    }
}

impl Proposer for ForeignMender<'_> {
    fn propose(&mut self, stuck: &Stuck<'_>) -> Result<Option<Sources>, String> {
        // The SDK's excerpts say nothing about a foreign project.
        let context = SdkContext::default();
        let told = told(stuck);
        for (path, source) in files(stuck) {
            let wrong = Wrong::Source { diagnostics: &told, lines: &lines_in(&told, path) };
            let mended = self.0.mend(source, wrong, &context, stuck.refused).map_err(|error| error.to_string())?;
            if let Some(text) = mended {
                return Ok(Some(Sources::from([(path.clone(), text)])));
            }
        }
        Ok(None)
    }
}

/// The files that the errors are about, those with a primary place first; for failing tests all that may be changed.
fn files<'s>(stuck: &Stuck<'s>) -> Vec<(&'s PathBuf, &'s String)> {
    if stuck.tests.is_some() {
        return stuck.sources.iter().collect();
    }
    let primary =
        |path: &PathBuf| stuck.errors.iter().any(|error| error.primary().is_some_and(|at| at.file_name == *path));
    let named = named_by(stuck.errors);
    let mut files: Vec<_> = stuck.sources.iter().filter(|(path, _)| named.contains(&path.as_path())).collect();
    files.sort_by_key(|(path, _)| !primary(path));
    files
}

fn told(stuck: &Stuck<'_>) -> String {
    if let Some(tests) = stuck.tests {
        return tests.to_owned();
    }
    let texts: Vec<&str> =
        stuck.errors.iter().map(|error| error.rendered.as_deref().unwrap_or(&error.message)).collect();
    texts.join("\n")
}

/// The lines of `path` that the compiler's text speaks of (`--> src/main.rs:3:5`).
fn lines_in(told: &str, path: &std::path::Path) -> Vec<usize> {
    let name = format!("{}:", path.display());
    let behind = told.match_indices(&name).map(|(at, _)| &told[at + name.len()..]);
    let mut lines: Vec<usize> =
        behind.filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_from_the_compilers_text() {
        let told = "error[E0308]: mismatched types\n --> src/main.rs:7:18\n  |\nnote: here\n --> src/main.rs:2:4\n --> src/lib.rs:9:1\n";
        assert_eq!(lines_in(told, "src/main.rs".as_ref()), [2, 7]);
        assert_eq!(lines_in(told, "src/none.rs".as_ref()), [] as [usize; 0]);
    }
}
