//! Any OpenAI-compatible HTTP endpoint (llama.cpp, vLLM, Ollama, LM Studio, hosted ones), http or https.
//!
//! Answers are asked for whole, never streamed. Time, size and repeats are bounded by [`EndpointSettings`].
use crate::chat::{ChatAnswer, ChatRequest, Provider};
use crate::error::{LlmError, excerpt};
use crate::wire;
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Where the model is and how long to wait for it.
#[derive(Debug, Clone)]
pub struct EndpointSettings {
    /// The base URL, which includes `/v1`.
    pub base_url: String,
    /// The model's name; where absent, the first that `/v1/models` lists.
    pub model: Option<String>,
    /// Sent as a bearer token; never shown.
    pub api_key: Option<ApiKey>,
    /// Longest wait for a connection.
    pub connect_limit: Duration,
    /// Longest wait for a whole answer.
    pub answer_limit: Duration,
    /// How often a question is sent at most when the server is busy or broken (429, 5xx); at least 1.
    pub attempts: u32,
    /// Pause before the second attempt; doubles each time.
    pub first_pause: Duration,
    /// Largest answer in bytes.
    pub max_answer_bytes: usize,
    /// Set to true by the caller to give up at once.
    pub cancelled: Arc<AtomicBool>,
}

impl EndpointSettings {
    /// 10 s to connect, 180 s to answer, 3 attempts, 0.5 s before the second, 4 MiB.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            model: None,
            api_key: None,
            connect_limit: Duration::from_secs(10),
            answer_limit: Duration::from_secs(180),
            attempts: 3,
            first_pause: Duration::from_millis(500),
            max_answer_bytes: 4 << 20,
            cancelled: Arc::default(),
        }
    }
}

/// A secret that does not show itself.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(pub String);

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

/// A connection to one endpoint. Cheap to keep, safe to share.
pub struct Endpoint {
    settings: EndpointSettings,
    base_url: String,
    client: reqwest::Client,
    // The pipeline is synchronous at heart, so that the endpoint brings the little reactor that HTTP needs. Several threads may block on
    // it at once: one drives it, and hands that over when it has its answer.
    runtime: tokio::runtime::Runtime,
    model: Mutex<Option<String>>,
    schema_refused: AtomicBool,
}

