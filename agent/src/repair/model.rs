//! Edits by a language model: the lines around what is wrong, the evidence, SDK excerpts and what was tried before go in; spans with the
//! lines that they replace come out, are checked against the source, and only then applied.
//!
//! It leaves to others: judging the new text, and how often to try.
use super::sources::{Sources, line_edits};
use crate::prompts::{FlightRepairPrompt, Prompt, RepairPrompt, numbered};
use crate::retrieve::SdkContext;
use flightsmith_llm::{ChatRequest, LlmError, Message, Provider, Structured, Usage, ask};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Longest answer in tokens.
const ANSWER_TOKENS: u32 = 3_000;
/// Sources up to this many lines are shown whole.
const WHOLE_LINES: usize = 150;
/// Lines shown around each line that is wrong.
const MARGIN: usize = 8;

/// Lines that are replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpanEdit {
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
pub struct Edits {
    /// At least one.
    pub edits: Vec<SpanEdit>,
}

/// What is wrong with a source.
#[derive(Debug, Clone, Copy)]
pub enum Wrong<'a> {
    /// It does not compile, or breaks the policy.
    Source {
        /// The whole text of the diagnostics.
        diagnostics: &'a str,
        /// The lines that they speak of, from 1.
        lines: &'a [usize],
    },
    /// Its flights broke the contract.
    Flights {
        /// What must be flown, in words.
        readback: &'a str,
        /// Each: what, when, measured, limit.
        violations: &'a [String],
    },
}

/// A model at work on one mission's source; it remembers what it tried.
pub struct ModelMender<'a> {
    provider: &'a dyn Provider,
    tried: Vec<String>,
    /// Tokens so far.
    pub usage: Usage,
    /// The model's name, once it has answered.
    pub model: String,
}

impl<'a> ModelMender<'a> {
    /// Nothing tried yet.
    pub fn new(provider: &'a dyn Provider) -> Self {
        Self { provider, tried: Vec::new(), usage: Usage::default(), model: String::new() }
    }

    /// The next text, or `None` when its edits do not fit the source even after being told so once.
    ///
    /// # Errors
    /// Why the model could not be asked.
    pub fn mend(
        &mut self,
        source: &str,
        wrong: Wrong<'_>,
        context: &SdkContext,
        refused: &[String],
    ) -> Result<Option<String>, LlmError> {
        let question = self.question(source, wrong, context, refused);
        let request = ChatRequest::new(question).with_max_tokens(ANSWER_TOKENS);
        ask_for_edits(self.provider, request, "do not fit the file", |answer: &Structured<Edits>| {
            self.usage += answer.usage;
            self.model.clone_from(&answer.model);
            let text = apply(source, &answer.value.edits)?;
            self.tried.extend(answer.value.edits.iter().map(SpanEdit::in_one_line));
            Ok(text)
        })
    }

    fn question(&self, source: &str, wrong: Wrong<'_>, context: &SdkContext, refused: &[String]) -> Vec<Message> {
        let context = context.to_markdown();
        let tried: Vec<String> = self.tried.iter().chain(refused).cloned().collect();
        match wrong {
            Wrong::Source { diagnostics, lines } => {
                let source = around(source, lines);
                RepairPrompt { source: &source, diagnostics, context: &context, failed: &tried }.render()
            }
            Wrong::Flights { readback, violations } => {
                let source = numbered(source);
                let failed = &tried;
                FlightRepairPrompt { source: &source, readback, violations, context: &context, failed }.render()
            }
        }
    }
}

