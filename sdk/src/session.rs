//! The sans-IO heart: bytes and time in, bytes out. Drivers move the bytes; futures read and write what is kept here.
//!
//! Everything that leaves passes [`crate::gate`]; everything that comes is offered to telemetry and to [`crate::inbox`].
use crate::authority::Authority;
use crate::autopilot;
use crate::capability::{
    mission_raw::Latest as LatestMission,
    param::{Cache, Told},
};
use crate::clock::VehicleClock;
use crate::command::{Ack, Form, LateAcks, Request, SET_MESSAGE_INTERVAL};
use crate::error::{FlightError, RequestError};
use crate::gate::{self, Passage, Situation};
use crate::inbox::{Inboxes, Received};
use crate::latest::Latest;
use crate::progress::Progress;
use crate::rates::Rates;
use crate::shared::Shared;
use crate::statustext::StatusTexts;
use crate::telemetry::{Micros, Telemetry};
use crate::turn::Protocol;
use crate::wire::decoder::{Decoder, Frame};
use crate::wire::incoming::{self, Incoming};
use crate::wire::outgoing::{self, Outgoing};
use crate::wire::setpoint::Addressee;
use crate::wire::version::Agreement;
use alloc::{collections::VecDeque, vec::Vec};
use core::task::Waker;
use flightsmith_mission::{envelope::Envelope, vehicle::Autopilot};
use mavlink::MessageData;
use mavlink::dialects::ardupilotmega as mav;

/// Seconds of silence that count as a lost link.
pub(crate) const LINK_LOST_S: f64 = 5.0;
/// After so many seconds without a word the autopilot may have restarted: longer than between two heartbeats.
const MAY_HAVE_RESTARTED_S: f64 = 1.5;
/// Faster than the usual 1 Hz: a failsafe timeout of 2 s must survive a lossy link.
const HEARTBEAT_EVERY_US: Micros = 250_000;
const ACKS_KEPT: usize = 16;
const MAV_AUTOPILOT_ARDUPILOT: u8 = 3;
const MAV_AUTOPILOT_PX4: u8 = 12;
const MAV_TYPE_CAMERA: u8 = 30;
const COMPONENT_AUTOPILOT: u8 = 1;
/// MAV_COMP_ID_MISSIONPLANNER, the component of ground stations.
pub(crate) const COMPONENT_GROUND_STATION: u8 = 190;
/// MAV_COMP_ID_CAMERA to MAV_COMP_ID_CAMERA6.
const COMPONENTS_CAMERA: core::ops::RangeInclusive<u8> = 100..=105;

/// Who we are on the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Our system id; the vehicle's own where absent: a companion is part of its vehicle.
    pub system: Option<u8>,
    pub component: u8,
}

impl Identity {
    /// MAV_COMP_ID_ONBOARD_COMPUTER of the vehicle's own system.
    pub(crate) const COMPANION: Self = Self { system: None, component: 191 };
    /// As QGroundControl and MAVProxy.
    pub(crate) const GROUND_STATION: Self = Self { system: Some(255), component: COMPONENT_GROUND_STATION };
}

/// The autopilot at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    pub system: u8,
    pub component: u8,
    pub autopilot: Autopilot,
}

/// What a frame says beside its message.
#[derive(Debug, Clone, Copy)]
struct FrameForm {
    sequence: u8,
    v1: bool,
    signed: bool,
}

impl FrameForm {
    fn of(frame: &Frame<'_>) -> Self {
        Self { sequence: frame.sequence, v1: frame.is_v1(), signed: frame.is_signed() }
    }
}

