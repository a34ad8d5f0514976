//! # Find out the concrete type behind a dyn Trait
//!
//! - How do I downcast Box<dyn Trait> to a struct?
//! - instanceof in Rust
//! - dyn Any downcast_ref
//!
//! `dyn Any` knows the type that is behind it: `downcast_ref::<T>()` gives `Some(&T)` if it fits. With a trait of your own, make
//! `Any` its supertrait; then `&dyn Trait` can be used as `&dyn Any`. A closed set of types is better as an enum.
//!
//! Pitfalls:
//! - Casting the box itself (`&boxed as &dyn Any`) asks about the box; go through `as_ref()`.

use std::any::Any;

trait Event: Any {
    fn name(&self) -> &'static str;
}

struct Landed;
struct Message(String);

impl Event for Landed {
    fn name(&self) -> &'static str {
        "landed"
    }
}
impl Event for Message {
    fn name(&self) -> &'static str {
        "message"
    }
}

fn text(event: &dyn Event) -> Option<&str> {
    let any: &dyn Any = event;
    any.downcast_ref::<Message>().map(|message| message.0.as_str())
}

fn main() {
    let events: Vec<Box<dyn Event>> = vec![Box::new(Message("up".into())), Box::new(Landed)];
    assert_eq!(events[1].name(), "landed");
    assert_eq!(events[0].name(), "message");
    let texts: Vec<&str> = events.iter().filter_map(|event| text(event.as_ref())).collect();
    assert_eq!(texts, ["up"]);
}
