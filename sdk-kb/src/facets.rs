//! What items are filtered by, in columns: a filter looks at three numbers and never at an item.
use crate::item::{Autopilot, Item, Kind};
use crate::numbers;
use serde::{Deserialize, Serialize};

/// Columns of codes into dictionaries of what occurs. Code 0 is "does not say".
#[derive(Default)]
pub(crate) struct Facets {
    columns: [Column; 4],
}

#[derive(Default)]
struct Column {
    names: Vec<String>,
    codes: Vec<u16>,
}

/// What to look among; the default is everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// These kinds only; all where empty.
    pub kinds: Vec<Kind>,
    /// Leave out what is for the other autopilot only.
    pub autopilot: Option<Autopilot>,
    /// Leave out what is only in another MAVLink dialect than this (`common`, `ardupilotmega`).
    pub dialect: Option<String>,
    /// Leave out what is for another version of the SDK than this.
    pub sdk_version: Option<String>,
}

/// The dictionaries, as they stand in a file's head.
#[derive(Serialize, Deserialize)]
pub(crate) struct Dictionaries([Vec<String>; 4]);

/// A filter, looked up once a search: per column which codes pass.
pub(crate) struct Passing<'kb> {
    columns: Vec<(&'kb [u16], Vec<bool>)>,
    removed: &'kb [u64],
}

impl Passing<'_> {
    pub(crate) fn keeps(&self, number: usize) -> bool {
        self.columns.iter().all(|(codes, passing)| passing[codes[number] as usize])
            && self.removed.get(number / 64).is_none_or(|word| word >> (number % 64) & 1 == 0)
    }

    /// The part of `count` items that passes, from a sample; at least a little.
    pub(crate) fn share(&self, count: usize) -> f32 {
        if self.columns.is_empty() && self.removed.is_empty() {
            return 1.0;
        }
        let every = (count / 1_000).max(1);
        let (mut seen, mut kept) = (0, 0);
        for number in (0..count).step_by(every) {
            seen += 1;
            kept += usize::from(self.keeps(number));
        }
        (kept as f32 / f32::max(seen as f32, 1.0)).max(0.000_1)
    }
}

fn name_of<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

impl Facets {
    pub(crate) fn push(&mut self, item: &Item) {
        let says = [
            Some(name_of(&item.kind)),
            item.autopilot.as_ref().map(name_of),
            item.dialect.clone(),
            item.sdk_version.clone(),
        ];
        for (column, name) in self.columns.iter_mut().zip(says) {
            column.push(name);
        }
    }

    pub(crate) fn passing<'kb>(&'kb self, filter: &Filter, removed: &'kb [u64]) -> Passing<'kb> {
        let kinds: Vec<String> = filter.kinds.iter().map(name_of).collect();
        let autopilot = filter.autopilot.as_ref().map(name_of);
        let wanted: [(Vec<&String>, bool); 4] = [
            (kinds.iter().collect(), false),
            (autopilot.iter().collect(), true),
            (filter.dialect.iter().collect(), true),
            (filter.sdk_version.iter().collect(), true),
        ];
        let mut columns = Vec::new();
        for (column, (wanted, or_silent)) in self.columns.iter().zip(wanted) {
            if !wanted.is_empty() {
                let mut passing = vec![or_silent];
                passing.extend(column.names.iter().map(|name| wanted.contains(&name)));
                columns.push((column.codes.as_slice(), passing));
            }
        }
        Passing { columns, removed }
    }

    /// What `of` says of each item's kind, looked up by the item's number.
    pub(crate) fn by_kind(&self, of: impl Fn(Kind) -> f32) -> impl Fn(usize) -> f32 {
        let kinds = &self.columns[0];
        let read = |name: &String| serde_json::from_value::<Kind>(serde_json::Value::from(name.as_str())).ok();
        let mut said = vec![1.0];
        said.extend(kinds.names.iter().map(|name| read(name).map_or(1.0, &of)));
        move |number| said[kinds.codes[number] as usize]
    }

    pub(crate) fn dictionaries(&self) -> Dictionaries {
        Dictionaries(std::array::from_fn(|column| self.columns[column].names.clone()))
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.columns.iter().flat_map(|column| numbers::bytes_of_u16(&column.codes)).collect()
    }

    /// Nothing where they do not fit together.
    pub(crate) fn of_bytes(dictionaries: Dictionaries, bytes: &[u8], count: usize) -> Option<Self> {
        let codes = numbers::u16_of_bytes(bytes);
        if codes.len() != 4 * count {
            return None;
        }
        let mut rest = codes.as_slice();
        let mut columns: [Column; 4] = Default::default();
        for (column, names) in columns.iter_mut().zip(dictionaries.0) {
            let (codes, after) = rest.split_at(count);
            if codes.iter().any(|code| *code as usize > names.len()) {
                return None;
            }
            *column = Column { names, codes: codes.to_vec() };
            rest = after;
        }
        Some(Self { columns })
    }
}

impl Column {
    fn push(&mut self, name: Option<String>) {
        let code = match name {
            None => 0,
            Some(name) => {
                let known = self.names.iter().position(|known| *known == name);
                let place = known.unwrap_or_else(|| {
                    self.names.push(name);
                    self.names.len() - 1
                });
                // More than 65,534 different names of one facet are not told apart.
                (place + 1).min(usize::from(u16::MAX)) as u16
            }
        };
        self.codes.push(code);
    }
}
