//! Recorded messages against what is read from the frames that pymavlink made of them: by the dialect, field by field.
pub mod incoming;
pub mod quantities;

use flightsmith_sdk::wire::decoder::{Decoder, Frame};
use mavlink::dialects::ardupilotmega::MavMessage;
use mavlink::{MavlinkVersion, Message};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Gives all frames of `bytes` to `each`, in portions of `portion` bytes.
pub fn decode(decoder: &mut Decoder, bytes: &[u8], portion: usize, mut each: impl FnMut(Frame<'_>)) {
    for mut portion in bytes.chunks(portion) {
        while !portion.is_empty() {
            let taken = decoder.push(portion);
            portion = &portion[taken..];
            while let Some(frame) = decoder.next_frame() {
                each(frame);
            }
        }
    }
}

/// What came of comparing a recording.
#[derive(Debug, Default, PartialEq)]
pub struct Compared {
    /// Messages that are equal, field by field.
    pub equal: usize,
    /// Fields of these that were compared.
    pub fields: usize,
    /// Messages of kinds that the dialect does not know.
    pub unknown: BTreeMap<String, usize>,
    /// What differs, and how often.
    pub differences: BTreeMap<String, usize>,
}

impl Compared {
    fn note(&mut self, difference: String) {
        *self.differences.entry(difference).or_default() += 1;
    }
}

/// Compares the frames of `bytes` with the `recorded` lines, one for one; `sdk` compares what the SDK reads by itself.
pub fn compare(
    bytes: &[u8],
    recorded: impl Iterator<Item = Value>,
    mut sdk: impl FnMut(&Frame<'_>, &Value) -> Option<String>,
) -> Compared {
    let mut compared = Compared::default();
    let mut recorded = recorded;
    let mut decoder = Decoder::default();
    decode(&mut decoder, bytes, usize::MAX, |frame| {
        let line = loop {
            let Some(line) = recorded.next() else { return compared.note("a frame too many".into()) };
            // The decoder skips whole frames of messages that the dialect does not know.
            if MavMessage::extra_crc(line["msgid"].as_u64().expect("an id") as u32) != 0 {
                break line;
            }
            *compared.unknown.entry(line["m"].as_str().expect("a name").into()).or_default() += 1;
        };
        if u64::from(frame.id) != line["msgid"].as_u64().expect("an id") {
            return compared.note(format!("{} was read as message {}", line["m"], frame.id));
        }
        match dialect(&frame, &line) {
            Ok(fields) => {
                compared.equal += 1;
                compared.fields += fields;
            }
            Err(difference) => compared.note(difference),
        }
        if let Some(difference) = sdk(&frame, &line) {
            compared.note(difference);
        }
    });
    for line in recorded {
        let name = line["m"].as_str().expect("a name");
        if MavMessage::extra_crc(line["msgid"].as_u64().expect("an id") as u32) == 0 {
            *compared.unknown.entry(name.into()).or_default() += 1;
        } else {
            compared.note(format!("{name} was never read"));
        }
    }
    compared
}

/// Compares what the dialect makes of `frame` with what was recorded; how many fields were compared.
fn dialect(frame: &Frame<'_>, line: &Value) -> Result<usize, String> {
    let name = line["m"].as_str().expect("a name");
    let message =
        MavMessage::parse(MavlinkVersion::V2, frame.id, frame.payload).map_err(|error| format!("{name}: {error}"))?;
    let shown = format!("{message:?}");
    let open = shown.find(" { ").ok_or_else(|| format!("{name}: {shown}"))?;
    let fields = split(shown[open + 3..].trim_end_matches(')').trim_end_matches(" }"));
    let mut count = 0;
    for field in fields {
        let (key, read) = field.split_once(": ").ok_or_else(|| format!("{name}: {field}"))?;
        // `type` is a word of the language.
        let key = if key == "mavtype" { "type" } else { key };
        // Fields of later versions of a message were not recorded: pymavlink left them zero.
        let Some(recorded) = line.get(key) else { continue };
        if !same(read, recorded, &line["names"][key]) {
            return Err(format!(
                "{name}.{key}: read {}, recorded {recorded}",
                read.chars().take(80).collect::<String>()
            ));
        }
        count += 1;
    }
    Ok(count)
}

/// Parts of a list, split where no bracket is open.
fn split(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(list[start..].trim());
    parts
}

/// Whether a field as Rust shows it is what was recorded.
fn same(read: &str, recorded: &Value, names: &Value) -> bool {
    if let Some(data) = read.strip_prefix("CharArray { data: [") {
        let bytes: Vec<u8> =
            data.split(']').next().unwrap_or_default().split(", ").filter_map(|b| b.parse().ok()).collect();
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        return recorded.as_str() == Some(&String::from_utf8_lossy(&bytes[..end]));
    }
    if let Some(list) = read.strip_prefix('[').and_then(|list| list.strip_suffix(']')) {
        let parts = split(list);
        // A short list ends in zeros that were not recorded.
        let at = |n: usize| recorded.get(n).cloned().unwrap_or(Value::from(0));
        return recorded.is_array() && parts.iter().enumerate().all(|(n, part)| same(part, &at(n), &Value::Null));
    }
    if let Some(flags) = read.split_once('(').and_then(|(_, flags)| flags.strip_suffix(')')) {
        let mut set: BTreeSet<&str> = flags.split(" | ").filter(|flag| !["", "0x0"].contains(flag)).collect();
        let mut rest = 0;
        set.retain(|flag| match flag.strip_prefix("0x") {
            Some(hex) => {
                rest |= u64::from_str_radix(hex, 16).unwrap_or(u64::MAX);
                false
            }
            None => true,
        });
        let bits: BTreeSet<&str> = names["bits"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        return set == bits && names["rest"].as_u64() == Some(rest);
    }
    match read.parse::<f64>() {
        Ok(read) => number(recorded).is_some_and(|recorded| {
            let near = (read - recorded).abs() <= 1e-6 * (1e-3 + recorded.abs());
            near || read == recorded || (read.is_nan() && recorded.is_nan())
        }),
        Err(_) => names["value"].as_str() == Some(read),
    }
}

/// A recorded number; those that JSON does not have are texts.
pub fn number(value: &Value) -> Option<f64> {
    match value.as_str() {
        Some("nan") => Some(f64::NAN),
        Some(text) => text.parse().ok(),
        None => value.as_f64(),
    }
}
