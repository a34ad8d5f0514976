//! Amounts in digits or words, with their units, into SI: `thirty feet` is 9.144 m.
//!
//! The grammar reads amounts with it, and so does the model side, which lets the model copy amounts as the words have them.
//! ```
//! use flightsmith::plan::quantity::{Dimension, parse};
//! let height = parse("thirty feet")?;
//! assert_eq!(height.dimension, Dimension::Length);
//! assert!((height.value - 9.144).abs() < 1e-12);
//! # Ok::<(), flightsmith::plan::quantity::QuantityError>(())
//! ```
use super::cursor::Cursor;
use super::token::{Kind, tokens};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Metres.
    Length,
    /// Metres a second.
    Speed,
    /// Seconds.
    Duration,
    /// Degrees.
    Angle,
    /// Percent.
    Share,
    /// A number without a unit.
    Count,
}

/// An amount.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// In metres, metres a second, seconds, degrees, percent, or as it stands.
    pub value: f64,
    /// What is measured.
    pub dimension: Dimension,
}

/// An amount found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The amount.
    pub quantity: Quantity,
    /// Where it stands, in bytes.
    pub span: std::ops::Range<usize>,
}

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QuantityError {
    /// No number at its beginning.
    #[error("\"{0}\" is not an amount; write it as 10 m, thirty feet or 5 m/s")]
    NotAnAmount(String),
    /// Something behind it.
    #[error(
        "\"{rest}\" is not a unit of \"{text}\"; known are m, km, ft, yd, mi, nm, m/s, km/h, mph, kt, s, min, h, deg and %"
    )]
    UnknownUnit {
        /// The text.
        text: String,
        /// What was not read.
        rest: String,
    },
    /// Not a finite number.
    #[error("\"{0}\" is not a finite number")]
    NotFinite(String),
}

/// Reads the whole of `text` as one amount.
pub fn parse(text: &str) -> Result<Quantity, QuantityError> {
    let tokens = tokens(text);
    let mut cursor = Cursor::new(text, &tokens, None);
    let quantity = quantity(&mut cursor).ok_or_else(|| QuantityError::NotAnAmount(text.into()))?;
    if !cursor.done() {
        let rest = text[tokens[cursor.at].start..].into();
        return Err(QuantityError::UnknownUnit { text: text.into(), rest });
    }
    if !quantity.value.is_finite() {
        return Err(QuantityError::NotFinite(text.into()));
    }
    Ok(quantity)
}

/// Every amount in `text`, in order; so that it can be said which of them a plan accounts for.
pub fn find_all(text: &str) -> Vec<Found> {
    let tokens = tokens(text);
    let mut cursor = Cursor::new(text, &tokens, None);
    let mut found = Vec::new();
    while !cursor.done() {
        let from = cursor.at;
        match quantity(&mut cursor) {
            Some(quantity) => {
                let (start, end) = cursor.span_since(from);
                found.push(Found { quantity, span: start..end });
            }
            None => cursor.at += 1,
        }
    }
    found
}

/// An amount with a unit, or a bare number as a count.
pub(super) fn quantity(cursor: &mut Cursor<'_>) -> Option<Quantity> {
    if let Some(quantity) = cursor.attempt(|c| with_unit(c, true)) {
        return Some(quantity);
    }
    cursor.attempt(number).map(|value| Quantity { value, dimension: Dimension::Count })
}

/// An amount of `dimension`.
pub(super) fn amount(cursor: &mut Cursor<'_>, dimension: Dimension) -> Option<f64> {
    cursor.attempt(|c| with_unit(c, true).filter(|found| found.dimension == dimension).map(|found| found.value))
}

/// Number and unit, also compound (`1 min 30 s`, `5 ft 6 in`, `a minute and a half`).
fn with_unit(cursor: &mut Cursor<'_>, compound: bool) -> Option<Quantity> {
    approximately(cursor);
    let value = match cursor.attempt(number) {
        Some(value) => value,
        None => one(cursor)?,
    };
    cursor.eat("of a|of an|of");
    let (dimension, factor) = unit(cursor)?;
    let mut quantity = Quantity { value: tidy(value * factor), dimension };
    if dimension == Dimension::Length || dimension == Dimension::Duration {
        if let Some(part) = cursor
            .attempt(|c| c.need("and (a half|half)").map(|()| 0.5).or_else(|| c.need("and a quarter").map(|()| 0.25)))
        {
            quantity.value += part * factor;
        } else if compound
            && let Some(rest) = cursor.attempt(|c| {
                c.eat("and|,");
                let smaller = c.attempt(number)?;
                let (same, smaller_factor) = unit(c)?;
                let pair = (factor, smaller_factor);
                let belongs = same == dimension
                    && [(60.0, 1.0), (3600.0, 60.0), (3600.0, 1.0), (1000.0, 1.0), (FOOT_M, FOOT_M / 12.0)]
                        .contains(&pair);
                (belongs && smaller * smaller_factor < factor).then_some(smaller * smaller_factor)
            })
        {
            quantity.value += rest;
        }
    }
    quantity.value = tidy(quantity.value);
    Some(quantity)
}

