//! Mutation operators: places in sound sources where one slip makes them wrong, and the slip.
//!
//! An operator finds its places in the syntax tree and edits the text there, so that everything else stays as it was written. Whether
//! the result fails to compile is for others to see ([`super::draw`]).
mod missions;
mod rust;

use crate::repair::Sources;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use syn::visit::Visit;

pub use missions::MISSION_OPERATORS;
pub use rust::RUST_OPERATORS;

/// A slip: text put into one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutation {
    /// The operator's name.
    pub operator: &'static str,
    /// The file.
    pub file: PathBuf,
    /// Bytes that are replaced, in order, and by what.
    pub edits: Vec<(Range<usize>, String)>,
    /// What makes the sound source another that is as right, where the slip puts something in of which nothing tells whether it was
    /// wanted; empty where there is one right version only.
    pub as_right: Vec<(Range<usize>, String)>,
}

impl Mutation {
    /// Where it begins.
    pub fn at(&self) -> usize {
        self.edits.first().map_or(0, |(range, _)| range.start)
    }
}

/// `sources` with these slips; `None` where two touch the same place.
pub fn applied(sources: &Sources, slips: &[Mutation]) -> Option<Sources> {
    let mut new = sources.clone();
    let mut by_file: BTreeMap<&Path, Vec<(Range<usize>, String)>> = BTreeMap::new();
    for slip in slips {
        by_file.entry(&slip.file).or_default().extend(slip.edits.clone());
    }
    for (file, mut edits) in by_file {
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        if edits.windows(2).any(|pair| pair[1].0.start <= pair[0].0.end) {
            return None;
        }
        let text = new.get_mut(file)?;
        for (range, with) in edits.into_iter().rev() {
            text.replace_range(range, &with);
        }
    }
    Some(new)
}

/// The other versions of `sources` that are as right once these slips are in it: each with what one of them lets stand.
pub fn as_right(sources: &Sources, slips: &[Mutation]) -> Vec<Sources> {
    let with_other = slips.iter().filter(|slip| !slip.as_right.is_empty());
    let versions = with_other.filter_map(|slip| {
        let other = Mutation { edits: slip.as_right.clone(), as_right: Vec::new(), ..slip.clone() };
        applied(sources, &[other])
    });
    versions.collect()
}

/// Every place where `operators` can act on `sources`, by file and place.
pub fn mutations(operators: &[&'static str], sources: &Sources) -> Vec<Mutation> {
    let mut found = Vec::new();
    for (file, text) in sources {
        let Ok(tree) = syn::parse_file(text) else { continue };
        let mut finder = Finder { text, file: file.clone(), found: Vec::new() };
        finder.visit_file(&tree);
        rust::by_text(&mut finder);
        found.extend(finder.found.into_iter().filter(|mutation| operators.contains(&mutation.operator)));
    }
    found.sort_by_key(|mutation| (mutation.operator, mutation.file.clone(), mutation.at()));
    found
}

/// Walks a file and notes what could go wrong where.
struct Finder<'t> {
    text: &'t str,
    file: PathBuf,
    found: Vec<Mutation>,
}

