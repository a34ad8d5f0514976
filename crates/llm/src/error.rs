//! What can go wrong between a question and its answer, one variant for each thing that a caller would do differently.
use std::path::PathBuf;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum LlmError {
    /// Nobody listens there, or the name or the certificate is wrong.
    #[error("model endpoint {url} is unreachable: {reason}")]
    Unreachable {
        /// What was called.
        url: String,
        /// The innermost cause.
        reason: String,
    },
    /// It listens, but the answer did not come in time.
    #[error("model endpoint {url} gave no answer within {limit_s} s")]
    Slow {
        /// What was called.
        url: String,
        /// The limit in seconds.
        limit_s: f64,
    },
    /// It answered with an HTTP error.
    #[error("model endpoint {url} answered HTTP {status} after {attempts} attempt(s): {body}")]
    Status {
        /// What was called.
        url: String,
        /// HTTP status code.
        status: u16,
        /// How often it was asked.
        attempts: u32,
        /// The start of what it said.
        body: String,
    },
    /// It answered with something that is no chat completion, or the answer is not what was asked for.
    #[error("the model's answer is unusable: {what}; it begins: {excerpt}")]
    Garbage {
        /// What is wrong with it.
        what: String,
        /// The start of it.
        excerpt: String,
    },
    /// The answer hit the token limit before it ended.
    #[error("the model's answer was cut off at its limit of {max_tokens} tokens")]
    CutShort {
        /// The limit of the request.
        max_tokens: u32,
    },
    /// The model or the service's filter declined to answer.
    #[error("the model refused: {reason}")]
    Refused {
        /// In its words.
        reason: String,
    },
    /// No such question was recorded.
    #[error("no recorded answer {hash} in {dir}; record it by a run with a real model")]
    NotRecorded {
        /// [`crate::ChatRequest::hash`] of the question.
        hash: String,
        /// The cassette's folder.
        dir: PathBuf,
    },
    /// A recording cannot be read or written.
    #[error("cassette {path}: {reason}")]
    Cassette {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The command of `cmd:` failed.
    #[error("model command `{command}` failed: {reason}")]
    Command {
        /// As it was given.
        command: String,
        /// What happened.
        reason: String,
    },
    /// A model file needs somebody to serve it.
    #[error(
        "a model file is not loaded directly: serve it with `llama-server -m {path} --port 8080`, or `cargo xtask local-llm`, and use --llm http://127.0.0.1:8080/v1"
    )]
    NotServed {
        /// The model file.
        path: PathBuf,
    },
    /// The provider's name or its settings make no sense.
    #[error("{value:?} names no model provider: {reason}")]
    Settings {
        /// What was given.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The caller gave up on it.
    #[error("interrupted while the model was answering")]
    Cancelled,
}

/// The first 300 characters of `text` on one line.
pub(crate) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(300) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None if line.is_empty() => "(nothing)".into(),
        None => line,
    }
}
