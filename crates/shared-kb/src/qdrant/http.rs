//! Qdrant's REST interface: requests, and what its errors mean.
//!
//! Not the client crate: it brings a second HTTP stack (tonic, prost) for the same calls, which reqwest makes that this program has anyway.
use crate::error::SharedError;
use crate::server::{Address, Limits};
use serde_json::Value;

/// Where a Qdrant is.
pub(super) struct Endpoint {
    name: String,
    base_url: String,
    key: Option<String>,
    client: reqwest::Client,
    /// What the names of collections begin with.
    pub(super) prefix: String,
}

impl Endpoint {
    /// `qdrant://[:KEY@]HOST[:PORT][/PREFIX]` speaks plain HTTP, `qdrant+https://` HTTPS.
    pub(super) fn new(address: &Address, limits: Limits) -> Result<Self, SharedError> {
        let (scheme, rest) = address.secret().split_once("://").unwrap_or_default();
        let (who, place) = rest.rsplit_once('@').map_or((None, rest), |(who, place)| (Some(who), place));
        let key = who.map(|who| who.split_once(':').map_or(who, |(_, key)| key)).filter(|key| !key.is_empty());
        let (host, prefix) = place.split_once('/').unwrap_or((place, ""));
        let prefix = if prefix.is_empty() { "flightsmith" } else { prefix };
        if host.is_empty() || host.starts_with(':') {
            return Err(address.wrong("it names no host"));
        }
        if !prefix.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
            return Err(address.wrong("a collection's name has letters, digits, - and _"));
        }
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        let transport = if scheme == "qdrant+https" { "https" } else { "http" };
        let base_url = format!("{transport}://{host}{}", if has_port { "" } else { ":6333" });
        // A second installation of the process-wide provider fails, harmlessly.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().connect_timeout(limits.connect).build();
        Ok(Self {
            name: address.to_string(),
            base_url,
            key: key.map(str::to_owned),
            client: client.map_err(|error| address.wrong(error.to_string()))?,
            prefix: prefix.to_owned(),
        })
    }

    /// What messages call it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, SharedError> {
        self.send(self.client.get(self.url(path))).await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> Result<Value, SharedError> {
        self.send(self.client.put(self.url(path)).json(body)).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, SharedError> {
        self.send(self.client.post(self.url(path)).json(body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Result<Value, SharedError> {
        self.send(self.client.delete(self.url(path))).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// The `result` of the answer.
    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, SharedError> {
        let request = match &self.key {
            Some(key) => request.header("api-key", key),
            None => request,
        };
        let answer = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(|error| self.unreachable(&error))?;
        if status == reqwest::StatusCode::NOT_FOUND {
            return Err(SharedError::Missing { server: self.name.clone() });
        }
        let mut value: Value = serde_json::from_slice(&body).unwrap_or_default();
        if !status.is_success() {
            let said = value.pointer("/status/error").and_then(Value::as_str).unwrap_or("it does not say why");
            return Err(SharedError::Refused { server: self.name.clone(), reason: format!("{status}: {said}") });
        }
        value.get_mut("result").map(Value::take).ok_or_else(|| self.damaged("an answer without a result"))
    }

    fn unreachable(&self, error: &reqwest::Error) -> SharedError {
        let mut reason = String::from("no answer");
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            reason = cause.to_string();
            source = cause.source();
        }
        SharedError::Unreachable { server: self.name.clone(), reason }
    }

    pub(super) fn damaged(&self, reason: impl Into<String>) -> SharedError {
        SharedError::Damaged { server: self.name.clone(), reason: reason.into() }
    }
}
