//! The model as the last rung of a foreign project's repair: one file at a time, by edits that are checked before they are applied.
use super::model::{ModelMender, Wrong};
use super::project::{Problem, ProjectMender};
use crate::models::Model;
use crate::retrieve::SdkContext;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A model that mends files of somebody's project.
pub struct ForeignMender<'a>(ModelMender<'a>);

impl<'a> ForeignMender<'a> {
    /// With `model`.
    pub fn new(model: &'a Model) -> Self {
        Self(ModelMender::new(model))
    }
}

impl ProjectMender for ForeignMender<'_> {
    fn mend(&mut self, problem: &Problem) -> Result<Option<BTreeMap<PathBuf, String>>, String> {
        // The SDK's excerpts say nothing about a foreign project.
        let context = SdkContext { excerpts: Vec::new() };
        for (path, source) in &problem.files {
            let wrong = Wrong::Source { diagnostics: &problem.told, lines: &lines_in(&problem.told, path) };
            let mended = self.0.mend(source, wrong, &context).map_err(|error| error.to_string())?;
            if let Some(text) = mended {
                return Ok(Some(BTreeMap::from([(path.clone(), text)])));
            }
        }
        Ok(None)
    }
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