/// Without the last bits of a conversion: 35 ft is 10.668 m, not 10.668000000000001.
fn tidy(value: f64) -> f64 {
    if value.abs() < 1e6 { (value * 1e9).round() / 1e9 } else { value }
}

/// `about 10 m` is read as 10 m, and noted.
fn approximately(cursor: &mut Cursor<'_>) {
    let from = cursor.at;
    if cursor.eat("about|around|roughly|approximately|approx|some|circa") {
        let follows = cursor.attempt(|c| {
            let mark = c.mark();
            let value = number(c).or_else(|| one(c));
            c.reset(mark);
            value
        });
        match follows {
            Some(_) => cursor.note("amounts said with \"about\" are flown exactly"),
            None => cursor.at = from,
        }
    }
}

/// `a minute`, `an hour`: an article is a one where a unit follows.
fn one(cursor: &mut Cursor<'_>) -> Option<f64> {
    let token = cursor.peek()?;
    matches!(token.text.as_str(), "a" | "an" | "another").then(|| cursor.at += 1)?;
    Some(1.0)
}

const FOOT_M: f64 = 0.3048;

const LENGTHS: &[(&str, f64)] = &[
    ("m|metre|metres|meter|meters|mtr|mtrs", 1.0),
    ("km|kms|kilometre|kilometres|kilometer|kilometers", 1000.0),
    ("cm|centimetre|centimetres|centimeter|centimeters", 0.01),
    ("ft|foot|feet|'", FOOT_M),
    ("inch|inches", FOOT_M / 12.0),
    ("yd|yds|yard|yards", 0.9144),
    ("mi|mile|miles|statute mile|statute miles", 1609.344),
    ("nm|nmi|nautical mile|nautical miles|sea mile|sea miles", 1852.0),
];
const TIMES: &[(&str, f64)] =
    &[("s|sec|secs|second|seconds", 1.0), ("min|mins|minute|minutes", 60.0), ("h|hr|hrs|hour|hours", 3600.0)];
const OTHERS: &[(&str, Dimension, f64)] = &[
    ("mps", Dimension::Speed, 1.0),
    ("kph|kmh|kmph", Dimension::Speed, 1.0 / 3.6),
    ("mph", Dimension::Speed, 0.44704),
    ("kt|kts|kn|knot|knots", Dimension::Speed, 1852.0 / 3600.0),
    ("°|deg|degs|degree|degrees", Dimension::Angle, 1.0),
    ("rad|radian|radians", Dimension::Angle, 180.0 / std::f64::consts::PI),
    ("%|percent|per cent|pct", Dimension::Share, 1.0),
];

/// A unit: its dimension and factor to SI.
fn unit(cursor: &mut Cursor<'_>) -> Option<(Dimension, f64)> {
    if cursor.peek().is_some_and(|token| token.text == "-") {
        cursor.at += 1;
    }
    // A unit follows its number at once: no article may stand between them.
    if cursor.peek().is_some_and(|token| matches!(token.text.as_str(), "a" | "an" | "the")) {
        return None;
    }
    for &(names, factor) in LENGTHS {
        if cursor.eat(names) {
            let speed = cursor.attempt(|c| {
                c.need("/|per|a|an")
                    .or_else(|| c.peek().filter(|t| t.text == "a" || t.text == "an").map(|_| c.at += 1))?;
                TIMES.iter().find(|(names, _)| c.eat(names)).map(|(_, seconds)| factor / seconds)
            });
            return Some(match speed {
                Some(speed) => (Dimension::Speed, speed),
                None => (Dimension::Length, factor),
            });
        }
    }
    for &(names, factor) in TIMES {
        if cursor.eat(names) {
            return Some((Dimension::Duration, factor));
        }
    }
    OTHERS.iter().find(|(names, ..)| cursor.eat(names)).map(|&(_, dimension, factor)| (dimension, factor))
}

