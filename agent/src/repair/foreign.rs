//! The model as the last rung of a foreign project's repair: all files that matter in one question, edits of any of them in one answer,
//! checked before they are applied.
//!
//! It leaves to others: which excerpts help (`retrieve::advice`), how much of a file is shown ([`super::excerpt`]), and judging.
use super::excerpt::shown;
use super::model::{SpanEdit, apply, ask_for_edits};
use super::sources::Sources;
use super::workbench::{Proposer, Stuck};
use crate::budget;
use crate::prompts::{FixPrompt, Prompt};
use crate::retrieve::Excerpt;
use crate::retrieve::advice::{Advice, for_errors, within};
use flightsmith_kb::Searchable;
use flightsmith_llm::{ChatRequest, Message, Provider, Structured, Usage};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Longest answer in tokens.
const ANSWER_TOKENS: u32 = 2_000;

/// Lines of a file that are replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileEdit {
    /// The file, as it is named above its lines.
    pub file: String,
    /// First line, from 1.
    pub first_line: usize,
    /// Last line, not before the first.
    pub last_line: usize,
    /// What these lines hold now.
    pub old: String,
    /// What they shall hold; empty removes them.
    pub replacement: String,
}

/// What the model answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileEdits {
    /// What is wrong, in a sentence.
    #[serde(default)]
    pub cause: String,
    /// At least one.
    pub edits: Vec<FileEdit>,
}

/// A model that mends files of somebody's project.
pub struct ForeignMender<'a> {
    provider: &'a dyn Provider,
    kb: Option<&'a dyn Searchable>,
    /// Ids of items that must not be told.
    secret: BTreeSet<String>,
    /// Tokens so far.
    pub usage: Usage,
    /// What the model was told from the knowledge base, without repeats.
    pub told: Vec<Excerpt>,
    /// Ids of what would have been told and must not be.
    pub withheld: BTreeSet<String>,
}

impl<'a> ForeignMender<'a> {
    /// With `model`, and excerpts from `kb` if there is one.
    pub fn new(model: &'a dyn Provider, kb: Option<&'a dyn Searchable>) -> Self {
        Self {
            provider: model,
            kb,
            secret: BTreeSet::new(),
            usage: Usage::default(),
            told: Vec::new(),
            withheld: BTreeSet::new(),
        }
    }

    /// Never tells the items with these ids.
    #[must_use]
    pub fn keeping_secret(mut self, ids: BTreeSet<String>) -> Self {
        self.secret = ids;
        self
    }

    fn question(&mut self, stuck: &Stuck<'_>) -> Vec<Message> {
        let uses_sdk = stuck.sources.values().any(|text| text.contains("flightsmith_sdk"));
        let advice = self.kb.map_or_else(Advice::default, |kb| for_errors(kb, stuck.errors, uses_sdk, &self.secret));
        self.withheld.extend(advice.withheld);
        let context =
            if advice.context.excerpts.is_empty() { "(none)".to_owned() } else { advice.context.to_markdown() };
        for excerpt in advice.context.excerpts {
            if !self.told.contains(&excerpt) {
                self.told.push(excerpt);
            }
        }
        let files = shown(stuck, budget::FIX_SOURCE_TOKENS);
        let diagnostics = within(&diagnostics(stuck), budget::FIX_ERROR_TOKENS).join("\n");
        // The latest attempts are worth most.
        let latest: Vec<String> = stuck.refused.iter().rev().cloned().collect();
        let failed = within(&latest, budget::FIX_ATTEMPT_TOKENS);
        FixPrompt { files: &files, diagnostics: &diagnostics, context: &context, failed: &failed }.render()
    }
}

impl Proposer for ForeignMender<'_> {
    fn propose(&mut self, stuck: &Stuck<'_>) -> Result<Option<Sources>, String> {
        let request = ChatRequest::new(self.question(stuck)).with_max_tokens(ANSWER_TOKENS);
        let fitting = ask_for_edits(self.provider, request, "do not fit", |answer: &Structured<FileEdits>| {
            self.usage += answer.usage;
            apply_to_files(stuck.sources, &answer.value.edits)
        });
        fitting.map_err(|error| error.to_string())
    }
}

