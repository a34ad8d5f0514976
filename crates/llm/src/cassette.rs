//! Recorded answers: `cassette:DIR` replays them, [`Recording`] writes them. One file for each question,
//! `<ChatRequest::hash>.json`, which holds the question too so that a person can read it.
use crate::chat::{ChatAnswer, ChatRequest, Provider};
use crate::error::LlmError;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    request: ChatRequest,
    answer: ChatAnswer,
}

/// Replays what a [`Recording`] wrote. A question that was not recorded is an error that names its hash.
#[derive(Debug, Clone)]
pub struct Cassette {
    dir: PathBuf,
}

impl Cassette {
    /// Opens the folder.
    ///
    /// # Errors
    /// [`LlmError::Cassette`] when it is none.
    pub fn open(dir: impl Into<PathBuf>) -> Result<Self, LlmError> {
        let dir = dir.into();
        if dir.is_dir() {
            Ok(Self { dir })
        } else {
            Err(LlmError::Cassette { path: dir, reason: "no such folder".into() })
        }
    }
}

impl Provider for Cassette {
    fn chat(&self, request: &ChatRequest) -> Result<ChatAnswer, LlmError> {
        let hash = request.hash();
        let path = file_of(&self.dir, &hash);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(LlmError::NotRecorded { hash, dir: self.dir.clone() });
            }
            Err(error) => return Err(broken(&path, &error)),
        };
        let recorded: Recorded = serde_json::from_str(&text).map_err(|error| broken(&path, &error))?;
        if recorded.request.hash() != hash {
            return Err(broken(&path, &"it holds the answer to another question"));
        }
        Ok(recorded.answer)
    }

    fn describe(&self) -> String {
        format!("cassette:{}", self.dir.display())
    }
}

/// Asks another provider and keeps what it answers.
pub struct Recording<P> {
    inner: P,
    dir: PathBuf,
}

impl<P: Provider> Recording<P> {
    /// Records into `dir`, which is made where absent.
    ///
    /// # Errors
    /// [`LlmError::Cassette`] when it cannot be made.
    pub fn into_dir(inner: P, dir: impl Into<PathBuf>) -> Result<Self, LlmError> {
        let dir = dir.into();
        std::fs::create_dir_all(&dir).map_err(|error| broken(&dir, &error))?;
        Ok(Self { inner, dir })
    }
}

impl<P: Provider> Provider for Recording<P> {
    fn chat(&self, request: &ChatRequest) -> Result<ChatAnswer, LlmError> {
        let answer = self.inner.chat(request)?;
        let path = file_of(&self.dir, &request.hash());
        let recorded = Recorded { request: request.clone(), answer: answer.clone() };
        let mut text = serde_json::to_string_pretty(&recorded).map_err(|error| broken(&path, &error))?;
        text.push('\n');
        // Written beside it and renamed, so that a reader never meets half of it.
        let half = path.with_extension(format!("{}.half", std::process::id()));
        std::fs::write(&half, text)
            .and_then(|()| std::fs::rename(&half, &path))
            .map_err(|error| broken(&path, &error))?;
        Ok(answer)
    }

    fn describe(&self) -> String {
        self.inner.describe()
    }
}

fn file_of(dir: &Path, hash: &str) -> PathBuf {
    dir.join(format!("{hash}.json"))
}

fn broken(path: &Path, reason: &dyn std::fmt::Display) -> LlmError {
    LlmError::Cassette { path: path.to_owned(), reason: reason.to_string() }
}
