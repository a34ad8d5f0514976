//! How bad a set of errors is, and whether an error is still there after an edit.
//!
//! The compiler works in phases and keeps the errors of a later one to itself while an earlier one has any. A correction that brings it
//! further is therefore progress, although more errors may show.
use super::sources::Sources;
use flightsmith_toolchain::diagnostics::Diagnostic;

/// The code of a breach of the policy, which stands in the place of a compiler's code.
pub const POLICY: &str = "policy";

/// Errors counted by the phase that finds them, earliest first; the smaller the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Badness([usize; PHASES]);

const PHASES: usize = 4;

impl Badness {
    /// Of these errors.
    #[must_use]
    pub fn of(errors: &[Diagnostic]) -> Self {
        let mut counts = [0; PHASES];
        for error in errors {
            counts[phase(error)] += 1;
        }
        Self(counts)
    }

    /// The earliest phase with an error; none is later than all.
    #[must_use]
    pub fn earliest(self) -> usize {
        self.0.iter().position(|count| *count > 0).unwrap_or(PHASES)
    }
}

/// Lexer and parser; names; types; what needs typed bodies (patterns, borrows).
fn phase(error: &Diagnostic) -> usize {
    const LEXER: &[&str] =
        &["E0748", "E0758", "E0762", "E0763", "E0765", "E0766", "E0768", "E0585", "E0584", "E0586", "E0704", POLICY];
    const NAMES: &[&str] = &[
        "E0106", "E0252", "E0254", "E0255", "E0259", "E0260", "E0261", "E0262", "E0263", "E0364", "E0365", "E0401",
        "E0403", "E0404", "E0405", "E0407", "E0408", "E0411", "E0412", "E0415", "E0416", "E0422", "E0423", "E0424",
        "E0425", "E0426", "E0428", "E0429", "E0430", "E0431", "E0432", "E0433", "E0434", "E0435", "E0437", "E0438",
        "E0530", "E0531", "E0532", "E0573", "E0574", "E0575", "E0576", "E0578", "E0583", "E0603", "E0659", "E0767",
    ];
    const BODIES: &[&str] = &[
        "E0004", "E0005", "E0133", "E0373", "E0381", "E0382", "E0384", "E0499", "E0502", "E0503", "E0505", "E0506",
        "E0507", "E0508", "E0509", "E0510", "E0515", "E0521", "E0594", "E0596", "E0597", "E0621", "E0626", "E0712",
        "E0713", "E0716",
    ];
    match error.code.as_deref() {
        // A parser's error has no code, nor has this one of the borrow checker; types have codes, or speak of futures.
        None if error.message.starts_with("lifetime may not live long enough") => 3,
        None if error.message.contains("cannot be sent between threads") => 2,
        None => 0,
        Some(code) if LEXER.contains(&code) => 0,
        Some(code) if NAMES.contains(&code) => 1,
        Some(code) if BODIES.contains(&code) => 3,
        Some(_) => 2,
    }
}

/// How an error is known again when lines have moved: code, message, and the line that it is about.
pub(super) fn identity<'a>(error: &'a Diagnostic, sources: &'a Sources) -> (Option<&'a str>, &'a str, &'a str) {
    let line = error.primary().and_then(|place| {
        let text = sources.get(&place.file_name)?;
        text.lines().nth(place.line_start.checked_sub(1)?)
    });
    (error.code.as_deref(), error.message.as_str(), line.unwrap_or_default().trim())
}

/// Whether `error` of `before` is gone in `after`: as often as it was there before, less one or more.
#[must_use]
pub fn is_gone(error: &Diagnostic, before: (&Sources, &[Diagnostic]), after: (&Sources, &[Diagnostic])) -> bool {
    let count = |(sources, errors): (&Sources, &[Diagnostic]), same_line: bool| {
        let (code, message, line) = identity(error, before.0);
        let same = |other: &&Diagnostic| {
            let (other_code, other_message, other_line) = identity(other, sources);
            (code, message) == (other_code, other_message) && (!same_line || line == other_line)
        };
        errors.iter().filter(same).count()
    };
    // An edit changes the line, so that the line alone does not tell: by message it must be gone as well.
    count(after, true) < count(before, true) && count(after, false) < count(before, false)
}
