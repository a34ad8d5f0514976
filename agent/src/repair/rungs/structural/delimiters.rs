//! Text that the lexer or the parser stops at: open strings and comments, missing brackets and semicolons, numbers without digits.
//!
//! It leaves to others: everything that parses.
use super::case::Case;
use crate::repair::rungs::Proposal;
use std::ops::Range;

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    match case.code() {
        "E0758" => vec![case.replace("close the comment", end_of_line(case), " */")],
        "E0762" | "E0763" => close_quote(case, '\''),
        "E0765" | "E0766" => close_quote(case, '"'),
        "E0768" => vec![case.replace("a digit for the number", case.place.end..case.place.end, "0")],
        "none" => {
            let mut proposals = brackets(case);
            proposals.extend(expected(case));
            proposals
        }
        _ => Vec::new(),
    }
}

fn end_of_line(case: &Case<'_>) -> Range<usize> {
    let start = case.place.start;
    let end = case.text[start..].find('\n').map_or(case.text.len(), |at| start + at);
    end..end
}

/// The quote is closed before what ends the statement in its line; a character after one character.
fn close_quote(case: &Case<'_>, quote: char) -> Vec<Proposal> {
    let start = case.place.start;
    let line = &case.text[start..end_of_line(case).start];
    let mut ends: Vec<usize> = Vec::new();
    if quote == '\'' {
        let body = line.find('\'').map_or(0, |at| at + 1);
        let length = line[body..].chars().next().map_or(0, |c| if c == '\\' { 2 } else { c.len_utf8() });
        ends.push(body + length);
    }
    for closing in [");", ");", ",", ";", ")"] {
        ends.extend(line.rfind(closing).filter(|at| *at > 0));
    }
    let code = line.split("//").next().unwrap_or(line).trim_end();
    ends.push(code.len());
    let mut proposals: Vec<Proposal> = Vec::new();
    for end in ends {
        let at = start + end;
        if case.text.is_char_boundary(at) {
            let proposal = case.replace("close the quote", at..at, quote.to_string());
            if !proposals.contains(&proposal) {
                proposals.push(proposal);
            }
        }
    }
    proposals
}

/// Brackets that do not match: one more where a line's depth shows that it is missing, or one less.
fn brackets(case: &Case<'_>) -> Vec<Proposal> {
    let message = &case.error.message;
    let mut proposals = Vec::new();
    if message.contains("unclosed delimiter") || message.contains("mismatched closing delimiter") {
        let open = case.labelled("unclosed delimiter").unwrap_or_else(|| case.place.clone());
        let closing = match case.at(&(open.start..open.start + 1)) {
            "(" => ")",
            "[" => "]",
            _ => "}",
        };
        if closing == "}" {
            proposals.extend(braces_by_indent(case, open.start));
        } else {
            let line_end = case.text[open.start..].find('\n').map_or(case.text.len(), |at| open.start + at);
            let line = case.text[open.start..line_end].trim_end();
            let end = open.start + line.len();
            for ending in [";", ",", " {", "?;", ".await?;", ""] {
                if line.ends_with(ending) {
                    let at = end - ending.len();
                    proposals.push(case.replace("close the bracket", at..at, closing));
                }
            }
            let wrong = case.labelled("mismatched closing delimiter").unwrap_or_else(|| case.place.clone());
            proposals.push(case.replace("close the bracket", wrong.start..wrong.start, closing));
            if case.at(&wrong).len() == 1 {
                proposals.push(case.replace("the bracket that was opened", wrong, closing));
            }
        }
        let end = case.text.trim_end().len();
        proposals.push(case.replace("close the bracket", end..end, format!("\n{closing}")));
    }
    if message.contains("unexpected closing delimiter") {
        proposals.push(case.replace("a bracket that was never opened", case.place.clone(), ""));
    }
    proposals
}

/// A block is closed before the first line that is indented no deeper than the line that opened it, or that begins an item inside it.
fn braces_by_indent(case: &Case<'_>, _: usize) -> Vec<Proposal> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut proposals = Vec::new();
    let mut start = 0;
    for line in case.text.split_inclusive('\n') {
        let bare = line.trim();
        let indent = line.len() - line.trim_start().len();
        let code = bare.split("//").next().unwrap_or_default();
        if !code.is_empty() {
            let closes_first = code.starts_with('}');
            while let Some((depth, _)) = open.last() {
                let too_deep = if closes_first { indent < *depth } else { indent <= *depth };
                if !too_deep {
                    break;
                }
                let (depth, _) = open.pop().unwrap_or_default();
                let text = format!("{}}}\n", " ".repeat(depth));
                proposals.push(case.replace("close the block where its lines end", start..start, text));
            }
        }
        for character in code.chars() {
            match character {
                '{' => open.push((indent, start)),
                '}' => {
                    open.pop();
                }
                _ => {}
            }
        }
        start += line.len();
    }
    proposals.truncate(4);
    proposals
}

/// `expected one of `.`, `;`, `?`, `}`, or an operator, found ..`: one of them is put in before what was found, or behind what came before.
fn expected(case: &Case<'_>) -> Vec<Proposal> {
    let message = &case.error.message;
    let Some(wanted) = message.strip_prefix("expected ") else { return Vec::new() };
    let wanted = wanted.split(", found").next().unwrap_or(wanted);
    let before = case.text[..case.place.start].trim_end().len();
    let before = if case.text[..before].ends_with("*/") { case.place.start } else { before };
    let mut proposals = Vec::new();
    for token in [";", ",", ")", "]", "}", "{", ":", "->", "=>", "=", "("] {
        if wanted.contains(&format!("`{token}`")) {
            let spaced = if ["{", "->", "=>", "="].contains(&token) { format!(" {token} ") } else { token.to_owned() };
            proposals.push(case.replace(
                &format!("put in `{token}`"),
                before..before,
                spaced.trim_end().to_owned() + tail(token),
            ));
        }
    }
    // What was found may be one too many: a doubled sign.
    let found = case.pointed();
    if found.len() <= 2 && !found.is_empty() && !found.chars().any(char::is_alphanumeric) {
        proposals.push(case.replace("a sign too many", case.place.clone(), ""));
    }
    proposals
}

fn tail(token: &str) -> &'static str {
    if ["{", "->", "=>", "="].contains(&token) { " " } else { "" }
}
