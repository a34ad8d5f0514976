//! The journal of what was learned, and undoing an entry of it.
use super::change::{Change, Deed};
use super::learned::Learned;
use crate::error::KbError;
use crate::record::{Record, Stamped, State};

impl Learned<'_> {
    /// The entries from number `from` on, oldest first.
    ///
    /// # Errors
    /// [`KbError::Damaged`] or [`KbError::File`].
    pub fn journal(&self, from: u64) -> Result<Vec<Change>, KbError> {
        let entries = self.journal.range(from.to_be_bytes()..);
        entries.values().map(|entry| self.decode_change(&entry.map_err(|error| self.store.failed(error))?)).collect()
    }

    /// Undoes the change of that number, whatever was done to other records since: a new change, which can be undone as well.
    ///
    /// # Errors
    /// [`KbError::NoChange`] where there is none, [`KbError::ChangedSince`] where it was undone already or the record's state was
    /// changed once more (undo that first), and as [`Learned::put`].
    pub fn undo(&self, number: u64) -> Result<Record, KbError> {
        let entry = self.journal.get(number.to_be_bytes()).map_err(|error| self.store.failed(error))?;
        let entry = entry.ok_or(KbError::NoChange { number })?;
        let change = self.decode_change(&entry)?;
        if let Some(by) = self.journal(number + 1)?.iter().find(|later| later.undoes == Some(number)) {
            return Err(KbError::ChangedSince { number, by: by.number });
        }
        let later_state = || -> Result<u64, KbError> {
            let later = self.journal(number + 1)?;
            let touching = later.iter().rev().find(|later| later.record == change.record && later.state.is_some());
            Ok(touching.map_or(number, |later| later.number))
        };
        let machine = self.store.machine().clone();
        self.change(&change.record, Deed::Undo, Some(number), |known, stamp| {
            let mut record = known.ok_or_else(|| KbError::NoRecord { id: change.record.clone() })?;
            if let Some((before, after)) = change.state {
                if record.state() != after {
                    return Err(KbError::ChangedSince { number, by: later_state()? });
                }
                // What was not there before is taken out; its mark stays, for the other machines.
                record.state = Stamped { stamp: stamp.clone(), value: before.unwrap_or(State::Removed) };
            }
            for value in &change.shown {
                record.show(value, Stamped { stamp: stamp.clone(), value: false });
            }
            for value in &change.hidden {
                record.show(value, Stamped { stamp: stamp.clone(), value: true });
            }
            record.count(&machine, -change.worked, -change.failed);
            Ok(record)
        })
    }

    fn decode_change(&self, value: &[u8]) -> Result<Change, KbError> {
        serde_json::from_slice(value)
            .map_err(|error| self.store.damaged(format!("an entry of the journal is none: {error}")))
    }
}
