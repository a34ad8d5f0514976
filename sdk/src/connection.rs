//! The sans-IO heart: bytes and time in, bytes out. Drivers move the bytes; futures read and write what is kept here.
//!
//! Single-threaded by design: a mission, its connection and its driver share one thread and one poll loop.
use crate::authority::Authority;
use crate::clock::VehicleClock;
use crate::command::{Ack, Request};
use crate::error::FlightError;
use crate::statustext::StatusTexts;
use crate::telemetry::{Micros, Telemetry};
use crate::wire::decoder::{Decoder, LinkStatistics};
use crate::wire::incoming::{self, Incoming};
use crate::wire::outgoing::{self, Outgoing};
use alloc::{collections::VecDeque, rc::Rc};
use core::{cell::RefCell, task::Waker};
use flightsmith_mission::{envelope::Envelope, vehicle::Autopilot};
use mavlink::dialects::ardupilotmega as mav;

/// Seconds of silence in flight that count as a lost link.
pub(crate) const LINK_LOST_S: f64 = 5.0;
/// Faster than the usual 1 Hz: a failsafe timeout of 2 s must survive a lossy link.
const HEARTBEAT_EVERY_US: Micros = 250_000;
/// MAV_COMP_ID_MISSIONPLANNER, the component of ground stations.
const GROUND_STATION_COMPONENT: u8 = 190;
const ACKS_KEPT: usize = 16;
const MAV_AUTOPILOT_ARDUPILOT: u8 = 3;
const MAV_AUTOPILOT_PX4: u8 = 12;
const MAV_TYPE_CAMERA: u8 = 30;
const COMPONENT_AUTOPILOT: u8 = 1;
/// MAV_COMP_ID_CAMERA to MAV_COMP_ID_CAMERA6.
const COMPONENTS_CAMERA: core::ops::RangeInclusive<u8> = 100..=105;

/// The autopilot at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    pub system: u8,
    pub component: u8,
    pub autopilot: Autopilot,
}

/// A parameter as it came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ParamHeard {
    pub id: [u8; 16],
    pub value: f32,
    pub kind: u8,
    pub number: u64,
}

/// A point to fly to, in the estimator's local frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SetPoint {
    pub position_m: [f64; 3],
    pub velocity_m_s: [f64; 3],
    pub acceleration_m_s2: [f64; 3],
    pub yaw_deg: f64,
}

#[derive(Debug)]
pub(crate) struct Core {
    decoder: Decoder,
    out: Outgoing,
    component: u8,
    pub clock: VehicleClock,
    pub peer: Option<Peer>,
    pub camera_component: Option<u8>,
    pub telemetry: Telemetry,
    pub texts: StatusTexts,
    pub authority: Authority,
    acks: VecDeque<Ack>,
    pub acks_total: u64,
    pub param: Option<ParamHeard>,
    params_total: u64,
    pub envelope: Envelope,
    pub cruise_speed_m_s: f64,
    heard_at: (Micros, u64),
    last_sequence: Option<u8>,
    next_heartbeat_us: Option<Micros>,
    next_heartbeat_wall_us: u64,
    pending_tick: Option<i64>,
    waker: Option<Waker>,
}

impl Core {
    fn new(component: u8) -> Self {
        Self {
            decoder: Decoder::default(),
            out: Outgoing::default(),
            component,
            clock: VehicleClock::default(),
            peer: None,
            camera_component: None,
            telemetry: Telemetry::default(),
            texts: StatusTexts::default(),
            authority: Authority::default(),
            acks: VecDeque::with_capacity(ACKS_KEPT),
            acks_total: 0,
            param: None,
            params_total: 0,
            envelope: Envelope::default(),
            cruise_speed_m_s: 5.0,
            heard_at: (0, 0),
            last_sequence: None,
            next_heartbeat_us: None,
            next_heartbeat_wall_us: 0,
            pending_tick: None,
            waker: None,
        }
    }

