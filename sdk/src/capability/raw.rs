//! Messages of the dialect, typed, in and out; and any message as bytes.
//!
//! What is sent passes the same gate as everything else: no command once a pilot has the vehicle, no motor stop in flight.
use crate::error::RequestError;
use crate::inbox::{Inbox, Received};
use crate::request;
use crate::session::{LINK_LOST_S, Link};
use crate::system::System;
use core::{future::poll_fn, marker::PhantomData, task::Poll};
use flightsmith_mission::units::Seconds;
use mavlink::MessageData;

/// The messages and enums of MAVLink's `ardupilotmega` dialect, which holds `common`, with their extension fields.
pub use mavlink::dialects::ardupilotmega as dialect;

/// How many messages wait for a slow reader; the oldest are dropped then.
const CAPACITY: usize = 32;
/// How long `next` waits.
const PATIENCE: Seconds = Seconds(5.0);

/// Messages to and from a [`System`], for what has no capability of its own.
///
/// ```no_run
/// use flightsmith_sdk::{RequestError, System, capability::raw::dialect::VIBRATION_DATA};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let raw = system.raw();
/// raw.set_rate_hz::<VIBRATION_DATA>(2.0).await?;
/// let mut vibrations = raw.subscribe::<VIBRATION_DATA>();
/// let vibration = vibrations.next().await?;
/// println!("{:.2} m/s2", vibration.vibration_z);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Raw {
    system: System,
}

impl System {
    /// Messages of the dialect, typed, in and out.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::capability::raw::dialect::PING_DATA;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.raw().send(&PING_DATA { seq: 1, ..Default::default() })?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw(&self) -> Raw {
        Raw { system: self.clone() }
    }
}

/// A message with its sender.
///
/// ```
/// use flightsmith_sdk::capability::raw::{Message, dialect::ATTITUDE_DATA};
/// fn is_the_autopilot_s(message: &Message<ATTITUDE_DATA>) -> bool {
///     message.component == 1 && message.roll.abs() < 0.1
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Message<D> {
    /// The message; its fields are also reached directly.
    pub message: D,
    /// Sender's component id; 1 is the autopilot.
    pub component: u8,
    /// Vehicle time of its arrival, since the connection began.
    pub at: Seconds,
}

impl<D> core::ops::Deref for Message<D> {
    type Target = D;
    fn deref(&self) -> &D {
        &self.message
    }
}

impl Raw {
    /// Sends `message` as it is, addressed as its own fields say.
    ///
    /// # Errors
    /// What the gate holds back: [`RequestError::PilotTookOver`], [`RequestError::Failsafe`], [`RequestError::WrongState`] for a motor
    /// stop in flight.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System, capability::raw::dialect::PING_DATA};
    /// # fn example(system: &System) -> Result<(), RequestError> {
    /// system.raw().send(&PING_DATA { seq: 7, ..Default::default() })
    /// # }
    /// ```
    pub fn send<D: MessageData>(&self, message: &D) -> Result<(), RequestError> {
        self.system.link().with(|core| core.send(message))
    }

    /// All messages of one kind from now on, from every component of the system.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System, capability::raw::dialect::RAW_IMU_DATA};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut samples = system.raw().subscribe::<RAW_IMU_DATA>();
    /// println!("{}", samples.next().await?.zacc);
    /// # Ok(())
    /// # }
    /// ```
    pub fn subscribe<D: MessageData>(&self) -> Messages<D> {
        let inbox = self.system.listen(&[D::ID], CAPACITY);
        Messages { frames: Frames { inbox, link: self.system.link().clone() }, kind: PhantomData }
    }

    /// Messages with these ids from now on, as bytes; with no ids all messages of the system.
    ///
    /// Messages that the dialect does not know never come: their checksum cannot be verified.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System, units::Seconds};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut frames = system.raw().subscribe_ids(&[30, 33]);
    /// let frame = frames.next_within(Seconds(1.0)).await?;
    /// println!("message {} with {} bytes", frame.id, frame.payload().len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn subscribe_ids(&self, ids: &[u32]) -> Frames {
        Frames { inbox: self.system.listen(ids, CAPACITY), link: self.system.link().clone() }
    }

    /// Asks the autopilot for one message (MAV_CMD_REQUEST_MESSAGE).
    ///
    /// # Errors
    /// [`RequestError::Unsupported`] where it does not offer it; [`RequestError::NoAnswer`]; [`RequestError::Inconsistent`] where
    /// the message carries an enum value that the dialect does not know.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System, capability::raw::dialect::GPS_GLOBAL_ORIGIN_DATA};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let origin = system.raw().request::<GPS_GLOBAL_ORIGIN_DATA>().await?;
    /// println!("{}", origin.latitude);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn request<D: MessageData>(&self) -> Result<Message<D>, RequestError> {
        let from = self.system.link().with(|core| core.peer.map(|peer| peer.component));
        let received = request::request_message(&mut self.system.waiter(), D::ID, D::NAME, from, |_| true).await?;
        decode(&received)
    }

    /// Makes the autopilot send a message at `hz`, and says the rate as it states it, where it does; as
    /// [`Telemetry::set_rate_hz`](super::telemetry::Telemetry::set_rate_hz).
    ///
    /// # Errors
    /// As there.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System, capability::raw::dialect::RAW_IMU_DATA};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.raw().set_rate_hz::<RAW_IMU_DATA>(50.0).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_rate_hz<D: MessageData>(&self, hz: f64) -> Result<Option<f64>, RequestError> {
        self.system.telemetry().set_message_rate_hz(super::telemetry::message(D::ID, D::NAME), hz).await
    }
}

