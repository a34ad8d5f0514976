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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(name: &str, text: &str, expected: &str) {
        let error = from_file(Path::new(name), text.as_bytes()).expect_err("must be refused");
        assert_eq!(error.to_string(), expected);
    }

    const HOP_JSON: &str =
        r#"{ "name": "hop", "steps": [ { "do": { "take_off": { "altitude_m": 5 } } }, { "do": "land" } ] }"#;
    const HOP_TOML: &str =
        "name = \"hop\"\n[[steps]]\ndo = { take_off = { altitude_m = 5.0 } }\n[[steps]]\ndo = \"land\"\n";

    #[test]
    fn json_and_toml_say_the_same() {
        let json = from_file(Path::new("hop.json"), HOP_JSON.as_bytes()).expect("json");
        let toml = from_file(Path::new("hop.toml"), HOP_TOML.as_bytes()).expect("toml");
        assert_eq!(json, toml);
        assert_eq!(from_file(Path::new("hop"), HOP_JSON.as_bytes()).expect("by its content"), json);
    }

    #[test]
    fn a_whole_plan_survives_the_way_through_both_forms() {
        let draft = PlanDraft {
            speed_m_s: Some(4.5),
            ..from_file(Path::new("a.json"), HOP_JSON.as_bytes()).expect("json").draft
        };
        let json = serde_json::to_vec(&draft).expect("json");
        let toml = toml::to_string(&draft).expect("toml");
        assert_eq!(from_file(Path::new("a.json"), &json).expect("json").draft, draft);
        assert_eq!(from_file(Path::new("a.toml"), toml.as_bytes()).expect("toml").draft, draft);
    }

    #[test]
    fn faults_say_where_they_are() {
        refused(
            "a.json",
            "{ \"name\": \"a\",\n  \"stepz\": [] }",
            "plan file a.json:2:9: unknown field `stepz`, expected one of `name`, `words`, `speed_m_s`, `keep_outs`, `rules`, `steps`",
        );
        refused("a.json", "{ \"name\": NaN }", "plan file a.json:1:11: expected value");
        refused("a.json", "{ \"name\": \"a\" }", "plan file a.json:1:15: missing field `steps`");
        refused(
            "a.toml",
            "name = \"a\"\nsteps = []\nspeed_m_s = nan\n",
            "plan file a.toml: speed_m_s is not a finite number",
        );
        refused(
            "a.toml",
            "name = \"a\"\nsteps = [ { do = { take_off = { altitude_m = inf } } } ]\n",
            "plan file a.toml: steps[0].do.take_off.altitude_m is not a finite number",
        );
        refused(
            "a.toml",
            "name = \"a\"\nsteps = [ { do = { take_off = { altitude_m = 5.0, up = 1 } } } ]\n",
            "plan file a.toml:2:51: unexpected keys in table: up, available keys: altitude_m",
        );
        refused(
            "a.json",
            "{ \"name\": \"a\", \"steps\": [ { \"do\": { \"take_off\": { \"altitude_m\": 1e999 } } } ] }",
            "plan file a.json:1:69: number out of range",
        );
        refused("a.toml", "", "plan file a.toml:1:1: missing field `name`");
        let error = from_file(Path::new("a.toml"), b"name = \"\xff\"").expect_err("not text");
        assert_eq!(error.to_string(), "plan file a.toml is not text (byte 8 is not UTF-8)");
        let error = from_file(Path::new("a.toml"), &vec![b' '; MAX_FILE_BYTES + 1]).expect_err("too large");
        assert_eq!(error.to_string(), "plan file a.toml has 1048577 bytes (limit 1048576)");
    }

    #[test]
    fn the_published_schema_is_current() {
        let current = serde_json::to_string_pretty(&schema()).expect("json") + "\n";
        expect_test::expect_file![concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/plan.schema.json")].assert_eq(&current);
    }
}
