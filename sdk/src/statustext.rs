//! The autopilot's texts: chunks joined whatever order they come in, the latest texts kept with their times.
//!
//! Which text explains what is decided where it is asked for ([`crate::command`], [`crate::authority`]).
use crate::telemetry::Micros;
use alloc::{collections::VecDeque, string::String, vec::Vec};

/// A text of the autopilot (STATUSTEXT).
///
/// ```
/// use flightsmith_sdk::StatusText;
/// fn is_grave(text: &StatusText) -> bool {
///     text.severity <= 3 && text.whole
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StatusText {
    /// Vehicle time of its first chunk, in microseconds.
    pub at_us: Micros,
    /// MAV_SEVERITY: 0 emergency to 7 debug.
    pub severity: u8,
    /// The text; a chunk that was lost on the way shows as `[..]`.
    pub text: String,
    /// Whether all of it came.
    pub whole: bool,
}

impl StatusText {
    /// Its severity as MAVLink names it, `EMERGENCY` to `DEBUG`.
    ///
    /// ```
    /// # use flightsmith_sdk::Connection;
    /// # let connection = Connection::new();
    /// for text in connection.status_texts() {
    ///     println!("{}: {}", text.severity_name(), text.text);
    /// }
    /// ```
    pub fn severity_name(&self) -> &'static str {
        const NAMES: [&str; 8] = ["EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG"];
        NAMES.get(usize::from(self.severity)).copied().unwrap_or("UNKNOWN")
    }
}

/// How many texts are kept.
const KEPT: usize = 32;
/// Most chunks of one text; what lies beyond is cut off.
const MOST_CHUNKS: u8 = 16;
/// Chunks follow one another at once: after this much vehicle time without one the rest is lost.
const CHUNK_WITHIN_US: Micros = 1_000_000;
/// What stands where a chunk is missing.
const MISSING: &str = "[..]";
/// Characters of a chunk.
const CHUNK: usize = 50;

/// The chunks of a text that is still coming.
#[derive(Debug)]
struct Coming {
    id: u16,
    last_us: Micros,
    /// By number; absent where not come yet.
    chunks: Vec<Option<Vec<u8>>>,
    ends: bool,
}

#[derive(Debug)]
struct Kept {
    text: StatusText,
    coming: Option<Coming>,
    /// Counts the texts that have ended, from 1; 0 while it is coming.
    number: u64,
}

#[derive(Debug, Default)]
pub(crate) struct StatusTexts {
    texts: VecDeque<Kept>,
    /// Count of texts that have ended, so that a reader can tell what is new.
    pub ended: u64,
}

impl Coming {
    fn is_whole(&self) -> bool {
        self.ends && self.chunks.iter().all(Option::is_some)
    }
    /// The text so far, with what is missing marked; where it is `over`, also at its end.
    fn joined(&self, over: bool) -> String {
        let mut bytes = Vec::new();
        for chunk in &self.chunks {
            bytes.extend_from_slice(chunk.as_deref().unwrap_or(MISSING.as_bytes()));
        }
        if over && !self.ends {
            bytes.extend_from_slice(MISSING.as_bytes());
        }
        clean(&bytes)
    }
}

/// PX4 ends texts that it also sends as events with a tab.
fn clean(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches(['\t', '\n']).into()
}

impl StatusTexts {
    pub(crate) fn take(&mut self, severity: u8, text: &[u8; CHUNK], id: u16, chunk: u8, now: Micros) {
        self.end_overdue(now);
        let length = text.iter().position(|byte| *byte == 0).unwrap_or(CHUNK);
        let piece = &text[..length];
        if id == 0 {
            self.push(StatusText { at_us: now, severity, text: clean(piece), whole: true }, None);
            return;
        }
        if chunk >= MOST_CHUNKS {
            return;
        }
        let same = |kept: &Kept| kept.coming.as_ref().is_some_and(|coming| coming.id == id);
        let index = match self.texts.iter().rposition(same) {
            Some(index) if self.has_other(index, chunk, piece) => {
                // The number was used again before the last text with it was whole.
                self.end(index);
                self.begin(severity, id, now)
            }
            Some(index) => index,
            None => self.begin(severity, id, now),
        };
        self.put(index, chunk, piece, now);
    }

    /// Whether chunk `chunk` of that text came already, with other words.
    fn has_other(&self, index: usize, chunk: u8, piece: &[u8]) -> bool {
        let coming = self.texts[index].coming.as_ref();
        let there = coming.and_then(|coming| coming.chunks.get(usize::from(chunk))?.as_deref());
        there.is_some_and(|there| there != piece)
    }

    fn begin(&mut self, severity: u8, id: u16, now: Micros) -> usize {
        let coming = Coming { id, last_us: now, chunks: Vec::new(), ends: false };
        self.push(StatusText { at_us: now, severity, text: String::new(), whole: false }, Some(coming));
        self.texts.len() - 1
    }

    fn push(&mut self, text: StatusText, coming: Option<Coming>) {
        if self.texts.len() == KEPT {
            self.texts.pop_front();
        }
        let number = if coming.is_none() { self.next_number() } else { 0 };
        self.texts.push_back(Kept { text, coming, number });
    }

    fn next_number(&mut self) -> u64 {
        self.ended += 1;
        self.ended
    }

