//! # What a closure captures: Fn, FnMut, FnOnce
//!
//! - expected a closure that implements Fn, but this closure only implements FnMut (E0525)
//! - difference between Fn, FnMut and FnOnce
//! - closure borrows a variable that I want to use afterwards
//!
//! A closure borrows what it uses, mutably if it changes it, and takes it if it gives it away; `move` makes it take everything. From
//! that follows what it is: `Fn` may be called any time, `FnMut` changes its captures, `FnOnce` can be called once. Ask for the least:
//! `FnOnce` if you call it once, `FnMut` if often, `Fn` if it is shared.
//!
//! Pitfalls:
//! - While a closure that borrows mutably is alive, the variable cannot be used.

fn call_once(make: impl FnOnce() -> String) -> String {
    make()
}

fn call_twice(mut act: impl FnMut()) {
    act();
    act();
}

fn apply_all(values: &[f64], change: &dyn Fn(f64) -> f64) -> Vec<f64> {
    values.iter().map(|value| change(*value)).collect()
}

fn main() {
    let factor = 2.0;
    assert_eq!(apply_all(&[1.0, 3.0], &|value| value * factor), [2.0, 6.0]);

    let mut count = 0;
    call_twice(|| count += 1);
    assert_eq!(count, 2, "the closure is gone, so its borrow is, too");

    let name = String::from("drone");
    let greeting = call_once(move || name + " ready"); // gives `name` away, so FnOnce
    assert_eq!(greeting, "drone ready");

    let text = String::from("kept");
    let length = || text.len(); // borrows only
    assert_eq!((length(), text.as_str(), length()), (4, "kept", 4));
}
