//! Words as search sees them. Identifiers count whole, without their separators, and in parts, so that `go_to`, `goto` and
//! `GoTo` meet, and `SET_POSITION_TARGET_LOCAL_NED` is found by "local ned" too.

/// The tokens of `text`, in order, lower case; an identifier gives several.
///
/// ```
/// # use flightsmith_kb::tokens::tokens;
/// assert_eq!(tokens("Goto the E0382 of goto_ned()"),
///            ["goto", "the", "e0382", "e", "0382", "of", "goto_ned", "gotoned", "goto", "ned"]);
/// assert_eq!(tokens("takeOff"), ["takeoff", "take", "off"]);
/// ```
pub fn tokens(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in words(text) {
        let whole = singular(&word.to_lowercase());
        let parts = parts(word);
        let joined = parts.concat();
        if parts.len() > 1 {
            if joined != whole && whole.contains('_') {
                out.push(whole);
                out.push(joined);
            } else {
                out.push(whole);
            }
            out.extend(parts.iter().map(|part| singular(part)));
        } else {
            out.push(whole);
        }
    }
    out
}

/// How the ranking by words reads texts and queries; what is switched off is for measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Analysis {
    /// Identifiers count in parts too, and without their separators.
    pub parts: bool,
    /// Words are brought to their stems.
    pub stems: bool,
}

impl Default for Analysis {
    fn default() -> Self {
        Self { parts: true, stems: true }
    }
}

impl Analysis {
    /// As [`tokens`], by these settings. Parts of one letter are left out: `E0382` is no `e`.
    pub(crate) fn tokens(self, text: &str) -> Vec<String> {
        let mut out = Vec::new();
        for word in words(text) {
            let whole = word.to_lowercase();
            let parts = if self.parts { parts(word) } else { Vec::new() };
            if parts.len() < 2 {
                out.push(self.stem(&whole));
                continue;
            }
            if whole.contains('_') {
                out.push(parts.concat());
            }
            out.push(whole);
            out.extend(parts.iter().filter(|part| part.len() > 1).map(|part| self.stem(part)));
        }
        out
    }

