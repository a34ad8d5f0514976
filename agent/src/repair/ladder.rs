//! The loop of a run: one source text, judged as a whole (compiled and flown), mended, judged again.
//!
//! It leaves to others: judging a text, how a text that does not compile is mended ([`Mender::mechanical`]), and files.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use flightsmith_toolchain::diagnostics::{Applicability, Edit, apply_edits, edits_of};
use serde::Serialize;

use super::rungs::Rung;
use crate::check::Feedback;

/// What the ladder must know of any feedback, be it the compiler's or a flight's.
pub trait Evidence {
    /// How bad it is: the text with the smallest number is the best.
    fn faults(&self) -> usize;

    /// Corrections that come with it.
    fn edits(&self) -> Vec<Edit>;
}

impl Evidence for Feedback {
    fn faults(&self) -> usize {
        Self::faults(self)
    }

    fn edits(&self) -> Vec<Edit> {
        match self {
            Self::Compiler(errors) => errors.iter().flat_map(edits_of).collect(),
            Self::Policy(_) | Self::NoVerdict { .. } => Vec::new(),
        }
    }
}

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fixer {
    /// The generator: the text that came in.
    Generator,
    /// The compiler's machine-applicable suggestions.
    Compiler,
    /// The compiler's other suggestions.
    CompilerMaybe,
    /// Rules of ours.
    Structural,
    /// Edits that mended the like before.
    Learned,
    /// The caller's mender.
    Model,
}

impl From<Rung> for Fixer {
    fn from(rung: Rung) -> Self {
        match rung {
            Rung::Compiler => Fixer::Compiler,
            Rung::CompilerMaybe => Fixer::CompilerMaybe,
            Rung::Structural => Fixer::Structural,
            Rung::Learned => Fixer::Learned,
            Rung::Model => Fixer::Model,
        }
    }
}

/// One text and what was found wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt<E> {
    /// The text.
    pub source: String,
    /// Who wrote it.
    pub fixer: Fixer,
    /// What was wrong with it.
    pub evidence: E,
    /// Wall time of making and judging it.
    pub wall: Duration,
}

/// The last rung: whoever can write a better text from what was found wrong.
pub trait Mender<E> {
    /// Why it cannot work at all (a model that is out of reach).
    type Error;

    /// The next text, or `None` if it has no idea. `tried` holds every attempt so far, the latest last; the one to mend is `best`.
    ///
    /// # Errors
    /// What ends the repair: an unreachable model is not a text that could not be mended.
    fn mend(&mut self, best: &Attempt<E>, tried: &[Attempt<E>]) -> Result<Option<String>, Self::Error>;

    /// A text that needs no mender, and which rung made it; asked before [`Self::mend`], about the latest attempt.
    ///
    /// # Errors
    /// As there.
    fn mechanical(&mut self, _: &Attempt<E>) -> Result<Option<(String, Fixer)>, Self::Error> {
        Ok(None)
    }
}

/// No last rung: the compiler's suggestions alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMender;

impl<E> Mender<E> for NoMender {
    type Error = std::convert::Infallible;

    fn mend(&mut self, _: &Attempt<E>, _: &[Attempt<E>]) -> Result<Option<String>, Self::Error> {
        Ok(None)
    }
}

/// Limits of one repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Texts that may be judged, the first included.
    pub judged: usize,
    /// Texts that may be asked of the mender.
    pub mender_calls: usize,
    /// Wall time, looked at before each text.
    pub wall: Duration,
}

/// A text that was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Mended<T, E> {
    /// What the judge made of it.
    pub accepted: T,
    /// The text.
    pub source: String,
    /// Who wrote it.
    pub fixer: Fixer,
    /// What failed before it, in order.
    pub failed: Vec<Attempt<E>>,
    /// Wall time of making and judging the accepted text.
    pub wall: Duration,
}

/// Which limit ended a repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// [`Bounds::judged`].
    Judged,
    /// [`Bounds::mender_calls`].
    MenderCalls,
    /// [`Bounds::wall`].
    Wall,
    /// No rung has another text to offer.
    NoIdeas,
}

