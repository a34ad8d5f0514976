//! One change of a record: what the journal keeps, and all that is needed to undo it.
use crate::record::{Record, State, canonical};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Learned, or learned again with more evidence.
    Put,
    /// Accepted by a person.
    Accept,
    /// Rejected by a person.
    Reject,
    /// Taken out.
    Remove,
    /// A trial was counted.
    Count,
    /// Trials were counted that the journal does not keep.
    Tally,
    /// Another machine's copy was merged.
    Import,
    /// An earlier change was undone.
    Undo,
}

/// An entry of the journal. Entries are only ever added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Its number, from 1.
    pub number: u64,
    /// What was done.
    pub deed: Deed,
    /// [`Record::id`] of the record.
    pub record: String,
    /// The record's signature.
    pub signature: String,
    /// State before and after, where it changed; before is absent where the record was new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<(Option<State>, State)>,
    /// Evidence that counts since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<Value>,
    /// Evidence that no longer counts since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<Value>,
    /// By how much the trials that worked changed.
    #[serde(default)]
    pub worked: i64,
    /// By how much the trials that failed changed.
    #[serde(default)]
    pub failed: i64,
    /// The change that this one undoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<u64>,
}

impl Change {
    /// What leads from `before` to `after`; nothing where they look the same.
    pub(super) fn between(before: Option<&Record>, after: &Record, deed: Deed, undoes: Option<u64>) -> Option<Self> {
        if deed == Deed::Tally {
            return None;
        }
        let was = before.map(Record::state);
        let texts = |record: &Record| -> Vec<String> { record.evidence().map(canonical).collect() };
        let (old, new) = (before.map(texts).unwrap_or_default(), texts(after));
        let missing_in = |known: &[String], record: &Record| -> Vec<Value> {
            record.evidence().filter(|value| !known.contains(&canonical(value))).cloned().collect()
        };
        let difference = |side: fn(&Record) -> u64| side(after) as i64 - before.map(side).unwrap_or_default() as i64;
        let change = Self {
            number: 0,
            deed,
            record: after.id(),
            signature: after.signature.clone(),
            state: (was != Some(after.state())).then(|| (was, after.state())),
            shown: missing_in(&old, after),
            hidden: before.map(|before| missing_in(&new, before)).unwrap_or_default(),
            worked: difference(Record::worked),
            failed: difference(Record::failed),
            undoes,
        };
        let nothing = change.state.is_none()
            && change.shown.is_empty()
            && change.hidden.is_empty()
            && (change.worked, change.failed) == (0, 0);
        (!nothing || undoes.is_some()).then_some(change)
    }
}
