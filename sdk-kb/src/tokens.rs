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
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '_') {
        let word = word.trim_matches('_');
        if word.is_empty() {
            continue;
        }
        let whole = stem(&word.to_lowercase());
        let parts = parts(word);
        let joined = parts.concat();
        if parts.len() > 1 {
            if joined != whole && whole.contains('_') {
                out.push(whole);
                out.push(joined);
            } else {
                out.push(whole);
            }
            out.extend(parts.iter().map(|part| stem(part)));
        } else {
            out.push(whole);
        }
    }
    out
}

/// The word for what a document of this title is called, if it is an identifier or the path of one: that identifier's letters and
/// digits behind a `=`, which no token of a text begins with.
///
/// ```
/// # use flightsmith_kb::tokens::name_of_title;
/// assert_eq!(name_of_title("Vehicle::go_to").as_deref(), Some("=goto"));
/// assert_eq!(name_of_title("Fly to a place"), None);
/// ```
pub fn name_of_title(title: &str) -> Option<String> {
    let last = title.rsplit([':', '.']).next()?;
    let identifier = !last.is_empty() && title.chars().all(|c| c.is_alphanumeric() || "_:.".contains(c));
    identifier.then(|| name(last))
}

/// The names that the words of `text` may be: as [`name_of_title`] has them.
pub fn names(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| word.contains(char::is_alphanumeric)).map(name).collect()
}

fn name(identifier: &str) -> String {
    let letters = identifier.chars().filter(|c| *c != '_').flat_map(char::to_lowercase);
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
fn stem(word: &str) -> String {
    match word.strip_suffix('s') {
        Some(singular) if singular.len() > 2 && !singular.ends_with(['s', 'u', 'i']) && !word.contains('_') => {
            singular.to_owned()
        }
        _ => word.to_owned(),
    }
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
}
