//! One at a time: protocols whose answers cannot be told apart when two of them run at once on one link.
use crate::error::RequestError;
use crate::pace::Pace;
use crate::session::Link;
use crate::telemetry::Micros;

/// A protocol that an autopilot speaks with one partner at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// Missions, fences and rally points: PX4 has one state for all three.
    Items,
    /// MAVLink FTP: one session.
    Files,
    /// Logs: one log at a time.
    Logs,
}

impl Protocol {
    fn name(self) -> &'static str {
        match self {
            Protocol::Items => "the turn for another list of items",
            Protocol::Files => "the turn for another file",
            Protocol::Logs => "the turn for another log",
        }
    }
}

/// How long somebody waits for the one before.
const WAIT_AT_MOST_US: Micros = 600_000_000;

/// The right to speak a protocol; given back when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    link: Link,
    protocol: Protocol,
}

impl Turn {
    fn try_take(link: &Link, protocol: Protocol) -> Option<Self> {
        let free = link.with(|core| {
            let free = !core.turns_taken.contains(&protocol);
            if free {
                core.turns_taken.push(protocol);
            }
            free
        });
        free.then(|| Self { link: link.clone(), protocol })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.link.with(|core| core.turns_taken.retain(|taken| *taken != self.protocol));
    }
}

/// Waits until nobody else speaks `protocol` over this connection.
pub(crate) async fn take<P: Pace>(pace: &mut P, protocol: Protocol) -> Result<Turn, P::Error> {
    let link = pace.link().clone();
    let started = link.now_us();
    loop {
        if let Some(turn) = Turn::try_take(&link, protocol) {
            return Ok(turn);
        }
        let waited = link.now_us() - started;
        if waited >= WAIT_AT_MOST_US {
            let waited_s = waited as f64 * 1e-6;
            return Err(RequestError::NoAnswer { what: protocol.name(), attempts: 0, waited_s }.into());
        }
        pace.step().await?;
    }
}
