//! What was learned about steps, in people's words: which kind of step helped with which error, and which never did.
//!
//! It leaves to others: counting, and what follows from it (`repair::learned`).
use crate::repair::learned::{Count, KnownStep, LADDER, Memory, Standing, Trial};
use flightsmith_kb::{Published, Record, State};
use serde::Serialize;
use serde_json::{Value, json};

/// How many pairs of error and step are known, and what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Pairs of error and step.
    known: usize,
    /// Those that go first.
    first: usize,
    /// Those that never helped where others did.
    last: usize,
    /// Those that are left out, for errors that nothing ever mended.
    left_out: usize,
}

impl Tally {
    /// Of what is known to these rules.
    pub fn of(published: &Published) -> Self {
        let memory = Memory::of(published);
        let mut tally = Self::default();
        for standing in published.records().filter_map(|record| standing(record, &memory)) {
            tally.known += 1;
            match standing {
                Standing::First => tally.first += 1,
                Standing::Plain => {}
                Standing::Last => tally.last += 1,
                Standing::LeftOut => tally.left_out += 1,
            }
        }
        tally
    }

    /// In one line.
    pub fn in_words(&self) -> String {
        format!(
            "steps: {} known for an error; {} always helped and go first, {} never did and go last, {} are left out where nothing ever helped",
            self.known, self.first, self.last, self.left_out
        )
    }
}

/// What follows from a record, where it is one of a step that counts.
fn standing(record: &Record, memory: &Memory) -> Option<Standing> {
    let KnownStep { step, ladder } = record.template_as().ok()?;
    let counts = record.state() != State::Rejected && (ladder == LADDER || record.worked() > 0);
    counts.then(|| memory.standing(&Trial { signature: record.signature.clone(), kind: step }))
}

/// A record of a step as JSON; nothing where it is of something else.
pub fn to_json(record: &Record, memory: &Memory) -> Option<Value> {
    let KnownStep { step, ladder } = record.template_as().ok()?;
    let standing = match standing(record, memory) {
        Some(Standing::First) => "first",
        Some(Standing::Plain) => "plain",
        Some(Standing::Last) => "last",
        Some(Standing::LeftOut) => "left out",
        None => "unused",
    };
    Some(json!({ "id": record.id(), "state": record.state(), "worked": record.worked(), "failed": record.failed(),
        "signature": record.signature, "step": step, "ladder": ladder, "standing": standing }))
}

/// A record of a step in two lines; nothing where it is of something else.
pub fn in_words(record: &Record) -> Option<String> {
    let KnownStep { step, ladder } = record.template_as().ok()?;
    let count = Count { worked: record.worked(), failed: record.failed() };
    let helped = match (count.worked, count.worked + count.failed) {
        (0, tried) => format!("never helped in {tried} repairs"),
        (worked, tried) => format!("helped in {worked} of {tried} repairs"),
    };
    let what = match (record.state(), ladder == LADDER, count.standing(true)) {
        (State::Rejected, ..) => ": rejected, so that it has no say",
        (_, false, _) if count.failed > 0 => ", under other rules: its failures no longer count",
        (.., Standing::First) => ": goes first",
        (.., Standing::Last | Standing::LeftOut) => ": goes last, or is left out where nothing ever helped",
        (.., Standing::Plain) => "",
    };
    Some(format!(
        "{}  step, {helped}{what}\n    for {}\n    {}: {}",
        record.id(),
        record.signature,
        step.rung.name(),
        step.rule
    ))
}
