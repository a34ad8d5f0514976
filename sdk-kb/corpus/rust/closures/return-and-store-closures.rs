//! # Return a closure, or keep closures in a struct
//!
//! - return type of a function that returns a closure
//! - store callbacks in a Vec
//! - two closures never have the same type (E0308)
//!
//! Each closure has a type of its own: return it as `impl Fn(..)`, store several as `Box<dyn Fn(..)>`. What it captured must live as
//! long: use `move`, and `'static` in the box unless the struct carries a lifetime. Closures that capture nothing are also plain
//! function pointers `fn(..)`.
//!
//! Pitfalls:
//! - A boxed `FnMut` is called through `&mut`: `(self.callback)(x)` with parentheses around the field.

fn limited_to(limit: f64) -> impl Fn(f64) -> f64 {
    move |value| value.clamp(-limit, limit)
}

fn then<A, B, C>(first: impl Fn(A) -> B, second: impl Fn(B) -> C) -> impl Fn(A) -> C {
    move |value| second(first(value))
}

#[derive(Default)]
struct Events<'a> {
    listeners: Vec<Box<dyn FnMut(&str) + 'a>>,
}

impl<'a> Events<'a> {
    fn on(&mut self, listener: impl FnMut(&str) + 'a) {
        self.listeners.push(Box::new(listener));
    }
    fn emit(&mut self, what: &str) {
        for listener in &mut self.listeners {
            listener(what);
        }
    }
}

fn main() {
    let gentle = then(|value: f64| value * 0.5, limited_to(1.0));
    assert_eq!((gentle(0.8), gentle(9.0)), (0.4, 1.0));

    let mut log = Vec::new();
    let mut count = 0;
    {
        let mut events = Events::default();
        events.on(|what| log.push(what.to_owned()));
        events.on(|_| count += 1);
        events.emit("armed");
        events.emit("landed");
    }
    assert_eq!((log.join(" "), count), ("armed landed".to_owned(), 2));

    let table: [(&str, fn(f64, f64) -> f64); 2] = [("plus", |a, b| a + b), ("max", f64::max)];
    assert_eq!(table.map(|(_, call)| call(2.0, 3.0)), [5.0, 3.0]);
}
