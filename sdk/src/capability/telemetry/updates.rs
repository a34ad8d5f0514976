//! Streams of a quantity: each value as it comes, and a diagnosis where none does.
use super::quantity::read::{MessageName, Read, Report};
use super::quantity::{Quantity, Reading};
use crate::error::{RequestError, Silence};
use crate::inbox::{Inbox, Received};
use crate::latest;
use crate::session::{LINK_LOST_S, Link};
use crate::statustext::StatusText;
use crate::telemetry::Micros;
use alloc::vec::Vec;
use core::{
    future::poll_fn,
    marker::PhantomData,
    task::{Context, Poll},
};
use flightsmith_mission::{units::Seconds, vehicle::Autopilot};

/// How many values wait for a slow reader; the oldest are dropped then.
const CAPACITY: usize = 16;
/// How long [`Updates::next`] waits.
const PATIENCE: Seconds = Seconds(5.0);

/// The values of a quantity from now on, each as it comes.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let mut positions = system.telemetry().position_updates();
/// for _ in 0..10 {
///     let position = positions.next().await?;
///     println!("{:.1} m above home", position.altitude_above_home_m);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a stream collects values until it is dropped: read them with `.next().await`"]
pub struct Updates<Q> {
    inbox: Inbox,
    link: Link,
    autopilot: Autopilot,
    /// The message came at least once since the last value, and said that the value is unknown.
    came_unknown: bool,
    #[cfg_attr(not(feature = "stream"), expect(dead_code, reason = "only a polled stream keeps its deadline"))]
    waits_since: Option<Micros>,
    quantity: PhantomData<fn() -> Q>,
}

/// Whether `received` counts for `Q`, and what it says.
fn value_of<Q: Quantity>(received: &Received, from: u8, autopilot: Autopilot) -> Option<Option<Q>> {
    let counts = received.component == from || latest::counts_from_anybody(received.id);
    let fields = received.fields();
    let report = Report { id: received.id, autopilot, component: received.component, fields };
    counts.then(|| <Q as Read>::read(&report))
}

impl<Q: Quantity> Updates<Q> {
    pub(super) fn open(link: &Link, autopilot: Autopilot) -> Self {
        let ids: Vec<u32> = Q::messages(autopilot).iter().map(|message| message.id).collect();
        let inbox = Inbox::open(link, &ids, CAPACITY);
        Self { inbox, link: link.clone(), autopilot, came_unknown: false, waits_since: None, quantity: PhantomData }
    }

    /// The next value; waits for it at most 5 s of vehicle time.
    ///
    /// # Errors
    /// [`RequestError::NotReported`] with the reason where none comes; [`RequestError::LinkLost`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut batteries = system.telemetry().battery_updates();
    /// println!("{:?} V", batteries.next().await?.voltage_v);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Result<Reading<Q>, RequestError> {
        self.next_within(PATIENCE).await
    }

    /// The next value; waits for it at most `limit` of vehicle time.
    ///
    /// # Errors
    /// [`RequestError::NotReported`] with the reason where none comes; [`RequestError::LinkLost`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, Silence, System, units::Seconds};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut receiver = system.telemetry().gps_updates();
    /// match receiver.next_within(Seconds(2.0)).await {
    ///     Ok(gps) => println!("{:?}", gps.fix),
    ///     Err(error) => println!("{error}"), // no GPS within 2.0 s (GPS_RAW_INT): its rate was never asked for: ..
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next_within(&mut self, limit: Seconds) -> Result<Reading<Q>, RequestError> {
        let started = self.link.now_us();
        poll_fn(|context| self.poll_value(context, started, limit)).await
    }

    /// A value that has come already.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut positions = system.telemetry().position_updates();
    /// # let compute = || ();
    /// compute();
    /// // Only what came meanwhile, and no waiting.
    /// while let Some(position) = positions.take() {
    ///     println!("{:.1} m above home", position.altitude_above_home_m);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn take(&mut self) -> Option<Reading<Q>> {
        let from = self.link.with(|core| core.peer.map_or(1, |peer| peer.component));
        while let Some(received) = self.inbox.take() {
            match value_of::<Q>(&received, from, self.autopilot) {
                Some(Some(value)) => {
                    self.came_unknown = false;
                    return Some(Reading::new(value, received.at_us, self.link.now_us()));
                }
                Some(None) => self.came_unknown = true,
                None => {}
            }
        }
        None
    }

    /// How many values were dropped because they were not read in time: 16 are kept.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut attitudes = system.telemetry().attitude_updates();
    /// attitudes.next().await?;
    /// if attitudes.missed() > 0 {
    ///     println!("this program is too slow for the rate it asked for");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn missed(&self) -> u64 {
        self.inbox.dropped()
    }

    fn poll_value(
        &mut self,
        context: &mut Context<'_>,
        started: Micros,
        limit: Seconds,
    ) -> Poll<Result<Reading<Q>, RequestError>> {
        if let Some(reading) = self.take() {
            return Poll::Ready(Ok(reading));
        }
        if self.link.is_lost() {
            return Poll::Ready(Err(lost(&self.link)));
        }
        let waited_s = self.link.now_us().saturating_sub(started) as f64 * 1e-6;
        if waited_s >= limit.0 {
            let (message, unknown) = (Q::messages(self.autopilot)[0], core::mem::take(&mut self.came_unknown));
            return Poll::Ready(Err(diagnosis(&self.link, Q::NAME, message, unknown, waited_s)));
        }
        self.link.keep_waker(context.waker());
        Poll::Pending
    }
}