#[derive(Debug)]
pub(crate) struct Core {
    pub decoder: Decoder,
    pub out: Outgoing,
    pub identity: Identity,
    /// The only system that is listened to; the first autopilot heard where absent.
    pub wanted_system: Option<u8>,
    pub clock: VehicleClock,
    pub peer: Option<Peer>,
    pub camera_component: Option<u8>,
    pub telemetry: Telemetry,
    pub texts: StatusTexts,
    pub authority: Authority,
    pub progress: Progress,
    pub inboxes: Inboxes,
    pub latest: Latest,
    pub rates: Rates,
    acks: VecDeque<Ack>,
    pub acks_total: u64,
    /// Commands under way: an acknowledgement says no more than the command's number, so each waits for its turn.
    pub commands_under_way: Vec<(u16, u8)>,
    pub late_acks: LateAcks,
    pub turns_taken: Vec<Protocol>,
    /// Number of the last FTP request.
    pub ftp_number: u16,
    pub params: Cache,
    pub mission: LatestMission,
    pub envelope: Envelope,
    pub cruise_speed_m_s: f64,
    /// Number of the flight that has the vehicle.
    pub flight_turn: u64,
    /// How often the autopilot's clock began anew.
    pub boots: u32,
    latest_boot_ms: u32,
    /// Counts what came in, so that a waiter need not wait for the next step of time.
    events: u64,
    heard_at: (Micros, u64),
    last_sequence: Option<u8>,
    next_heartbeat_us: Option<Micros>,
    next_heartbeat_wall_us: u64,
    pub pending_tick: Option<i64>,
    pub agreement: Agreement,
    /// Whether the autopilot's latest frame was signed.
    pub peer_signs: bool,
    /// The driver has ended: nothing comes or leaves any more.
    closed: bool,
    wakers: Vec<Waker>,
}

impl Core {
    pub(crate) fn new(identity: Identity) -> Self {
        Self {
            decoder: Decoder::default(),
            out: Outgoing::default(),
            identity,
            wanted_system: None,
            clock: VehicleClock::default(),
            peer: None,
            camera_component: None,
            telemetry: Telemetry::default(),
            texts: StatusTexts::default(),
            authority: Authority::default(),
            progress: Progress::default(),
            inboxes: Inboxes::default(),
            latest: Latest::default(),
            rates: Rates::default(),
            acks: VecDeque::with_capacity(ACKS_KEPT),
            acks_total: 0,
            commands_under_way: Vec::new(),
            late_acks: LateAcks::default(),
            turns_taken: Vec::new(),
            ftp_number: 0,
            params: Cache::default(),
            mission: LatestMission::default(),
            envelope: Envelope::default(),
            cruise_speed_m_s: 5.0,
            flight_turn: 0,
            boots: 0,
            latest_boot_ms: 0,
            events: 0,
            heard_at: (0, 0),
            last_sequence: None,
            next_heartbeat_us: None,
            next_heartbeat_wall_us: 0,
            pending_tick: None,
            agreement: Agreement::default(),
            peer_signs: false,
            closed: false,
            wakers: Vec::new(),
        }
    }

    pub(crate) fn feed(&mut self, mut bytes: &[u8], lockstep: bool) {
        loop {
            let taken = self.decoder.push(bytes);
            bytes = &bytes[taken..];
            let now = self.clock.now_us();
            while let Some((received, form, message)) = self
                .decoder
                .next_frame()
                .map(|frame| (Received::new(&frame, now), FrameForm::of(&frame), incoming::read(&frame)))
            {
                self.take(received, form, message, lockstep);
            }
            if bytes.is_empty() {
                break;
            }
        }
        self.wake();
    }

    /// A frame that somebody else decoded.
    pub(crate) fn feed_frame(&mut self, frame: &Frame<'_>) -> bool {
        if !self.decoder.accepts(frame) {
            return false;
        }
        self.decoder.statistics.bytes_received += frame.raw.len() as u64;
        self.decoder.statistics.messages_received += 1;
        let received = Received::new(frame, self.clock.now_us());
        self.take(received, FrameForm::of(frame), incoming::read(frame), false);
        self.wake();
        true
    }

    pub(crate) fn wake(&mut self) {
        for waker in self.wakers.drain(..) {
            waker.wake();
        }
    }

    #[cfg(feature = "std")]
    /// What came over the link and was no frame for anybody, counted by a router.
    pub(crate) fn count_outside(&mut self, bytes: u64, skipped: u64, unknown: u64) {
        let statistics = &mut self.decoder.statistics;
        statistics.bytes_received += bytes;
        statistics.bytes_skipped += skipped;
        statistics.messages_unknown += unknown;
    }

    /// The driver ends: whoever waits learns that the link is lost, now and at every later call.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        self.wake();
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