/// Messages of one kind, each as it comes.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System, capability::raw::dialect::STATUSTEXT_DATA};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let mut texts = system.raw().subscribe::<STATUSTEXT_DATA>();
/// match texts.next().await {
///     Ok(text) => println!("{:?}", text.severity),
///     // The stream goes on behind a message that the dialect cannot type.
///     Err(RequestError::Inconsistent { why, .. }) => println!("{why}"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a stream collects messages until it is dropped: read them with `.next().await`"]
pub struct Messages<D> {
    frames: Frames,
    kind: PhantomData<fn() -> D>,
}

impl<D: MessageData> Messages<D> {
    /// The next message; waits for it at most 5 s of vehicle time.
    ///
    /// # Errors
    /// As [`Messages::next_within`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::capability::raw::dialect::HIGHRES_IMU_DATA;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut samples = system.raw().subscribe::<HIGHRES_IMU_DATA>();
    /// println!("{:.1} hPa", samples.next().await?.abs_pressure);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Result<Message<D>, RequestError> {
        self.next_within(PATIENCE).await
    }
    /// The next message; waits for it at most `limit` of vehicle time.
    ///
    /// # Errors
    /// [`RequestError::NotReported`] with the reason where none comes; [`RequestError::Inconsistent`] where it carries an enum
    /// value that the dialect does not know: the next call brings the next message; [`RequestError::LinkLost`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::{capability::raw::dialect::HIGHRES_IMU_DATA, units::Seconds};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut samples = system.raw().subscribe::<HIGHRES_IMU_DATA>();
    /// match samples.next_within(Seconds(0.5)).await {
    ///     Ok(sample) => println!("{:.1} degrees Celsius", sample.temperature),
    ///     Err(RequestError::NotReported { why, .. }) => println!("none: {why}"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next_within(&mut self, limit: Seconds) -> Result<Message<D>, RequestError> {
        let received = self.frames.next_named(D::NAME, D::ID, limit).await?;
        decode(&received)
    }
    /// How many messages were dropped because they were not read in time: 32 are kept.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::{capability::raw::dialect::RAW_IMU_DATA, units::Seconds};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut samples = system.raw().subscribe::<RAW_IMU_DATA>();
    /// system.sleep(Seconds(10.0)).await?;
    /// samples.next().await?;
    /// println!("{} samples came and went meanwhile", samples.missed());
    /// # Ok(())
    /// # }
    /// ```
    pub fn missed(&self) -> u64 {
        self.frames.missed()
    }
}

/// Messages as bytes, each as it comes.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System, units::Seconds};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let mut everything = system.raw().subscribe_ids(&[]);
/// while let Ok(frame) = everything.next_within(Seconds(1.0)).await {
///     println!("{}", frame.id);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a stream collects messages until it is dropped: read them with `.next_within(..).await`"]
pub struct Frames {
    inbox: Inbox,
    link: Link,
}

impl Frames {
    /// The next message; waits for it at most `limit` of vehicle time.
    ///
    /// # Errors
    /// [`RequestError::NotReported`] where none comes; [`RequestError::LinkLost`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut heartbeats = system.raw().subscribe_ids(&[0]);
    /// let heartbeat = heartbeats.next_within(Seconds(2.0)).await?;
    /// println!("from component {}", heartbeat.component);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next_within(&mut self, limit: Seconds) -> Result<Received, RequestError> {
        self.next_named("message", u32::MAX, limit).await
    }
    /// A message that has come already.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut frames = system.raw().subscribe_ids(&[30]);
    /// system.sleep(Seconds(1.0)).await?;
    /// let mut count = 0;
    /// while frames.take().is_some() {
    ///     count += 1;
    /// }
    /// println!("{count} messages in a second");
    /// # Ok(())
    /// # }
    /// ```
    pub fn take(&mut self) -> Option<Received> {
        self.inbox.take()
    }
    /// How many messages were dropped because they were not read in time: 32 are kept.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let everything = system.raw().subscribe_ids(&[]);
    /// system.sleep(Seconds(10.0)).await?;
    /// println!("{} messages were not read in time", everything.missed());
    /// # Ok(())
    /// # }
    /// ```
    pub fn missed(&self) -> u64 {
        self.inbox.dropped()
    }

    async fn next_named(&mut self, name: &'static str, id: u32, limit: Seconds) -> Result<Received, RequestError> {
        let started = self.link.now_us();
        poll_fn(|context| {
            if let Some(received) = self.inbox.take() {
                return Poll::Ready(Ok(received));
            }
            if self.link.is_lost() {
                let silent_s = self.link.with(|core| core.silent_s());
                return Poll::Ready(Err(RequestError::LinkLost { silent_s, limit_s: LINK_LOST_S }));
            }
            let waited_s = self.link.now_us().saturating_sub(started) as f64 * 1e-6;
            if waited_s >= limit.0 {
                let why = self.link.with(|core| core.rates.silence(id));
                return Poll::Ready(Err(RequestError::NotReported { what: name, message: name, waited_s, why }));
            }
            self.link.keep_waker(context.waker());
            Poll::Pending
        })
        .await
    }
}

fn decode<D: MessageData>(received: &Received) -> Result<Message<D>, RequestError> {
    match received.decode() {
        Ok(message) => {
            Ok(Message { message, component: received.component, at: Seconds(received.at_us as f64 * 1e-6) })
        }
        Err(error) => Err(RequestError::Inconsistent { what: D::NAME, why: alloc::format!("{error}") }),
    }
}
