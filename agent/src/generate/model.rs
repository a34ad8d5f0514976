//! `mission.rs` by a language model: plan, readback and SDK excerpts in, one file out. What it writes is judged like any other source;
//! nothing in it is trusted here.
use crate::prompts::{GeneratePrompt, Prompt};
use crate::retrieve::SdkContext;
use flightsmith_llm::{ChatRequest, LlmError, Message, Provider, Usage};
use flightsmith_mission::plan::MissionPlan;

/// Longest answer in tokens: a long mission has some 400 lines.
const ANSWER_TOKENS: u32 = 6_000;

/// A source and what it cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// `mission.rs`.
    pub source: String,
    /// The model's name.
    pub model: String,
    /// Tokens of all questions.
    pub usage: Usage,
}

/// Asks for the source of `plan`, at most `questions` times; `readback` says in words what must be flown.
///
/// # Errors
/// [`LlmError::Garbage`] when no answer holds a `fly`, else why the model could not be asked.
pub fn by_model(
    plan: &MissionPlan,
    readback: &str,
    context: &SdkContext,
    provider: &dyn Provider,
    questions: usize,
) -> Result<Written, LlmError> {
    let json = serde_json::to_string_pretty(plan.draft())
        .map_err(|error| LlmError::Garbage { what: "the plan has no JSON".into(), excerpt: error.to_string() })?;
    let prompt = GeneratePrompt { words: &plan.words, plan: &json, readback, context: &context.to_markdown() };
    let mut request = ChatRequest::new(prompt.render()).with_max_tokens(ANSWER_TOKENS);
    let mut usage = Usage::default();
    for _ in 1..questions {
        let answer = provider.chat(&request)?;
        usage += answer.usage;
        match source_in(&answer.content) {
            Some(source) => return Ok(Written { source, model: answer.model, usage }),
            None => {
                request.messages.push(Message::assistant(answer.content));
                request.messages.push(Message::user(NO_SOURCE));
            }
        }
    }
    let answer = provider.chat(&request)?;
    usage += answer.usage;
    match source_in(&answer.content) {
        Some(source) => Ok(Written { source, model: answer.model, usage }),
        None => Err(LlmError::Garbage {
            what: "there is no `pub async fn fly` in it".into(),
            excerpt: answer.content.chars().take(300).collect(),
        }),
    }
}

const NO_SOURCE: &str = "There is no `pub async fn fly` in that. Answer with the whole file in one ```rust block.";

/// The file in an answer: the longest fenced block with a `fly`, else the whole answer when it is code as it stands.
fn source_in(answer: &str) -> Option<String> {
    let spoken = answer.rsplit("</think>").next().unwrap_or(answer);
    let is_file = |text: &&str| text.contains("pub async fn fly");
    let blocks = spoken.split("```").skip(1).step_by(2).map(|block| {
        // The first line of a block is its language.
        block.split_once('\n').map_or("", |(_, code)| code)
    });
    let found = blocks.filter(is_file).max_by_key(|block| block.len());
    let whole = Some(spoken).filter(|text| !text.contains("```")).filter(is_file);
    found.or(whole).map(|code| format!("{}\n", code.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_found_in_talk() {
        let file = "use flightsmith_sdk::prelude::*;\npub async fn fly() {}\n";
        let check = |answer: &str, expect: Option<&str>| {
            assert_eq!(source_in(answer).as_deref(), expect, "{answer}");
        };
        check(&format!("Sure:\n```rust\n{file}```\nThis flies."), Some(file));
        check(&format!("```toml\n[x]\n```\n```\n{file}\n```"), Some(file));
        check(&format!("<think>```rust\npub async fn fly() {{ wrong }}\n```</think>```rust\n{file}```"), Some(file));
        check(file, Some(file));
        check("I cannot do that.", None);
        check("```rust\nfn other() {}\n```", None);
        // Cut off in the middle: the block is not closed, but it is what there is; the compiler will say so.
        check("```rust\npub async fn fly() {", Some("pub async fn fly() {\n"));
    }
}