impl Endpoint {
    /// Checks the URL; does not connect yet.
    ///
    /// # Errors
    /// [`LlmError::Settings`] when the URL is none.
    pub fn new(settings: EndpointSettings) -> Result<Self, LlmError> {
        let wrong = |reason: String| LlmError::Settings { value: settings.base_url.clone(), reason };
        // A second installation of the process-wide provider fails, harmlessly.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base_url = settings.base_url.trim_end_matches('/').to_owned();
        let url = reqwest::Url::parse(&base_url).map_err(|error| wrong(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("the URL must begin with http:// or https://".into()));
        }
        let mut builder = reqwest::Client::builder()
            .connect_timeout(settings.connect_limit)
            .timeout(settings.answer_limit)
            .redirect(reqwest::redirect::Policy::none())
            // Nobody looks at an open connection between two calls: that the server has closed it would show as a failed call.
            .pool_max_idle_per_host(0)
            .user_agent(concat!("flightsmith/", env!("CARGO_PKG_VERSION")));
        // A proxy for the outside world must not stand between us and a server on this machine.
        if matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]" | "::1")) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| wrong(innermost(&error).to_string()))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        Ok(Self {
            model: Mutex::new(settings.model.clone()),
            settings,
            base_url,
            client,
            runtime,
            schema_refused: AtomicBool::new(false),
        })
    }

    /// The model in use: the one set, else the first that the server lists.
    ///
    /// # Errors
    /// As [`Provider::chat`]; [`LlmError::Garbage`] when the server lists none.
    pub fn model(&self) -> Result<String, LlmError> {
        if let Some(model) = self.model.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Ok(model);
        }
        let body = self.call("models", None)?;
        let value: Value = serde_json::from_str(&body).map_err(|_| LlmError::Garbage {
            what: "the list of models is not JSON".into(),
            excerpt: excerpt(&body),
        })?;
        let model = value
            .pointer("/data/0/id")
            .and_then(Value::as_str)
            .ok_or_else(|| LlmError::Garbage { what: "the server lists no model".into(), excerpt: excerpt(&body) })?
            .to_owned();
        *self.model.lock().unwrap_or_else(PoisonError::into_inner) = Some(model.clone());
        Ok(model)
    }

    /// One answer body, after bounded repeats.
    pub(crate) fn call(&self, path: &str, body: Option<&Value>) -> Result<String, LlmError> {
        let url = format!("{}/{path}", self.base_url);
        self.runtime.block_on(async {
            tokio::select! {
                answer = self.call_repeatedly(&url, body) => answer,
                () = self.cancelled() => Err(LlmError::Cancelled),
            }
        })
    }

    async fn cancelled(&self) {
        while !self.settings.cancelled.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn call_repeatedly(&self, url: &str, body: Option<&Value>) -> Result<String, LlmError> {
        let mut pause = self.settings.first_pause;
        for attempt in 1.. {
            let (status, text) = self.call_once(url, body).await?;
            if (200..300).contains(&status) {
                return Ok(text);
            }
            let busy_or_broken = matches!(status, 408 | 429 | 500 | 502 | 503 | 504);
            if !busy_or_broken || attempt >= self.settings.attempts.max(1) {
                return Err(LlmError::Status { url: url.into(), status, attempts: attempt, body: excerpt(&text) });
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        unreachable!("the loop ends by its limit")
    }

    async fn call_once(&self, url: &str, body: Option<&Value>) -> Result<(u16, String), LlmError> {
        let failed = |error: reqwest::Error| {
            if error.is_timeout() && !error.is_connect() {
                LlmError::Slow { url: url.into(), limit_s: self.settings.answer_limit.as_secs_f64() }
            } else {
                LlmError::Unreachable { url: url.into(), reason: innermost(&error).to_string() }
            }
        };
        let mut request = match body {
            Some(body) => self.client.post(url).json(body),
            None => self.client.get(url),
        };
        if let Some(ApiKey(key)) = &self.settings.api_key {
            request = request.bearer_auth(key);
        }
        let mut response = request.send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > self.settings.max_answer_bytes {
                return Err(LlmError::Garbage {
                    what: format!("it is longer than {} bytes", self.settings.max_answer_bytes),
                    excerpt: excerpt(&String::from_utf8_lossy(&bytes[..1000.min(bytes.len())])),
                });
            }
        }
        Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
    }
}

impl Provider for Endpoint {
    fn chat(&self, request: &ChatRequest) -> Result<ChatAnswer, LlmError> {
        let model = self.model()?;
        let mut enforced = request.schema.is_some() && !self.schema_refused.load(Ordering::Relaxed);
        loop {
            let body = wire::request_body(request, &model, enforced);
            match self.call("chat/completions", Some(&body)) {
                // Not every server knows response_format; what it refuses is then asked for in words.
                Err(LlmError::Status { status, .. }) if enforced && matches!(status, 400 | 404 | 415 | 422 | 501) => {
                    enforced = false;
                }
                Err(error) => return Err(error),
                Ok(text) => {
                    let answer = wire::read_answer(&text, &model, request.max_tokens)?;
                    if request.schema.is_some() && !enforced {
                        self.schema_refused.store(true, Ordering::Relaxed);
                    }
                    return Ok(answer);
                }
            }
        }
    }

    fn describe(&self) -> String {
        let model = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        match model.as_deref() {
            Some(model) => format!("{model} at {}", self.base_url),
            None => self.base_url.clone(),
        }
    }
}

fn innermost<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a dyn std::error::Error {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause
}
