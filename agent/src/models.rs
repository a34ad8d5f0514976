//! The model of a run, where one is set: `--llm` turned into a provider. Its questions and answers are kept in the run directory, its
//! tokens counted.
use crate::exit::{RunError, chain};
use crate::request::Request;
use crate::run_dir::RunDir;
use crate::workshop::Workshop;
use flightsmith_llm::{ChatAnswer, ChatRequest, Choice, LlmError, Provider, ProviderSettings};
use flightsmith_toolchain::process::{self, Invocation, Limits};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Where the run keeps what the model was asked and answered.
const RECORDINGS: &str = "model";

/// A provider that counts what it costs.
pub struct Model {
    provider: Box<dyn Provider>,
    tokens: AtomicU64,
}

impl Model {
    /// Tokens since this was last asked.
    pub fn take_tokens(&self) -> u64 {
        self.tokens.swap(0, Ordering::SeqCst)
    }
}

impl Provider for Model {
    fn chat(&self, request: &ChatRequest) -> Result<ChatAnswer, LlmError> {
        let answer = self.provider.chat(request)?;
        self.tokens.fetch_add(answer.usage.prompt_tokens + answer.usage.completion_tokens, Ordering::SeqCst);
        Ok(answer)
    }
    fn describe(&self) -> String {
        self.provider.describe()
    }
}

/// The model that `request` names; `None` for offline.
pub fn of_run(shop: &Workshop, run: &RunDir, request: &Request) -> Result<Option<Model>, RunError> {
    connect(shop, &request.llm, request.llm_model.clone(), Some(run.path(RECORDINGS)))
}

/// The model that `llm` names; `None` for offline.
pub fn connect(
    shop: &Workshop,
    llm: &str,
    name: Option<String>,
    record_into: Option<std::path::PathBuf>,
) -> Result<Option<Model>, RunError> {
    let choice: Choice = llm.parse().map_err(|error: LlmError| RunError::Usage(format!("--llm: {error}")))?;
    let is_recording = matches!(choice, Choice::Cassette(_));
    let host = shop.host.clone();
    let settings = ProviderSettings {
        model: name,
        api_key: shop.llm_api_key.clone().map(flightsmith_llm::endpoint::ApiKey),
        answer_limit: shop.llm_answer,
        record_into: record_into.filter(|_| !is_recording),
        cancelled: Arc::new(AtomicBool::new(false)),
        run_command: Box::new(move |line, stdin, limit| {
            let shell = host.find("sh").ok_or("there is no sh")?;
            let invocation: Invocation =
                host.invocation(&shell, Limits::wall(limit)).args(["-c", line]).stdin(stdin.to_vec());
            let output = process::run(&invocation).map_err(|error| chain(&error))?;
            if output.success() {
                Ok(output.stdout)
            } else {
                Err(format!("it {}: {}", output.ending, output.stderr_text()))
            }
        }),
    };
    let provider = flightsmith_llm::connect(&choice, settings).map_err(model_error)?;
    Ok(provider.map(|provider| Model { provider, tokens: AtomicU64::new(0) }))
}

/// A model's failure as the end of a run.
pub fn model_error(error: LlmError) -> RunError {
    RunError::Model { reason: chain(&error) }
}
