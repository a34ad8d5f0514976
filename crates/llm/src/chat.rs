//! The question, the answer, and the trait that stands between them.
use crate::LlmError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The rules.
    System,
    /// Us.
    User,
    /// The model, in an earlier answer or an example.
    Assistant,
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: String,
}

impl Message {
    /// The rules.
    pub fn system(content: impl Into<String>) -> Self {
        Self { role: Role::System, content: content.into() }
    }
    /// A question.
    pub fn user(content: impl Into<String>) -> Self {
        Self { role: Role::User, content: content.into() }
    }
    /// An answer, real or exemplary.
    pub fn assistant(content: impl Into<String>) -> Self {
        Self { role: Role::Assistant, content: content.into() }
    }
}

/// The form that the answer must have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    /// A name that the server may show; letters, digits, `_`.
    pub name: String,
    /// A JSON Schema.
    pub schema: serde_json::Value,
}

/// A question with everything that decides its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatRequest {
    /// The conversation so far; the last message is the question.
    pub messages: Vec<Message>,
    /// The form that the answer must have, if any.
    pub schema: Option<Schema>,
    /// 0 = the likeliest answer.
    pub temperature: f32,
    /// The answer's longest length in tokens.
    pub max_tokens: u32,
    /// Seed of the sampling, where the server has one.
    pub seed: u32,
}

impl ChatRequest {
    /// Free text, temperature 0, at most 2,048 tokens, seed 1.
    pub fn new(messages: Vec<Message>) -> Self {
        Self { messages, schema: None, temperature: 0.0, max_tokens: 2048, seed: 1 }
    }

    /// The same question with at most `max_tokens` of answer.
    pub fn with_max_tokens(mut self, max_tokens: u32) -> Self {
        self.max_tokens = max_tokens;
        self
    }

    /// 16 hexadecimal digits of SHA-256 over messages and schema: the name under which an answer is recorded.
    pub fn hash(&self) -> String {
        let subject = serde_json::json!({ "messages": self.messages, "schema": self.schema });
        let mut text = String::new();
        write_sorted(&subject, &mut text);
        let digest = Sha256::digest(text.as_bytes());
        digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// `value` with its objects sorted by key, whatever feature of serde_json another crate turned on: the same question must have the
/// same bytes in every build.
fn write_sorted(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::Object(object) => {
            let mut entries: Vec<_> = object.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            for (key, value) in entries {
                out.push_str(key);
                out.push('{');
                write_sorted(value, out);
                out.push('}');
            }
        }
        serde_json::Value::Array(items) => {
            for item in items {
                out.push('[');
                write_sorted(item, out);
                out.push(']');
            }
        }
        plain => out.push_str(&plain.to_string()),
    }
}

/// Tokens read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the question.
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    pub completion_tokens: u64,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.prompt_tokens += other.prompt_tokens;
        self.completion_tokens += other.completion_tokens;
    }
}

/// What the model said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatAnswer {
    /// Its words.
    pub content: String,
    /// Which model it was, as the server names it.
    pub model: String,
    /// What it cost; zero where the server does not say.
    pub usage: Usage,
}

/// Something that answers. The call blocks until the answer is there or a limit is met.
pub trait Provider: Send + Sync {
    /// Asks once (with the provider's own bounded retries).
    ///
    /// # Errors
    /// Any [`LlmError`]; never an answer that the model did not give.
    fn chat(&self, request: &ChatRequest) -> Result<ChatAnswer, LlmError>;

    /// The provider as `--llm` names it, for reports; without secrets.
    fn describe(&self) -> String;
}

impl<P: Provider + ?Sized> Provider for Box<P> {
    fn chat(&self, request: &ChatRequest) -> Result<ChatAnswer, LlmError> {
        (**self).chat(request)
    }
    fn describe(&self) -> String {
        (**self).describe()
    }
}

impl<P: Provider + ?Sized> Provider for std::sync::Arc<P> {
    fn chat(&self, request: &ChatRequest) -> Result<ChatAnswer, LlmError> {
        (**self).chat(request)
    }
    fn describe(&self) -> String {
        (**self).describe()
    }
}
