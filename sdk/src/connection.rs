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
    ///
    /// ```
    /// use flightsmith_sdk::{Connection, prelude::*};
    /// /// What a driver that polls `connection` runs.
    /// async fn wait(connection: &Connection) -> Result<Vehicle<Grounded>, FlightError> {
    ///     connection.ready(Seconds(90.0)).await
    /// }
    /// let connection = Connection::new();
    /// let _program = wait(&connection);
    /// ```
    pub fn new() -> Self {
        Self::with_identity(Identity::COMPANION)
    }
    /// A connection as another component of the vehicle's system.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// // A second companion computer (MAV_COMP_ID_ONBOARD_COMPUTER2).
    /// let connection = Connection::with_component(192);
    /// # let _ = connection;
    /// ```
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
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// // A ground station beside another one that has 255.
    /// let connection = Connection::with_ids(254, 190);
    /// # let _ = connection;
    /// ```
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
    ///
    /// ```no_run
    /// use flightsmith_sdk::{Connection, signing::Signing};
    /// let connection = Connection::ground_station();
    /// let key_and_timestamps = Signing::from_files("/etc/flightsmith/mavlink.key", "/var/lib/flightsmith/mavlink.timestamp", 0)?;
    /// connection.set_signing(key_and_timestamps);
    /// # Ok::<(), flightsmith_sdk::signing::KeyError>(())
    /// ```
    pub fn set_signing(&self, signing: Signing) {
        self.link.with(|core| {
            core.decoder.seal = Some(Box::new(signing.clone()));
            core.out.seal = Some(Box::new(signing));
        });
    }
    /// Whether the autopilot signs what it sends.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// let connection = Connection::ground_station();
    /// assert!(!connection.peer_signs(), "nobody was heard yet");
    /// ```
    pub fn peer_signs(&self) -> bool {
        self.link.with(|core| core.peer_signs)
    }
    /// The system id of the vehicle at the other end, once its HEARTBEAT was heard.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// let connection = Connection::ground_station();
    /// assert_eq!(connection.system_id(), None, "nobody was heard yet");
    /// ```
    pub fn system_id(&self) -> Option<u8> {
        self.link.with(|core| core.peer.map(|peer| peer.system))
    }
    /// Has `ready` woken whenever there is something to send that was not taken yet, for drivers on a thread or task of their own.
    ///
    /// ```
    /// use core::task::Waker;
    /// use flightsmith_sdk::Connection;
    /// fn join(connection: &Connection, sender: &Waker) {
    ///     connection.wake_when_outgoing(sender);
    ///     connection.take_outgoing(|bytes| println!("{} bytes to send", bytes.len()));
    /// }
    /// # join(&Connection::new(), Waker::noop());
    /// ```
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
    ///
    /// ```
    /// use flightsmith_sdk::{Connection, wire::decoder::Decoder};
    /// /// Hands each frame to the vehicle that it is from.
    /// fn distribute(decoder: &mut Decoder, first: &Connection, second: &Connection) {
    ///     while let Some(frame) = decoder.next_frame() {
    ///         if frame.system == 1 { first.feed_frame(&frame) } else { second.feed_frame(&frame) };
    ///     }
    /// }
    /// # distribute(&mut Decoder::default(), &Connection::new(), &Connection::new());
    /// ```
    pub fn feed_frame(&self, frame: &Frame<'_>) -> bool {
        self.link.with(|core| core.feed_frame(frame))
    }
    /// Bytes that came over a real-time link, in any portions.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// let connection = Connection::new();
    /// // Bytes as they come: half a frame is kept until its other half is there.
    /// connection.feed(&[0xFD, 9, 0]);
    /// assert_eq!(connection.statistics().bytes_received, 3);
    /// ```
    pub fn feed(&self, bytes: &[u8]) {
        self.link.with(|core| core.feed(bytes, false));
    }
    /// Bytes of a lockstep simulator, whose TIMESYNC messages set the vehicle time.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// let connection = Connection::new();
    /// connection.feed_lockstep(&[]);
    /// assert_eq!(connection.pending_tick(), None, "no TIMESYNC has come");
    /// ```
    pub fn feed_lockstep(&self, bytes: &[u8]) {
        self.link.with(|core| core.feed(bytes, true));
    }
    /// The tick that waits for its answer: `ts1` of the simulator's TIMESYNC.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// fn is_owed_an_answer(connection: &Connection) -> bool {
    ///     connection.pending_tick().is_some()
    /// }
    /// # assert!(!is_owed_an_answer(&Connection::new()));
    /// ```
    pub fn pending_tick(&self) -> Option<i64> {
        self.link.with(|core| core.pending_tick)
    }
    /// Answers the pending tick: all that is to be sent before the vehicle moves on has been.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// /// The mission has been polled until nothing moved: the simulator may go on.
    /// fn end_tick(connection: &Connection, mut send: impl FnMut(&[u8])) {
    ///     connection.answer_tick();
    ///     connection.take_outgoing(|bytes| send(bytes));
    /// }
    /// # end_tick(&Connection::new(), |_bytes| {});
    /// ```
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
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// let connection = Connection::new();
    /// connection.expect_answer(20_000_000);
    /// assert_eq!(connection.pending_tick(), Some(20_000_000));
    /// ```
    pub fn expect_answer(&self, ts1: i64) {
        self.link.with(|core| {
            core.pending_tick = Some(ts1);
            core.set_time_lockstep((ts1.max(0) / 1000) as Micros);
        });
    }
    /// The wall clock in microseconds from any start; drivers of real-time links call this at least every 20 ms.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// let started = std::time::Instant::now();
    /// let connection = Connection::new();
    /// connection.set_wall_us(started.elapsed().as_micros() as u64);
    /// ```
    pub fn set_wall_us(&self, wall_us: u64) {
        self.link.with(|core| core.set_wall_us(wall_us));
    }
    /// Hands all bytes that wait to be sent to `send` and forgets them.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// let connection = Connection::new();
    /// connection.set_wall_us(20_000);
    /// let mut sent = 0;
    /// connection.take_outgoing(|bytes| sent += bytes.len());
    /// assert!(sent > 0, "a heartbeat");
    /// ```
    pub fn take_outgoing(&self, send: impl FnOnce(&[u8])) {
        self.link.with(|core| {
            send(core.out.bytes());
            core.out.clear();
        });
    }
    /// Vehicle time in seconds since the connection began.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// let connection = Connection::new();
    /// assert_eq!(connection.vehicle_time_s(), 0.0);
    /// ```
    pub fn vehicle_time_s(&self) -> f64 {
        self.link.now_us() as f64 * 1e-6
    }
    /// What came over the link so far.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// fn loss_percent(connection: &Connection) -> f64 {
    ///     let link = connection.statistics();
    ///     100.0 * link.messages_lost as f64 / (link.messages_lost + link.messages_received).max(1) as f64
    /// }
    /// # assert_eq!(loss_percent(&Connection::new()), 0.0);
    /// ```
    pub fn statistics(&self) -> LinkStatistics {
        self.link.with(|core| core.decoder.statistics)
    }
    /// The autopilot at the other end, once its HEARTBEAT was heard.
    ///
    /// ```
    /// use flightsmith_sdk::{Autopilot, Connection};
    /// fn flies_px4(connection: &Connection) -> bool {
    ///     connection.autopilot() == Some(Autopilot::Px4)
    /// }
    /// # assert!(!flies_px4(&Connection::new()));
    /// ```
    pub fn autopilot(&self) -> Option<Autopilot> {
        self.link.with(|core| core.peer.map(|peer| peer.autopilot))
    }
    /// Limits that hold for every call from now on; the default envelope until then.
    ///
    /// ```
    /// use flightsmith_sdk::{Connection, Envelope};
    /// let connection = Connection::new();
    /// connection.set_envelope(Envelope { max_altitude_m: 40.0, max_speed_m_s: 6.0, ..Envelope::default() });
    /// ```
    pub fn set_envelope(&self, envelope: Envelope) {
        self.link.with(|core| core.envelope = envelope);
    }
    /// Speed of legs until the mission sets one, in m/s; 5 until then.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// let connection = Connection::new();
    /// connection.set_cruise_speed_m_s(3.0);
    /// assert_eq!(connection.cruise_speed_m_s(), 3.0);
    /// ```
    pub fn set_cruise_speed_m_s(&self, speed_m_s: f64) {
        self.link.with(|core| core.cruise_speed_m_s = speed_m_s);
    }
    /// Speed of legs until the mission sets one, in m/s.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// assert_eq!(Connection::new().cruise_speed_m_s(), 5.0);
    /// ```
    pub fn cruise_speed_m_s(&self) -> f64 {
        self.link.with(|core| core.cruise_speed_m_s)
    }
    /// Ends when vehicle time has moved on.
    ///
    /// ```no_run
    /// use flightsmith_sdk::Connection;
    /// /// Prints the mode whenever it changes; ends when the link is closed.
    /// async fn watch(connection: Connection) {
    ///     let mut last = "";
    ///     while connection.silent_s().is_finite() {
    ///         if connection.mode_name() != last {
    ///             last = connection.mode_name();
    ///             println!("{:.1} s: {last}", connection.vehicle_time_s());
    ///         }
    ///         connection.next_step().await;
    ///     }
    /// }
    /// ```
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
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// fn last_words(connection: &Connection) -> Option<String> {
    ///     Some(connection.status_texts().pop()?.text)
    /// }
    /// # assert_eq!(last_words(&Connection::new()), None);
    /// ```
    pub fn status_texts(&self) -> alloc::vec::Vec<crate::StatusText> {
        self.link.with(|core| core.texts.all().cloned().collect())
    }
    /// Whether the vehicle says that it is armed.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// assert!(!Connection::new().armed(), "nobody has said so");
    /// ```
    pub fn armed(&self) -> bool {
        self.link.with(|core| core.telemetry.armed())
    }
    /// Name of the autopilot's present mode, or `UNKNOWN`.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// assert_eq!(Connection::new().mode_name(), "UNKNOWN");
    /// ```
    pub fn mode_name(&self) -> &'static str {
        self.link.with(|core| match (core.peer, core.telemetry.mode()) {
            (Some(peer), Some(mode)) => crate::autopilot::mode_name(peer.autopilot, mode),
            _ => "UNKNOWN",
        })
    }
    /// Seconds since the vehicle was last heard.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// fn is_alive(connection: &Connection) -> bool {
    ///     connection.silent_s() < 3.0
    /// }
    /// # let _ = is_alive;
    /// ```
    pub fn silent_s(&self) -> f64 {
        self.link.with(|core| core.silent_s())
    }
    /// Why the mission may send nothing any more, if that is so.
    ///
    /// ```
    /// use flightsmith_sdk::{Connection, FlightError};
    /// fn pilot_has_it(connection: &Connection) -> bool {
    ///     matches!(connection.lost_authority(), Some(FlightError::PilotTookOver { .. }))
    /// }
    /// # assert!(!pilot_has_it(&Connection::new()));
    /// ```
    pub fn lost_authority(&self) -> Option<FlightError> {
        self.link.with(|core| core.authority.verdict().cloned())
    }
    /// Whether the vehicle is still the mission's: no pilot and no failsafe has it.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// fn report(connection: &Connection) {
    ///     if !connection.has_authority() {
    ///         println!("in {} by somebody else's hand", connection.mode_name());
    ///     }
    /// }
    /// # report(&Connection::new());
    /// ```
    pub fn has_authority(&self) -> bool {
        self.link.with(|core| core.authority.may_send())
    }
    pub(crate) fn link(&self) -> &Link {
        &self.link
    }
}
