//! The OpenAI chat-completion JSON, both ways. Shared by the HTTP endpoint and the command.
use crate::chat::{ChatAnswer, ChatRequest, Usage};
use crate::error::{LlmError, excerpt};
use serde_json::{Value, json};

/// The request body. `enforced`: the schema goes along as `response_format`; else it is said in words.
pub(crate) fn request_body(request: &ChatRequest, model: &str, enforced: bool) -> Value {
    let mut messages = json!(request.messages);
    let mut body = json!({
        "model": model,
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
        "seed": request.seed,
        "stream": false,
    });
    if let Some(schema) = &request.schema {
        if enforced {
            body["response_format"] = json!({
                "type": "json_schema",
                "json_schema": { "name": schema.name, "strict": true, "schema": schema.schema },
            });
        } else if let Some(list) = messages.as_array_mut() {
            let rule = format!(
                "Answer with one JSON value and nothing else. It must match this JSON Schema:\n{}",
                schema.schema
            );
            // Some chat templates take one system message only, at the start.
            match list.first_mut() {
                Some(first) if first["role"] == "system" => {
                    let text = first["content"].as_str().unwrap_or_default();
                    first["content"] = json!(format!("{text}\n\n{rule}"));
                }
                _ => list.insert(0, json!({ "role": "system", "content": rule })),
            }
        }
    }
    body["messages"] = messages;
    body
}

/// The answer in a response body.
pub(crate) fn read_answer(body: &str, asked_model: &str, max_tokens: u32) -> Result<ChatAnswer, LlmError> {
    let garbage = |what: &str| LlmError::Garbage { what: what.into(), excerpt: excerpt(body) };
    let value: Value = serde_json::from_str(body).map_err(|_| garbage("not JSON"))?;
    if let Some(error) = value.get("error").filter(|error| !error.is_null()) {
        return Err(LlmError::Refused {
            reason: excerpt(error["message"].as_str().map_or_else(|| error.to_string(), str::to_owned).as_str()),
        });
    }
    let choice = value.pointer("/choices/0").ok_or_else(|| garbage("field choices is missing or empty"))?;
    let message = choice.get("message").ok_or_else(|| garbage("field choices[0].message is missing"))?;
    if let Some(reason) = message.get("refusal").and_then(Value::as_str) {
        return Err(LlmError::Refused { reason: excerpt(reason) });
    }
    match choice.get("finish_reason").and_then(Value::as_str) {
        Some("length") => return Err(LlmError::CutShort { max_tokens }),
        Some("content_filter") => {
            return Err(LlmError::Refused { reason: "the service's content filter stopped the answer".into() });
        }
        _ => {}
    }
    let content = message
        .get("content")
        .and_then(Value::as_str)
        .ok_or_else(|| garbage("field choices[0].message.content is missing"))?;
    if content.trim().is_empty() {
        return Err(garbage("the answer is empty"));
    }
    let tokens = |name: &str| value.pointer(&format!("/usage/{name}")).and_then(Value::as_u64).unwrap_or(0);
    Ok(ChatAnswer {
        content: content.to_owned(),
        model: value.get("model").and_then(Value::as_str).unwrap_or(asked_model).to_owned(),
        usage: Usage { prompt_tokens: tokens("prompt_tokens"), completion_tokens: tokens("completion_tokens") },
    })
}
