//! Slips of those who write missions: units, frames, states, awaiting.
use super::Finder;
use std::ops::Range;

/// The names of the operators for missions: those of any Rust that fit, and those of flying.
pub const MISSION_OPERATORS: &[&str] = &[
    "bare-number",
    "integer-in-unit",
    "another-unit",
    "remove-await",
    "remove-question-mark",
    "remove-mut",
    "remove-use",
    "rename-method",
    "misspelled-name",
    "semicolon-at-the-end",
    "swap-arguments",
    "missing-argument",
    "missing-type",
    "missing-return-type",
    "remove-semicolon",
    "remove-brace",
    "await-as-prefix",
    "flown-after-landing",
    "integer-for-float",
];

/// Units and what is mistaken for them.
const UNITS: [(&str, &str); 6] = [
    ("Metres", "AboveHome"),
    ("AboveHome", "Metres"),
    ("Seconds", "Metres"),
    ("MetresPerSecond", "Metres"),
    ("Degrees", "Metres"),
    ("Percent", "Degrees"),
];

impl Finder<'_> {
    /// What a unit around a literal number can lose.
    pub(super) fn unit(&mut self, whole: Range<usize>, unit: &str, number: Range<usize>) {
        let Some((unit, other)) = UNITS.iter().find(|(known, _)| *known == unit) else { return };
        let text = self.text.get(number.clone()).unwrap_or_default().to_owned();
        self.put("bare-number", whole.clone(), text.clone());
        if let Some(integer) = text.strip_suffix(".0") {
            self.put("integer-in-unit", number, integer);
        }
        self.put("another-unit", whole.start..whole.start + unit.len(), *other);
    }

    /// `x.await?` written as in other languages, and a movement after the landing: nothing then tells whether somebody wanted it before
    /// the landing or not at all.
    pub(super) fn flight_statement(&mut self, statement: Range<usize>, is_last: bool) {
        let text = self.text.get(statement.clone()).unwrap_or_default().to_owned();
        if let Some(call) = text.strip_suffix(".await?;").filter(|call| !call.contains(['\n', '='])) {
            self.put("await-as-prefix", statement.clone(), format!("await {call}?;"));
        }
        if is_last && text.ends_with(".land().await") {
            const MOVEMENT: &str = "vehicle.hold(Seconds(1.0)).await?;";
            let behind = format!("let landed = {text}?;\n    {MOVEMENT}\n    Ok(landed)");
            let before = format!("{MOVEMENT}\n    {text}");
            self.note_either("flown-after-landing", vec![(statement.clone(), behind)], vec![(statement, before)]);
        }
    }
}
