//! `cmd:COMMAND`: the request as OpenAI chat JSON on its standard input, the answer on its standard output.
//!
//! The answer is a chat completion as the HTTP endpoint gives it, or `{"content": "..."}`. How the command is started and
//! confined is the caller's business: it hands in a [`RunCommand`].
use crate::chat::{ChatAnswer, ChatRequest, Provider, Usage};
use crate::error::{LlmError, excerpt};
use crate::wire;
use std::time::Duration;

/// Runs the command line with these bytes on its standard input, gives its standard output, or says in words what failed.
pub type RunCommand = Box<dyn Fn(&str, &[u8], Duration) -> Result<Vec<u8>, String> + Send + Sync>;

/// A command that answers.
pub struct Command {
    line: String,
    limit: Duration,
    run: RunCommand,
}

impl Command {
    /// `line` as it stands after `cmd:`; `limit` of wall time for one answer.
    pub fn new(line: impl Into<String>, limit: Duration, run: RunCommand) -> Self {
        Self { line: line.into(), limit, run }
    }
}

impl Provider for Command {
    fn chat(&self, request: &ChatRequest) -> Result<ChatAnswer, LlmError> {
        let body = wire::request_body(request, &self.line, request.schema.is_some());
        let output = (self.run)(&self.line, body.to_string().as_bytes(), self.limit)
            .map_err(|reason| LlmError::Command { command: self.line.clone(), reason })?;
        let text = String::from_utf8_lossy(&output);
        let short = serde_json::from_str::<serde_json::Value>(&text)
            .ok()
            .and_then(|value| Some(value.get("content")?.as_str()?.to_owned()));
        match short {
            Some(content) if content.trim().is_empty() => {
                Err(LlmError::Garbage { what: "the answer is empty".into(), excerpt: excerpt(&text) })
            }
            Some(content) => Ok(ChatAnswer { content, model: self.line.clone(), usage: Usage::default() }),
            None => wire::read_answer(&text, &self.line, request.max_tokens),
        }
    }

    fn describe(&self) -> String {
        format!("cmd:{}", self.line)
    }
}
