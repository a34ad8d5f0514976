//! The autopilot's texts: chunks joined, the latest kept with their times.
//!
//! Which text explains what is decided where it is asked for ([`crate::command`], [`crate::authority`]).
use crate::telemetry::Micros;
use alloc::{collections::VecDeque, string::String};

/// A text of the autopilot.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusText {
    /// Vehicle time of its first chunk, in microseconds.
    pub at_us: Micros,
    /// MAV_SEVERITY: 0 emergency to 7 debug.
    pub severity: u8,
    /// The whole text.
    pub text: String,
}

/// How many texts are kept.
const KEPT: usize = 32;

#[derive(Debug, Default)]
pub(crate) struct StatusTexts {
    texts: VecDeque<StatusText>,
    /// The text that further chunks belong to: its MAVLink id and the next chunk's number.
    open: Option<(u16, u8)>,
    /// Count of texts ever, so that a reader can tell what is new.
    pub total: u64,
}

impl StatusTexts {
    pub(crate) fn take(&mut self, severity: u8, text: &[u8; 50], id: u16, chunk: u8, now: Micros) {
        let length = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
        let piece = String::from_utf8_lossy(&text[..length]);
        if id != 0 && self.open == Some((id, chunk)) {
            if let Some(last) = self.texts.back_mut() {
                last.text.push_str(piece.trim_end_matches(['\t', '\n']));
            }
        } else {
            if self.texts.len() == KEPT {
                self.texts.pop_front();
            }
            // PX4 ends texts that it also sends as events with a tab.
            let text = piece.trim_end_matches(['\t', '\n']).into();
            self.texts.push_back(StatusText { at_us: now, severity, text });
            self.total += 1;
        }
        // A chunk that fills its 50 bytes is followed by another one.
        self.open = (id != 0 && length == text.len()).then(|| (id, chunk.wrapping_add(1)));
    }

    /// Texts since `from_us`, oldest first.
    pub(crate) fn since(&self, from_us: Micros) -> impl Iterator<Item = &StatusText> {
        self.texts.iter().filter(move |text| text.at_us >= from_us)
    }
    pub(crate) fn joined_since(&self, from_us: Micros, max_severity: u8) -> String {
        let mut joined = String::new();
        for text in self.since(from_us).filter(|text| text.severity <= max_severity) {
            if joined.contains(text.text.as_str()) {
                continue;
            }
            if !joined.is_empty() {
                joined.push_str("; ");
            }
            joined.push_str(&text.text);
        }
        joined
    }
    pub(crate) fn all(&self) -> impl Iterator<Item = &StatusText> {
        self.texts.iter()
    }
}