    fn take(&mut self, mut received: Received, form: FrameForm, message: Option<Incoming>, lockstep: bool) {
        let (system, component) = (received.system, received.component);
        if let Some(Incoming::Timesync { tc1: 0, ts1 }) = message
            && lockstep
        {
            self.pending_tick = Some(ts1);
            self.set_time_lockstep((ts1.max(0) / 1000) as Micros);
            return;
        }
        if self.wanted_system.is_some_and(|wanted| wanted != system) {
            return;
        }
        if let Some(Incoming::Heartbeat { autopilot, kind, .. }) = message {
            self.meet(system, component, autopilot, kind);
        }
        let Some(peer) = self.peer else { return };
        if peer.system != system {
            return;
        }
        self.events += 1;
        if component == peer.component {
            if self.silent_s() > MAY_HAVE_RESTARTED_S {
                self.rates.back(self.steady_us());
            }
            self.rates.heard(received.id);
            self.count_lost(form.sequence);
            self.peer_signs = form.signed;
            self.agreement.heard(form.v1, self.clock.now_us());
            self.out.v1 = self.agreement.sends_v1();
            self.heard_at = (self.clock.now_us(), self.clock.wall_us());
        }
        if let Some(message) = message {
            self.take_known(peer, component, &message);
        }
        if component == peer.component {
            self.remember(peer, &received);
        }
        // The message itself may have moved vehicle time.
        received.at_us = self.clock.now_us();
        self.latest.take(&received, component == peer.component);
        if self.inboxes.wants(received.id) {
            self.inboxes.put(&received);
        }
        self.authority.observe(peer.autopilot, &self.telemetry, &self.texts, received.at_us);
    }