/// What the compiler says of each error, or the tests do.
fn diagnostics(stuck: &Stuck<'_>) -> Vec<String> {
    match stuck.tests {
        Some(tests) => vec![tests.to_owned()],
        None => {
            let mut told = BTreeSet::new();
            let texts = stuck.errors.iter().map(|error| error.rendered.as_deref().unwrap_or(&error.message));
            texts.map(|text| once(text, &mut told) + "\n").collect()
        }
    }
}

/// An error's text without the notes that an earlier one has said, and without what the compiler says about its own output.
fn once(text: &str, told: &mut BTreeSet<String>) -> String {
    const ABOUT_ITSELF: [&str; 2] =
        ["= note: the full name for the type has been written to", "= note: consider using `--verbose`"];
    let mut parts: Vec<String> = vec![String::new()];
    for line in text.trim_end().lines() {
        if ABOUT_ITSELF.iter().any(|note| line.trim_start().starts_with(note)) {
            continue;
        }
        if line.starts_with("note: ") || line.starts_with("help: ") {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts
        .into_iter()
        .enumerate()
        .filter(|(number, part)| *number == 0 || told.insert(part.clone()))
        .map(|(_, part)| part)
        .collect()
}

/// The files that the edits change, as they are then. All edits fit, or none is applied.
fn apply_to_files(sources: &Sources, edits: &[FileEdit]) -> Result<Sources, Vec<String>> {
    let (mut changed, mut faults) = (Sources::new(), Vec::new());
    let mut files: Vec<&str> = edits.iter().map(|edit| edit.file.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    for name in files {
        let Some((path, source)) = file(sources, name) else {
            faults.push(format!("there is no file `{name}`"));
            continue;
        };
        let of_file = edits.iter().filter(|edit| edit.file == name);
        let spans: Vec<SpanEdit> = of_file.map(FileEdit::span).collect();
        match apply(source, &spans) {
            Ok(text) => drop(changed.insert(path.clone(), text)),
            Err(found) => faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", path.display()))),
        }
    }
    if edits.is_empty() {
        faults.push("there are none".to_owned());
    }
    if faults.is_empty() { Ok(changed) } else { Err(faults) }
}

impl FileEdit {
    fn span(&self) -> SpanEdit {
        let Self { first_line, last_line, old, replacement, .. } = self.clone();
        SpanEdit { first_line, last_line, old, replacement }
    }
}

/// The file called `name`; where there is one only, that is meant.
fn file<'s>(sources: &'s Sources, name: &str) -> Option<(&'s PathBuf, &'s String)> {
    let name = name.trim().trim_start_matches("./");
    sources
        .iter()
        .find(|(path, _)| path.as_os_str() == name)
        .or_else(|| if sources.len() == 1 { sources.iter().next() } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightsmith_llm::{ChatAnswer, LlmError, Role};
    use flightsmith_toolchain::diagnostics::{Diagnostic, Level};
    use std::sync::Mutex;

    /// Answers in order, and keeps the questions.
    struct ScriptedModel(Mutex<(Vec<FileEdits>, Vec<Vec<Message>>)>);

    impl Provider for ScriptedModel {
        fn chat(&self, request: &ChatRequest) -> Result<ChatAnswer, LlmError> {
            let mut state = self.0.lock().unwrap();
            state.1.push(request.messages.clone());
            let content = serde_json::to_string(&state.0.remove(0)).unwrap();
            Ok(ChatAnswer { content, model: "scripted".into(), usage: Usage::default() })
        }
        fn describe(&self) -> String {
            "scripted".into()
        }
    }

    fn edit(file: &str, line: usize, old: &str, replacement: &str) -> FileEdit {
        let (old, replacement) = (old.into(), replacement.into());
        FileEdit { file: file.into(), first_line: line, last_line: line, old, replacement }
    }

    fn edits(edits: Vec<FileEdit>) -> FileEdits {
        FileEdits { cause: "a name".into(), edits }
    }

    fn error(message: &str) -> Diagnostic {
        Diagnostic {
            message: message.into(),
            code: Some("E0425".into()),
            level: Level::Error,
            spans: Vec::new(),
            children: Vec::new(),
            rendered: Some(format!("error[E0425]: {message}\n --> src/b.rs:1:10\n")),
        }
    }

    #[test]
    fn one_answer_edits_several_files_and_the_question_has_what_failed() {
        let sources = Sources::from([
            ("src/a.rs".into(), "pub fn one() {}\n".to_owned()),
            ("src/b.rs".into(), "fn b() { won() }\n".to_owned()),
        ]);
        let wrong = edits(vec![edit("src/c.rs", 1, "x", "y"), edit("src/b.rs", 1, "fn c() {}", "z")]);
        let right = edits(vec![
            edit("src/b.rs", 1, "fn b() { won() }", "fn b() { one() }"),
            edit("./src/a.rs", 1, "pub fn one() {}", "pub fn one() {}\npub fn two() {}"),
        ]);
        let model = ScriptedModel(Mutex::new((vec![wrong, right], Vec::new())));
        let mut mender = ForeignMender::new(&model, None);
        let refused = ["src/b.rs line 1: `won` -> `wan`: it did not become better: error[E0425]: wan".to_owned()];
        let errors = [error("cannot find function `won`")];
        let stuck = Stuck { sources: &sources, errors: &errors, refused: &refused, tests: None };
        let changed = mender.propose(&stuck).unwrap().unwrap();
        assert_eq!(changed[&PathBuf::from("src/a.rs")], "pub fn one() {}\npub fn two() {}\n");
        assert_eq!(changed[&PathBuf::from("src/b.rs")], "fn b() { one() }\n");
        let asked = &model.0.lock().unwrap().1;
        let question = &asked[0][1].content;
        for part in [
            "File `src/a.rs`:\n   1 | pub fn one() {}",
            "   1 | fn b() { won() }",
            "cannot find function `won`",
            &refused[0],
        ] {
            assert!(question.contains(part), "{part} is not in\n{question}");
        }
        let told = asked[1].last().unwrap();
        assert_eq!(told.role, Role::User);
        assert!(
            told.content.contains("src/b.rs: lines 1 to 1 do not hold `fn c() {}`; there is no file `src/c.rs`"),
            "{}",
            told.content
        );
    }

    #[test]
    fn what_was_said_is_not_said_again() {
        let text = "error[E0507]: cannot move\n --> lib.rs:1:1\n  = note: consider using `--verbose` to print\nnote: it takes\n --> lib.rs:3:1\n";
        let mut told = BTreeSet::new();
        assert_eq!(
            once(text, &mut told),
            "error[E0507]: cannot move\n --> lib.rs:1:1\nnote: it takes\n --> lib.rs:3:1\n"
        );
        assert_eq!(once(text, &mut told), "error[E0507]: cannot move\n --> lib.rs:1:1\n");
    }

    #[test]
    fn an_answer_without_edits_is_no_idea_and_one_file_needs_no_name() {
        let sources = Sources::from([("main.rs".into(), "fn main() { won() }\n".to_owned())]);
        let stuck = Stuck { sources: &sources, errors: &[], refused: &[], tests: None };
        let model = ScriptedModel(Mutex::new((vec![edits(Vec::new()), edits(Vec::new())], Vec::new())));
        assert_eq!(ForeignMender::new(&model, None).propose(&stuck).unwrap(), None);
        let unnamed = edits(vec![edit("src/main.rs", 1, "won()", "one()")]);
        let model = ScriptedModel(Mutex::new((vec![unnamed], Vec::new())));
        let changed = ForeignMender::new(&model, None).propose(&stuck).unwrap().unwrap();
        assert_eq!(changed[&PathBuf::from("main.rs")], "fn main() { one() }\n");
    }
}
