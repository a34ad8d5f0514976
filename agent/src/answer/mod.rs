//! Questions -> answers from the knowledge base: what was found, with its sources, and code that was compiled first ([`proof`]).
//!
//! Without a model the best finds are the answer. With one it writes the words from the finds; its code is compiled as any other, and a
//! failure is told it once. [`explain`] speaks about a file's code and about the compiler's errors.
//!
//! It leaves to others: what the knowledge base holds and how it is searched (`flightsmith-kb`).
pub mod compiled;
pub mod explain;
pub mod proof;

use crate::budget;
use crate::exit::RunError;
use crate::prompts::{AskPrompt, Prompt};
use crate::retrieve::Excerpt;
use flightsmith_kb::{CONFIDENT, Filter, Hit, Item, Kind, KnowledgeBase};
use flightsmith_llm::{ChatRequest, Message, Provider};
use proof::{Proof, Prover};
use serde::Serialize;
use std::fmt::Write;

/// What `ask` says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// What was asked.
    pub question: String,
    /// Always true; what has no answer is told in the same place ([`NoAnswer`]).
    pub answered: bool,
    /// From 0 to 1: how much of the question the best find speaks of; absent where nothing was searched for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// The model that wrote the words; absent where they are the knowledge base's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The answer in words.
    pub words: String,
    /// Code, each with what was found out about it.
    pub code: Vec<Shown>,
    /// Where it comes from, numbered from 1.
    pub sources: Vec<Cited>,
}

/// A piece of code as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shown {
    /// What it is.
    pub title: String,
    /// The code.
    pub code: String,
    /// Number of its source in [`Answer::sources`]; absent where a model wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cited: Option<usize>,
    /// What was found out about it.
    pub proof: Proof,
}

/// An item that the answer rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cited {
    /// Its id in the knowledge base.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// File and line.
    pub source: String,
    /// SPDX expression.
    pub licence: String,
}

/// What `ask` says where it has no answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoAnswer {
    /// What was asked.
    pub question: String,
    /// Always false.
    pub answered: bool,
    /// Why not.
    pub reason: String,
    /// What to do instead.
    pub hints: Vec<String>,
}

/// So many finds are cited.
const CITED: usize = 5;
/// The code of so many is compiled and shown.
const SHOWN: usize = 2;
/// One excerpt in a prompt, in tokens.
const EXCERPT_TOKENS: usize = 800;

/// Answers from what is found.
///
/// # Errors
/// [`RunError::Refused`] where nothing is found that answers; else why code could not be compiled.
pub fn from_finds(kb: &KnowledgeBase, question: &str, prover: &mut Prover<'_>) -> Result<Answer, RunError> {
    let (finds, confidence) = finds(kb, question)?;
    let best = &finds[0];
    let mut words = best.item.text.trim().to_owned();
    let mut code = Vec::new();
    if !best.item.code.is_empty() && best.item.kind.is_code() && best.item.kind != Kind::Example {
        let (declaration, example) = parted(&best.item.code);
        let _ = write!(words, "\n\n{declaration}");
        let mission = within_a_mission(example);
        let proof = if example.contains("vehicle") { prover.prove(&mission)? } else { Proof::Piece };
        if proof.holds() {
            code.push(Shown { title: best.item.title.clone(), code: mission, cited: Some(1), proof });
        } else if !example.is_empty() {
            let _ = write!(words, "\n\n({})\n{example}", Proof::Piece.in_words());
        }
    }
    for (place, hit) in finds.iter().enumerate() {
        if code.len() == SHOWN {
            break;
        }
        if let Some(source) = runnable(&hit.item) {
            let proof = prover.prove(&source)?;
            code.push(Shown { title: hit.item.title.clone(), code: source, cited: Some(place + 1), proof });
        }
    }
    let (question, sources) = (question.to_owned(), cited(&finds));
    Ok(Answer { question, answered: true, confidence: Some(confidence), model: None, words, code, sources })
}

