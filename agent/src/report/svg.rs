//! Text that is safe in HTML and SVG, numbers as they are printed, round axis steps, and the look of every picture.
use std::fmt::Write;

/// Styles of the pictures: the colours follow the reader's light or dark setting. `page` repeats none of it.
pub(super) const STYLE: &str = include_str!("picture.css");

/// `text` with everything that HTML or SVG would take for markup escaped, and characters that only hide or reorder others replaced.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(c),
            // Directional overrides can make a text read other than it is; controls are not allowed in XML.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => safe.push('\u{fffd}'),
            c if c.is_control() => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

/// `value` with at most `digits` digits behind the point, no trailing zeros, a real minus sign's worth of care for -0.
pub(super) fn number(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "?".into();
    }
    let text = format!("{value:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".into() } else { text.into() }
}

/// The smallest of 1, 2, 5 times a power of ten that divides `span` into at most `steps` steps.
pub(super) fn round_step(span: f64, steps: f64) -> f64 {
    let raw = (span / steps).max(1e-6);
    let power = 10_f64.powf(raw.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= raw * 0.999_999).unwrap_or(10.0);
    factor * power
}

/// The multiples of `step` from `low` to `high`.
pub(super) fn ticks(low: f64, high: f64, step: f64) -> Vec<f64> {
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last.min(first + 200)).map(|index| index as f64 * step).collect()
}

/// Path data through `points` in pixels; empty for fewer than two.
pub(super) fn path_data(points: impl IntoIterator<Item = (f64, f64)>) -> String {
    let mut data = String::new();
    let mut count = 0;
    for (x, y) in points {
        let _ = write!(data, "{}{x:.1} {y:.1}", if count == 0 { "M" } else { "L" });
        count += 1;
    }
    if count < 2 { String::new() } else { data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_could_be_markup_survives() {
        let cases = [
            ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
            ("a & \"b\"", "a &amp; &quot;b&quot;"),
            ("left\u{202e}right\u{0}", "left\u{fffd}right\u{fffd}"),
            ("zürich → 10 m\n", "zürich → 10 m\n"),
        ];
        for (text, expected) in cases {
            assert_eq!(escape(text), expected);
        }
    }

    #[test]
    fn numbers_and_steps_are_round() {
        assert_eq!(
            [number(1.50, 2), number(-0.001, 2), number(120.0, 0), number(f64::NAN, 1)],
            ["1.5", "0", "120", "?"]
        );
        assert_eq!([round_step(47.0, 5.0), round_step(1.0, 5.0), round_step(380.0, 4.0)], [10.0, 0.2, 100.0]);
        assert_eq!(ticks(-3.0, 21.0, 10.0), [0.0, 10.0, 20.0]);
    }
}
