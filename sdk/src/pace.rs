//! What goes on while somebody waits for an answer: in a flight the set-points, beside one nothing.
use crate::error::{FlightError, RequestError};
use crate::flight::Flight;
use crate::session::{LINK_LOST_S, Link};
use crate::shared::MaybeSend;
use crate::telemetry::Micros;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll};

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
    /// Ends when something came in or vehicle time has moved on; says by how many seconds.
    fn step(&mut self) -> impl Future<Output = Result<f64, Self::Error>> + MaybeSend;
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
    fn step(&mut self) -> impl Future<Output = Result<f64, FlightError>> + MaybeSend {
        Flight::step(self)
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
    fn step(&mut self) -> impl Future<Output = Result<f64, RequestError>> + MaybeSend {
        Wait { link: &self.0, moving: Moving::default() }
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

/// The wait until something came in, vehicle time has moved on, or the link has been silent for too long; says by how many seconds
/// vehicle time moved.
///
/// No `async fn`: those are compiled anew into every future that waits by them, and everything waits by this.
#[derive(Debug, Default)]
pub(crate) struct Moving(Option<(u64, Micros)>);

impl Moving {
    pub(crate) fn has_begun(&self) -> bool {
        self.0.is_some()
    }
    #[inline(never)]
    pub(crate) fn poll(&mut self, link: &Link, context: &Context<'_>) -> Poll<f64> {
        let now = link.moment();
        let from = *self.0.get_or_insert(now);
        if now.1 > from.1 || now.0 != from.0 || link.is_lost() {
            return Poll::Ready(now.1.saturating_sub(from.1) as f64 * 1e-6);
        }
        link.keep_waker(context.waker());
        Poll::Pending
    }
}

/// One step of somebody who only waits.
#[derive(Debug)]
pub(crate) struct Wait<'a> {
    link: &'a Link,
    moving: Moving,
}

impl Future for Wait<'_> {
    type Output = Result<f64, RequestError>;

    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let link = self.link;
        let Poll::Ready(dt_s) = self.moving.poll(link, context) else { return Poll::Pending };
        let silent_s = link.with(|core| core.silent_s());
        // Whether it may send is the gate's matter: reading goes on when a pilot has the vehicle.
        Poll::Ready(if silent_s > LINK_LOST_S {
            Err(RequestError::LinkLost { silent_s, limit_s: LINK_LOST_S })
        } else {
            Ok(dt_s)
        })
    }
}