/// Answers in a model's words, from what is found. Its code is compiled, and where it is a program run; where that fails it is told so,
/// and what still fails is not shown: the best solved tasks stand in its place.
///
/// # Errors
/// As [`from_finds`], and [`RunError::Model`].
pub fn by_model(
    kb: &KnowledgeBase,
    question: &str,
    prover: &mut Prover<'_>,
    model: &dyn Provider,
) -> Result<Answer, RunError> {
    let (finds, confidence) = finds(kb, question)?;
    let context = context(&finds);
    let mut request = ChatRequest::new(AskPrompt { question, context: &context }.render());
    let ask =
        |request: &ChatRequest| model.chat(request).map_err(|error| RunError::Model { reason: error.to_string() });
    let mut failed = String::new();
    for _ in 0..budget::ASK_QUESTIONS {
        let answer = ask(&request)?;
        let parts = parts_of(&answer.content);
        let proof = parts.code.as_deref().map(|code| prover.prove(code)).transpose()?;
        let fault = match &proof {
            Some(Proof::Failed { said, whole }) => format!("{said}\n{whole}"),
            Some(Proof::Piece) => "is a piece, and no whole program or mission".to_owned(),
            _ => {
                let written = "written by the model".to_owned();
                let code = parts.code.into_iter().zip(proof);
                return Ok(Answer {
                    question: question.to_owned(),
                    answered: true,
                    confidence: Some(confidence),
                    model: Some(answer.model),
                    words: parts.words,
                    code: code
                        .map(|(code, proof)| Shown { title: written.clone(), code, cited: None, proof })
                        .collect(),
                    sources: cited(&finds),
                });
            }
        };
        failed = fault.lines().next().unwrap_or_default().to_owned();
        request.messages.push(Message::assistant(answer.content));
        request.messages.push(Message::user(format!("The code {fault}\n\nAnswer again, with the code mended.")));
    }
    let solved = from_finds(kb, question, prover)?;
    let words = format!(
        "(The model's code {failed}; it is not shown. This is what the knowledge base has.)\n\n{}",
        solved.words
    );
    Ok(Answer { words, ..solved })
}

/// The finds, and how much of the question they speak of. The nearest items there are may be about something else: they are no answer.
fn finds<'kb>(kb: &'kb KnowledgeBase, question: &str) -> Result<(Vec<Hit<'kb>>, f32), RunError> {
    let finds = kb.search(question, CITED, &Filter::default());
    let confidence = kb.confidence(question, &finds);
    if confidence >= CONFIDENT {
        return Ok((finds, confidence));
    }
    let mut hints = vec!["say it in other words, in English, or name the call, message or error code".to_owned()];
    let reason = match finds.first().filter(|_| confidence > 0.0) {
        None => "the knowledge base has nothing on it".to_owned(),
        Some(nearest) => {
            hints.push(format!("nearest, and perhaps about something else: {}", nearest.item.title));
            format!(
                "the knowledge base has no answer to it: of what is asked its nearest items speak of {:.0} % (limit {:.0} %)",
                confidence * 100.0,
                CONFIDENT * 100.0
            )
        }
    };
    Err(RunError::Refused { reason, hints })
}