/// As [`Updates::next`] repeated without end: an error for each 5 s without a value, and the stream goes on.
#[cfg(feature = "stream")]
impl<Q: Quantity> futures_core::Stream for Updates<Q> {
    type Item = Result<Reading<Q>, RequestError>;
    fn poll_next(mut self: core::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let now_us = self.link.now_us();
        let started = *self.waits_since.get_or_insert(now_us);
        let poll = self.poll_value(context, started, PATIENCE);
        if poll.is_ready() {
            self.waits_since = None;
        }
        poll.map(Some)
    }
}

/// Why nothing came, as far as this side can tell.
#[inline(never)]
fn diagnosis(link: &Link, what: &'static str, message: MessageName, unknown: bool, waited_s: f64) -> RequestError {
    let why = if unknown { Silence::Unknown } else { link.with(|core| core.rates.silence(message.id)) };
    RequestError::NotReported { what, message: message.name, waited_s, why }
}

fn lost(link: &Link) -> RequestError {
    RequestError::LinkLost { silent_s: link.with(|core| core.silent_s()), limit_s: LINK_LOST_S }
}

/// The autopilot's texts from now on (STATUSTEXT), chunks joined.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let mut texts = system.telemetry().texts();
/// loop {
///     let text = texts.next().await?;
///     println!("{}: {}", text.severity_name(), text.text);
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Texts {
    link: Link,
    seen: u64,
    missed: u64,
}

impl Texts {
    pub(super) fn open(link: &Link) -> Self {
        Self { link: link.clone(), seen: link.with(|core| core.texts.ended), missed: 0 }
    }
    /// The next text. A vehicle may be silent for hours, so this waits without a limit of its own.
    ///
    /// # Errors
    /// [`RequestError::LinkLost`] where nothing at all is heard any more.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut texts = system.telemetry().texts();
    /// println!("{}", texts.next().await?.text);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Result<StatusText, RequestError> {
        poll_fn(|context| {
            if let Some(text) = self.take() {
                return Poll::Ready(Ok(text));
            }
            if self.link.is_lost() {
                return Poll::Ready(Err(lost(&self.link)));
            }
            self.link.keep_waker(context.waker());
            Poll::Pending
        })
        .await
    }
    /// A text that has come already.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut texts = system.telemetry().texts();
    /// system.sleep(Seconds(1.0)).await?;
    /// while let Some(text) = texts.take() {
    ///     println!("{}", text.text);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn take(&mut self) -> Option<StatusText> {
        let (text, number) = self.link.with(|core| {
            let now = core.clock.now_us();
            core.texts.ended_after(self.seen, now).map(|(text, number)| (text.clone(), number))
        })?;
        self.missed += number - self.seen - 1;
        self.seen = number;
        Some(text)
    }
    /// How many texts were dropped because they were not read in time: 32 are kept.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut texts = system.telemetry().texts();
    /// texts.next().await?;
    /// assert_eq!(texts.missed(), 0, "32 are kept");
    /// # Ok(())
    /// # }
    /// ```
    pub fn missed(&self) -> u64 {
        self.missed
    }
}
