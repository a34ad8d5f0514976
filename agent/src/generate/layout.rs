//! Lines as rustfmt lays them out by default, for the few forms that generated code consists of: paths, calls, arrays and
//! struct literals. Widths are rustfmt's own (`max_width` 100, calls and arrays 60, struct literals 18).

const MAX_WIDTH: usize = 100;
const CALL_WIDTH: usize = 60;
const STRUCT_WIDTH: usize = 18;
const CHAIN_WIDTH: usize = 60;
const STEP: usize = 4;

/// `head value;` at the top level of a file.
pub(super) fn item(head: &str, value: &str) -> String {
    statement(&format!("{head} "), value, ";", 0)
}

/// `head`, `value` and `tail` as a statement behind `indent` spaces, broken into lines where needed.
pub(super) fn statement(head: &str, value: &str, tail: &str, indent: usize) -> String {
    let laid = expression(value, indent, indent + head.chars().count(), tail.len());
    let first = laid.lines().next().unwrap_or_default();
    let too_wide = indent + head.chars().count() + first.chars().count() + tail.len() > MAX_WIDTH;
    let (deeper, below) = (indent + STEP, expression(value, indent + STEP, indent + STEP, tail.len()));
    let whole_below = !below.contains('\n') && deeper + below.chars().count() + tail.len() <= MAX_WIDTH;
    let is_call = last_group(value).is_some_and(|(_, open, _)| open == '(');
    if head.ends_with("= ") && (too_wide && !laid.contains('\n') || is_call && laid.contains('\n') && whole_below) {
        // rustfmt moves a right-hand side that fits on a line of its own there.
        return format!("{:indent$}{}\n{:deeper$}{below}{tail}\n", "", head.trim_end(), "");
    }
    format!("{:indent$}{head}{laid}{tail}\n", "")
}

/// `text` (one line) laid out at `column` of a line that is indented by `indent`; lines after the first carry their indentation.
fn expression(text: &str, indent: usize, column: usize, tail: usize) -> String {
    if let Some((root, calls)) = long_chain(text, column, tail) {
        let deeper = indent + STEP;
        let mut lines = root.to_owned();
        for (index, call) in calls.iter().enumerate() {
            // A root as short as an indentation keeps its first call beside it.
            if index > 0 || column > indent || root.len() > STEP {
                lines.push_str(&format!("\n{:deeper$}", ""));
            }
            lines.push_str(&expression(call, deeper, deeper, 0));
        }
        return lines;
    }
    let Some((head, open, inside)) = last_group(text) else { return text.to_owned() };
    let width = inside.chars().count();
    let parts = split_at_commas(inside);
    let fits = column + text.chars().count() + tail <= MAX_WIDTH;
    let short = match open {
        '{' => width <= STRUCT_WIDTH,
        '(' if parts.len() == 1 => true,
        _ => width <= CALL_WIDTH,
    };
    let nested = parts.iter().any(|part| expression(part, indent + STEP, indent + STEP, 1).contains('\n'));
    let only_call = open == '(' && parts.len() == 1 && is_call(inside);
    if only_call && (nested || width > CALL_WIDTH || !fits) {
        // A call that is the only argument is broken inside, its brackets stay together.
        let laid = broken(inside, indent);
        return format!("{head}({laid})");
    }
    if fits && short && !nested {
        return text.to_owned();
    }
    broken(text, indent)
}

/// Whether `text` is a call of a path or a struct literal or an array, not of a method.
fn is_call(text: &str) -> bool {
    last_group(text).is_some_and(|(head, ..)| {
        head.trim_end().chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | ':'))
    })
}

