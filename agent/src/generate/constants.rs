//! The named constants of a generated mission: asked for by meaning while the steps are translated, named when all are known.
//!
//! Two steps that ask for the same meaning and value share a constant; different values of one meaning are told apart by
//! ordinals in the order of use (`FIRST_EAST_LEG`, `SECOND_EAST_LEG`).
use std::collections::BTreeMap;

/// Opens and closes a reference to a constant in text that is not finished yet.
const OPEN: char = '\u{2}';
const CLOSE: char = '\u{3}';

/// The constants asked for so far.
#[derive(Debug, Default)]
pub(super) struct Constants {
    all: Vec<Constant>,
}

#[derive(Debug, Clone, PartialEq)]
struct Constant {
    meaning: String,
    of_type: String,
    value: String,
    note: String,
}

impl Constants {
    /// A reference to the constant `meaning` (in upper snake case) of this type and value, for use in expressions.
    pub(super) fn named(&mut self, meaning: &str, of_type: impl Into<String>, value: impl Into<String>) -> String {
        self.noted(meaning, of_type, value, "")
    }
    /// The same with a doc comment, where the name alone does not say it all.
    pub(super) fn noted(
        &mut self,
        meaning: &str,
        of_type: impl Into<String>,
        value: impl Into<String>,
        note: impl Into<String>,
    ) -> String {
        let wanted =
            Constant { meaning: meaning.into(), of_type: of_type.into(), value: value.into(), note: note.into() };
        let index = self.all.iter().position(|known| *known == wanted).unwrap_or_else(|| {
            self.all.push(wanted);
            self.all.len() - 1
        });
        format!("{OPEN}{index}{CLOSE}")
    }
    /// A length in metres.
    pub(super) fn metres(&mut self, meaning: &str, metres: f64) -> String {
        self.named(meaning, "Metres", format!("Metres({})", number(metres)))
    }
    /// A height above home.
    pub(super) fn above_home(&mut self, meaning: &str, metres: f64) -> String {
        self.named(meaning, "AboveHome", format!("AboveHome({})", number(metres)))
    }
    /// An angle or bearing in degrees.
    pub(super) fn degrees(&mut self, meaning: &str, degrees: f64) -> String {
        self.named(meaning, "Degrees", format!("Degrees({})", number(degrees)))
    }
    /// A true bearing, named after the wind where it has a name.
    pub(super) fn bearing(&mut self, meaning: &str, bearing_deg: f64) -> String {
        let bearing_deg = flightsmith_mission::units::wrap_360(bearing_deg);
        match wind_name(bearing_deg) {
            Some(name) => self.degrees(name, bearing_deg),
            None => self.degrees(meaning, bearing_deg),
        }
    }
    /// A duration.
    pub(super) fn seconds(&mut self, meaning: &str, seconds: f64) -> String {
        self.named(meaning, "Seconds", format!("Seconds({})", number(seconds)))
    }
    /// A speed.
    pub(super) fn speed(&mut self, meaning: &str, speed_m_s: f64) -> String {
        self.named(meaning, "MetresPerSecond", format!("MetresPerSecond({})", number(speed_m_s)))
    }
    /// A number of things.
    pub(super) fn count(&mut self, meaning: &str, count: u32) -> String {
        self.named(meaning, "u32", count.to_string())
    }

    /// The names of the constants that `text` uses, told apart where they must be.
    pub(super) fn names(&self, text: &str) -> Names {
        let mut order = Vec::new();
        self.collect(text, &mut order);
        let mut by_meaning: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for index in &order {
            by_meaning.entry(&self.all[*index].meaning).or_default().push(*index);
        }
        let mut names = BTreeMap::new();
        for (meaning, indices) in by_meaning {
            for (place, index) in indices.iter().enumerate() {
                let name = if indices.len() == 1 { meaning.to_owned() } else { ordinal(meaning, place) };
                names.insert(*index, name);
            }
        }
        Names { order, names }
    }

    /// The `const` items of `names`, in the order of their use.
    pub(super) fn items(&self, names: &Names) -> String {
        names.order.iter().map(|index| self.item(*index, names)).collect()
    }

