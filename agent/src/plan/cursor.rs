//! A cursor over the tokens, and the phrase patterns that the grammar's rules match with it. Backtracks; takes notes.
//!
//! A pattern is words with alternatives `(a|b)` and optional parts `[c]`: `"take off|lift off|launch"`. A word matches a token by
//! its text or by the dictionary form of its verb. Articles and a few empty words before a match are skipped by name.
use super::refusal::{Fault, FaultKind, quote};
use super::token::{Kind, Token};
use flightsmith_mission::envelope::Envelope;
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::plan::Place;
use flightsmith_mission::vehicle::Vehicle;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// What the words are read against.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub vehicle: &'a Vehicle,
    pub envelope: &'a Envelope,
    pub home: &'a Home,
}

/// Words without a meaning of their own in front of any other word.
const EMPTY_WORDS: &[&str] = &[
    "the",
    "a",
    "an",
    "your",
    "my",
    "our",
    "its",
    "please",
    "just",
    "exactly",
    "precisely",
    "drone",
    "uav",
    "copter",
    "quad",
    "quadcopter",
    "vehicle",
    "aircraft",
    "simply",
];

pub(super) struct Cursor<'a> {
    pub words: &'a str,
    pub tokens: &'a [Token],
    pub at: usize,
    /// What was assumed on the way.
    pub notes: Vec<String>,
    /// What was recognised and is refused.
    pub faults: Vec<Fault>,
    /// Names that the words gave to places: `the mast 20 m ahead`.
    pub named: Vec<(String, Place)>,
    /// Absent where only quantities are read.
    pub setting: Option<Setting<'a>>,
    /// Inside a list of places: `and` stands between two of them.
    pub listing: bool,
    /// The unit that a length without one may be read in, when all other lengths of the words have it.
    pub only_length_unit: Option<(&'static str, f64)>,
}

/// A position to come back to.
#[derive(Clone, Copy)]
pub(super) struct Mark(usize, usize, usize, usize);

impl<'a> Cursor<'a> {
    /// A cursor at the beginning of `tokens`, which were cut from `words`.
    pub(super) fn new(words: &'a str, tokens: &'a [Token], setting: Option<Setting<'a>>) -> Self {
        Cursor {
            words,
            tokens,
            at: 0,
            notes: vec![],
            faults: vec![],
            named: vec![],
            setting,
            listing: false,
            only_length_unit: None,
        }
    }
    pub(super) fn mark(&self) -> Mark {
        Mark(self.at, self.notes.len(), self.faults.len(), self.named.len())
    }
    pub(super) fn reset(&mut self, mark: Mark) {
        self.at = mark.0;
        self.notes.truncate(mark.1);
        self.faults.truncate(mark.2);
        self.named.truncate(mark.3);
    }
    /// Runs `rule`; leaves no trace of it when it does not match.
    pub(super) fn attempt<T>(&mut self, rule: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mark = self.mark();
        let result = rule(self);
        if result.is_none() {
            self.reset(mark);
        }
        result
    }
    pub(super) fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }
    pub(super) fn done(&self) -> bool {
        self.at >= self.tokens.len()
    }
    /// Consumes the longest match of `pattern`, if it matches.
    pub(super) fn eat(&mut self, pattern: &'static str) -> bool {
        match self.ahead(pattern) {
            Some(end) => {
                self.at = end;
                true
            }
            None => false,
        }
    }
    /// Consumes one mark, such as a parenthesis (which patterns cannot say).
    pub(super) fn eat_mark(&mut self, mark: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == Kind::Mark && token.is(mark));
        self.at += usize::from(found);
        found
    }
    /// `eat` as a step in a chain of `?`.
    pub(super) fn need(&mut self, pattern: &'static str) -> Option<()> {
        self.eat(pattern).then_some(())
    }
    /// Whether `pattern` comes next.
    pub(super) fn sees(&self, pattern: &'static str) -> bool {
        self.ahead(pattern).is_some()
    }
    fn ahead(&self, pattern: &'static str) -> Option<usize> {
        let compiled = compile(pattern);
        if !self.may_begin(&compiled) {
            return compiled.may_be_nothing.then_some(self.at);
        }
        self.longest(&compiled.alternatives, self.at)
    }
    /// Whether a match can begin here: most patterns are ruled out by their first word.
    fn may_begin(&self, pattern: &Pattern) -> bool {
        let mut at = self.at;
        while let Some(token) = self.tokens.get(at) {
            if pattern.firsts.contains(token.text.as_str()) || pattern.firsts.contains(token.base.as_str()) {
                return true;
            }
            if !is_empty(token) {
                return false;
            }
            at += 1;
        }
        false
    }
    fn longest(&self, alternatives: &Alternatives, at: usize) -> Option<usize> {
        alternatives.iter().filter_map(|sequence| self.sequence(sequence, at)).max()
    }
    fn sequence(&self, atoms: &[Atom], at: usize) -> Option<usize> {
        let Some((first, rest)) = atoms.split_first() else { return Some(at) };
        match first {
            Atom::Word(word) => self.sequence(rest, self.word_at(word, at)?),
            Atom::Group(inner) => {
                inner.iter().filter_map(|one| self.sequence(one, at).and_then(|at| self.sequence(rest, at))).max()
            }
            Atom::Optional(inner) => {
                let with =
                    inner.iter().filter_map(|one| self.sequence(one, at).and_then(|at| self.sequence(rest, at))).max();
                with.max(self.sequence(rest, at))
            }
        }
    }
    fn word_at(&self, word: &str, mut at: usize) -> Option<usize> {
        loop {
            let token = self.tokens.get(at)?;
            if token.text == word || token.base == word {
                return Some(at + 1);
            }
            if !is_empty(token) {
                return None;
            }
            at += 1;
        }
    }
    /// Skips articles and hyphens in front of what is read next.
    pub(super) fn skip_empty(&mut self) {
        while self.peek().is_some_and(is_empty) {
            self.at += 1;
        }
    }
    /// The source text from the token `from` up to here.
    pub(super) fn text_since(&self, from: usize) -> &'a str {
        let (start, end) = self.span_since(from);
        &self.words[start..end]
    }
    /// Bytes from the token `from` up to here.
    pub(super) fn span_since(&self, from: usize) -> (usize, usize) {
        let last = self.at.saturating_sub(1).min(self.tokens.len().saturating_sub(1));
        match (self.tokens.get(from), self.tokens.get(last)) {
            (Some(first), Some(last)) if last.end > first.start => (first.start, last.end),
            (Some(first), _) => (first.start, first.end),
            _ => (self.words.len(), self.words.len()),
        }
    }
    pub(super) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
    /// Records a fault of the words since the token `from`.
    pub(super) fn fault(&mut self, kind: FaultKind, from: usize, message: impl Into<String>, hint: impl Into<String>) {
        let span = self.span_since(from);
        let quoted = quote(&self.words[span.0..span.1]);
        self.faults.push(Fault { kind, quoted, span, message: message.into(), hint: hint.into() });
    }
}