    /// A heartbeat: the first autopilot is the one we talk to, and its camera may be a component of its own.
    fn meet(&mut self, system: u8, component: u8, autopilot: u8, kind: u8) {
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

    /// What telemetry is made of, from the autopilot and its cameras.
    fn take_known(&mut self, peer: Peer, component: u8, message: &Incoming) {
        let from_autopilot = component == peer.component;
        let from_camera = Some(component) == self.camera_component || COMPONENTS_CAMERA.contains(&component);
        if from_autopilot {
            match *message {
                Incoming::SystemTime { time_boot_ms, .. }
                | Incoming::Attitude { time_boot_ms, .. }
                | Incoming::GlobalPositionInt { time_boot_ms, .. }
                | Incoming::LocalPositionNed { time_boot_ms, .. } => {
                    self.clock.heard_boot_ms(time_boot_ms);
                    self.params.heard_boot_ms(time_boot_ms);
                    self.count_boots(time_boot_ms);
                }
                _ => {}
            }
        }
        let now = self.clock.now_us();
        match *message {
            Incoming::CommandAck { command, result, progress, target_system, target_component } => {
                let ours = self.is_us(target_system, target_component);
                self.take_ack(ours, Ack { command, result, progress, component, number: 0 }, now);
            }
            Incoming::StatusText { severity, text, id, chunk } if from_autopilot => {
                self.texts.take(severity, &text, id, chunk, now);
            }
            Incoming::Heartbeat { .. } if !from_autopilot => {}
            _ if from_autopilot || from_camera => self.telemetry.take(message, now),
            _ => {}
        }
    }

    /// What is kept beside telemetry: parameters, and how far a mission has come.
    fn remember(&mut self, peer: Peer, received: &Received) {
        if received.id == incoming::id::PARAM_VALUE
            && let Some(told) = Told::read(received.fields(), autopilot::param_encoding(peer.autopilot))
        {
            self.params.hear(&told, self.clock.now_us());
        }
        self.mission.hear(received, self.clock.now_us());
    }

    fn count_boots(&mut self, time_boot_ms: u32) {
        // Reordered messages are a little older, a reboot's much.
        if time_boot_ms.saturating_add(1_000) < self.latest_boot_ms {
            self.boots += 1;
            self.latest_boot_ms = time_boot_ms;
            self.rates.restarted(self.steady_us());
        }
        self.latest_boot_ms = self.latest_boot_ms.max(time_boot_ms);
    }

    /// Keeps an acknowledgement that is meant for us, and that somebody still waits for.
    fn take_ack(&mut self, ours: bool, ack: Ack, now: Micros) {
        if !ours || self.late_acks.take(ack.command, now) {
            return;
        }
        self.acks_total += 1;
        if self.acks.len() == ACKS_KEPT {
            self.acks.pop_front();
        }
        self.acks.push_back(Ack { number: self.acks_total, ..ack });
    }

    /// Whether a message with this addressee is meant for us; 0 addresses everybody.
    pub(crate) fn is_us(&self, target_system: u8, target_component: u8) -> bool {
        (target_system == 0 || target_system == self.system())
            && (target_component == 0 || target_component == self.identity.component)
    }

    pub(crate) fn set_time_lockstep(&mut self, now_us: Micros) {
        let first = !self.clock.is_lockstep();
        self.clock.set_lockstep(now_us);
        if first {
            // The first tick's messages came before its time was known, and that clock may start anywhere.
            self.heard_at.0 = self.clock.now_us();
        }
        self.time_moved();
    }

    pub(crate) fn set_wall_us(&mut self, wall_us: u64) {
        self.clock.set_wall(wall_us);
        self.time_moved();
        self.wake();
    }

    fn time_moved(&mut self) {
        let (now, wall) = (self.clock.now_us(), self.clock.wall_us());
        if let Some(peer) = self.peer {
            self.authority.observe(peer.autopilot, &self.telemetry, &self.texts, now);
        }
        // On a silent link the wall clock carries the heartbeats.
        let due = self.next_heartbeat_us.is_none_or(|due| now >= due)
            || (!self.clock.is_lockstep() && wall >= self.next_heartbeat_wall_us);
        if !due {
            return;
        }
        self.next_heartbeat_us = Some(now + HEARTBEAT_EVERY_US);
        self.next_heartbeat_wall_us = wall + HEARTBEAT_EVERY_US;
        // A mission that has stalled must not look alive to the autopilot, whose own failsafe brings the vehicle home then and must
        // not be called off. A pilot who has the vehicle is not to be disturbed by one.
        let pilots = self.authority.verdict().is_some_and(FlightError::pilot_has_control);
        if self.progress.has_stalled(&self.clock) && !pilots {
            self.end_take_off();
            return;
        }
        self.out.v1 = self.agreement.heartbeat_is_v1();
        self.push_heartbeat();
        self.out.v1 = self.agreement.sends_v1();
        self.renew_rates();
    }

    /// A clock that goes on while the vehicle's stands still: the vehicle's own says nothing where its messages do not come.
    fn steady_us(&self) -> u64 {
        if self.clock.is_lockstep() { self.clock.now_us() } else { self.clock.wall_us() }
    }

    /// Asks a restarted autopilot again for what it was asked for. Nobody waits for the answers, and nobody may take them for theirs.
    fn renew_rates(&mut self) {
        let number = SET_MESSAGE_INTERVAL.number();
        if self.commands_under_way.contains(&(number, 0)) || !self.authority.may_send() {
            return;
        }
        let requests = self.rates.due(self.steady_us());
        let sent = requests.iter().filter(|request| self.send_command(request, 0).is_ok()).count();
        if sent > 0 {
            self.late_acks.expect(number, sent, self.clock.now_us());
        }
    }

    fn push_heartbeat(&mut self) {
        let (system, component) = (self.system(), self.identity.component);
        if component == COMPONENT_GROUND_STATION {
            self.out.push(system, component, &outgoing::ground_station_heartbeat());
            return;
        }
        self.out.push(system, component, &outgoing::heartbeat());
        // PX4's NAV_DLL_ACT counts ground stations' heartbeats only, and with it set will not be armed without one: on board, the
        // companion is the station whose loss brings the vehicle home.
        if self.peer.is_some_and(|peer| peer.autopilot == Autopilot::Px4) {
            self.out.push(system, COMPONENT_GROUND_STATION, &outgoing::ground_station_heartbeat());
        }
    }

    /// Our system id: where none was given a companion's, which is part of its vehicle's system.
    pub(crate) fn system(&self) -> u8 {
        self.identity.system.or(self.peer.map(|peer| peer.system)).unwrap_or(1)
    }

    /// Sends `message` unless the gate holds it back.
    ///
    /// # Errors
    /// Why it did not leave: a pilot or a failsafe has the vehicle, or it would stop the motors in flight.
    pub(crate) fn send<D: MessageData>(&mut self, message: &D) -> Result<(), RequestError> {
        let (system, component) = (self.system(), self.identity.component);
        if self.out.v1 && D::ID > u8::MAX.into() {
            return Err(RequestError::Unsupported { what: D::NAME });
        }
        let situation = Situation::of(&self.authority, &self.telemetry);
        let mut passage = Passage::Leaves;
        self.out.push_if(system, component, message, |payload| {
            passage = gate::judge(D::ID, payload, situation);
            passage == Passage::Leaves
        });
        match passage {
            Passage::Leaves => Ok(()),
            Passage::NoAuthority => Err(self.verdict().unwrap_or(RequestError::ModeChanging { what: D::NAME })),
            Passage::StopsMotors => {
                Err(RequestError::WrongState { what: "a command that stops the motors", needed: "on the ground" })
            }
        }
    }

    /// Why nothing may be sent any more, as a request sees it.
    pub(crate) fn verdict(&self) -> Option<RequestError> {
        self.authority.verdict().and_then(RequestError::from_verdict)
    }

    /// The latest acknowledgement of `command` after number `seen`.
    pub(crate) fn ack_after(&self, command: u16, seen: u64) -> Option<Ack> {
        self.acks.iter().rfind(|ack| ack.command == command && ack.number > seen).copied()
    }

    /// How many acknowledgements of `command` came after number `seen`.
    pub(crate) fn acks_since(&self, command: u16, seen: u64) -> usize {
        self.acks.iter().filter(|ack| ack.command == command && ack.number > seen).count()
    }

    /// Sends a command; one that the gate holds back is not sent, and whoever waits for its answer learns why from the verdict.
    pub(crate) fn send_command(&mut self, request: &Request, confirmation: u8) -> Result<(), RequestError> {
        let Some(peer) = self.peer else { return Ok(()) };
        let [param1, param2, param3, param4, param5, param6, param7] = request.params;
        let (command, target_system) = (request.kind.command, peer.system);
        let target_component = request.component.unwrap_or(peer.component);
        match request.form {
            Form::Long => self.send(&mav::COMMAND_LONG_DATA {
                param1,
                param2,
                param3,
                param4,
                param5,
                param6,
                param7,
                command,
                target_system,
                target_component,
                confirmation,
            }),
            Form::Int { frame, x, y } => self.send(&mav::COMMAND_INT_DATA {
                param1,
                param2,
                param3,
                param4,
                x,
                y,
                z: param7,
                command,
                target_system,
                target_component,
                frame,
                current: 0,
                autocontinue: 0,
            }),
        }
    }

    /// Whom a set-point goes to, and when it is sent.
    pub(crate) fn addressee(&self) -> Option<Addressee> {
        let time_boot_ms = (self.clock.now_us() / 1000) as u32;
        self.peer.map(|peer| Addressee { time_boot_ms, system: peer.system, component: peer.component })
    }

    /// Seconds since the vehicle was heard.
    pub(crate) fn silent_s(&self) -> f64 {
        if self.closed {
            return f64::INFINITY;
        }
        let vehicle = self.clock.now_us().saturating_sub(self.heard_at.0);
        let wall = self.clock.wall_us().saturating_sub(self.heard_at.1);
        // On a real link a silent vehicle's clock stands still, so the wall clock tells.
        let silent_us = if self.clock.is_lockstep() { vehicle } else { vehicle.max(wall) };
        silent_us as f64 * 1e-6
    }
}

/// The shared state of one vehicle's connection, as the SDK's own futures see it.
#[derive(Debug, Clone)]
pub(crate) struct Link(Shared<Core>);

impl Link {
    pub(crate) fn new(core: Core) -> Self {
        Self(Shared::new(core))
    }
    pub(crate) fn with<T>(&self, f: impl FnOnce(&mut Core) -> T) -> T {
        self.0.with(f)
    }
    pub(crate) fn now_us(&self) -> Micros {
        self.with(|core| core.clock.now_us())
    }
    /// What came in so far, and vehicle time: who waits waits for either to move.
    pub(crate) fn moment(&self) -> (u64, Micros) {
        self.with(|core| (core.events, core.clock.now_us()))
    }
    pub(crate) fn is_closed(&self) -> bool {
        self.with(|core| core.closed)
    }
    pub(crate) fn is_lost(&self) -> bool {
        self.with(|core| core.closed || (core.peer.is_some() && core.silent_s() > LINK_LOST_S))
    }
    pub(crate) fn keep_waker(&self, waker: &Waker) {
        self.with(|core| {
            if !core.wakers.iter().any(|kept| kept.will_wake(waker)) {
                core.wakers.push(waker.clone());
            }
        });
    }
}
