//! What a mission's source may contain, decided from its text alone, before any compiler sees it.
//!
//! A mission is flight logic against the SDK: it has no business with unsafe code, other crates, files and variables of the build
//! machine, attributes that silence the compiler, or code that differs between the machine it is tested on and the vehicle. Most of
//! this the compiler enforces as well (`no_std`, `forbid(unsafe_code)`); here it is refused by name, with what to write instead.
//!
//! Tokens are looked at first, in macro arguments too, so that nothing hides from the syntax tree. It leaves to others: whether the
//! mission compiles, and whether it flies well. Loops without an `.await` are the simulator's to find.

mod syntax;
mod tokens;

use std::fmt;

use proc_macro2::Span;
use serde::Serialize;

/// Most bytes that a mission's source may have.
pub const MAX_SOURCE_BYTES: usize = 128 * 1024;

/// Deepest nesting of brackets, and longest run of operators, that a mission's source may have: more would overflow parsers.
pub const MAX_NESTING: usize = 64;

/// One place where the source breaks the policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Breach {
    /// The line of `mission.rs`, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is not allowed, and what to do instead.
    pub message: String,
}

impl Breach {
    fn at(span: Span, message: impl Into<String>) -> Self {
        let start = span.start();
        Self { line: start.line, column: start.column + 1, message: message.into() }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "src/mission.rs:{}:{}: {}", self.line, self.column, self.message)
    }
}

/// What the policy says of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Everything that is not allowed, in the order of the text.
    pub breaches: Vec<Breach>,
    /// Whether the source could be read as Rust. What could not is left to the compiler, which explains it better, unless its tokens
    /// alone break the policy; should the compiler accept it, it must still not be run, for nobody has judged it.
    pub is_judged: bool,
}

impl Judgement {
    fn refused(message: String) -> Self {
        Self { breaches: vec![Breach { line: 1, column: 1, message }], is_judged: true }
    }
}

/// Judges a source.
#[must_use]
pub fn judge(source: &str) -> Judgement {
    if source.len() > MAX_SOURCE_BYTES {
        let message =
            format!("the source has {} bytes (limit {MAX_SOURCE_BYTES}): use loops and functions", source.len());
        return Judgement::refused(message);
    }
    // Deep trees are dropped recursively, so they get a stack that holds the worst that the limits above let through.
    let source = source.to_owned();
    let judge = move || {
        let (mut breaches, mut is_judged) = (tokens::breaches(&source), true);
        if breaches.is_empty() {
            match syntax::breaches(&source) {
                Some(found) => breaches = found,
                None => is_judged = false,
            }
        }
        breaches.sort();
        breaches.dedup();
        Judgement { breaches, is_judged }
    };
    let thread = std::thread::Builder::new().name("policy".to_owned()).stack_size(256 << 20).spawn(judge);
    // What cannot be judged is not let through.
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(judgement)) => judgement,
        Ok(Err(_)) => Judgement::refused("the source could not be judged".to_owned()),
        Err(error) => Judgement::refused(format!("the source could not be judged: {error}")),
    }
}

#[cfg(test)]
mod tests;
