//! # A state machine as a match over state and event
//!
//! - implement a finite state machine in Rust
//! - match on a tuple
//! - illegal transitions
//!
//! States and events are enums, the rules one `match` over both: the table can be read at a glance, and the compiler checks that it
//! is complete. The step is a pure function, so tests need nothing around it.
//!
//! Pitfalls:
//! - Give an answer for every pair: an ignored event is a decision, too, and should stand in the table.

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Grounded,
    Climbing { target_m: u32 },
    Flying,
    Landing,
}

#[derive(Debug, Clone, Copy)]
enum Event {
    TakeOff(u32),
    Height(u32),
    Land,
    TouchedDown,
}

fn next(state: State, event: Event) -> Result<State, String> {
    use Event::{Height, Land, TakeOff, TouchedDown};
    use State::{Climbing, Flying, Grounded, Landing};
    match (state, event) {
        (Grounded, TakeOff(target_m @ 1..=120)) => Ok(Climbing { target_m }),
        (Grounded, TakeOff(metres)) => Err(format!("cannot take off to {metres} m")),
        (Climbing { target_m }, Height(metres)) if metres >= target_m => Ok(Flying),
        (Climbing { .. } | Flying, Land) => Ok(Landing),
        (Landing, TouchedDown) => Ok(Grounded),
        // Heights say nothing new in the other states.
        (state, Height(_)) => Ok(state),
        (state, event) => Err(format!("{event:?} while {state:?}")),
    }
}

fn main() {
    let flight = [Event::TakeOff(10), Event::Height(5), Event::Height(10), Event::Land, Event::TouchedDown];
    let mut states = Vec::new();
    let end = flight.into_iter().try_fold(State::Grounded, |state, event| {
        let state = next(state, event)?;
        states.push(state);
        Ok::<_, String>(state)
    });
    assert_eq!(end, Ok(State::Grounded));
    assert_eq!(states[1], State::Climbing { target_m: 10 });
    assert_eq!(states[2], State::Flying);
    assert_eq!(next(State::Flying, Event::TakeOff(5)), Err("TakeOff(5) while Flying".into()));
    assert_eq!(next(State::Grounded, Event::TakeOff(0)), Err("cannot take off to 0 m".into()));
}
