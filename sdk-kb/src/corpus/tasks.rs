//! Solved tasks, one Rust file each: general Rust in `corpus/rust/<topic>/<name>.rs`, flights in `corpus/missions/<name>.rs`.
//!
//! The file's leading `//!` block is the answer's text: a heading `# ..`, the questions that it answers as a list `- ..`, and the
//! explanation. What follows is the code. Tests compile and run every one of them.
use super::{files, read_text};
use crate::error::KbError;
use crate::item::{Item, Kind};
use std::path::Path;

/// Their authors' licence, that of the repository.
pub const LICENCE: &str = "Apache-2.0 OR MIT";

/// A task and its solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What it is about, in a few words.
    pub title: String,
    /// Questions that it answers, as people ask them.
    pub questions: Vec<String>,
    /// The explanation, with its pitfalls.
    pub explanation: String,
    /// The code below the header.
    pub code: String,
}

impl Task {
    /// Reads a task's file.
    ///
    /// # Errors
    /// What is missing: the heading, the questions, the explanation or the code.
    ///
    /// ```
    /// use flightsmith_kb::corpus::tasks::Task;
    /// let task = Task::parse("//! # Say hello\n//!\n//! - How do I print?\n//!\n//! By `println!`.\nfn main() {}\n")?;
    /// assert_eq!(task.questions, ["How do I print?"]);
    /// # Ok::<(), String>(())
    /// ```
    pub fn parse(source: &str) -> Result<Self, String> {
        let header = source.lines().take_while(|line| line.starts_with("//!")).count();
        let header: Vec<&str> = source.lines().take(header).map(|line| line[3..].trim()).collect();
        let code = source.lines().skip(header.len()).collect::<Vec<_>>().join("\n").trim().to_owned();
        let mut lines = header.iter().copied().skip_while(|line| line.is_empty());
        let title = lines.next().and_then(|line| line.strip_prefix("# ")).ok_or("no heading `//! # ..`")?.to_owned();
        let mut lines = lines.skip_while(|line| line.is_empty()).peekable();
        let mut questions = Vec::new();
        while let Some(question) = lines.next_if(|line| line.starts_with("- ")) {
            questions.push(question[2..].to_owned());
        }
        let explanation = lines.collect::<Vec<_>>().join("\n").trim().to_owned();
        let missing = [
            (questions.is_empty(), "no questions `//! - ..` below the heading"),
            (explanation.is_empty(), "no explanation below the questions"),
            (code.is_empty(), "no code below the header"),
        ];
        match missing.iter().find(|(is_missing, _)| *is_missing) {
            Some((_, what)) => Err((*what).to_owned()),
            None => Ok(Self { title, questions, explanation, code }),
        }
    }

    fn item(self, id: String, kind: Kind, source: String) -> Item {
        Item {
            id,
            kind,
            text: format!("{}\n\n{}", self.questions.join("\n"), self.explanation),
            title: self.title,
            code: self.code,
            source,
            licence: LICENCE.into(),
            autopilot: None,
            asked: String::new(),
            dialect: None,
            sdk_version: None,
        }
    }
}

/// All tasks below `corpus`.
pub(super) fn read(corpus: &Path) -> Result<Vec<Item>, KbError> {
    let mut items = Vec::new();
    for (folder, prefix, kind) in [("rust", "task:", Kind::RustTask), ("missions", "example:by-hand/", Kind::Example)] {
        let folder = corpus.join(folder);
        if !folder.is_dir() {
            continue;
        }
        for path in files(&folder, &["rs"])? {
            let name = path.strip_prefix(&folder).unwrap_or(&path).with_extension("");
            let name = name.to_string_lossy().replace('\\', "/");
            let task =
                Task::parse(&read_text(&path)?).map_err(|reason| KbError::Malformed { path: path.clone(), reason })?;
            let below = path.strip_prefix(corpus).unwrap_or(&path).display();
            items.push(task.item(format!("{prefix}{name}"), kind, format!("sdk-kb/corpus/{below}")));
        }
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_has_a_heading_questions_an_explanation_and_code() {
        let whole = "//! # Title\n//!\n//! - One?\n//! - Two?\n//!\n//! Because.\n//!\n//! Pitfalls:\n//! - None.\n\nfn main() {}\n";
        let task = Task::parse(whole).expect("whole");
        assert_eq!(task.title, "Title");
        assert_eq!(task.questions, ["One?", "Two?"]);
        assert_eq!(task.explanation, "Because.\n\nPitfalls:\n- None.");
        assert_eq!(task.code, "fn main() {}");
        for (broken, said) in [
            ("fn main() {}", "no heading"),
            ("//! # Title\n//!\n//! Because.\nfn main() {}", "no questions"),
            ("//! # Title\n//! - One?\nfn main() {}", "no explanation"),
            ("//! # Title\n//! - One?\n//!\n//! Because.\n", "no code"),
        ] {
            let reason = Task::parse(broken).expect_err(broken);
            assert!(reason.starts_with(said), "{reason}");
        }
    }
}
