//! Asking and waiting: a message sent up to a number of times until an answer fits, bounded in all.
use crate::error::RequestError;
use crate::inbox::{Inbox, Received};
use crate::pace::Pace;
use crate::session::Core;
use crate::shared::MaybeSend;
use crate::telemetry::Micros;

/// How often and how long something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Patience {
    pub attempts: u8,
    /// How long each attempt waits, in microseconds of vehicle time.
    pub each_us: Micros,
}

/// Good for links with a second of latency and a fifth of all messages lost.
pub(crate) const PATIENT: Patience = Patience { attempts: 8, each_us: 1_000_000 };

/// Sends by `send` and waits until `pick` finds the answer among what `inbox` receives.
///
/// Answers may come late, twice or out of order: `pick` says which one is meant.
pub(crate) async fn ask<P: Pace, T>(
    pace: &mut P,
    inbox: &Inbox,
    what: &'static str,
    patience: Patience,
    mut send: impl FnMut(&mut Core) -> Result<(), RequestError> + MaybeSend,
    mut pick: impl FnMut(&Received) -> Option<T> + MaybeSend,
) -> Result<T, P::Error> {
    let link = pace.link().clone();
    let started = link.now_us();
    for _ in 0..patience.attempts {
        link.with(&mut send)?;
        let deadline = link.now_us() + patience.each_us;
        loop {
            while let Some(received) = inbox.take() {
                if let Some(answer) = pick(&received) {
                    return Ok(answer);
                }
            }
            if link.now_us() >= deadline {
                break;
            }
            pace.step().await?;
        }
    }
    let waited_s = (link.now_us() - started) as f64 * 1e-6;
    Err(RequestError::NoAnswer { what, attempts: patience.attempts, waited_s }.into())
}
