//! Attributes that may not stand where they are, say something twice, or ask for what this compiler does not have.
//!
//! It leaves to others: attributes that silence the compiler, which no rule adds.
use super::case::{Case, covers, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use std::ops::Range;
use syn::spanned::Spanned;

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    if case.code() == "E0777" || case.error.message.contains("recursion limit") {
        proposals.extend(as_the_help_has_it(case));
    }
    if case.code() == "E0585" {
        proposals.extend(plain_comment(case));
    }
    if case.code() == "E0453" {
        proposals.extend(deny(case));
    }
    let is_about_attributes = matches!(
        case.code(),
        "E0517"
            | "E0518"
            | "E0774"
            | "E0734"
            | "E0736"
            | "E0737"
            | "E0739"
            | "E0084"
            | "E0454"
            | "E0455"
            | "E0458"
            | "E0537"
            | "E0554"
            | "E0557"
            | "E0635"
            | "E0636"
            | "E0452"
            | "E0466"
            | "E0468"
            | "E0469"
            | "E0566"
            | "E0634"
            | "E0589"
            | "E0648"
            | "E0658"
            | "E0690"
            | "E0691"
            | "E0731"
            | "E0536"
            | "E0565"
            | "E0539"
            | "E0552"
            | "E0587"
            | "E0588"
            | "E0692"
            | "E0788"
            | "E0789"
            | "E0701"
            | "E0710"
            | "E0714"
            | "E0738"
            | "E0779"
            | "E0780"
    ) || case.error.message.contains("attribute");
    if is_about_attributes {
        proposals.extend(removed(case));
    }
    if matches!(case.code(), "E0690" | "E0731" | "E0787" | "E0587" | "E0588" | "E0634" | "E0692" | "E0754") {
        proposals.extend(of_the_item(case));
    }
    proposals
}

/// `#[derive("Clone")]`: the help writes the attribute out.
fn as_the_help_has_it(case: &Case<'_>) -> Option<Proposal> {
    let shown =
        case.said().into_iter().flat_map(quoted).find(|part| part.starts_with("#[") || part.starts_with("#!["))?;
    let name = shown.trim_start_matches(['#', '!', '[']).split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    let nodes = case.nodes();
    let own = nodes.attributes.iter().find(|it| it.path().is_ident(name)).map(|it| bytes(it.span()));
    Some(match own {
        Some(place) => case.replace("the attribute as the help writes it", place, shown),
        None => case.replace("the attribute as the help writes it", 0..0, format!("{shown}\n")),
    })
}

fn plain_comment(case: &Case<'_>) -> Option<Proposal> {
    let text = case.pointed();
    let (length, plain) = if text.starts_with("///") || text.starts_with("//!") { (3, "//") } else { (3, "/*") };
    let is_comment = text.starts_with("//") || text.starts_with("/**") || text.starts_with("/*!");
    is_comment
        .then(|| case.replace("a comment that documents nothing", case.place.start..case.place.start + length, plain))
}

/// What a narrower place allows cannot be forbidden around it; it can be denied.
fn deny(case: &Case<'_>) -> Option<Proposal> {
    let level = case.labelled("`forbid` level set here")?;
    let before = case.text[..level.start].rfind("forbid")?;
    Some(case.replace("deny, which can be allowed", before..before + "forbid".len(), "deny"))
}

/// An error about an item that names one of the attributes before it: that one goes.
fn of_the_item(case: &Case<'_>) -> Option<Proposal> {
    let nodes = case.nodes();
    let said = words(&case.error.message);
    let is_named =
        |text: &str| words(text).iter().any(|own| own.text != "repr" && said.iter().any(|it| it.text == own.text));
    let is_before = |end: usize| {
        let between = case.text.get(end..case.place.start).unwrap_or("{");
        !between.contains(['{', '}', ';'])
    };
    let place = nodes
        .attributes
        .iter()
        .map(|it| bytes(it.span()))
        .find(|place| place.end <= case.place.start && is_before(place.end) && is_named(case.at(place)))?;
    let place = if case.is_alone(&place) { case.lines(&place) } else { place };
    Some(case.replace("without the attribute", place, ""))
}

/// The argument that is wrong goes; where it is the only one, the attribute.
fn removed(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    let Some(whole) = nodes.attributes.iter().find(|it| covers(*it, &case.place)).map(|it| bytes(it.span())) else {
        return Vec::new();
    };
    let mut proposals = Vec::new();
    let text = case.at(&whole);
    if case.place.start > whole.start + 2
        && let (Some(open), Some(close)) = (text.find('('), text.rfind(')'))
    {
        let inner = whole.start + open + 1..whole.start + close;
        let parts: Vec<Range<usize>> = split_at_commas(case.at(&inner), inner.start);
        if parts.len() > 1 {
            let rest: Vec<&str> = parts
                .iter()
                .filter(|part| !(part.start <= case.place.start && case.place.end <= part.end))
                .map(|part| case.at(part).trim())
                .collect();
            if rest.len() < parts.len() {
                proposals.push(case.replace("without the argument", inner, rest.join(", ")));
            }
        }
    }
    let place = if case.is_alone(&whole) && !case.text[whole.end..case.lines(&whole).end].contains("//") {
        case.lines(&whole)
    } else {
        whole
    };
    proposals.push(case.replace("without the attribute", place, ""));
    proposals
}

pub(super) fn split_at_commas(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut depth, mut begin) = (0_i32, 0);
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(start + begin..start + at);
                begin = at + 1;
            }
            _ => {}
        }
    }
    if !text[begin..].trim().is_empty() {
        parts.push(start + begin..start + text.len());
    }
    parts
}
