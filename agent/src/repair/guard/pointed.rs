//! What errors point at in one file, and what else they tell who is to mend it.
//!
//! It leaves to others: what an edit may change there.
use super::public::Cause;
use crate::repair::syntax::words;
use flightsmith_toolchain::diagnostics::Diagnostic;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

/// The lines of a file that errors point at, as bytes.
pub(super) struct Pointed {
    places: Vec<Range<usize>>,
    /// The places of the errors themselves, without those of notes and suggestions.
    errors: Vec<Range<usize>>,
    /// Calls of what the SDK does not have: they did nothing, so that nothing is lost with them.
    pub(super) void: Vec<Range<usize>>,
    /// How many calls call what cannot be called.
    pub(super) no_calls: usize,
    /// How many ways out (`break`, `return`) leave nothing: outside a loop or a function.
    pub(super) no_exits: usize,
    /// Where an implementation of a trait has an item twice.
    pub(super) doubled: Vec<Range<usize>>,
    /// No error tells where, so that it may be anywhere.
    anywhere: bool,
    /// More that is known where the edit's author names each file that is to be edited.
    pub(super) author: Option<Told>,
}

/// What errors tell beyond the lines that they point at.
#[derive(Default)]
pub(super) struct Told {
    /// The words of their texts.
    words: BTreeSet<String>,
    /// Calls of what an error says does not exist, at the very name.
    pub(super) missing: Vec<Range<usize>>,
    /// Places that a suggestion would replace.
    advised: Vec<Range<usize>>,
    /// Where a body hands out what it only borrows from itself.
    borrowed: Vec<Range<usize>>,
    /// Names that are declared as another kind of item than they are used as.
    of_another_kind: BTreeSet<String>,
}

impl Pointed {
    pub(super) fn at(file: &Path, text: &str, errors: &[Diagnostic]) -> Self {
        let (mut places, mut void) = (Vec::new(), Vec::new());
        let mut left: Vec<&Diagnostic> = errors.iter().collect();
        while let Some(error) = left.pop() {
            for span in error.spans.iter().filter(|span| span.file_name == file) {
                let start = text.get(..span.byte_start).map_or(0, |head| head.rfind('\n').map_or(0, |at| at + 1));
                let tail = text.get(span.byte_end..).unwrap_or_default();
                let end = span.byte_end + tail.find('\n').unwrap_or(tail.len());
                places.push(start..end);
                if span.label.as_deref().is_some_and(|label| label.contains("not a call of this SDK")) {
                    void.push(span.byte_start..span.byte_end);
                }
            }
            left.extend(&error.children);
        }
        let of = |codes: &[&str], primary: bool| -> Vec<Range<usize>> {
            let coded = errors.iter().filter(|error| error.code.as_deref().is_some_and(|code| codes.contains(&code)));
            let spans = coded.flat_map(|error| &error.spans).filter(|span| span.file_name == file);
            let spans = spans.filter(|span| span.is_primary || !primary);
            spans.map(|span| span.byte_start..span.byte_end).collect()
        };
        let (no_calls, no_exits) = (of(&["E0618"], true).len(), of(&["E0267", "E0268", "E0572"], true).len());
        let doubled = of(&["E0201"], false);
        let own = errors.iter().flat_map(|error| &error.spans).filter(|span| span.file_name == file);
        let errors = own.map(|span| span.byte_start..span.byte_end).collect();
        Self { places, errors, void, no_calls, no_exits, doubled, anywhere: false, author: None }
    }

    /// As [`Self::at`], for an author.
    pub(super) fn for_author(file: &Path, text: &str, errors: &[Diagnostic]) -> Self {
        Self { author: Some(Told::of(file, errors)), ..Self::at(file, text, errors) }
    }

    /// Where no error tells anything.
    pub(super) fn anywhere() -> Self {
        Self {
            places: Vec::new(),
            errors: Vec::new(),
            void: Vec::new(),
            no_calls: 0,
            no_exits: 0,
            doubled: Vec::new(),
            anywhere: true,
            author: None,
        }
    }

    /// Whether an author is told the word by an error.
    pub(super) fn tells(&self, word: &str) -> bool {
        self.author.as_ref().is_some_and(|told| told.words.contains(word))
    }

    /// Whether an author is told that the name is declared as another kind of item than is expected.
    pub(super) fn says_another_kind(&self, name: &str) -> bool {
        self.author.as_ref().is_some_and(|told| told.of_another_kind.contains(name))
    }

    pub(super) fn touches(&self, place: &Range<usize>) -> bool {
        self.anywhere || self.places.iter().any(|pointed| pointed.start <= place.end && place.start <= pointed.end)
    }

    /// Whether an error itself is there, and not only could be, or is advised to be mended there.
    pub(super) fn names(&self, place: &Range<usize>) -> bool {
        self.errors.iter().any(|pointed| pointed.start < place.end && place.start < pointed.end)
    }
}

impl Cause for Pointed {
    fn touches(&self, place: &Range<usize>) -> bool {
        Pointed::touches(self, place)
    }

    fn tells(&self, word: &str) -> bool {
        Pointed::tells(self, word)
    }

    fn advises(&self, place: &Range<usize>) -> bool {
        let is_in = |advised: &Range<usize>| advised.start <= place.end && place.start <= advised.end;
        self.author.as_ref().is_some_and(|told| told.advised.iter().any(is_in))
    }

    fn borrows_within(&self, place: &Range<usize>) -> bool {
        let is_in = |error: &Range<usize>| place.start <= error.start && error.end <= place.end;
        self.author.as_ref().is_some_and(|told| told.borrowed.iter().any(is_in))
    }

    fn own_places(&self) -> &[Range<usize>] {
        &self.errors
    }
}

impl Told {
    fn of(file: &Path, errors: &[Diagnostic]) -> Self {
        const NO_SUCH_CALL: [&str; 5] = [
            "no method named",
            "no function or associated item named",
            "cannot find function",
            "cannot find method",
            "cannot find macro",
        ];
        let mut told = Self::default();
        for error in errors {
            let text = error.rendered.as_deref().unwrap_or(&error.message);
            told.words.extend(words(text).iter().map(|word| word.text.to_owned()));
            let primary = error.spans.iter().filter(|span| span.is_primary && span.file_name == file);
            let places = primary.map(|span| span.byte_start..span.byte_end);
            let code = error.code.as_deref().unwrap_or_default();
            if NO_SUCH_CALL.iter().any(|said| error.message.starts_with(said)) {
                told.missing.extend(places);
            } else if ["E0515", "E0597", "E0716"].contains(&code) {
                told.borrowed.extend(places);
            }
            // "expected trait, found struct `A`"
            if error.message.starts_with("expected ")
                && let Some((_, found)) = error.message.split_once(", found ")
            {
                told.of_another_kind
                    .extend(found.split('`').nth(1).and_then(|path| path.rsplit("::").next()).map(str::to_owned));
            }
            let mut left: Vec<&Diagnostic> = vec![error];
            while let Some(part) = left.pop() {
                let advised =
                    part.spans.iter().filter(|span| span.file_name == file && span.suggested_replacement.is_some());
                told.advised.extend(advised.map(|span| span.byte_start..span.byte_end));
                left.extend(&part.children);
            }
        }
        told
    }
}
