//! Answers that are values of a Rust type: the schema comes from the type, the answer is parsed into it, and one that does not
//! parse is asked for again with the fault named.
use crate::chat::{ChatRequest, Message, Provider, Schema, Usage};
use crate::error::{LlmError, excerpt};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A parsed answer and what it cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Structured<T> {
    /// The answer.
    pub value: T,
    /// The answer's JSON as the model wrote it.
    pub text: String,
    /// Which model it was.
    pub model: String,
    /// Tokens of all attempts.
    pub usage: Usage,
    /// How often it was asked.
    pub attempts: u32,
}

/// Asks for a `T`, at most `attempts` times (at least once); a fault in the answer is told to the model.
///
/// # Errors
/// As [`Provider::chat`]; [`LlmError::Garbage`] when the last answer is no `T` either.
pub fn ask<T: DeserializeOwned + JsonSchema>(
    provider: &dyn Provider,
    mut request: ChatRequest,
    attempts: u32,
) -> Result<Structured<T>, LlmError> {
    request.schema = Some(schema_of::<T>());
    let mut usage = Usage::default();
    let mut attempt = 1;
    loop {
        let answer = provider.chat(&request)?;
        usage += answer.usage;
        let fault = match find_json(&answer.content).map(serde_json::from_str::<T>) {
            Some(Ok(value)) => {
                return Ok(Structured { value, text: answer.content, model: answer.model, usage, attempts: attempt });
            }
            Some(Err(error)) => error.to_string(),
            None => "there is no JSON in it".to_owned(),
        };
        if attempt >= attempts {
            return Err(LlmError::Garbage {
                what: format!("not the JSON that was asked for: {fault}"),
                excerpt: excerpt(&answer.content),
            });
        }
        attempt += 1;
        request.messages.push(Message::assistant(answer.content));
        request.messages.push(Message::user(format!(
            "That is not the JSON that was asked for: {fault}. Answer again, with the corrected JSON only."
        )));
    }
}

/// The schema of `T` in the dialect that servers enforce: closed objects, every property present, `anyOf` for choices.
pub fn schema_of<T: JsonSchema>() -> Schema {
    let mut schema = schemars::generate::SchemaSettings::draft2020_12()
        .for_deserialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    close(&mut schema);
    if let Some(object) = schema.as_object_mut() {
        object.remove("$schema");
        object.remove("title");
    }
    let name = T::schema_name().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    Schema { name, schema }
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(choices) = object.remove("oneOf") {
                object.insert("anyOf".into(), choices);
            }
            object.remove("format");
            object.remove("default");
            if let Some(Value::Object(properties)) = object.get("properties") {
                let names = properties.keys().cloned().map(Value::String).collect();
                object.insert("required".into(), Value::Array(names));
                object.insert("additionalProperties".into(), Value::Bool(false));
            }
            for (key, value) in object.iter_mut() {
                match value {
                    // Here the keys are names of ours, not words of JSON Schema.
                    Value::Object(named) if key == "properties" || key == "$defs" => {
                        named.values_mut().for_each(close);
                    }
                    Value::Object(_) | Value::Array(_) => close(value),
                    _ => {}
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// The JSON in an answer that may wrap it in a code fence, in thoughts, or in small talk.
pub fn find_json(answer: &str) -> Option<&str> {
    let spoken = answer.rsplit("</think>").next().unwrap_or(answer);
    let start = spoken.find(['{', '['])?;
    let mut values = serde_json::Deserializer::from_str(&spoken[start..]).into_iter::<serde::de::IgnoredAny>();
    match values.next()? {
        Ok(_) => Some(&spoken[start..start + values.byte_offset()]),
        // Broken JSON: give all of it, so that the fault can be named.
        Err(_) => Some(spoken[start..].trim_end().trim_end_matches('`').trim_end()),
    }
}