    fn collect(&self, text: &str, order: &mut Vec<usize>) {
        for index in references(text) {
            // What a constant is made of stands before it.
            if !order.contains(&index) {
                self.collect(&self.all[index].value, order);
                order.push(index);
            }
        }
    }

    fn item(&self, index: usize, names: &Names) -> String {
        let constant = &self.all[index];
        let note: String = match constant.note.as_str() {
            "" => String::new(),
            note => super::words::comment(note, 0).lines().map(|line| format!("/{line}\n")).collect(),
        };
        let value = names.applied(&constant.value);
        note + &super::layout::item(&format!("const {}: {} =", names.names[&index], constant.of_type), &value)
    }
}

/// `value` with at most four decimals, as a float literal.
pub(super) fn number(value: f64) -> String {
    // A tenth of a millimetre (or of a thousandth of a degree) is far below what any vehicle can do.
    let rounded = (value * 1e4).round() / 1e4;
    format!("{:?}", if rounded == 0.0 { 0.0 } else { rounded })
}

/// Whether `value` is what a person would write: at most three decimals.
pub(super) fn is_plain(value: f64) -> bool {
    (value * 1e3 - (value * 1e3).round()).abs() < 1e-6
}

/// The name of a wind as a constant, for the eight that everybody knows.
pub(super) fn wind_name(bearing_deg: f64) -> Option<&'static str> {
    const WINDS: [&str; 8] = ["NORTH", "NORTH_EAST", "EAST", "SOUTH_EAST", "SOUTH", "SOUTH_WEST", "WEST", "NORTH_WEST"];
    let eighths = bearing_deg / 45.0;
    let nearest = eighths.round();
    ((eighths - nearest).abs() < 1e-9).then(|| WINDS[nearest.rem_euclid(8.0) as usize])
}

fn ordinal(meaning: &str, place: usize) -> String {
    const ORDINALS: [&str; 12] = [
        "FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH", "TENTH", "ELEVENTH",
        "TWELFTH",
    ];
    match ORDINALS.get(place) {
        Some(ordinal) => format!("{ordinal}_{meaning}"),
        None => format!("{meaning}_NUMBER_{}", place + 1),
    }
}

fn references(text: &str) -> Vec<usize> {
    text.split(OPEN).skip(1).filter_map(|part| part.split_once(CLOSE)?.0.parse().ok()).collect()
}

/// Names of constants, and the order of their use.
#[derive(Debug)]
pub(super) struct Names {
    order: Vec<usize>,
    names: BTreeMap<usize, String>,
}

impl Names {
    /// `text` with the names in place of the references.
    pub(super) fn applied(&self, text: &str) -> String {
        let mut parts = text.split(OPEN);
        let mut result = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            if let Some((index, rest)) = part.split_once(CLOSE) {
                let name = index.parse().ok().and_then(|index: usize| self.names.get(&index));
                result.push_str(name.map_or("", String::as_str));
                result.push_str(rest);
            }
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_meaning_and_value_share_a_constant_and_others_get_ordinals() {
        let mut constants = Constants::default();
        let (first, again) = (constants.metres("EAST_LEG", 20.0), constants.metres("EAST_LEG", 20.0));
        let second = constants.metres("EAST_LEG", 30.00001);
        let unused = constants.metres("WEST_LEG", 1.0);
        assert_eq!((&first, unused.is_empty()), (&again, false));
        let text = format!("f({second}, {first}, {again});");
        let names = constants.names(&text);
        let items = constants.items(&names);
        assert_eq!(names.applied(&text), "f(FIRST_EAST_LEG, SECOND_EAST_LEG, SECOND_EAST_LEG);");
        assert_eq!(
            items,
            "const FIRST_EAST_LEG: Metres = Metres(30.0);\nconst SECOND_EAST_LEG: Metres = Metres(20.0);\n"
        );
    }

    #[test]
    fn numbers_and_winds_are_written_as_people_write_them() {
        assert_eq!([number(40.0), number(-0.00001), number(1.0 / 3.0)], ["40.0", "0.0", "0.3333"]);
        assert_eq!([wind_name(0.0), wind_name(315.0), wind_name(30.0)], [Some("NORTH"), Some("NORTH_WEST"), None]);
        assert!(is_plain(9.14) && !is_plain(21.650635));
    }
}