/// No text was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct GaveUp<E> {
    /// Every attempt, in order; there is at least one.
    pub failed: Vec<Attempt<E>>,
    /// What ended it.
    pub limit: Limit,
}

impl<E: Evidence> GaveUp<E> {
    /// The attempt with the fewest faults, the latest of equals.
    #[must_use]
    pub fn best(&self) -> &Attempt<E> {
        best(&self.failed)
    }
}

fn best<E: Evidence>(failed: &[Attempt<E>]) -> &Attempt<E> {
    failed.iter().rev().min_by_key(|attempt| attempt.evidence.faults()).expect("a repair starts from an attempt")
}

/// Mends `source` until `judge` accepts it: machine-applicable suggestions as long as they bring new texts, then the mender.
///
/// `file` is the name under which the judge's edits know the text.
///
/// # Errors
/// What `judge` or `mender` cannot go on with.
pub fn ladder<T, E, M, X>(
    source: String,
    file: &Path,
    bounds: Bounds,
    mut judge: impl FnMut(&str, Fixer) -> Result<Result<T, E>, X>,
    mender: &mut M,
) -> Result<Result<Mended<T, E>, GaveUp<E>>, X>
where
    E: Evidence,
    M: Mender<E>,
    X: From<M::Error>,
{
    let started = Instant::now();
    let mut seen = HashSet::from([source.clone()]);
    let mut failed: Vec<Attempt<E>> = Vec::new();
    let (mut next, mut fixer, mut attempt_started) = (source, Fixer::Generator, started);
    let mut mender_calls = 0;
    loop {
        let evidence = match judge(&next, fixer)? {
            Ok(accepted) => {
                return Ok(Ok(Mended { accepted, source: next, fixer, failed, wall: attempt_started.elapsed() }));
            }
            Err(evidence) => evidence,
        };
        failed.push(Attempt { source: next, fixer, evidence, wall: attempt_started.elapsed() });
        attempt_started = Instant::now();
        // What needs no mender first; when that leads nowhere new, the mender, as often as it repeats itself within its limit.
        let latest = failed.last().expect("just pushed");
        let mut found = mender.mechanical(latest)?.filter(|(text, _)| !seen.contains(text));
        if found.is_none() {
            found = suggested(latest, file, &seen).map(|text| (text, Fixer::Compiler));
        }
        while found.is_none() {
            let limit = if failed.len() >= bounds.judged {
                Some(Limit::Judged)
            } else if mender_calls >= bounds.mender_calls {
                Some(if bounds.mender_calls == 0 { Limit::NoIdeas } else { Limit::MenderCalls })
            } else if started.elapsed() >= bounds.wall {
                Some(Limit::Wall)
            } else {
                None
            };
            if let Some(limit) = limit {
                return Ok(Err(GaveUp { failed, limit }));
            }
            mender_calls += 1;
            match mender.mend(best(&failed), &failed)? {
                None => return Ok(Err(GaveUp { failed, limit: Limit::NoIdeas })),
                Some(text) if seen.contains(&text) => {}
                Some(text) => found = Some((text, Fixer::Model)),
            }
        }
        if failed.len() >= bounds.judged {
            return Ok(Err(GaveUp { failed, limit: Limit::Judged }));
        }
        if started.elapsed() >= bounds.wall {
            return Ok(Err(GaveUp { failed, limit: Limit::Wall }));
        }
        (next, fixer) = found.expect("the loop above ends with one");
        seen.insert(next.clone());
    }
}