/// What `fit` makes of the model's edits, which is told once what is wrong with them; `None` when they do not fit even then, or when its
/// answers are none: an attempt that failed, not the end of the run.
///
/// # Errors
/// Why the model could not be asked.
pub(super) fn ask_for_edits<A: DeserializeOwned + JsonSchema, T>(
    provider: &dyn Provider,
    mut request: ChatRequest,
    unfit: &str,
    mut fit: impl FnMut(&Structured<A>) -> Result<T, Vec<String>>,
) -> Result<Option<T>, LlmError> {
    const QUESTIONS: usize = 2;
    for _ in 0..QUESTIONS {
        let answer = match ask::<A>(provider, request.clone(), 2) {
            Ok(answer) => answer,
            Err(LlmError::Garbage { .. } | LlmError::CutShort { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        match fit(&answer) {
            Ok(fitting) => return Ok(Some(fitting)),
            Err(faults) => {
                request.messages.push(Message::assistant(answer.text));
                request.messages.push(Message::user(format!(
                    "These edits {unfit}: {}. Answer again with the whole JSON, corrected.",
                    faults.join("; ")
                )));
            }
        }
    }
    Ok(None)
}

impl SpanEdit {
    /// Without the line numbers in front that the question shows, where every line has one.
    fn without_numbers(&self) -> Self {
        let strip = |text: &str| {
            let lines: Option<Vec<&str>> = text.lines().map(without_number).collect();
            lines.filter(|lines| !lines.is_empty()).map_or_else(|| text.to_owned(), |lines| lines.join("\n"))
        };
        Self { old: strip(&self.old), replacement: strip(&self.replacement), ..self.clone() }
    }

    fn in_one_line(&self) -> String {
        let short =
            |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(160).collect::<String>();
        format!("line {}: `{}` -> `{}`", self.first_line, short(&self.old), short(&self.replacement))
    }
}

/// An attempt that failed, in a line: the edits between two sets of sources, and what came of them.
pub fn attempt_in_words(before: &Sources, after: &Sources, outcome: &str) -> String {
    let short =
        |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect::<String>();
    let edits = line_edits(before, after);
    let said: Vec<String> = edits
        .iter()
        .map(|edit| {
            let (file, line) = (edit.file.display(), edit.first_line);
            format!("{file} line {line}: `{}` -> `{}`", short(&edit.old), short(&edit.new))
        })
        .collect();
    format!("{}: {outcome}", said.join("; "))
}

/// `source` with the edits applied. All of them fit, or none is applied.
///
/// Models count badly and copy nearly well: an edit whose lines have moved is taken where they stand now, if they stand at one place
/// only; line numbers in front and other indentation do not matter; and what is a part of the one line named replaces that part.
///
/// # Errors
/// What does not fit, each a clause.
pub fn apply(source: &str, edits: &[SpanEdit]) -> Result<String, Vec<String>> {
    let lines: Vec<&str> = source.lines().collect();
    let edits: Vec<SpanEdit> = edits.iter().map(|edit| whole_line(&lines, edit.without_numbers())).collect();
    let mut faults = Vec::new();
    let mut placed: Vec<(usize, usize, &SpanEdit)> = Vec::new();
    if edits.is_empty() {
        faults.push("there are none".to_owned());
    }
    for edit in &edits {
        match place(&lines, edit) {
            Ok((start, end)) => placed.push((start, end, edit)),
            Err(fault) => faults.push(fault),
        }
    }
    placed.sort_by_key(|(start, ..)| *start);
    for pair in placed.windows(2) {
        if let [(_, end, first), (start, _, second)] = pair
            && start < end
        {
            faults.push(format!("the edits of line {} and line {} overlap", first.first_line, second.first_line));
        }
    }
    if placed.iter().all(|(_, _, edit)| edit.old.trim_end() == edit.replacement.trim_end()) && faults.is_empty() {
        faults.push("they change nothing".to_owned());
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut text = String::with_capacity(source.len());
    let mut at = 0;
    let copy = |text: &mut String, range: std::ops::Range<usize>| {
        for line in &lines[range] {
            text.push_str(line);
            text.push('\n');
        }
    };
    for (start, end, edit) in placed {
        copy(&mut text, at..start);
        if !edit.replacement.is_empty() {
            text.push_str(edit.replacement.trim_end_matches('\n'));
            text.push('\n');
        }
        at = end;
    }
    copy(&mut text, at..lines.len());
    Ok(text)
}

/// The lines (from 0, end excluded) that an edit replaces.
fn place(lines: &[&str], edit: &SpanEdit) -> Result<(usize, usize), String> {
    let old: Vec<&str> = edit.old.trim_end_matches('\n').lines().map(str::trim_end).collect();
    let (first, last) = (edit.first_line, edit.last_line);
    let span_fits = first >= 1 && last >= first && last <= lines.len() && last + 1 - first == old.len();
    let mut fault = format!("lines {first} to {last} do not hold `{}`", edit.old.trim());
    for indentation_counts in [true, false] {
        let same = |now: &str, old: &str| {
            if indentation_counts { now.trim_end() == old } else { now.trim() == old.trim() }
        };
        let matches_at = |start: usize| {
            let now = lines.get(start..start + old.len());
            now.is_some_and(|now| now.iter().zip(&old).all(|(now, old)| same(now, old)))
        };
        if !old.is_empty() && span_fits && matches_at(first - 1) {
            return Ok((first - 1, last));
        }
        if edit.old.trim().is_empty() {
            continue;
        }
        let places: Vec<usize> = (0..lines.len()).filter(|start| matches_at(*start)).collect();
        match places.as_slice() {
            [start] => return Ok((*start, start + old.len())),
            [] => {}
            _ => {
                fault = format!("`{}` stands at several places, and not in line {first}", edit.old.trim());
                break;
            }
        }
    }
    Err(fault)
}

/// An edit whose `old` is a part of the one line that it names, as an edit of the whole line.
fn whole_line(lines: &[&str], edit: SpanEdit) -> SpanEdit {
    let part = edit.old.trim();
    let line =
        edit.first_line.checked_sub(1).filter(|_| edit.first_line == edit.last_line).and_then(|at| lines.get(at));
    match line {
        Some(line) if !part.is_empty() && line.trim() != part && line.matches(part).count() == 1 => {
            SpanEdit { old: (*line).to_owned(), replacement: line.replacen(part, edit.replacement.trim(), 1), ..edit }
        }
        _ => edit,
    }
}

/// `  12 | text` without its number.
fn without_number(line: &str) -> Option<&str> {
    let (number, text) = line.split_once('|')?;
    let number = number.trim();
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.strip_prefix(' ').unwrap_or(text))
}

/// The numbered lines around those that are wrong; all of a short source.
fn around(source: &str, wrong: &[usize]) -> String {
    let count = source.lines().count();
    if count <= WHOLE_LINES || wrong.is_empty() {
        return numbered(source);
    }
    let near = |number: usize| wrong.iter().any(|line| number.abs_diff(*line) <= MARGIN);
    let mut shown = String::new();
    let mut gap = false;
    for (index, line) in numbered(source).lines().enumerate() {
        if near(index + 1) {
            if gap {
                shown.push_str("     | ...\n");
                gap = false;
            }
            shown.push_str(line);
            shown.push('\n');
        } else {
            gap = true;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightsmith_llm::ChatAnswer;
    use std::sync::Mutex;

    const SOURCE: &str = "fn a() {\n    one();\n    two();\n    one();\n}\n";

    fn edit(first_line: usize, last_line: usize, old: &str, replacement: &str) -> SpanEdit {
        SpanEdit { first_line, last_line, old: old.into(), replacement: replacement.into() }
    }

    #[test]
    fn edits_that_fit_are_applied_together() {
        let check = |edits: &[SpanEdit], expect: &str| assert_eq!(apply(SOURCE, edits).as_deref(), Ok(expect));
        check(&[edit(3, 3, "    two();", "    2();")], "fn a() {\n    one();\n    2();\n    one();\n}\n");
        check(
            &[edit(4, 4, "    one();", "    1();\n    uno();"), edit(2, 2, "    one();", "")],
            "fn a() {\n    two();\n    1();\n    uno();\n}\n",
        );
        // With numbers in front, indented otherwise, a part of its line.
        check(&[edit(3, 3, "   3 |     two();", "   3 |     2();")], "fn a() {\n    one();\n    2();\n    one();\n}\n");
        check(&[edit(3, 3, "two();", "    2();")], "fn a() {\n    one();\n    2();\n    one();\n}\n");
        check(&[edit(3, 3, "two", "2")], "fn a() {\n    one();\n    2();\n    one();\n}\n");
        // Miscounted, but the text stands at one place only.
        check(&[edit(9, 9, "    two();\n    one();\n", "    3();\n")], "fn a() {\n    one();\n    3();\n}\n");
    }

    #[test]
    fn edits_that_do_not_fit_are_refused_whole() {
        let check = |edits: &[SpanEdit], expect: &str| {
            assert_eq!(apply(SOURCE, edits), Err(vec![expect.to_owned()]));
        };
        check(&[], "there are none");
        check(&[edit(3, 3, "    three();", "x")], "lines 3 to 3 do not hold `three();`");
        check(&[edit(3, 3, "    one();", "x")], "`one();` stands at several places, and not in line 3");
        check(&[edit(0, 99, "", "x")], "lines 0 to 99 do not hold ``");
        check(&[edit(3, 3, "    two();", "    two();")], "they change nothing");
        check(
            &[edit(2, 3, "    one();\n    two();", "x"), edit(3, 3, "    two();", "y")],
            "the edits of line 2 and line 3 overlap",
        );
    }

    /// Answers in order, and keeps the last question of each request.
    struct ScriptedModel(Mutex<(Vec<Edits>, Vec<String>)>);

    impl Provider for ScriptedModel {
        fn chat(&self, request: &ChatRequest) -> Result<ChatAnswer, LlmError> {
            let mut state = self.0.lock().unwrap();
            state.1.push(request.messages.last().unwrap().content.clone());
            let content = serde_json::to_string(&state.0.remove(0)).unwrap();
            Ok(ChatAnswer {
                content,
                model: "scripted".into(),
                usage: Usage { prompt_tokens: 5, completion_tokens: 3 },
            })
        }
        fn describe(&self) -> String {
            "scripted".into()
        }
    }

    #[test]
    fn edits_that_do_not_fit_are_named_once_and_what_was_tried_is_told() {
        let answer = |edit: SpanEdit| Edits { edits: vec![edit] };
        let wrong = edit(2, 2, "    zero();", "x");
        let good = edit(3, 3, "    two();", "    2();");
        let answers = vec![answer(wrong.clone()), answer(good.clone()), answer(wrong.clone()), answer(wrong)];
        let model = ScriptedModel(Mutex::new((answers, Vec::new())));
        let mut mender = ModelMender::new(&model);
        let what = Wrong::Source { diagnostics: "error[E0425]: cannot find function `two`", lines: &[3] };
        let text = mender.mend(SOURCE, what, &SdkContext::default(), &[]).unwrap();
        assert_eq!(text.as_deref(), Some("fn a() {\n    one();\n    2();\n    one();\n}\n"));
        assert_eq!(mender.usage, Usage { prompt_tokens: 10, completion_tokens: 6 });
        assert_eq!(mender.mend(SOURCE, what, &SdkContext::default(), &[]).unwrap(), None);
        let asked = &model.0.lock().unwrap().1;
        assert!(asked[0].contains("   3 |     two();") && asked[0].contains("E0425") && asked[0].ends_with("(none)"));
        assert!(asked[1].contains("lines 2 to 2 do not hold `zero();`"), "{}", asked[1]);
        assert!(asked[2].ends_with("- line 3: `two();` -> `2();`"), "{}", asked[2]);
    }

    #[test]
    fn a_long_source_is_shown_around_what_is_wrong() {
        let source: String = (1..=300).map(|number| format!("line{number}\n")).collect();
        let shown = around(&source, &[20, 200]);
        assert_eq!(shown.lines().count(), 17 + 17 + 2);
        assert!(shown.starts_with("     | ...\n  12 | line12\n") && shown.contains(" 208 | line208"), "{shown}");
    }
}
