//! What is known of the vehicle's parameters: filled by asking, kept fresh by every PARAM_VALUE that comes, emptied by a reboot.
use super::value::{Name, ParamValue};
use crate::autopilot::ParamEncoding;
use crate::telemetry::Micros;
use crate::wire::payload::Payload;
use alloc::vec::Vec;

/// A boot clock that falls back by more than reordered messages explain.
const REBOOT_MS: u32 = 5_000;

#[derive(Debug, Clone, Copy)]
struct Entry {
    value: ParamValue,
    at_us: Micros,
}

/// All parameters heard of.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    /// In the order of their names. A list and no tree: there are a thousand at most, and a tree takes 3 KB of code.
    entries: Vec<(Name, Entry)>,
    /// Every parameter was listed.
    complete: bool,
    last_boot_ms: u32,
}

/// A PARAM_VALUE.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Told {
    pub name: Name,
    pub value: ParamValue,
    pub count: u16,
    pub index: u16,
}

impl Told {
    /// `None` for a type that is not supported.
    pub(crate) fn read(fields: Payload<'_>, encoding: ParamEncoding) -> Option<Self> {
        let value = ParamValue::from_wire(encoding, fields.u8(24), fields.u32(0))?;
        Some(Self { name: Name(fields.bytes(8)), value, count: fields.u16(4), index: fields.u16(6) })
    }
}

impl Cache {
    /// A PARAM_VALUE came, asked for or not: a value that is kept is kept right. Allocates nothing.
    pub(crate) fn hear(&mut self, told: &Told, now: Micros) {
        if let Ok(place) = self.place(&told.name) {
            self.entries[place].1 = Entry { value: told.value, at_us: now };
        }
    }
    pub(crate) fn keep(&mut self, name: Name, value: ParamValue, now: Micros) {
        let entry = (name, Entry { value, at_us: now });
        match self.place(&name) {
            Ok(place) => self.entries[place] = entry,
            Err(place) => self.entries.insert(place, entry),
        }
    }
    pub(crate) fn forget(&mut self, name: &Name) {
        if let Ok(place) = self.place(name) {
            self.entries.remove(place);
        }
    }
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.complete = false;
    }
    pub(crate) fn set_complete(&mut self) {
        self.complete = true;
    }
    /// The value and when it was heard.
    pub(crate) fn get(&self, name: &Name) -> Option<(ParamValue, Micros)> {
        let (_, entry) = &self.entries[self.place(name).ok()?];
        Some((entry.value, entry.at_us))
    }
    /// Whether the whole list is known and has no such name.
    pub(crate) fn knows_no(&self, name: &Name) -> bool {
        self.complete && self.place(name).is_err()
    }
    /// A vehicle that has booted again may have other values.
    pub(crate) fn heard_boot_ms(&mut self, time_boot_ms: u32) {
        if time_boot_ms == 0 {
            return;
        }
        if time_boot_ms.saturating_add(REBOOT_MS) < self.last_boot_ms {
            self.clear();
            self.last_boot_ms = time_boot_ms;
        }
        self.last_boot_ms = self.last_boot_ms.max(time_boot_ms);
    }

    /// Where it is, or where it would have to be.
    #[inline(never)]
    fn place(&self, name: &Name) -> Result<usize, usize> {
        self.entries.binary_search_by(|(known, _)| known.cmp(name))
    }
}