/// The numbered excerpts that a model reads.
fn context(finds: &[Hit<'_>]) -> String {
    let excerpts = finds
        .iter()
        .enumerate()
        .map(|(place, hit)| format!("[{}] {}", place + 1, Excerpt::of(&hit.item, EXCERPT_TOKENS).to_markdown()));
    excerpts.collect::<Vec<_>>().join("\n")
}

fn cited(finds: &[Hit<'_>]) -> Vec<Cited> {
    finds.iter().map(|hit| cite(&hit.item)).collect()
}

fn cite(item: &Item) -> Cited {
    Cited { id: item.id.clone(), title: item.title.clone(), source: item.source.clone(), licence: item.licence.clone() }
}

/// An item's declaration, and the examples behind it.
fn parted(code: &str) -> (&str, &str) {
    let ends = |line: &str| !line.starts_with(' ') && (line == "}" || line.ends_with(';'));
    let mut end = 0;
    for line in code.trim().split_inclusive('\n') {
        end += line.len();
        if ends(line.trim_end()) {
            break;
        }
    }
    let (declaration, examples) = code.trim().split_at(end);
    (declaration.trim_end(), examples.trim())
}

/// A piece of a mission in the air, with what is before and after it.
fn within_a_mission(piece: &str) -> String {
    let inside: Vec<String> =
        piece.lines().map(|line| if line.is_empty() { String::new() } else { format!("    {line}") }).collect();
    format!(
        "use flightsmith_sdk::prelude::*;\n\npub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, \
         FlightError> {{\n    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;\n{}\n    \
         vehicle.land().await\n}}\n",
        inside.join("\n")
    )
}

/// The code of an item that is a whole program or mission; of a mistake its right version.
fn runnable(item: &Item) -> Option<String> {
    let code = match item.kind {
        Kind::Mistake => item.code.split_once("// Right:\n")?.1,
        _ => &item.code,
    };
    let is_whole = code.contains("fn main()") || code.contains("async fn fly(");
    (is_whole && item.kind != Kind::CompilerError).then(|| code.trim().to_owned())
}

/// Words and code of a model's answer.
struct Parts {
    words: String,
    code: Option<String>,
}

/// The first block of Rust is the code, what stands around it the words. Further blocks were compiled by nobody and are left out.
fn parts_of(answer: &str) -> Parts {
    let spoken = answer.rsplit("</think>").next().unwrap_or(answer).trim();
    let Some((before, rest)) = spoken.split_once("```") else {
        return Parts { words: spoken.to_owned(), code: None };
    };
    let (block, after) = rest.split_once("```").unwrap_or((rest, ""));
    let code = block.split_once('\n').map_or("", |(_, code)| code).trim().to_owned();
    let mut words = before.trim().to_owned();
    for (place, part) in after.split("```").enumerate() {
        let said =
            if place % 2 == 0 { part.trim() } else { "(More code of the model's is left out: it was not compiled.)" };
        if !said.is_empty() {
            words.push_str("\n\n");
            words.push_str(said);
        }
    }
    let words = words.trim().to_owned();
    Parts { words, code: (!code.is_empty()).then_some(code) }
}

impl Answer {
    /// For people.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n", self.words);
        for shown in &self.code {
            let cited = shown.cited.map_or(String::new(), |number| format!(" [{number}]"));
            let _ = writeln!(text, "\n--- {}{cited} ({})\n{}", shown.title, shown.proof.in_words(), shown.code);
        }
        if !self.sources.is_empty() {
            text.push_str("\nSources:\n");
        }
        for (place, cited) in self.sources.iter().enumerate() {
            let _ = writeln!(text, "[{}] {} - {} ({})", place + 1, cited.title, cited.source, cited.licence);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_code_of_a_models_answer_are_told_apart() {
        let parts = parts_of("<think>hm</think>Use `orbit` [1].\n```rust\nfn main() {}\n```\nThat is all.");
        assert_eq!(parts.words, "Use `orbit` [1].\n\nThat is all.");
        assert_eq!(parts.code.as_deref(), Some("fn main() {}"));
        let more = parts_of("Do:\n```rust\nfn main() {}\n```\nOr:\n```\nrm();\n```");
        assert_eq!(more.words, "Do:\n\nOr:\n\n(More code of the model's is left out: it was not compiled.)");
        assert_eq!(parts_of("No code.").code, None);
        assert_eq!(parts_of("Cut off:\n```rust\nfn main() {").code.as_deref(), Some("fn main() {"));
    }

    #[test]
    fn a_declaration_and_the_examples_behind_it_are_parted() {
        assert_eq!(
            parted("pub fn battery(&self) -> R;\n\nif a {\n    b;\n}"),
            ("pub fn battery(&self) -> R;", "if a {\n    b;\n}")
        );
        assert_eq!(
            parted("pub struct A {\n    b: f64,\n}\n\nlet a = A;"),
            ("pub struct A {\n    b: f64,\n}", "let a = A;")
        );
        assert_eq!(parted("pub struct A;"), ("pub struct A;", ""));
    }

    #[test]
    fn what_is_not_checked_says_so() {
        for (proof, holds) in [
            (Proof::CompiledAndRan, true),
            (Proof::CompiledAsMission, true),
            (Proof::Piece, false),
            (Proof::Failed { said: "does not compile: x".into(), whole: String::new() }, false),
        ] {
            assert_eq!((proof.holds(), proof.in_words().contains("NOT CHECKED")), (holds, !holds), "{proof:?}");
        }
    }
}
