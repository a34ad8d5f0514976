//! # Change something behind a shared reference
//!
//! - How do I mutate a field through &self?
//! - RefCell already borrowed panic (BorrowMutError)
//! - When do I use Cell and when RefCell?
//!
//! `Cell<T>` swaps whole `Copy` values and never fails; `RefCell<T>` lends references and checks at run time that there are either
//! many readers or one writer, and panics otherwise. Both are for one thread; `Mutex` and atomics are their counterparts for many.
//!
//! Pitfalls:
//! - Keep a `RefCell` borrow as short as possible, and never call foreign code while one is held.
//! - `try_borrow_mut` tells instead of panicking.

use std::cell::{Cell, RefCell};

#[derive(Default)]
struct Meter {
    reads: Cell<u32>,
    history: RefCell<Vec<f64>>,
}

impl Meter {
    /// Reading counts itself although it only borrows the meter.
    fn read(&self, value: f64) -> f64 {
        self.reads.set(self.reads.get() + 1);
        self.history.borrow_mut().push(value);
        value
    }

    fn mean(&self) -> Option<f64> {
        let history = self.history.borrow();
        (!history.is_empty()).then(|| history.iter().sum::<f64>() / history.len() as f64)
    }
}

fn main() {
    let meter = Meter::default();
    assert_eq!(meter.mean(), None);
    meter.read(1.0);
    meter.read(3.0);
    assert_eq!(meter.reads.get(), 2);
    assert_eq!(meter.mean(), Some(2.0));

    let reader = meter.history.borrow();
    assert!(meter.history.try_borrow_mut().is_err(), "somebody reads");
    drop(reader);
    assert!(meter.history.try_borrow_mut().is_ok());
}
