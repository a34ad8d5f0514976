//! Plans written by hand: TOML or JSON, checked for form only, and the schema that they follow.
use super::Planned;
use flightsmith_mission::plan::PlanDraft;
use std::path::Path;

/// Most bytes of a plan file.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// Why a plan file is not read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlanFileError {
    /// Larger than any plan.
    #[error("plan file {path} has {bytes} bytes (limit {limit})")]
    TooLarge {
        /// The file.
        path: String,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Not UTF-8.
    #[error("plan file {path} is not text (byte {offset} is not UTF-8)")]
    NotText {
        /// The file.
        path: String,
        /// The first byte that is not.
        offset: usize,
    },
    /// Not TOML or JSON of the schema: wrong syntax, an unknown or missing field, a wrong type.
    #[error("plan file {path}{place}: {message}")]
    Form {
        /// The file.
        path: String,
        /// `:LINE:COLUMN` where known.
        place: String,
        /// What is wrong.
        message: String,
    },
    /// NaN or infinity.
    #[error("plan file {path}: {field} is not a finite number")]
    NotFinite {
        /// The file.
        path: String,
        /// The field, as in `steps[2].do.go_to.altitude.above_home`.
        field: String,
    },
}

/// Reads a plan file: JSON when it begins with `{` or its name ends in `.json`, TOML otherwise.
pub fn from_file(path: &Path, bytes: &[u8]) -> Result<Planned, PlanFileError> {
    let shown = path.display().to_string();
    if bytes.len() > MAX_FILE_BYTES {
        return Err(PlanFileError::TooLarge { path: shown, bytes: bytes.len(), limit: MAX_FILE_BYTES });
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| PlanFileError::NotText { path: shown.clone(), offset: error.valid_up_to() })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
        || text.trim_start().starts_with('{');
    let draft = if is_json { json(text, &shown)? } else { toml_text(text, &shown)? };
    // JSON cannot say NaN, TOML can; a number too large for an f64 is infinite in both.
    let value = toml::Value::try_from(&draft).map_err(|error| form(&shown, "", error.to_string()))?;
    if let Some(field) = not_finite(&value, "") {
        return Err(PlanFileError::NotFinite { path: shown, field });
    }
    Ok(Planned { draft, assumptions: Vec::new() })
}

fn json(text: &str, path: &str) -> Result<PlanDraft, PlanFileError> {
    serde_json::from_str(text).map_err(|error| {
        let place = if error.line() > 0 { format!(":{}:{}", error.line(), error.column()) } else { String::new() };
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(head, _)| head).to_owned();
        form(path, &place, message)
    })
}

fn toml_text(text: &str, path: &str) -> Result<PlanDraft, PlanFileError> {
    toml::from_str(text).map_err(|error| {
        let place = error.span().map_or_else(String::new, |span| {
            let before = &text[..span.start.min(text.len())];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
            format!(":{line}:{column}")
        });
        form(path, &place, error.message().to_owned())
    })
}

fn form(path: &str, place: &str, message: String) -> PlanFileError {
    PlanFileError::Form { path: path.into(), place: place.into(), message }
}

fn not_finite(value: &toml::Value, at: &str) -> Option<String> {
    match value {
        toml::Value::Float(number) if !number.is_finite() => Some(at.into()),
        toml::Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| not_finite(item, &format!("{at}[{index}]")))
        }
        toml::Value::Table(fields) => fields.iter().find_map(|(name, field)| {
            not_finite(field, &if at.is_empty() { name.clone() } else { format!("{at}.{name}") })
        }),
        _ => None,
    }
}

/// The JSON Schema of a plan file.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(PlanDraft);
    schema.insert("title".into(), "flightsmith plan".into());
    schema.insert("$id".into(), "plan.schema.json".into());
    schema.into()
}
