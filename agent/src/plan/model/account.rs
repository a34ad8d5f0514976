//! Holding a rewriting against the words: every clause stands in the words, no word is left over, and each clause has the same
//! numbers and directions as its plain sentence, both ways.
use super::Part;
use crate::plan::quantity::{Dimension, Quantity, find_all, parse};
use std::collections::BTreeMap;
use std::ops::Range;

/// What does not match, each a line that the model is told.
pub(super) fn faults(words: &str, parts: &[Part]) -> Vec<String> {
    let mut faults = Vec::new();
    if parts.is_empty() {
        return vec!["there are no parts".into()];
    }
    let words_lower = Folded::new(words);
    let mut covered: Vec<Range<usize>> = Vec::new();
    for part in parts {
        match words_lower.find(&part.clause, covered.last().map_or(0, |range| range.end)) {
            Some(range) => {
                if belongs_before(words, &range) {
                    faults.push(format!("\"{}\" belongs to the part before it: make one part of the two", part.clause));
                }
                covered.push(range);
            }
            None => {
                faults.push(format!("\"{}\" does not stand in the words there, or stands there once only", part.clause))
            }
        }
        faults.extend(numbers(part));
        faults.extend(directions(part));
        faults.extend(manners(part));
    }
    faults.extend(left_over(words, &covered).into_iter().map(|piece| format!("\"{piece}\" is not accounted for")));
    faults
}

/// What a clause says besides amounts and directions, and the words that say the same: a small model once left out where the nose points.
const MANNERS: [(&str, &[&str]); 8] = [
    ("where the nose points", &["nose", "facing", "face", "backwards", "backward"]),
    ("a photo", &["photo", "photos", "photograph", "picture", "pictures"]),
    ("waiting", &["wait", "hover", "hold", "pause"]),
    ("what is done at each corner", &["corner", "corners"]),
    ("the straight line", &["straight"]),
    ("the payload", &["gripper", "servo", "release"]),
    ("the battery", &["battery"]),
    ("the wind", &["wind"]),
];

/// Manners of the clause that its plain sentence lost.
fn manners(part: &Part) -> Vec<String> {
    let has = |text: &str, said: &[&str]| {
        let text = text.to_lowercase();
        text.split(|c: char| !c.is_alphanumeric()).any(|word| said.contains(&word))
    };
    let lost = MANNERS.iter().filter(|(_, said)| has(&part.clause, said) && !has(&part.plain, said));
    lost.map(|(what, _)| format!("\"{}\" says something about {what}, \"{}\" does not", part.clause, part.plain))
        .collect()
}

/// The plain sentences in one text, with sentences ending where the person's do: "repeat that" repeats a sentence.
pub(super) fn joined(words: &str, parts: &[Part]) -> String {
    let folded = Folded::new(words);
    let mut text = String::new();
    let mut end = 0;
    for part in parts {
        let range = folded.find(&part.clause, end).unwrap_or(end..end);
        if !text.is_empty() {
            let between = &words[end..range.start];
            text.push_str(if between.contains(['.', ';', ':', '!', '\n']) { ". " } else { ", " });
        }
        end = range.end;
        text.push_str(part.plain.trim_end_matches(['.', ',']));
    }
    text
}

/// Words without case, where bytes still count as in the original.
struct Folded(String);

impl Folded {
    fn new(words: &str) -> Self {
        // ASCII only: other letters may change their length.
        Self(words.to_ascii_lowercase())
    }

    /// Where `clause` stands, at `from` or behind.
    fn find(&self, clause: &str, from: usize) -> Option<Range<usize>> {
        let clause = clause.trim().trim_matches([',', '.', ';']).trim().to_ascii_lowercase();
        if clause.is_empty() {
            return None;
        }
        let start = self.0.get(from..)?.find(&clause)? + from;
        Some(start..start + clause.len())
    }
}

/// Whether the clause only qualifies what stands before it in the same sentence ("a square / at 5 m/s"): on its own it would hold from
/// there on, and not for the square.
fn belongs_before(words: &str, clause: &Range<usize>) -> bool {
    const QUALIFIES: &[&str] = &["at", "with", "no", "not", "facing", "around", "mit", "bei", "avec"];
    let before = words[..clause.start].trim_end();
    let starts_sentence = before.is_empty() || before.ends_with(['.', ';', ':', '!', '\n']);
    let mut said = words[clause.clone()].split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = said.next().unwrap_or_default().to_lowercase();
    !starts_sentence && QUALIFIES.contains(&first.as_str())
}

/// Pieces of the words that no clause covers and that say something.
fn left_over(words: &str, covered: &[Range<usize>]) -> Vec<String> {
    const EMPTY: &[&str] = &[
        "a",
        "after",
        "afterwards",
        "also",
        "an",
        "and",
        "at",
        "but",
        "danach",
        "dann",
        "das",
        "der",
        "die",
        "end",
        "finally",
        "first",
        "i",
        "in",
        "it",
        "lastly",
        "me",
        "next",
        "now",
        "of",
        "ok",
        "okay",
        "please",
        "bitte",
        "that",
        "the",
        "then",
        "there",
        "this",
        "und",
        "with",
        "you",
    ];
    let mut pieces = Vec::new();
    let mut at = 0;
    let ends = covered.iter().map(|range| (range.start, range.end)).chain([(words.len(), words.len())]);
    for (start, end) in ends {
        if let Some(piece) = words.get(at..start) {
            let says = piece
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| !word.is_empty() && !EMPTY.contains(&word.to_lowercase().as_str()));
            if says {
                pieces.push(piece.trim().trim_matches([',', '.', ';', ' ']).to_owned());
            }
        }
        at = at.max(end);
    }
    pieces
}