    fn put(&mut self, index: usize, chunk: u8, piece: &[u8], now: Micros) {
        let kept = &mut self.texts[index];
        let Some(coming) = &mut kept.coming else { return };
        let place = usize::from(chunk);
        if coming.chunks.len() <= place {
            coming.chunks.resize(place + 1, None);
        }
        coming.chunks[place] = Some(piece.to_vec());
        coming.last_us = now;
        // A chunk that does not fill its 50 bytes is the last one.
        coming.ends |= piece.len() < CHUNK;
        // Readers who look for a reason see what has come so far.
        kept.text.text = coming.joined(false);
        if coming.is_whole() {
            self.end(index);
        }
    }

    fn end(&mut self, index: usize) {
        let number = self.next_number();
        let kept = &mut self.texts[index];
        if let Some(coming) = kept.coming.take() {
            kept.text.whole = coming.is_whole();
            kept.text.text = coming.joined(true);
            kept.number = number;
        }
    }

    /// Ends the texts whose rest is lost.
    pub(crate) fn end_overdue(&mut self, now: Micros) {
        for index in 0..self.texts.len() {
            let overdue = |coming: &Coming| now.saturating_sub(coming.last_us) > CHUNK_WITHIN_US;
            if self.texts[index].coming.as_ref().is_some_and(overdue) {
                self.end(index);
            }
        }
    }

    /// The first text that ended after number `seen`, with its number.
    pub(crate) fn ended_after(&mut self, seen: u64, now: Micros) -> Option<(&StatusText, u64)> {
        self.end_overdue(now);
        let ended = self.texts.iter().filter(|kept| kept.number > seen);
        ended.min_by_key(|kept| kept.number).map(|kept| (&kept.text, kept.number))
    }
    /// Texts since `from_us`, oldest first.
    pub(crate) fn since(&self, from_us: Micros) -> impl Iterator<Item = &StatusText> {
        self.all().filter(move |text| text.at_us >= from_us)
    }
    pub(crate) fn joined_since(&self, from_us: Micros, max_severity: u8) -> String {
        let mut joined = String::new();
        for text in self.since(from_us).filter(|text| text.severity <= max_severity) {
            if says(&joined, &text.text) {
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
        self.texts.iter().map(|kept| &kept.text)
    }
}

/// Whether `text` has `words` in it, in capitals or not.
pub(crate) fn says(text: &str, words: &str) -> bool {
    // Texts are short: what a search through long ones takes in code is not worth it.
    words.is_empty() || text.as_bytes().windows(words.len()).any(|part| part.eq_ignore_ascii_case(words.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    /// Chunks as (MAVLink id, number, text, time in ms); what a reader gets, `!` in front where not all of it came.
    fn check(chunks: &[(u16, u8, &str, u64)], expect: &[&str]) {
        let mut texts = StatusTexts::default();
        for (id, chunk, text, at_ms) in chunks {
            let mut bytes = [0; CHUNK];
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            texts.take(6, &bytes, *id, *chunk, at_ms * 1000);
        }
        let (mut seen, mut read) = (0, Vec::new());
        while let Some((text, number)) = texts.ended_after(seen, 60_000_000) {
            read.push(format!("{}{}", if text.whole { "" } else { "!" }, text.text));
            seen = number;
        }
        assert_eq!(read, expect, "{chunks:?}");
    }

    #[test]
    fn chunks_are_joined_in_any_order_and_losses_are_marked() {
        const A: &str = "Arming denied: Resolve system health failures firs";
        const B: &str = "0123456789012345678901234567890123456789012345678\t";
        let whole = format!("{A}t");
        check(&[(0, 0, "short", 0)], &["short"]);
        check(&[(4, 0, "short too\t", 0)], &["short too"]);
        check(&[(3, 0, A, 0), (3, 1, "t\t", 1)], &[&whole]);
        check(&[(3, 1, "t\t", 0), (3, 0, A, 1)], &[&whole]);
        check(&[(3, 0, A, 0), (3, 0, A, 1), (3, 1, "t", 2)], &[&whole]);
        check(&[(3, 0, A, 0), (0, 0, "between", 1), (3, 1, "t", 2)], &["between", &whole]);
        check(&[(3, 0, A, 0), (4, 0, B, 1), (3, 1, "t", 2), (4, 1, "", 3)], &[&whole, B.trim_end()]);
        check(&[(3, 0, A, 0)], &[&format!("!{A}[..]")]);
        check(&[(3, 1, "t", 0)], &["![..]t"]);
        check(&[(3, 0, A, 0), (3, 2, "end", 1)], &[&format!("!{A}[..]end")]);
        check(&[(3, 0, A, 0), (3, 0, B, 1), (3, 1, "t", 2)], &[&format!("!{A}[..]"), &format!("{B}t")]);
        check(&[(3, 0, A, 0), (3, 1, "t", 5000)], &[&format!("!{A}[..]"), "![..]t"]);
    }

    #[test]
    fn whatever_comes_little_is_kept() {
        let mut texts = StatusTexts::default();
        for number in 0..100_000_u32 {
            texts.take((number % 9) as u8, &[b'x'; CHUNK], (number % 7) as u16, (number % 256) as u8, 0);
        }
        let kept: usize = texts.all().map(|text| text.text.len()).sum();
        assert!(kept <= KEPT * usize::from(MOST_CHUNKS) * CHUNK, "{kept} bytes");
    }
}
