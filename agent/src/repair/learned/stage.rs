//! What this machine has learned: opened for a repair, and written back after one that ended well.
//!
//! It leaves to others: what is learned from a repair ([`Memory`]). A store that cannot be read or written costs what it knows and never the
//! repair: the caller says so and goes on.
use super::{Lesson, Memory, Trial};
use crate::budget;
use crate::exit::chain;
use crate::repair::rungs::Rung;
use crate::workshop::Workshop;
use flightsmith_kb::{KbError, Published, Store, learned_path};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The folder of the knowledge base below the user's data.
#[must_use]
pub fn folder(data: &Path) -> PathBuf {
    data.join("kb")
}

/// What was published last.
///
/// # Errors
/// As [`Published::open`]; nothing learned yet is none.
pub fn open(data: &Path) -> Result<Memory, KbError> {
    Ok(Memory::of(&Published::open(&learned_path(&folder(data)))?))
}

/// What was learned before; nothing, with a word about it, where that cannot be read.
pub fn remembered(shop: &Workshop) -> Memory {
    open(&shop.data).unwrap_or_else(|error| {
        shop.events.note(format!("learned fixes are not used: {}", chain(&error)));
        Memory::default()
    })
}

/// The store, for writing.
///
/// # Errors
/// As [`Store::open_within`].
pub fn store(data: &Path) -> Result<Store, KbError> {
    Store::open_within(&folder(data), budget::KB_WRITE)
}

/// A repair that ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended<'a> {
    /// What was kept, step by step.
    pub lessons: &'a [Lesson],
    /// Steps that compile, and that the project's tests or a flight refused.
    pub refuted: &'a [Lesson],
    /// What was tried and made nothing better.
    pub in_vain: &'a [Trial],
    /// Whether all is well now; only then anything is learned from what was kept.
    pub well: bool,
    /// Compiles that it took.
    pub compiles: usize,
}

/// Learns from a repair, counts it, and writes both. Returns how many fixes are new. Where nothing was tried nothing is written.
///
/// # Errors
/// As the store's.
pub fn remember(memory: &mut Memory, ended: Ended<'_>, evidence: &Value, data: &Path) -> Result<usize, KbError> {
    if ended.lessons.is_empty() && ended.refuted.is_empty() && ended.in_vain.is_empty() {
        return Ok(0);
    }
    memory.count_in_vain(ended.in_vain);
    memory.refute(ended.refuted);
    let new = if ended.well { memory.learn(ended.lessons, evidence) } else { 0 };
    let store = store(data)?;
    memory.save(&store)?;
    let names: Vec<String> = counters(ended);
    let mut raises: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 1)).collect();
    raises.push(("repair compiles", ended.compiles as u64));
    store.statistics()?.add(&raises)?;
    Ok(new)
}

fn counters(ended: Ended<'_>) -> Vec<String> {
    let mut names = vec![if ended.well { "repairs mended".to_owned() } else { "repairs not mended".to_owned() }];
    if ended.well && !ended.lessons.iter().any(|lesson| lesson.rung == Rung::Model) {
        names.push("repairs mended without a model".to_owned());
    }
    names.extend(ended.lessons.iter().map(|lesson| format!("steps by {}", lesson.rung.name())));
    names
}
