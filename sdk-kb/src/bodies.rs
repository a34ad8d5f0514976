//! The items themselves, kept as text and read when one is looked at: a search that shows five of a million reads five.
use crate::item::Item;
use crate::numbers;
use std::sync::OnceLock;

/// Sorted by id.
#[derive(Default)]
pub(crate) struct Bodies {
    ids: Vec<u8>,
    id_ends: Vec<u64>,
    bodies: Vec<u8>,
    body_ends: Vec<u64>,
    read: Vec<OnceLock<Option<Box<Item>>>>,
}

impl Bodies {
    pub(crate) fn push(&mut self, item: &Item) {
        self.ids.extend(item.id.as_bytes());
        self.id_ends.push(self.ids.len() as u64);
        self.bodies.extend(serde_json::to_vec(item).unwrap_or_default());
        self.body_ends.push(self.bodies.len() as u64);
        self.read.push(OnceLock::new());
    }

    pub(crate) fn len(&self) -> usize {
        self.read.len()
    }

    /// Nothing for a number that there is not. What has the file's checksum was written by this version's own build, so that it is
    /// an item.
    pub(crate) fn item(&self, number: usize) -> Option<&Item> {
        let body = &self.bodies[range(&self.body_ends, number)?];
        self.read[number].get_or_init(|| serde_json::from_slice(body).ok().map(Box::new)).as_deref()
    }

    /// The id of that number, without looking at the item.
    pub(crate) fn id(&self, number: usize) -> &str {
        let id = range(&self.id_ends, number).and_then(|range| self.ids.get(range));
        id.and_then(|id| std::str::from_utf8(id).ok()).unwrap_or_default()
    }

    pub(crate) fn number_of(&self, id: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.ids[range(&self.id_ends, middle)?].cmp(id.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    pub(crate) fn sections(&self) -> [(&'static str, Vec<u8>); 4] {
        [
            ("ids", self.ids.clone()),
            ("id ends", numbers::bytes_of_u64(&self.id_ends)),
            ("bodies", self.bodies.clone()),
            ("body ends", numbers::bytes_of_u64(&self.body_ends)),
        ]
    }

    /// Nothing where the sections do not fit together.
    pub(crate) fn of_sections(count: usize, [ids, id_ends, bodies, body_ends]: [Vec<u8>; 4]) -> Option<Self> {
        let (id_ends, body_ends) = (numbers::u64_of_bytes(&id_ends), numbers::u64_of_bytes(&body_ends));
        let fits = |ends: &[u64], bytes: &[u8]| {
            ends.len() == count && ends.is_sorted() && ends.last().copied().unwrap_or(0) as usize == bytes.len()
        };
        let whole = fits(&id_ends, &ids) && fits(&body_ends, &bodies);
        let read = (0..count).map(|_| OnceLock::new()).collect();
        whole.then_some(Self { ids, id_ends, bodies, body_ends, read })
    }
}

fn range(ends: &[u64], number: usize) -> Option<std::ops::Range<usize>> {
    let end = *ends.get(number)? as usize;
    let start = if number == 0 { 0 } else { ends[number - 1] as usize };
    Some(start..end)
}
