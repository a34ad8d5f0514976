//! # Do something when a value goes out of scope
//!
//! - How do I run cleanup code automatically, like a destructor?
//! - in what order are values dropped?
//! - RAII guard in Rust
//!
//! `Drop::drop` runs when the owner's scope ends, also on `?`, `return` and panic. Locals drop in reverse order of their
//! declaration, fields in the order of theirs. A guard ties an action to a scope; `drop(guard)` ends it early.
//!
//! Pitfalls:
//! - `let _ = guard();` drops at once; `let _guard = guard();` keeps it until the end of the scope.
//! - `drop` cannot fail and cannot be awaited: for cleanup that can fail, offer a `close(self) -> Result` too.

use std::cell::RefCell;

struct Noted<'a> {
    name: &'static str,
    log: &'a RefCell<Vec<String>>,
}

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        self.log.borrow_mut().push(format!("end {}", self.name));
    }
}

fn begin<'a>(name: &'static str, log: &'a RefCell<Vec<String>>) -> Noted<'a> {
    log.borrow_mut().push(format!("begin {name}"));
    Noted { name, log }
}

fn early_exit(log: &RefCell<Vec<String>>) -> Option<()> {
    let _outer = begin("outer", log);
    let inner = begin("inner", log);
    drop(inner);
    None?;
    unreachable!("the line above returns");
}

fn main() {
    let log = RefCell::new(Vec::new());
    assert_eq!(early_exit(&log), None);
    assert_eq!(*log.borrow(), ["begin outer", "begin inner", "end inner", "end outer"]);

    log.borrow_mut().clear();
    let _ = begin("at once", &log);
    log.borrow_mut().push("next line".into());
    assert_eq!(*log.borrow(), ["begin at once", "end at once", "next line"]);
}
