//! What is broken: example missions, mistakes with their right versions, and the larger programs, as they lie in the source tree.
use super::compiler::{EvalError, at};
use crate::repair::Sources;
use crate::repair::mission::MISSION;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the programs and the list of what was drawn lie.
pub const DATA: &str = "agent/eval/repair/data";

/// A sound program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Its folder's name.
    pub name: String,
    /// Its sources.
    pub sources: Sources,
    /// The text of `tests.rs`; empty for a mission.
    pub tests: String,
}

/// A mistake of `sdk/tests/mistakes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// `07-feet`.
    pub name: String,
    /// The mission with it.
    pub wrong: String,
    /// The mission without it.
    pub right: String,
}

/// Everything, in the order of names.
#[derive(Debug)]
pub struct Material {
    /// `agent/eval/repair/data/programs`.
    pub programs: Vec<Origin>,
    /// `examples`.
    pub missions: Vec<Origin>,
    /// `sdk/tests/mistakes`.
    pub mistakes: Vec<Mistake>,
}

impl Material {
    /// Reads it from the source tree at `root`.
    pub fn read(root: &Path) -> Result<Self, EvalError> {
        let mut programs = Vec::new();
        for folder in entries(&root.join(DATA).join("programs"))?.into_iter().filter(|path| path.is_dir()) {
            let mut sources = Sources::new();
            for file in entries(&folder)? {
                sources.insert(name_of(&file).into(), text(&file)?);
            }
            let tests = sources
                .remove(Path::new("tests.rs"))
                .ok_or_else(|| EvalError::Data { path: folder.clone(), what: "has no tests.rs".into() })?;
            programs.push(Origin { name: name_of(&folder), sources, tests });
        }
        let mut missions = Vec::new();
        for folder in entries(&root.join("examples"))?.into_iter().filter(|path| path.is_dir()) {
            let sources = Sources::from([(MISSION.into(), text(&folder.join("mission.rs"))?)]);
            missions.push(Origin { name: name_of(&folder), sources, tests: String::new() });
        }
        let folder = root.join("sdk/tests/mistakes");
        let mut mistakes = Vec::new();
        for path in entries(&folder)? {
            let Some(name) = name_of(&path).strip_suffix(".fixed.rs").map(str::to_owned) else { continue };
            let wrong = without_head(&text(&folder.join(format!("{name}.rs")))?);
            mistakes.push(Mistake { wrong, right: without_head(&text(&path)?), name });
        }
        Ok(Self { programs, missions, mistakes })
    }

    /// The origin called `name`.
    pub fn origin(&self, name: &str) -> Option<&Origin> {
        self.programs.iter().chain(&self.missions).find(|origin| origin.name == name)
    }

    /// The mistake called `name`.
    pub fn mistake(&self, name: &str) -> Option<&Mistake> {
        self.mistakes.iter().find(|mistake| mistake.name == name)
    }
}

/// Two missions in one file: the second flies as `fly_again`.
pub fn merged(one: &str, other: &str) -> String {
    let (head, mut second) = ("use flightsmith_sdk::prelude::*;", other.replace("fn fly(", "fn fly_again("));
    if one.contains(head) {
        second = second.replacen(head, "", 1);
    }
    format!("{}\n\n{}\n", one.trim_end(), second.trim())
}

/// The same with the two flights exchanged, so that the second one is flown.
pub fn exchanged(merged: &str) -> String {
    merged.replace("fn fly(", "fn fly_first(").replace("fn fly_again(", "fn fly(")
}

/// The mistakes say at their head what is wrong with them: who repairs must not read that.
fn without_head(source: &str) -> String {
    let lines = source.lines().skip_while(|line| line.starts_with("//!"));
    lines.map(|line| format!("{line}\n")).collect()
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, EvalError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        paths.push(entry.map_err(at(folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn text(path: &Path) -> Result<String, EvalError> {
    fs::read_to_string(path).map_err(at(path))
}