/// A number in digits or words, also a fraction, without a unit.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Option<f64> {
    let first = {
        let mut at = cursor.at;
        // `the 40`, `a 40`: articles in front of a number, but not in front of a word that needs them (`a dozen`).
        while cursor
            .tokens
            .get(at)
            .is_some_and(|token| matches!(token.text.as_str(), "the" | "a" | "an" | "your" | "my"))
        {
            at += 1;
        }
        at
    };
    if let Some(token) = cursor.tokens.get(first)
        && let Kind::Number { value, decimals } = token.kind
    {
        cursor.at = first + 1;
        return Some(fraction_of(cursor, value, decimals));
    }
    words(cursor)
}

/// What may follow digits: `/2`, ` 1/2`, `½`, `and a half`.
fn fraction_of(cursor: &mut Cursor<'_>, value: f64, decimals: usize) -> f64 {
    let digit = |c: &mut Cursor<'_>| match c.peek()?.kind {
        Kind::Number { value, decimals: 0 } if value > 0.0 => {
            c.at += 1;
            Some(value)
        }
        _ => None,
    };
    let over = |c: &mut Cursor<'_>| {
        let slash = c.peek().filter(|token| token.is("/") && token.glued)?;
        c.at += usize::from(slash.glued);
        digit(c)
    };
    if decimals == 0 {
        if let Some(below) = cursor.attempt(over) {
            return value / below;
        }
        if let Some(part) = cursor.attempt(|c| {
            let above = digit(c)?;
            over(c).filter(|below| above < *below).map(|below| above / below)
        }) {
            return value + part;
        }
        if let Some(token) = cursor.peek()
            && let Kind::Number { value: part, .. } = token.kind
            && cursor.words[token.start..token.end].starts_with(['½', '¼', '¾'])
        {
            cursor.at += 1;
            return value + part;
        }
    }
    value + and_a_half(cursor)
}

fn and_a_half(cursor: &mut Cursor<'_>) -> f64 {
    for (pattern, part) in [("and a half|and half", 0.5), ("and a quarter", 0.25), ("and three quarters", 0.75)] {
        if cursor.eat(pattern) {
            return part;
        }
    }
    0.0
}

fn words(cursor: &mut Cursor<'_>) -> Option<f64> {
    for (pattern, value) in [
        ("half a dozen", 6.0),
        ("half a hundred", 50.0),
        ("a dozen|dozen", 12.0),
        ("half a|half an|a half|half", 0.5),
        ("three quarters of a|three quarters of|three quarters", 0.75),
        ("a quarter of a|quarter of a|a quarter|quarter", 0.25),
        ("a third of a|third of a", 1.0 / 3.0),
    ] {
        if cursor.eat(pattern) {
            return Some(value);
        }
    }
    let mut total = 0.0;
    let mut group = 0.0;
    let mut any = false;
    loop {
        if cursor.peek().is_some_and(|token| token.is("-") && any) {
            let after = cursor.tokens.get(cursor.at + 1).and_then(|token| small(&token.text));
            if after.is_none() {
                break;
            }
            cursor.at += 1;
        }
        let Some(token) = cursor.peek() else { break };
        match token.text.as_str() {
            "and" if any && group >= 100.0 || token.text == "and" && total > 0.0 => {
                let Some(_) = cursor.tokens.get(cursor.at + 1).and_then(|next| small(&next.text)) else { break };
            }
            "a" if !any
                && cursor
                    .tokens
                    .get(cursor.at + 1)
                    .is_some_and(|next| matches!(next.text.as_str(), "hundred" | "thousand" | "million")) =>
            {
                group = 1.0;
            }
            "hundred" => group = if any && group > 0.0 { group } else { 1.0 } * 100.0,
            "thousand" => {
                total += if group > 0.0 { group } else { 1.0 } * 1000.0;
                group = 0.0;
            }
            "million" => {
                total += if group > 0.0 { group } else { 1.0 } * 1e6;
                group = 0.0;
            }
            "dozen" if any => group *= 12.0,
            other => {
                let Some(value) = small(other) else { break };
                // `twenty five` adds up, `five five` is two numbers.
                let fits = !any
                    || group == 0.0
                    || (group % 100.0 == 0.0)
                    || (group % 10.0 == 0.0 && group % 100.0 >= 20.0 && value < 10.0);
                if !fits {
                    break;
                }
                group += value;
            }
        }
        any = true;
        cursor.at += 1;
    }
    if !any {
        return None;
    }
    let mut value = total + group;
    if cursor.peek().is_some_and(|token| token.is("point")) {
        let mark = cursor.mark();
        cursor.at += 1;
        let mut scale = 0.1;
        while let Some(digit) = cursor.peek().and_then(|token| small(&token.text)).filter(|digit| *digit < 10.0) {
            value += digit * scale;
            scale /= 10.0;
            cursor.at += 1;
        }
        if scale == 0.1 {
            cursor.reset(mark);
        }
    }
    Some(value + and_a_half(cursor))
}

