//! # Many readers, few writers: RwLock
//!
//! - RwLock or Mutex?
//! - share a configuration that is reloaded now and then
//! - replace an Arc that others are reading
//!
//! `RwLock` lets readers in together. If readers need the value for long, keep an `Arc` inside and clone it out: the lock is then held
//! for a moment only, and readers go on with the old value while a new one is put in its place.
//!
//! Pitfalls:
//! - Do not ask for the write lock while holding the read lock in the same thread.

use std::sync::{Arc, RwLock};
use std::thread;

#[derive(Debug, PartialEq)]
struct Limits {
    version: u32,
    altitude_m: f64,
}

struct Shared(RwLock<Arc<Limits>>);

impl Shared {
    fn now(&self) -> Arc<Limits> {
        Arc::clone(&self.0.read().expect("not poisoned"))
    }
    fn replace(&self, limits: Limits) {
        *self.0.write().expect("not poisoned") = Arc::new(limits);
    }
}

fn main() {
    let shared = Shared(RwLock::new(Arc::new(Limits { version: 1, altitude_m: 120.0 })));
    let before = shared.now();
    thread::scope(|scope| {
        let readers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let limits = shared.now();
                    // A reader sees one version as a whole, whichever it is.
                    (limits.version == 1) == (limits.altitude_m == 120.0)
                })
            })
            .collect();
        scope.spawn(|| shared.replace(Limits { version: 2, altitude_m: 60.0 }));
        assert!(readers.into_iter().all(|reader| reader.join().expect("no panic")));
    });
    assert_eq!(before.version, 1, "who has the old one keeps it");
    assert_eq!(*shared.now(), Limits { version: 2, altitude_m: 60.0 });
}