    /// A word's stem.
    pub(crate) fn stem(self, word: &str) -> String {
        if self.stems { stem(word) } else { singular(word) }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_').map(|word| word.trim_matches('_'));
    words.filter(|word| !word.is_empty())
}

/// Prefixes of MAVLink's names that people leave out.
const LEFT_OUT: [&str; 4] = ["MAV_CMD_DO_", "MAV_CMD_NAV_", "MAV_CMD_", "MAV_"];

/// The words for what a document of this title is called, if it is an identifier or the path of one: that identifier's letters and
/// digits behind a `=`, which no token of a text begins with; of MAVLink's names also what is behind their prefixes.
///
/// ```
/// # use flightsmith_kb::tokens::names_of_title;
/// assert_eq!(names_of_title("Vehicle<Airborne>::go_to"), ["=goto"]);
/// assert_eq!(names_of_title("MAV_CMD_DO_GRIPPER"), ["=mavcmddogripper", "=gripper", "=dogripper", "=cmddogripper"]);
/// assert_eq!(names_of_title("Fly to a place"), [""; 0]);
/// ```
pub fn names_of_title(title: &str) -> Vec<String> {
    let is_path = title.chars().all(|c| c.is_alphanumeric() || "_:.<>".contains(c));
    let last = title.rsplit([':', '.']).next().filter(|last| is_path && !last.is_empty());
    let Some(last) = last else { return Vec::new() };
    let behind = LEFT_OUT.iter().filter_map(|prefix| last.strip_prefix(prefix));
    std::iter::once(last).chain(behind).map(name).collect()
}

/// The name that words written in one make.
pub(crate) fn name(identifier: &str) -> String {
    let letters = identifier.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    std::iter::once('=').chain(letters).collect()
}

/// Parts of an identifier, lower case: split at `_`, at humps, and between letters and digits.
fn parts(word: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for piece in word.split('_').filter(|piece| !piece.is_empty()) {
        let chars: Vec<char> = piece.chars().collect();
        let mut part = String::new();
        for (i, &c) in chars.iter().enumerate() {
            if i > 0 {
                let before = chars[i - 1];
                let hump = c.is_uppercase()
                    && (before.is_lowercase() || chars.get(i + 1).is_some_and(|next| next.is_lowercase()));
                if hump || c.is_numeric() != before.is_numeric() {
                    parts.push(std::mem::take(&mut part));
                }
            }
            part.extend(c.to_lowercase());
        }
        parts.push(part);
    }
    parts
}

/// Plural to singular, the crude way: enough for "metres", "waypoints", "photos".
fn singular(word: &str) -> String {
    match word.strip_suffix('s') {
        Some(singular) if singular.len() > 2 && !singular.ends_with(['s', 'u', 'i']) && !word.contains('_') => {
            singular.to_owned()
        }
        _ => word.to_owned(),
    }
}

/// Without the endings of plurals, of `-ing`, `-ed`, `-er` and of adverbs: "flying" and "flies" meet, "rotates" and "rotation" do not.
fn stem(word: &str) -> String {
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) || word.len() < 4 {
        return word.to_owned();
    }
    let mut stem = word.to_owned();
    if let Some(base) = stem.strip_suffix("ies").filter(|base| base.len() > 1) {
        stem = format!("{base}y");
    } else if !stem.ends_with("ss")
        && !stem.ends_with("us")
        && !stem.ends_with("is")
        && let Some(base) = stem.strip_suffix('s')
    {
        stem = base.to_owned();
    }
    for ending in ["ing", "ed", "ly"] {
        let Some(base) = stem.strip_suffix(ending).filter(|base| has_vowel(base) && base.len() > 2) else { continue };
        stem = base.to_owned();
        let twice = stem.as_bytes().last_chunk::<2>().is_some_and(|[a, b]| a == b && !b"lsz".contains(a));
        if twice {
            stem.pop();
        }
        break;
    }
    if stem.len() > 3 && stem.ends_with('e') {
        stem.pop();
    }
    stem
}

fn has_vowel(word: &str) -> bool {
    word.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_match_whole_and_in_parts() {
        let check = |text: &str, expect: &[&str]| assert_eq!(tokens(text), expect, "{text}");
        check(
            "SET_POSITION_TARGET_LOCAL_NED",
            &[
                "set_position_target_local_ned",
                "setpositiontargetlocalned",
                "set",
                "position",
                "target",
                "local",
                "ned",
            ],
        );
        check("E0382", &["e0382", "e", "0382"]);
        check("MetresPerSecond(5.0)", &["metrespersecond", "metre", "per", "second", "5", "0"]);
        check("MAVLinkError", &["mavlinkerror", "mav", "link", "error"]);
        check("photos, status; gas", &["photo", "status", "gas"]);
        check("Vehicle::<Airborne>::go_to", &["vehicle", "airborne", "go_to", "goto", "go", "to"]);
        check("höhe __x__", &["höhe", "x"]);
        check(" ,;", &[]);
    }

    #[test]
    fn stems_of_words_meet() {
        for (words, expect) in [
            ("fly flying", "fly"),
            ("moved moves moving move", "mov"),
            ("stopped stops stopping", "stop"),
            ("circles circling circle circled", "circl"),
            ("batteries battery", "battery"),
            ("needed needs", "need"),
            ("status", "status"),
            ("class classes", "class"),
            ("ned", "ned"),
        ] {
            for word in words.split(' ') {
                let found = stem(word);
                let expect = if word == "classes" { "class" } else { expect };
                assert_eq!(found, expect, "{word}");
            }
        }
    }

    #[test]
    fn analyses_differ_in_what_they_switch_off() {
        let tokens = |parts, stems| Analysis { parts, stems }.tokens("E0382 go_to places");
        assert_eq!(tokens(true, true), ["e0382", "0382", "goto", "go_to", "go", "to", "plac"]);
        assert_eq!(tokens(false, true), ["e0382", "go_to", "plac"]);
        assert_eq!(tokens(false, false), ["e0382", "go_to", "place"]);
    }
}
