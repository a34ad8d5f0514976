//! # A global value that is made once
//!
//! - global variable that needs initialisation at run time
//! - lazy_static without a crate
//! - calls in statics are limited to constant functions (E0015)
//!
//! A `static` must be constant. `LazyLock` computes its value when it is first used, `OnceLock` is set once from outside, both safely
//! from many threads. Prefer passing values as arguments: a global makes tests depend on each other.
//!
//! Pitfalls:
//! - `static mut` is unsafe to read or write, and references to it are refused in edition 2024: use an atomic, a `Mutex` or these.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, OnceLock};

static MODES: LazyLock<BTreeMap<u32, &str>> =
    LazyLock::new(|| BTreeMap::from([(4, "GUIDED"), (6, "RTL"), (9, "LAND")]));

static NAME: OnceLock<String> = OnceLock::new();

static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn note(text: &str) {
    LOG.lock().expect("not poisoned").push(text.to_owned());
}

fn main() {
    assert_eq!(MODES.get(&6), Some(&"RTL"));
    assert_eq!(NAME.get(), None);
    assert_eq!(NAME.get_or_init(|| "falcon".to_owned()), "falcon");
    assert_eq!(NAME.set("eagle".to_owned()), Err("eagle".to_owned()), "only once");

    std::thread::scope(|scope| {
        scope.spawn(|| note("from a thread"));
    });
    note("from main");
    assert_eq!(LOG.lock().expect("not poisoned").join(", "), "from a thread, from main");
}
