//! The public face of a connection: what drivers feed and empty, and what is set before a flight.
use crate::error::FlightError;
use crate::session::{Core, Identity, Link};
use crate::telemetry::Micros;
use crate::wire::decoder::{Frame, LinkStatistics};
use crate::wire::signing::Signing;
use crate::wire::version::Version;
use alloc::boxed::Box;
use flightsmith_mission::{envelope::Envelope, vehicle::Autopilot};
use mavlink::dialects::ardupilotmega as mav;

/// One vehicle's connection: fed by a driver, read by a [`Vehicle`](crate::Vehicle). Clones share it.
///
/// ```
/// use flightsmith_sdk::Connection;
/// let connection = Connection::new();
/// connection.feed(b"bytes from the link, garbage is only counted");
/// connection.set_wall_us(20_000);
/// let mut to_send = Vec::new();
/// connection.take_outgoing(|bytes| to_send.extend_from_slice(bytes));
/// assert!(!to_send.is_empty(), "a heartbeat");
/// ```
#[derive(Debug, Clone)]
pub struct Connection {
    link: Link,
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

impl Connection {
    /// A connection as the vehicle's onboard computer (component 191 of the vehicle's own system).
    pub fn new() -> Self {
        Self::with_identity(Identity::COMPANION)
    }
    /// A connection as another component of the vehicle's system.
    pub fn with_component(component: u8) -> Self {
        Self::with_identity(Identity { system: None, component })
    }
    /// A connection as a ground station (system 255, component 190), as QGroundControl and MAVProxy are.
    ///
    /// ```
    /// let connection = flightsmith_sdk::Connection::ground_station();
    /// assert!(connection.autopilot().is_none(), "nobody was heard yet");
    /// ```
    pub fn ground_station() -> Self {
        Self::with_identity(Identity::GROUND_STATION)
    }
    /// A connection as any system and component.
    pub fn with_ids(system: u8, component: u8) -> Self {
        Self::with_identity(Identity { system: Some(system), component })
    }
    pub(crate) fn with_identity(identity: Identity) -> Self {
        Self { link: Link::new(Core::new(identity)) }
    }
    /// Listens to the vehicle with this system id only, where several are on one link; set before bytes are fed.
    ///
    /// ```
    /// let second = flightsmith_sdk::Connection::ground_station().to_system(2);
    /// # let _ = second;
    /// ```
    #[must_use]
    pub fn to_system(self, system: u8) -> Self {
        self.link.with(|core| core.wanted_system = Some(system));
        self
    }
    /// Speaks this version of MAVLink; [`Version::Agreed`] until set.
    ///
    /// ```
    /// use flightsmith_sdk::{Connection, Version};
    /// let connection = Connection::new().with_version(Version::Only2);
    /// # let _ = connection;
    /// ```
    #[must_use]
    pub fn with_version(self, version: Version) -> Self {
        self.link.with(|core| {
            core.agreement.wish = version;
            core.out.v1 = core.agreement.sends_v1();
        });
        self
    }
    /// Signs everything that is sent, and takes nothing that is not signed with the same key. Not for connections of a
    /// [`Network`](crate::network::Network), which signs and checks by itself.
    ///
    /// ```
    /// # use flightsmith_sdk::{Connection, signing::Signing};
    /// # fn example(signing: Signing) {
    /// let connection = Connection::ground_station().signed(signing);
    /// # }
    /// ```
    #[must_use]
    pub fn signed(self, signing: Signing) -> Self {
        self.set_signing(signing);
        self
    }
    /// As [`Connection::signed`], from now on.
    pub fn set_signing(&self, signing: Signing) {
        self.link.with(|core| {
            core.decoder.seal = Some(Box::new(signing.clone()));
            core.out.seal = Some(Box::new(signing));
        });
    }
    /// Whether the autopilot signs what it sends.
    pub fn peer_signs(&self) -> bool {
        self.link.with(|core| core.peer_signs)
    }
    /// The system id of the vehicle at the other end, once its HEARTBEAT was heard.
    pub fn system_id(&self) -> Option<u8> {
        self.link.with(|core| core.peer.map(|peer| peer.system))
    }
    /// Has `ready` woken whenever there is something to send that was not taken yet, for drivers on a thread or task of their own.
    pub fn wake_when_outgoing(&self, ready: &core::task::Waker) {
        self.link.with(|core| {
            if !core.out.bytes().is_empty() {
                ready.wake_by_ref();
            }
            core.out.ready = Some(ready.clone());
        });
    }
    /// The driver ends: whoever waits for this vehicle learns that the link is lost, and nothing hangs.
    ///
    /// ```
    /// let connection = flightsmith_sdk::Connection::new();
    /// connection.close();
    /// assert!(connection.silent_s().is_infinite());
    /// ```
    pub fn close(&self) {
        self.link.with(|core| core.close());
    }
    /// A frame that somebody else has decoded: a router with several vehicles on one link. Says whether it was taken:
    /// where this connection signs, others are refused.
    pub fn feed_frame(&self, frame: &Frame<'_>) -> bool {
        self.link.with(|core| core.feed_frame(frame))
    }
    /// Bytes that came over a real-time link, in any portions.
    pub fn feed(&self, bytes: &[u8]) {
        self.link.with(|core| core.feed(bytes, false));
    }
    /// Bytes of a lockstep simulator, whose TIMESYNC messages set the vehicle time.
    pub fn feed_lockstep(&self, bytes: &[u8]) {
        self.link.with(|core| core.feed(bytes, true));
    }
    /// The tick that waits for its answer: `ts1` of the simulator's TIMESYNC.
    pub fn pending_tick(&self) -> Option<i64> {
        self.link.with(|core| core.pending_tick)
    }
    /// Answers the pending tick: all that is to be sent before the vehicle moves on has been.
    pub fn answer_tick(&self) {
        self.link.with(|core| {
            if let Some(ts1) = core.pending_tick.take() {
                let system = core.system();
                core.out.push(
                    system,
                    core.identity.component,
                    &mav::TIMESYNC_DATA { tc1: ts1, ts1, ..Default::default() },
                );
            }
        });
    }
    /// Takes over a tick whose bytes somebody else received: [`Connection::answer_tick`] will answer it.
    pub fn expect_answer(&self, ts1: i64) {
        self.link.with(|core| {
            core.pending_tick = Some(ts1);
            core.set_time_lockstep((ts1.max(0) / 1000) as Micros);
        });
    }
    /// The wall clock in microseconds from any start; drivers of real-time links call this at least every 20 ms.
    pub fn set_wall_us(&self, wall_us: u64) {
        self.link.with(|core| core.set_wall_us(wall_us));
    }
    /// Hands all bytes that wait to be sent to `send` and forgets them.
    pub fn take_outgoing(&self, send: impl FnOnce(&[u8])) {
        self.link.with(|core| {
            send(core.out.bytes());
            core.out.clear();
        });
    }
    /// Vehicle time in seconds since the connection began.
    pub fn vehicle_time_s(&self) -> f64 {
        self.link.now_us() as f64 * 1e-6
    }
    /// What came over the link so far.
    pub fn statistics(&self) -> LinkStatistics {
        self.link.with(|core| core.decoder.statistics)
    }
    /// The autopilot at the other end, once its HEARTBEAT was heard.
    pub fn autopilot(&self) -> Option<Autopilot> {
        self.link.with(|core| core.peer.map(|peer| peer.autopilot))
    }
    /// Limits that hold for every call from now on; the default envelope until then.
    pub fn set_envelope(&self, envelope: Envelope) {
        self.link.with(|core| core.envelope = envelope);
    }
    /// Speed of legs until the mission sets one, in m/s; 5 until then.
    pub fn set_cruise_speed_m_s(&self, speed_m_s: f64) {
        self.link.with(|core| core.cruise_speed_m_s = speed_m_s);
    }
    /// Speed of legs until the mission sets one, in m/s.
    pub fn cruise_speed_m_s(&self) -> f64 {
        self.link.with(|core| core.cruise_speed_m_s)
    }
    /// Ends when vehicle time has moved on.
    pub async fn next_step(&self) {
        let from = self.link.now_us();
        core::future::poll_fn(|context| {
            if self.link.now_us() > from || self.link.is_closed() {
                return core::task::Poll::Ready(());
            }
            self.link.keep_waker(context.waker());
            core::task::Poll::Pending
        })
        .await;
    }
    /// The latest texts of the autopilot, oldest first.
    pub fn status_texts(&self) -> alloc::vec::Vec<crate::StatusText> {
        self.link.with(|core| core.texts.all().cloned().collect())
    }
    /// Whether the vehicle says that it is armed.
    pub fn armed(&self) -> bool {
        self.link.with(|core| core.telemetry.armed())
    }
    /// Name of the autopilot's present mode, or `UNKNOWN`.
    pub fn mode_name(&self) -> &'static str {
        self.link.with(|core| match (core.peer, core.telemetry.mode()) {
            (Some(peer), Some(mode)) => crate::autopilot::mode_name(peer.autopilot, mode),
            _ => "UNKNOWN",
        })
    }
    /// Seconds since the vehicle was last heard.
    pub fn silent_s(&self) -> f64 {
        self.link.with(|core| core.silent_s())
    }
    /// Why the mission may send nothing any more, if that is so.
    pub fn lost_authority(&self) -> Option<FlightError> {
        self.link.with(|core| core.authority.verdict().cloned())
    }
    /// Whether the vehicle is still the mission's: no pilot and no failsafe has it.
    pub fn has_authority(&self) -> bool {
        self.link.with(|core| core.authority.may_send())
    }
    pub(crate) fn link(&self) -> &Link {
        &self.link
    }
}
