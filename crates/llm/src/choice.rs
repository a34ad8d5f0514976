//! What `--llm` may say, and the provider that it means.
use crate::cassette::{Cassette, Recording};
use crate::chat::Provider;
use crate::command::{Command, RunCommand};
use crate::endpoint::{ApiKey, Endpoint, EndpointSettings};
use crate::error::LlmError;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// A provider by name: `offline`, a URL, `gguf:PATH`, `cmd:COMMAND` or `cassette:DIR`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Choice {
    /// No model: grammar and templates only.
    #[default]
    Offline,
    /// An OpenAI-compatible base URL, which includes `/v1`.
    Url(String),
    /// A model file.
    Gguf(PathBuf),
    /// A command line.
    Command(String),
    /// Recorded answers.
    Cassette(PathBuf),
}

impl std::str::FromStr for Choice {
    type Err = LlmError;
    fn from_str(value: &str) -> Result<Self, LlmError> {
        let wrong = |reason: &str| LlmError::Settings { value: value.into(), reason: reason.into() };
        let value = value.trim();
        if value == "offline" {
            return Ok(Self::Offline);
        }
        if value.starts_with("http://") || value.starts_with("https://") {
            return Ok(Self::Url(value.into()));
        }
        match value.split_once(':') {
            Some((_, "")) => Err(wrong("something must follow the colon")),
            Some(("gguf", path)) => Ok(Self::Gguf(path.into())),
            Some(("cmd", line)) => Ok(Self::Command(line.into())),
            Some(("cassette", dir)) => Ok(Self::Cassette(dir.into())),
            _ => Err(wrong("give offline, an http(s) URL that includes /v1, gguf:PATH, cmd:COMMAND or cassette:DIR")),
        }
    }
}

impl std::fmt::Display for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Offline => f.write_str("offline"),
            Self::Url(url) => f.write_str(url),
            Self::Gguf(path) => write!(f, "gguf:{}", path.display()),
            Self::Command(line) => write!(f, "cmd:{line}"),
            Self::Cassette(dir) => write!(f, "cassette:{}", dir.display()),
        }
    }
}

/// What a provider needs beside its name.
pub struct ProviderSettings {
    /// The model's name (`LLM_MODEL`).
    pub model: Option<String>,
    /// The key (`LLM_API_KEY`).
    pub api_key: Option<ApiKey>,
    /// Longest wait for one answer.
    pub answer_limit: Duration,
    /// Keep what a real model answers in this folder.
    pub record_into: Option<PathBuf>,
    /// Set to true to give up at once.
    pub cancelled: Arc<AtomicBool>,
    /// Starts the command of `cmd:`.
    pub run_command: RunCommand,
}

/// The provider that `choice` means; `None` for offline. Does not connect yet.
///
/// # Errors
/// [`LlmError::Settings`], [`LlmError::NotServed`] or [`LlmError::Cassette`].
pub fn connect(choice: &Choice, settings: ProviderSettings) -> Result<Option<Box<dyn Provider>>, LlmError> {
    let provider: Box<dyn Provider> = match choice {
        Choice::Offline => return Ok(None),
        Choice::Gguf(path) => return Err(LlmError::NotServed { path: path.clone() }),
        Choice::Cassette(dir) => return Ok(Some(Box::new(Cassette::open(dir)?))),
        Choice::Url(url) => Box::new(Endpoint::new(EndpointSettings {
            model: settings.model,
            api_key: settings.api_key,
            answer_limit: settings.answer_limit,
            cancelled: settings.cancelled,
            ..EndpointSettings::new(url)
        })?),
        Choice::Command(line) => Box::new(Command::new(line, settings.answer_limit, settings.run_command)),
    };
    Ok(Some(match settings.record_into {
        Some(dir) => Box::new(Recording::into_dir(provider, dir)?),
        None => provider,
    }))
}
