//! A cache of bounded size that forgets what was used longest ago, and a function that remembers its answers in one.
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

const NONE: usize = usize::MAX;

#[derive(Debug)]
struct Node<K, V> {
    key: K,
    value: V,
    newer: usize,
    older: usize,
}

/// What a cache has done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub hits: u64,
    pub misses: u64,
    pub forgotten: u64,
}

impl Counts {
    pub fn hit_percent(&self) -> u8 {
        let asked = self.hits + self.misses;
        if asked == 0 { 0 } else { (self.hits * 100 / asked) as u8 }
    }
}

#[derive(Debug)]
pub struct Cache<K, V> {
    places: HashMap<K, usize>,
    nodes: Vec<Node<K, V>>,
    newest: usize,
    oldest: usize,
    capacity: usize,
    counts: Counts,
}

impl<K: Hash + Eq + Clone, V> Cache<K, V> {
    pub fn new(capacity: usize) -> Self {
        assert!(capacity > 0, "a cache holds something");
        Cache {
            places: HashMap::with_capacity(capacity),
            nodes: Vec::with_capacity(capacity),
            newest: NONE,
            oldest: NONE,
            capacity,
            counts: Counts::default(),
        }
    }

    pub fn get<Q>(&mut self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let Some(&place) = self.places.get(key) else {
            self.counts.misses += 1;
            return None;
        };
        self.counts.hits += 1;
        self.touch(place);
        Some(&self.nodes[place].value)
    }

    /// Hands back what had to make room, or the value before.
    pub fn put(&mut self, key: K, value: V) -> Option<(K, V)> {
        if let Some(&place) = self.places.get(&key) {
            self.touch(place);
            let before = std::mem::replace(&mut self.nodes[place].value, value);
            return Some((key, before));
        }
        if self.nodes.len() < self.capacity {
            let place = self.nodes.len();
            self.nodes.push(Node { key: key.clone(), value, newer: NONE, older: NONE });
            self.places.insert(key, place);
            self.link_newest(place);
            return None;
        }
        let place = self.oldest;
        self.unlink(place);
        let fresh = Node { key: key.clone(), value, newer: NONE, older: NONE };
        let gone = std::mem::replace(&mut self.nodes[place], fresh);
        self.places.remove(&gone.key);
        self.places.insert(key, place);
        self.link_newest(place);
        self.counts.forgotten += 1;
        Some((gone.key, gone.value))
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Keys, the latest used first.
    pub fn keys(&self) -> Vec<&K> {
        let mut keys = Vec::new();
        let mut place = self.newest;
        while place != NONE {
            keys.push(&self.nodes[place].key);
            place = self.nodes[place].older;
        }
        keys
    }

    fn touch(&mut self, place: usize) {
        if place != self.newest {
            self.unlink(place);
            self.link_newest(place);
        }
    }

    fn unlink(&mut self, place: usize) {
        let (newer, older) = (self.nodes[place].newer, self.nodes[place].older);
        match newer {
            NONE => self.newest = older,
            newer => self.nodes[newer].older = older,
        }
        match older {
            NONE => self.oldest = newer,
            older => self.nodes[older].newer = newer,
        }
    }

    fn link_newest(&mut self, place: usize) {
        self.nodes[place].newer = NONE;
        self.nodes[place].older = self.newest;
        if self.newest != NONE {
            self.nodes[self.newest].newer = place;
        }
        self.newest = place;
        if self.oldest == NONE {
            self.oldest = place;
        }
    }
}

/// A function whose answers are kept.
pub struct Remembered<K, V, F> {
    cache: Cache<K, V>,
    function: F,
}

impl<K: Hash + Eq + Clone, V: Clone, F: Fn(&K) -> V> Remembered<K, V, F> {
    pub fn new(capacity: usize, function: F) -> Self {
        Self { cache: Cache::new(capacity), function }
    }

    pub fn call(&mut self, key: K) -> V {
        if let Some(known) = self.cache.get(&key) {
            return known.clone();
        }
        let value = (self.function)(&key);
        self.cache.put(key, value.clone());
        value
    }

    pub fn counts(&self) -> Counts {
        self.cache.counts()
    }
}

#[cfg(test)]
mod tests;