fn is_empty(token: &Token) -> bool {
    match token.kind {
        Kind::Word => EMPTY_WORDS.contains(&token.text.as_str()),
        Kind::Mark => token.text == "-" && token.glued,
        Kind::Number { .. } => false,
    }
}

/// A compiled pattern.
struct Pattern {
    alternatives: Alternatives,
    /// Words that a match can begin with.
    firsts: HashSet<String>,
    /// Matches nothing, too.
    may_be_nothing: bool,
}

type Alternatives = Vec<Vec<Atom>>;

enum Atom {
    Word(String),
    Group(Alternatives),
    Optional(Alternatives),
}

thread_local! {
    /// By the place of the text: each pattern stands in the program once.
    static COMPILED: RefCell<HashMap<(usize, usize), Rc<Pattern>>> = RefCell::new(HashMap::new());
}

/// Collects the words that a sequence of `alternatives` can begin with; says whether it can be empty.
fn firsts(alternatives: &Alternatives, into: &mut HashSet<String>) -> bool {
    let mut may_be_nothing = false;
    for sequence in alternatives {
        let all_optional = sequence.iter().all(|atom| match atom {
            Atom::Word(word) => {
                into.insert(word.clone());
                false
            }
            Atom::Group(inner) => firsts(inner, into),
            Atom::Optional(inner) => {
                firsts(inner, into);
                true
            }
        });
        may_be_nothing |= all_optional;
    }
    may_be_nothing
}

fn compile(pattern: &'static str) -> Rc<Pattern> {
    COMPILED.with_borrow_mut(|cache| {
        let compiled = cache.entry((pattern.as_ptr() as usize, pattern.len())).or_insert_with(|| {
            let alternatives = alternatives(&mut pattern.chars().peekable());
            let mut words = HashSet::new();
            let may_be_nothing = firsts(&alternatives, &mut words);
            Rc::new(Pattern { alternatives, firsts: words, may_be_nothing })
        });
        Rc::clone(compiled)
    })
}

fn alternatives(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Alternatives {
    let mut all = vec![Vec::new()];
    let mut word = String::new();
    let finish = |word: &mut String, all: &mut Alternatives| {
        if !word.is_empty() {
            all.last_mut().expect("never empty").push(Atom::Word(std::mem::take(word)));
        }
    };
    while let Some(c) = chars.next() {
        match c {
            ' ' => finish(&mut word, &mut all),
            '|' => {
                finish(&mut word, &mut all);
                all.push(Vec::new());
            }
            '(' | '[' => {
                finish(&mut word, &mut all);
                let inner = alternatives(chars);
                let atom = if c == '(' { Atom::Group(inner) } else { Atom::Optional(inner) };
                all.last_mut().expect("never empty").push(atom);
            }
            ')' | ']' => break,
            _ => word.push(c),
        }
    }
    finish(&mut word, &mut all);
    all
}
