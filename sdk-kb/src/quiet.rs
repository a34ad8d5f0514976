//! A panic of somebody else's code caught without its words on the terminal.
//!
//! It leaves to others: what such a panic means.
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::thread::Result;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Does `work`; its panic comes back and is told to nobody else. Panics of other threads, and of this one elsewhere, are told as before.
pub(crate) fn catching<T>(work: impl FnOnce() -> T) -> Result<T> {
    static HOOKED: Once = Once::new();
    HOOKED.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                before(panic);
            }
        }));
    });
    let was = QUIET.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(was);
    done
}