/// `text`, which ends with a bracketed group, with one part of the group a line.
fn broken(text: &str, indent: usize) -> String {
    let Some((head, open, inside)) = last_group(text) else { return text.to_owned() };
    let parts = split_at_commas(inside);
    let (deeper, close) = (indent + STEP, closing(open));
    let mut lines = format!("{head}{open}\n");
    for part in &parts {
        // Nothing may follow `..base` in a struct literal, not even a comma.
        let comma = if part.starts_with("..") { "" } else { "," };
        let (label, value) = match part.split_once(": ") {
            Some((label, value)) if open == '{' => (format!("{label}: "), value),
            _ => (String::new(), part.as_str()),
        };
        let laid = expression(value, deeper, deeper + label.len(), 1);
        lines.push_str(&format!("{:deeper$}{label}{laid}{comma}\n", ""));
    }
    format!("{lines}{:indent$}{close}", "")
}

/// Root and calls (`.name(..)`, `.await?`) of a chain that is too long for a line.
fn long_chain(text: &str, column: usize, tail: usize) -> Option<(&str, Vec<&str>)> {
    let width = text.chars().count() + tail;
    let mut depth = 0;
    let mut cuts = Vec::new();
    for (at, char) in text.char_indices() {
        match char {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            // A sum or a difference is none.
            ' ' if depth == 0 => return None,
            '.' if depth == 0 && text[at + 1..].starts_with(|char: char| char.is_ascii_lowercase()) => cuts.push(at),
            _ => {}
        }
    }
    // One call alone is no chain as long as it fits on its line.
    let fits = match cuts.len() {
        0 => true,
        1 => column + width <= MAX_WIDTH || !text.starts_with('('),
        _ => width <= CHAIN_WIDTH,
    };
    if fits {
        return None;
    }
    let ends = cuts.iter().skip(1).copied().chain([text.len()]);
    Some((&text[..cuts[0]], cuts.iter().zip(ends).map(|(from, to)| &text[*from..to]).collect()))
}

fn closing(open: char) -> char {
    match open {
        '{' => '}',
        '[' => ']',
        _ => ')',
    }
}

/// The bracketed group that ends `text`, if it is one with a plain head: what stands before it, its bracket, what is inside.
fn last_group(text: &str) -> Option<(&str, char, &str)> {
    let last = text.chars().last()?;
    if !matches!(last, ')' | ']' | '}') {
        return None;
    }
    let mut depth = 0;
    for (at, char) in text.char_indices().rev() {
        match char {
            ')' | ']' | '}' => depth += 1,
            '(' | '[' | '{' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let inside = text[at + 1..text.len() - 1].trim();
            return (!inside.is_empty()).then_some((&text[..at], char, inside));
        }
    }
    None
}

fn split_at_commas(inside: &str) -> Vec<String> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0, 0);
    for (at, char) in inside.char_indices() {
        match char {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(inside[from..at].trim().to_owned());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(inside[from..].trim().to_owned());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(head: &str, value: &str, expected: Expect) {
        expected.assert_eq(&item(head, value));
    }

    #[test]
    fn short_values_stay_on_their_line() {
        check(
            "const A: Metres =",
            "Metres(10.0)",
            expect![[r#"
            const A: Metres = Metres(10.0);
        "#]],
        );
    }

    #[test]
    fn a_call_that_fits_on_its_own_line_stays_whole() {
        check(
            "const WAYPOINT: GlobalPosition =",
            "GlobalPosition::at(Latitude(47.3979), Longitude(8.546), Altitude::Amsl(515.0))",
            expect![[r#"
                const WAYPOINT: GlobalPosition =
                    GlobalPosition::at(Latitude(47.3979), Longitude(8.546), Altitude::Amsl(515.0));
            "#]],
        );
    }

    #[test]
    fn struct_literals_and_long_arrays_stand_one_field_a_line() {
        check(
            "const TURNS: [Arc; 1] =",
            "[Arc { start_bearing: Degrees(1.5), sweep: Degrees(2.5), climb: Metres(UP.0) }]",
            expect![[r#"
                const TURNS: [Arc; 1] = [
                    Arc {
                        start_bearing: Degrees(1.5),
                        sweep: Degrees(2.5),
                        climb: Metres(UP.0),
                    },
                ];
            "#]],
        );
    }
}
