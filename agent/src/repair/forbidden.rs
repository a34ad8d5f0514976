//! Items of which an error itself says that they may not be: an `impl` of a trait that nobody may implement. To leave such an item out is
//! the mend, and the one case in which something that somebody wrote may go.
//!
//! Narrow by purpose: the error is about the very `impl` from its first word on, and says "not permitted". What merely cannot be done
//! as it is written ("`Copy` cannot be implemented for this type", "outside of the crate") can be done otherwise, and stays.
use super::syntax::{bytes, parse};
use flightsmith_toolchain::diagnostics::Diagnostic;
use std::ops::Range;
use std::path::Path;
use syn::Item;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// What the compiler says of such an item.
const SAYS: &str = "not permitted";

/// The `impl`s of `text` that `errors` say may not be, as bytes.
#[must_use]
pub fn impls(file: &Path, text: &str, errors: &[Diagnostic]) -> Vec<Range<usize>> {
    let starts: Vec<usize> = errors
        .iter()
        .filter(|error| error.message.contains(SAYS))
        .filter_map(Diagnostic::primary)
        .filter(|place| place.file_name == file && !place.in_expansion)
        .map(|place| place.byte_start)
        .collect();
    let Some(tree) = parse(text).filter(|_| !starts.is_empty()) else { return Vec::new() };
    let mut found = Impls { starts, found: Vec::new() };
    found.visit_file(&tree);
    found.found
}

/// `text` without these places.
#[must_use]
pub fn without(text: &str, places: &[Range<usize>]) -> String {
    let mut left = text.to_owned();
    for place in places.iter().rev() {
        left.replace_range(place.clone(), "");
    }
    left
}

/// `text` with spaces in the place of these `impl`s, so that all else stays where it is.
#[must_use]
pub fn blanked(file: &Path, text: &str, errors: &[Diagnostic]) -> String {
    let mut blank = text.to_owned();
    for place in impls(file, text, errors) {
        let spaces: String = text[place.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        blank.replace_range(place, &spaces);
    }
    blank
}

struct Impls {
    /// Where the errors begin.
    starts: Vec<usize>,
    found: Vec<Range<usize>>,
}

impl<'ast> Visit<'ast> for Impls {
    fn visit_item(&mut self, item: &'ast Item) {
        if let Item::Impl(it) = item
            && it.trait_.is_some()
            && self.starts.contains(&bytes(it.impl_token.span).start)
        {
            self.found.push(bytes(it.span()));
        }
        visit::visit_item(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightsmith_toolchain::diagnostics::{Level, Span};

    fn check(message: &str, text: &str, at: &str, expect: &str) {
        let start = text.find(at).expect("a place");
        let span = Span {
            file_name: "a.rs".into(),
            byte_start: start,
            byte_end: start + at.len(),
            line_start: 1,
            line_end: 1,
            column_start: 1,
            column_end: 1,
            is_primary: true,
            label: None,
            suggested_replacement: None,
            suggestion_applicability: None,
            in_expansion: false,
        };
        let error = Diagnostic {
            message: message.into(),
            code: Some("E0322".into()),
            level: Level::Error,
            spans: vec![span],
            children: Vec::new(),
            rendered: None,
        };
        let found = impls(Path::new("a.rs"), text, &[error]);
        assert_eq!(without(text, &found), expect, "{message}");
    }

    #[test]
    fn what_is_not_permitted_is_the_impl_that_the_error_begins_with() {
        let text = "struct A; impl Sized for A {} impl Clone for A {}";
        let said = "explicit impls for the `Sized` trait are not permitted";
        check(said, text, "impl Sized for A", "struct A;  impl Clone for A {}");
        check(said, text, "Sized for A", text);
        check(said, "impl A { fn f() {} }", "impl A", "impl A { fn f() {} }");
        check("the trait `Copy` cannot be implemented for this type", text, "impl Sized for A", text);
    }
}
