//! # Make wrong order of calls a compile error
//!
//! - typestate pattern in Rust
//! - How do I make sure that connect() is called before send()?
//! - no method named `send` found for struct `Link<Closed>` (E0599)
//!
//! The state is a type parameter. Methods exist only in the states where they make sense, and take `self` by value, so the old state
//! is gone after the change. `PhantomData` carries the parameter where no field has that type.
//!
//! Pitfalls:
//! - If the state is known only at run time (read from a wire), an enum is the better tool.

use std::marker::PhantomData;

struct Closed;
struct Open;

struct Link<State> {
    sent: Vec<String>,
    state: PhantomData<State>,
}

impl Link<Closed> {
    fn new() -> Self {
        Self { sent: Vec::new(), state: PhantomData }
    }

    /// On failure the closed link comes back, so that the caller may try again.
    fn open(self, password: &str) -> Result<Link<Open>, Link<Closed>> {
        if password == "swordfish" { Ok(Link { sent: self.sent, state: PhantomData }) } else { Err(self) }
    }
}

impl Link<Open> {
    fn send(&mut self, text: &str) {
        self.sent.push(text.to_owned());
    }

    fn close(self) -> Link<Closed> {
        Link { sent: self.sent, state: PhantomData }
    }
}

/// In every state.
impl<State> Link<State> {
    fn sent(&self) -> usize {
        self.sent.len()
    }
}

fn main() {
    let link = Link::new();
    let Err(link) = link.open("guess") else { panic!("opened with a wrong password") };
    let Ok(mut link) = link.open("swordfish") else { panic!("did not open") };
    link.send("hello");
    let link = link.close();
    // link.send("more") does not compile here: Link<Closed> has no `send`.
    assert_eq!(link.sent(), 1);
}
