//! What goes on while somebody waits for an answer: in a flight the set-points, beside one nothing.
use crate::error::{FlightError, RequestError};
use crate::flight::Flight;
use crate::session::{LINK_LOST_S, Link};
use crate::shared::MaybeSend;
use core::{future::poll_fn, task::Poll};

/// Somebody who waits for answers, step by step.
pub(crate) trait Pace: MaybeSend {
    /// What ends the waiting early.
    type Error: From<RequestError> + MaybeSend;
    fn link(&self) -> &Link;
    /// The result by which the other side said no, where it did.
    fn refused_as(error: &Self::Error) -> Option<&'static str>;
    /// Whether the other side answered, and said no.
    fn is_refusal(error: &Self::Error) -> bool {
        Self::refused_as(error).is_some()
    }
    /// Ends when something came in or vehicle time has moved on.
    fn step(&mut self) -> impl Future<Output = Result<(), Self::Error>> + MaybeSend;
}

impl Pace for Flight {
    type Error = FlightError;
    fn link(&self) -> &Link {
        &self.link
    }
    fn refused_as(error: &FlightError) -> Option<&'static str> {
        match error {
            FlightError::Refused { result, .. } => Some(result),
            _ => None,
        }
    }
    async fn step(&mut self) -> Result<(), FlightError> {
        Flight::step(self).await.map(drop)
    }
}

/// Somebody who only waits.
#[derive(Debug, Clone)]
pub(crate) struct Waiter(pub Link);

impl Pace for Waiter {
    type Error = RequestError;
    fn link(&self) -> &Link {
        &self.0
    }
    fn refused_as(error: &RequestError) -> Option<&'static str> {
        match error {
            RequestError::Refused { result, .. } => Some(result),
            _ => None,
        }
    }
    async fn step(&mut self) -> Result<(), RequestError> {
        moved(&self.0).await;
        let silent_s = self.0.with(|core| core.silent_s());
        // Whether it may send is the gate's matter: reading goes on when a pilot has the vehicle.
        if silent_s > LINK_LOST_S {
            return Err(RequestError::LinkLost { silent_s, limit_s: LINK_LOST_S });
        }
        Ok(())
    }
}

/// Ends when something came in or any clock has moved on, the wall clock of a silent link included.
pub(crate) async fn time_passed(link: &Link) {
    let moment = |link: &Link| (link.moment(), link.with(|core| core.clock.wall_us()));
    let from = moment(link);
    poll_fn(|context| {
        if moment(link) != from {
            return Poll::Ready(());
        }
        link.keep_waker(context.waker());
        Poll::Pending
    })
    .await;
}

/// Ends when something came in, vehicle time has moved on, or the link has been silent for too long; says by how many seconds
/// vehicle time moved.
pub(crate) async fn moved(link: &Link) -> f64 {
    let (events, from_us) = link.moment();
    poll_fn(|context| {
        let (events_now, now_us) = link.moment();
        if now_us > from_us || events_now != events || link.is_lost() {
            return Poll::Ready(now_us.saturating_sub(from_us) as f64 * 1e-6);
        }
        link.keep_waker(context.waker());
        Poll::Pending
    })
    .await
}
