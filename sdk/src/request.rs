//! Asking and waiting: a message sent up to a number of times until an answer fits, bounded in all.
use crate::command::{self, Repeat, Request};
use crate::error::RequestError;
use crate::inbox::{Inbox, Received};
use crate::pace::Pace;
use crate::session::{Core, Link};
use crate::shared::Boxed;
use crate::shared::MaybeSend;
use crate::telemetry::Micros;
use alloc::boxed::Box;

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
    let mut asking = Asking::new(pace.link(), what, patience);
    asking.go_on(&mut send)?;
    loop {
        while let Some(received) = inbox.take() {
            if let Some(answer) = pick(&received) {
                return Ok(answer);
            }
        }
        asking.go_on(&mut send)?;
        pace.step().await?;
    }
}

/// When to ask again and when to give up; compiled once, and not again for each kind of question.
struct Asking {
    link: Link,
    what: &'static str,
    patience: Patience,
    attempts: u8,
    started: Micros,
    deadline: Micros,
}

impl Asking {
    fn new(link: &Link, what: &'static str, patience: Patience) -> Self {
        let now = link.now_us();
        Self { link: link.clone(), what, patience, attempts: 0, started: now, deadline: now }
    }

    #[inline(never)]
    fn go_on(&mut self, send: &mut dyn FnMut(&mut Core) -> Result<(), RequestError>) -> Result<(), RequestError> {
        let now = self.link.now_us();
        if now < self.deadline {
            return Ok(());
        }
        if self.attempts == self.patience.attempts {
            let waited_s = (now - self.started) as f64 * 1e-6;
            return Err(RequestError::NoAnswer { what: self.what, attempts: self.attempts, waited_s });
        }
        match self.link.with(send) {
            // Whoever changed the mode is known before the next attempt.
            Ok(()) | Err(RequestError::ModeChanging { .. }) => {}
            Err(error) => return Err(error),
        }
        self.attempts += 1;
        self.deadline = now + self.patience.each_us;
        Ok(())
    }
}

/// Asks for one message by MAV_CMD_REQUEST_MESSAGE and waits for it; an acknowledgement alone is no answer, and may be lost.
pub(crate) fn request_message<'a, P: Pace>(
    pace: &'a mut P,
    id: u32,
    name: &'static str,
    component: Option<u8>,
    accept: impl Fn(&Received) -> bool + MaybeSend + 'a,
) -> Boxed<'a, Result<Received, P::Error>> {
    Box::pin(async move {
        let link = pace.link().clone();
        let inbox = Inbox::open(&link, &[id], 4);
        let mut request = Request::new(command::REQUEST_MESSAGE, [id as f32, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        request.component = component;
        let started = link.now_us();
        for _ in 0..PATIENT.attempts {
            match command::command_outcome(pace, request, Repeat::Never).await {
                Ok(_) => {}
                Err(error) if P::is_refusal(&error) => return Err(RequestError::Unsupported { what: name }.into()),
                Err(error) => return Err(error),
            }
            let deadline = link.now_us() + PATIENT.each_us;
            while link.now_us() < deadline {
                while let Some(received) = inbox.take() {
                    if component.is_none_or(|wanted| wanted == received.component) && accept(&received) {
                        return Ok(received);
                    }
                }
                pace.step().await?;
            }
        }
        let waited_s = (link.now_us() - started) as f64 * 1e-6;
        Err(RequestError::NoAnswer { what: name, attempts: PATIENT.attempts, waited_s }.into())
    })
}

/// Steps until `until` says so or `limit_s` of vehicle time are over; says which.
pub(crate) async fn step_until<P: Pace>(
    pace: &mut P,
    limit_s: f64,
    mut until: impl FnMut(&mut Core) -> bool + MaybeSend,
) -> Result<bool, P::Error> {
    let link = pace.link().clone();
    let deadline = link.now_us() + (limit_s * 1e6) as Micros;
    loop {
        if link.with(&mut until) {
            return Ok(true);
        }
        if link.now_us() >= deadline {
            return Ok(false);
        }
        pace.step().await?;
    }
}
