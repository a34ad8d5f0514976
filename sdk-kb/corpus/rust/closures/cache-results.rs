//! # Remember results: memoization
//!
//! - cache an expensive function
//! - memoize a recursive function
//! - compute a value lazily once
//!
//! Keep results in a map next to the function. For recursion pass the map along. `LazyCell` and `OnceCell` hold one value that is made
//! when it is first asked for.
//!
//! Pitfalls:
//! - `entry(key).or_insert_with(|| recursive(..))` borrows the map while it recurses: look up first, insert afterwards.

use std::cell::{Cell, LazyCell};
use std::collections::HashMap;

struct Cache<F: Fn(u64) -> u64> {
    compute: F,
    known: HashMap<u64, u64>,
}

impl<F: Fn(u64) -> u64> Cache<F> {
    fn get(&mut self, key: u64) -> u64 {
        *self.known.entry(key).or_insert_with(|| (self.compute)(key))
    }
}

/// In how many ways a stair is climbed in steps of one or two.
fn ways(stairs: u32, known: &mut HashMap<u32, u64>) -> u64 {
    if stairs <= 1 {
        return 1;
    }
    if let Some(count) = known.get(&stairs) {
        return *count;
    }
    let count = ways(stairs - 1, known) + ways(stairs - 2, known);
    known.insert(stairs, count);
    count
}

fn main() {
    let calls = Cell::new(0);
    let compute = |key| {
        calls.set(calls.get() + 1);
        key * key
    };
    let mut squares = Cache { compute, known: HashMap::new() };
    assert_eq!((squares.get(9), squares.get(9)), (81, 81));
    assert_eq!(calls.get(), 1);

    assert_eq!(ways(80, &mut HashMap::new()), 37_889_062_373_143_906);

    let table = LazyCell::new(|| {
        calls.set(100);
        [1, 4, 9]
    });
    assert_eq!(calls.get(), 1, "not made yet");
    assert_eq!((table[2], calls.get()), (9, 100));
}