    fn feed(&mut self, mut bytes: &[u8], lockstep: bool) {
        loop {
            let taken = self.decoder.push(bytes);
            bytes = &bytes[taken..];
            while let Some((message, system, component, sequence)) = self
                .decoder
                .next_frame()
                .map(|frame| (incoming::read(&frame), frame.system, frame.component, frame.sequence))
            {
                if self.peer.is_some_and(|peer| (peer.system, peer.component) == (system, component)) {
                    self.count_lost(sequence);
                }
                if let Some(message) = message {
                    self.take(message, system, component, lockstep);
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn count_lost(&mut self, sequence: u8) {
        if let Some(last) = self.last_sequence {
            let gap = sequence.wrapping_sub(last).wrapping_sub(1);
            // A large gap is reordering or a restart, not loss.
            if gap < 100 {
                self.decoder.statistics.messages_lost += u64::from(gap);
            }
        }
        self.last_sequence = Some(sequence);
    }

    fn take(&mut self, message: Incoming, system: u8, component: u8, lockstep: bool) {
        if let Incoming::Timesync { tc1: 0, ts1 } = message {
            if lockstep {
                self.pending_tick = Some(ts1);
                self.set_time_lockstep((ts1.max(0) / 1000) as Micros);
            }
            return;
        }
        if let Incoming::Heartbeat { autopilot, kind, .. } = message {
            let known = match autopilot {
                MAV_AUTOPILOT_ARDUPILOT => Some(Autopilot::ArduPilot),
                MAV_AUTOPILOT_PX4 => Some(Autopilot::Px4),
                _ => None,
            };
            if let (None, Some(autopilot), COMPONENT_AUTOPILOT) = (self.peer, known, component) {
                self.peer = Some(Peer { system, component, autopilot });
            }
            if kind == MAV_TYPE_CAMERA && self.peer.is_none_or(|peer| peer.system == system) {
                self.camera_component = Some(component);
            }
        }
        let Some(peer) = self.peer else { return };
        if peer.system != system {
            return;
        }
        let from_camera = Some(component) == self.camera_component || COMPONENTS_CAMERA.contains(&component);
        if component != peer.component && !from_camera {
            return;
        }
        self.heard_at = (self.clock.now_us(), self.clock.wall_us());
        if !from_camera {
            match message {
                Incoming::SystemTime { time_boot_ms }
                | Incoming::Attitude { time_boot_ms, .. }
                | Incoming::GlobalPositionInt { time_boot_ms, .. }
                | Incoming::LocalPositionNed { time_boot_ms, .. } => self.clock.heard_boot_ms(time_boot_ms),
                _ => {}
            }
        }
        let now = self.clock.now_us();
        match message {
            Incoming::CommandAck { command, result, target_system, target_component, .. } => {
                let ours = (target_system == 0 || target_system == peer.system)
                    && (target_component == 0 || target_component == self.component);
                if ours {
                    self.acks_total += 1;
                    if self.acks.len() == ACKS_KEPT {
                        self.acks.pop_front();
                    }
                    self.acks.push_back(Ack { command, result, number: self.acks_total });
                }
            }
            Incoming::StatusText { severity, text, id, chunk } => self.texts.take(severity, &text, id, chunk, now),
            Incoming::ParamValue { value, id, kind, .. } => {
                self.params_total += 1;
                self.param = Some(ParamHeard { id, value, kind, number: self.params_total });
            }
            Incoming::Heartbeat { .. } if from_camera => {}
            _ => self.telemetry.take(&message, now),
        }
        self.authority.observe(peer.autopilot, &self.telemetry, &self.texts, now);
    }

    fn set_time_lockstep(&mut self, now_us: Micros) {
        let first = !self.clock.is_lockstep();
        self.clock.set_lockstep(now_us);
        if first {
            // The first tick's messages came before its time was known, and that clock may start anywhere.
            self.heard_at.0 = self.clock.now_us();
        }
        self.time_moved();
    }

    fn time_moved(&mut self) {
        let (now, wall) = (self.clock.now_us(), self.clock.wall_us());
        if let Some(peer) = self.peer {
            self.authority.observe(peer.autopilot, &self.telemetry, &self.texts, now);
        }
        // Heartbeats go on whatever the mission does; on a silent link the wall clock carries them.
        let due = self.next_heartbeat_us.is_none_or(|due| now >= due)
            || (!self.clock.is_lockstep() && wall >= self.next_heartbeat_wall_us);
        if due {
            self.next_heartbeat_us = Some(now + HEARTBEAT_EVERY_US);
            self.next_heartbeat_wall_us = wall + HEARTBEAT_EVERY_US;
            let system = self.system();
            self.out.push(system, self.component, &outgoing::heartbeat());
            // PX4's NAV_DLL_ACT counts ground stations' heartbeats only, and with it set will not be armed without one: on board, the
            // companion is the station whose loss brings the vehicle home.
            if self.peer.is_some_and(|peer| peer.autopilot == Autopilot::Px4) {
                self.out.push(system, GROUND_STATION_COMPONENT, &outgoing::ground_station_heartbeat());
            }
        }
    }

    /// The companion is part of the vehicle's system.
    fn system(&self) -> u8 {
        self.peer.map_or(1, |peer| peer.system)
    }

    /// The latest acknowledgement of `command` after number `seen`.
    pub(crate) fn ack_after(&self, command: u16, seen: u64) -> Option<Ack> {
        self.acks.iter().rfind(|ack| ack.command == command && ack.number > seen).copied()
    }

    pub(crate) fn send_command(&mut self, request: &Request, confirmation: u8) {
        let Some(peer) = self.peer else { return };
        if !self.authority.may_send() {
            return;
        }
        let [param1, param2, param3, param4, param5, param6, param7] = request.params;
        let message = mav::COMMAND_LONG_DATA {
            param1,
            param2,
            param3,
            param4,
            param5,
            param6,
            param7,
            command: request.kind.command,
            target_system: peer.system,
            target_component: request.component.unwrap_or(peer.component),
            confirmation,
        };
        self.out.push(peer.system, self.component, &message);
    }

    pub(crate) fn send_param_request(&mut self, name: &str) {
        let Some(peer) = self.peer else { return };
        let message = mav::PARAM_REQUEST_READ_DATA {
            param_index: -1,
            target_system: peer.system,
            target_component: peer.component,
            param_id: name.into(),
        };
        self.out.push(peer.system, self.component, &message);
    }

    pub(crate) fn send_set_point(&mut self, point: &SetPoint) {
        let Some(peer) = self.peer else { return };
        if !self.authority.may_send() {
            return;
        }
        let [x, y, z] = point.position_m.map(|v| v as f32);
        let [vx, vy, vz] = point.velocity_m_s.map(|v| v as f32);
        let [afx, afy, afz] = point.acceleration_m_s2.map(|v| v as f32);
        let message = mav::SET_POSITION_TARGET_LOCAL_NED_DATA {
            time_boot_ms: (self.clock.now_us() / 1000) as u32,
            x,
            y,
            z,
            vx,
            vy,
            vz,
            afx,
            afy,
            afz,
            yaw: flightsmith_mission::units::wrap_180(point.yaw_deg).to_radians() as f32,
            yaw_rate: 0.0,
            type_mask: mav::PositionTargetTypemask::POSITION_TARGET_TYPEMASK_YAW_RATE_IGNORE,
            target_system: peer.system,
            target_component: peer.component,
            coordinate_frame: mav::MavFrame::MAV_FRAME_LOCAL_NED,
        };
        self.out.push(peer.system, self.component, &message);
    }

    /// Seconds since the vehicle was heard.
    pub(crate) fn silent_s(&self) -> f64 {
        let vehicle = self.clock.now_us().saturating_sub(self.heard_at.0);
        let wall = self.clock.wall_us().saturating_sub(self.heard_at.1);
        // On a real link a silent vehicle's clock stands still, so the wall clock tells.
        let silent_us = if self.clock.is_lockstep() { vehicle } else { vehicle.max(wall) };
        silent_us as f64 * 1e-6
    }
}

/// The shared state of one vehicle's connection, as the SDK's own futures see it.
#[derive(Debug, Clone)]
pub(crate) struct Link(Rc<RefCell<Core>>);

impl Link {
    pub(crate) fn with<T>(&self, f: impl FnOnce(&mut Core) -> T) -> T {
        f(&mut self.0.borrow_mut())
    }
    pub(crate) fn now_us(&self) -> Micros {
        self.0.borrow().clock.now_us()
    }
    pub(crate) fn keep_waker(&self, waker: &Waker) {
        let mut core = self.0.borrow_mut();
        if core.waker.as_ref().is_none_or(|kept| !kept.will_wake(waker)) {
            core.waker = Some(waker.clone());
        }
    }
}

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

/// MAV_COMP_ID_ONBOARD_COMPUTER.
const COMPONENT_ONBOARD_COMPUTER: u8 = 191;

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

impl Connection {
    /// A connection as the vehicle's onboard computer (component 191 of the vehicle's own system).
    pub fn new() -> Self {
        Self::with_component(COMPONENT_ONBOARD_COMPUTER)
    }
    /// A connection as another component of the vehicle's system.
    pub fn with_component(component: u8) -> Self {
        Self { link: Link(Rc::new(RefCell::new(Core::new(component)))) }
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
                core.out.push(system, core.component, &mav::TIMESYNC_DATA { tc1: ts1, ts1 });
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
        self.link.with(|core| {
            core.clock.set_wall(wall_us);
            core.time_moved();
            if let Some(waker) = core.waker.take() {
                waker.wake();
            }
        });
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
            if self.link.now_us() > from {
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