/// A number below a hundred that is written as one word.
pub(crate) fn small(word: &str) -> Option<f64> {
    const ONES: &[&str] = &[
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: &[&str] = &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let ones = ONES.iter().position(|name| *name == word).map(|index| index as f64);
    ones.or_else(|| TENS.iter().position(|name| *name == word).map(|index| (index as f64 + 2.0) * 10.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, dimension: Dimension, value: f64) {
        let found = parse(text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(found.dimension, dimension, "{text}");
        assert!((found.value - value).abs() < 2e-9, "{text}: {} is not {value}", found.value);
    }

    #[test]
    fn lengths() {
        use Dimension::Length;
        check("10 m", Length, 10.0);
        check("10m", Length, 10.0);
        check("thirty feet", Length, 9.144);
        check("30'", Length, 9.144);
        check("sixty-foot", Length, 18.288);
        check("5 ft 6 inches", Length, 1.6764);
        check("1,200 metres", Length, 1200.0);
        check("half a mile", Length, 804.672);
        check("a quarter of a mile", Length, 402.336);
        check("one and a half kilometres", Length, 1500.0);
        check("1 1/2 miles", Length, 2414.016);
        check("2½ km", Length, 2500.0);
        check("0.2 nm", Length, 370.4);
        check("two nautical miles", Length, 3704.0);
        check("a dozen metres", Length, 12.0);
        check("half a dozen yards", Length, 5.4864);
        check("one hundred and twenty-five metres", Length, 125.0);
        check("a hundred metres", Length, 100.0);
        check("two thousand five hundred feet", Length, 762.0);
        check("two point five m", Length, 2.5);
        check("a kilometre and a half", Length, 1500.0);
        check("1 km 200 m", Length, 1200.0);
        check("40-metre", Length, 40.0);
        check("about 40 m", Length, 40.0);
    }

    #[test]
    fn speeds_times_angles_shares_counts() {
        check("5 m/s", Dimension::Speed, 5.0);
        check("five metres per second", Dimension::Speed, 5.0);
        check("five metres a second", Dimension::Speed, 5.0);
        check("18 km/h", Dimension::Speed, 5.0);
        check("36 kph", Dimension::Speed, 10.0);
        check("10 mph", Dimension::Speed, 4.4704);
        check("10 miles per hour", Dimension::Speed, 4.4704);
        check("10 knots", Dimension::Speed, 5.144_444_444);
        check("60 ft/min", Dimension::Speed, 0.3048);
        check("90 seconds", Dimension::Duration, 90.0);
        check("a minute", Dimension::Duration, 60.0);
        check("half a minute", Dimension::Duration, 30.0);
        check("a minute and a half", Dimension::Duration, 90.0);
        check("1 min 30 s", Dimension::Duration, 90.0);
        check("two and a half minutes", Dimension::Duration, 150.0);
        check("30°", Dimension::Angle, 30.0);
        check("ninety degrees", Dimension::Angle, 90.0);
        check("40%", Dimension::Share, 40.0);
        check("forty per cent", Dimension::Share, 40.0);
        check("three", Dimension::Count, 3.0);
        check("-5 m", Dimension::Length, -5.0);
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in ["", "metres", "10 bananas", "10 m north", "five five m", "1e400 m", "10 the m"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn finds_every_amount() {
        let text = "Take off to thirty feet, fly 40 m at 5 m/s three times";
        let found: Vec<(f64, &str)> =
            find_all(text).into_iter().map(|found| (found.quantity.value, &text[found.span])).collect();
        assert_eq!(found, [(9.144, "thirty feet"), (40.0, "40 m"), (5.0, "5 m/s"), (3.0, "three")]);
    }
}
