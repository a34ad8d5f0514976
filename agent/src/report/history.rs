//! What `events.jsonl` says about the course of a run, read with forbearance: unknown events and fields are passed over.
//!
//! Looked for, whatever the event is called: the last `verdict` (with `stage` and `reason`), each pair of `stage` and `seconds`,
//! each `model`, each `widened` or `narrowed` (a sentence). Leaves to others: writing events.
use serde_json::Value;
use std::collections::BTreeMap;

/// The course of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// The last verdict: `verified`, `refused` or `failed`.
    pub verdict: Option<String>,
    /// The stage in which the run ended.
    pub stage: Option<String>,
    /// Why it ended there.
    pub reason: Option<String>,
    /// Seconds of wall time by stage.
    pub timings_s: BTreeMap<String, f64>,
    /// The model that was asked, if one was.
    pub model: Option<String>,
    /// Tolerances widened and draws narrowed by a flag, one sentence each.
    pub loosened: Vec<String>,
    /// Lines that are no JSON objects.
    pub bad_lines: usize,
}

impl History {
    /// Reads the text of `events.jsonl`.
    pub fn read(text: &str) -> Self {
        let mut history = Self::default();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            match serde_json::from_str::<Value>(line) {
                Ok(event) if event.is_object() => history.take(&event),
                _ => history.bad_lines += 1,
            }
        }
        history
    }

    fn take(&mut self, event: &Value) {
        let text = |key: &str| event.get(key).and_then(Value::as_str).map(str::to_owned);
        if let Some(verdict) = text("verdict").filter(|verdict| ["verified", "refused", "failed"].contains(&&**verdict))
        {
            self.verdict = Some(verdict);
            self.stage = text("stage").or(self.stage.take());
            self.reason = text("reason").or(self.reason.take());
        }
        if let (Some(stage), Some(seconds)) = (text("stage"), event.get("seconds").and_then(Value::as_f64)) {
            *self.timings_s.entry(stage).or_default() += seconds;
        }
        if let Some(model) = text("model") {
            self.model = Some(model);
        }
        self.loosened.extend(text("widened").into_iter().chain(text("narrowed")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_verdict_counts_and_times_add_up() {
        let text = concat!(
            "{\"event\":\"stage_ended\",\"stage\":\"check\",\"seconds\":0.25}\n",
            "{\"event\":\"stage_ended\",\"stage\":\"check\",\"seconds\":0.5,\"model\":\"qwen\"}\n",
            "{\"event\":\"ended\",\"verdict\":\"failed\",\"stage\":\"check\",\"reason\":\"budget\"}\n",
            "half a li"
        );
        let expected = History {
            verdict: Some("failed".into()),
            stage: Some("check".into()),
            reason: Some("budget".into()),
            timings_s: BTreeMap::from([("check".into(), 0.75)]),
            model: Some("qwen".into()),
            loosened: vec![],
            bad_lines: 1,
        };
        assert_eq!(History::read(text), expected);
    }
}