/// Amounts of the clause that the sentence lacks, and amounts of the sentence that the clause lacks.
fn numbers(part: &Part) -> Vec<String> {
    let (clause, plain) = (amounts(&part.clause), amounts(&part.plain));
    let mut open = plain;
    let mut faults = Vec::new();
    for asked in clause {
        match open.iter().position(|said| asked.same(said)) {
            Some(index) => {
                open.remove(index);
            }
            None => faults.push(format!("\"{}\" lacks the {} of \"{}\"", part.plain, asked.text, part.clause)),
        }
    }
    faults.extend(
        open.iter().map(|said| format!("\"{}\" says {}, which \"{}\" does not", part.plain, said.text, part.clause)),
    );
    faults
}

struct Amount {
    text: String,
    quantity: Quantity,
    /// The number alone, without its unit.
    bare: Option<f64>,
}

impl Amount {
    fn same(&self, other: &Self) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(1.0);
        if self.quantity.dimension == other.quantity.dimension {
            return near(self.quantity.value, other.quantity.value);
        }
        // A unit that we do not know (another language's) leaves a bare number.
        (self.quantity.dimension == Dimension::Count || other.quantity.dimension == Dimension::Count)
            && matches!((self.bare, other.bare), (Some(a), Some(b)) if near(a, b))
    }
}

fn amounts(text: &str) -> Vec<Amount> {
    // The figure is no amount; twice is one.
    let mut text = text.to_lowercase();
    for figure in ["figure of eight", "figure-of-eight", "figure eight", "figure-eight", "figure of 8", "figure 8"] {
        text = text.replace(figure, "figure");
    }
    let text: Vec<&str> = text
        .split(' ')
        .map(|word| match word.trim_matches(|c: char| !c.is_alphanumeric()) {
            "twice" => "2 times",
            "thrice" => "3 times",
            _ => word,
        })
        .collect();
    let text = text.join(" ");
    find_all(&text)
        .into_iter()
        .map(|found| {
            let said = &text[found.span];
            Amount { text: said.to_owned(), quantity: found.quantity, bare: bare(said) }
        })
        .collect()
}

/// The number at the beginning of an amount: 30 of "30 feet", "thirty feet" and "30ft".
fn bare(amount: &str) -> Option<f64> {
    let ends = amount.char_indices().map(|(at, _)| at).skip(1).chain([amount.len()]);
    let counts = ends.filter_map(|end| {
        let head = amount[..end].trim_end();
        parse(head).ok().filter(|quantity| quantity.dimension == Dimension::Count).map(|quantity| quantity.value)
    });
    counts.last()
}

/// Directions of the clause and the sentence that differ.
fn directions(part: &Part) -> Option<String> {
    let (clause, plain) = (directions_in(&part.clause), directions_in(&part.plain));
    (clause != plain).then(|| {
        let list = |found: &BTreeMap<&'static str, usize>| match found.len() {
            0 => "no direction".to_owned(),
            _ => found.keys().copied().collect::<Vec<_>>().join(", "),
        };
        format!("\"{}\" says {}, but \"{}\" says {}", part.plain, list(&plain), part.clause, list(&clause))
    })
}

fn directions_in(text: &str) -> BTreeMap<&'static str, usize> {
    let mut found = BTreeMap::new();
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
        let named: &[&'static str] = match word {
            "n" => &["north"],
            "e" => &["east"],
            "s" => &["south"],
            "w" => &["west"],
            "ne" => &["north", "east"],
            "nw" => &["north", "west"],
            "se" => &["south", "east"],
            "sw" => &["south", "west"],
            "left" | "links" => &["left"],
            "right" | "rechts" => &["right"],
            "clockwise" => &["clockwise"],
            "counterclockwise" | "anticlockwise" => &["counterclockwise"],
            _ => &[],
        };
        for name in named {
            *found.entry(*name).or_default() += 1;
        }
        // northeast, southwards, western; and German's nord, süd, ost.
        let mut rest = word;
        for (stem, name) in [
            ("north", "north"),
            ("nord", "north"),
            ("nörd", "north"),
            ("south", "south"),
            ("süd", "south"),
            ("sued", "south"),
            ("east", "east"),
            ("ost", "east"),
            ("öst", "east"),
            ("west", "west"),
        ] {
            if let Some(tail) = rest.strip_prefix(stem) {
                *found.entry(name).or_default() += 1;
                rest = tail;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_manner_is_named() {
        let part = |clause: &str, plain: &str| Part { clause: clause.into(), plain: plain.into() };
        let lost = manners(&part("a 60 by 30 m rectangle with the nose along the path", "fly a 60 by 30 m rectangle"));
        assert_eq!(lost.len(), 1, "{lost:?}");
        assert!(lost[0].contains("where the nose points"), "{lost:?}");
        assert_eq!(manners(&part("hover for 5 s", "wait 5 s")), [] as [String; 0]);
    }
}