/// The text with every machine-applicable suggestion applied that fits; `None` if there is none, or the result is known.
fn suggested<E: Evidence>(attempt: &Attempt<E>, file: &Path, seen: &HashSet<String>) -> Option<String> {
    let mut edits = attempt.evidence.edits();
    edits.retain(|edit| edit.applicability == Applicability::MachineApplicable);
    let (text, applied) = apply_edits(file, &attempt.source, &edits);
    (!applied.is_empty() && !seen.contains(&text)).then_some(text)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::path::Path;
    use std::time::Duration;

    use flightsmith_toolchain::diagnostics::{Applicability, Edit, Replacement};

    use super::{Attempt, Bounds, Evidence, Fixer, GaveUp, Limit, Mended, Mender, NoMender, ladder};

    /// Feedback on a text that should be all `b`: the wrong bytes; `a` has a sure correction, anything else none.
    #[derive(Debug, Clone, PartialEq)]
    struct Wrong(String);

    impl Evidence for Wrong {
        fn faults(&self) -> usize {
            self.0.bytes().filter(|&byte| byte != b'b').count()
        }

        fn edits(&self) -> Vec<Edit> {
            let place = self.0.bytes().enumerate().filter(|(_, byte)| *byte == b'a').map(|(index, _)| index).next();
            let edit = |start| Edit {
                message: String::new(),
                code: None,
                applicability: Applicability::MachineApplicable,
                parts: vec![Replacement { file: "m.rs".into(), start, end: start + 1, text: "b".to_owned() }],
            };
            place.map(edit).into_iter().collect()
        }
    }

    fn judge(text: &str, _: Fixer) -> Result<Result<usize, Wrong>, Infallible> {
        Ok(if text.bytes().all(|byte| byte == b'b') { Ok(text.len()) } else { Err(Wrong(text.to_owned())) })
    }

    struct ScriptedMender(Vec<&'static str>);

    impl Mender<Wrong> for ScriptedMender {
        type Error = Infallible;

        fn mend(&mut self, _: &Attempt<Wrong>, _: &[Attempt<Wrong>]) -> Result<Option<String>, Infallible> {
            Ok(if self.0.is_empty() { None } else { Some(self.0.remove(0).to_owned()) })
        }
    }

    fn repair(
        source: &str,
        judged: usize,
        mender_calls: usize,
        answers: &[&'static str],
    ) -> Result<Mended<usize, Wrong>, GaveUp<Wrong>> {
        let bounds = Bounds { judged, mender_calls, wall: Duration::from_secs(3600) };
        let Ok(outcome) =
            ladder(source.to_owned(), Path::new("m.rs"), bounds, judge, &mut ScriptedMender(answers.to_vec()));
        outcome
    }

    #[test]
    fn the_compiler_comes_before_the_model() {
        let mended = repair("aac", 10, 3, &["bbb"]).unwrap();
        let fixers: Vec<_> = mended.failed.iter().map(|attempt| (attempt.source.as_str(), attempt.fixer)).collect();
        assert_eq!(fixers, [("aac", Fixer::Generator), ("bac", Fixer::Compiler), ("bbc", Fixer::Compiler)]);
        assert_eq!((mended.source.as_str(), mended.fixer, mended.accepted), ("bbb", Fixer::Model, 3));
        assert_eq!(repair("bb", 1, 0, &[]).unwrap().fixer, Fixer::Generator);
    }

    #[test]
    fn limits_are_named_and_the_best_is_kept() {
        let gave_up = |judged, calls, answers: &[&'static str]| {
            let gave_up = repair("cc", judged, calls, answers).unwrap_err();
            (gave_up.limit, gave_up.best().source.clone(), gave_up.failed.len())
        };
        assert_eq!(gave_up(10, 2, &["cb", "ddd", "bb"]), (Limit::MenderCalls, "cb".to_owned(), 3));
        assert_eq!(gave_up(2, 9, &["cb", "bb"]), (Limit::Judged, "cb".to_owned(), 2));
        assert_eq!(gave_up(10, 9, &[]), (Limit::NoIdeas, "cc".to_owned(), 1));
        // A mender that repeats itself is asked again, and nothing is judged twice.
        assert_eq!(gave_up(10, 3, &["cc", "cc", "cc"]), (Limit::MenderCalls, "cc".to_owned(), 1));
        let bounds = Bounds { judged: 5, mender_calls: 0, wall: Duration::from_secs(3600) };
        let Ok(outcome) = ladder("c".to_owned(), Path::new("m.rs"), bounds, judge, &mut NoMender);
        assert_eq!(outcome.unwrap_err().limit, Limit::NoIdeas);
    }
}