impl Finder<'_> {
    fn note(&mut self, operator: &'static str, edits: Vec<(Range<usize>, String)>) {
        self.note_either(operator, edits, Vec::new());
    }

    /// As [`Self::note`], where `as_right` makes the sound source another right one.
    fn note_either(
        &mut self,
        operator: &'static str,
        edits: Vec<(Range<usize>, String)>,
        as_right: Vec<(Range<usize>, String)>,
    ) {
        let fits = edits.iter().chain(&as_right).all(|(range, _)| self.text.get(range.clone()).is_some());
        if fits && !edits.is_empty() {
            self.found.push(Mutation { operator, file: self.file.clone(), edits, as_right });
        }
    }

    /// Takes something out.
    fn cut(&mut self, operator: &'static str, range: Range<usize>) {
        self.note(operator, vec![(range, String::new())]);
    }

    /// Puts something in the place of something.
    fn put(&mut self, operator: &'static str, range: Range<usize>, with: impl Into<String>) {
        self.note(operator, vec![(range, with.into())]);
    }

    /// Lets two pieces change places.
    fn swap(&mut self, operator: &'static str, one: Range<usize>, other: Range<usize>) {
        let (Some(first), Some(second)) = (self.text.get(one.clone()), self.text.get(other.clone())) else { return };
        if first != second && one.end <= other.start {
            self.note(operator, vec![(one, second.to_owned()), (other, first.to_owned())]);
        }
    }

    /// `range` with the comma behind it, else with the one before it.
    fn with_comma(&self, range: Range<usize>) -> Range<usize> {
        let behind = &self.text[range.end..];
        if let Some(spaces) = behind.find(',').filter(|at| behind[..*at].trim().is_empty()) {
            let end = range.end + spaces + 1;
            let blank = self.text[end..].len() - self.text[end..].trim_start_matches(' ').len();
            return range.start..end + blank;
        }
        let before = &self.text[..range.start];
        let trimmed = before.trim_end();
        if trimmed.ends_with(',') { trimmed.len() - 1..range.end } else { range }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(operator: &'static str, text: &str, expected: &[&str]) {
        let sources = Sources::from([("lib.rs".into(), text.to_owned())]);
        let found: Vec<String> = mutations(&[operator], &sources)
            .iter()
            .map(|slip| applied(&sources, std::slice::from_ref(slip)).unwrap()[Path::new("lib.rs")].clone())
            .collect();
        assert_eq!(found, expected, "{operator}");
    }

    #[test]
    fn slips_are_made_in_the_text() {
        check("remove-reference", "fn f() { g(&x); }", &["fn f() { g(x); }"]);
        check("remove-mut", "fn f() { let mut x = 1; }", &["fn f() { let x = 1; }"]);
        check("remove-clone", "fn f() { a.b.clone() }", &["fn f() { a.b }"]);
        check("remove-use", "use a::b;\nuse c;\n", &["use c;\n", "use a::b;\n"]);
        check("remove-question-mark", "fn f() { g()?; }", &["fn f() { g(); }"]);
        check("remove-await", "async fn f() { g().await; }", &["async fn f() { g(); }"]);
        check("swap-arguments", "fn f() { g(a, b, c); }", &["fn f() { g(b, a, c); }"]);
        check(
            "missing-derive",
            "#[derive(Debug, Clone)]\nstruct A;",
            &["#[derive(Clone)]\nstruct A;", "#[derive(Debug)]\nstruct A;"],
        );
        check("missing-arm", "fn f() { match x { E::A => 1, _ => 2 } }", &["fn f() { match x { _ => 2 } }"]);
        check("missing-field", "fn f() { A { x: 1, y } }", &["fn f() { A { y } }", "fn f() { A { x: 1 } }"]);
        check("wrong-integer", "struct A { x: u32 }", &["struct A { x: i64 }"]);
        check("private-field", "struct A { pub x: u8 }", &["struct A { x: u8 }"]);
        check("missing-bound", "fn f<T: A + B>() {}", &["fn f<T: B>() {}", "fn f<T: A>() {}"]);
        check("bare-number", "const X: Metres = Metres(3.0);", &["const X: Metres = 3.0;"]);
    }

    #[test]
    fn what_was_put_behind_a_landing_may_be_flown_before_it() {
        let text = "async fn fly() { vehicle.go().await?;\n    vehicle.land().await\n}";
        let sources = Sources::from([("lib.rs".into(), text.to_owned())]);
        let slips = mutations(&["flown-after-landing"], &sources);
        let others = as_right(&sources, &slips);
        let expected = "async fn fly() { vehicle.go().await?;\n    vehicle.hold(Seconds(1.0)).await?;\n    vehicle.land().await\n}";
        assert_eq!(others.iter().map(|other| other[Path::new("lib.rs")].as_str()).collect::<Vec<_>>(), [expected]);
        assert_eq!(as_right(&sources, &mutations(&["remove-question-mark"], &sources)), []);
    }

    #[test]
    fn every_operator_has_a_name_of_its_own() {
        let mut all: Vec<&str> = RUST_OPERATORS.iter().chain(MISSION_OPERATORS).copied().collect();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert!(all.len() >= 30 && all.len() <= count, "{} operators", all.len());
    }
}
