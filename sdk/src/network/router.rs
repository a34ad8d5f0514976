//! Which bytes go where, without sockets: frames to the connection of their vehicle, answers to where the vehicle was heard, and
//! between links where forwarding is on.
use super::addressee::addressee;
use super::report::SystemReport;
use super::{Identity, LinkId};
use crate::Connection;
use crate::driver::port::Peer;
use crate::session::COMPONENT_GROUND_STATION;
use crate::signing::Signing;
use crate::wire::decoder::{Decoder, Frame, LinkStatistics, frames};
use crate::wire::incoming::id;
use crate::wire::outgoing::{self, Outgoing};
use std::collections::{BTreeMap, VecDeque};
use std::task::Waker;

/// Somebody at the other end of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Channel {
    pub link: LinkId,
    pub peer: Peer,
}

/// A vehicle is looked for elsewhere after this long without a word from it, microseconds: two links at once are no reason to hop.
const ROUTE_RESTS_US: u64 = 1_000_000;
/// Our own heartbeat where no vehicle's connection speaks.
const HEARTBEAT_EVERY_US: u64 = 1_000_000;
/// The same frame again within this time has gone in a circle.
const REPEATED_WITHIN_US: u64 = 500_000;
/// A sender that was not heard on a line for this long no longer lives there.
const LIVES_THERE_US: u64 = 5_000_000;
const MOST_SOURCES: usize = 64;
const COMPONENT_AUTOPILOT: u8 = 1;
/// Where HEARTBEAT says which autopilot it is, and the two that are flown.
const AUTOPILOT_AT: usize = 5;
const AUTOPILOTS: [u8; 2] = [3, 12];

/// A component that was heard on a line.
#[derive(Debug, Clone, Copy)]
struct Source {
    system: u8,
    component: u8,
    sequence: u8,
    received: u64,
    lost: u64,
    heard_us: u64,
}

/// One channel's state.
#[derive(Debug, Default)]
struct Line {
    decoder: Decoder,
    heard_us: Option<u64>,
    sources: Vec<Source>,
    /// Each of our own senders counts its frames on each line by itself, or the other side would see losses.
    sequences: BTreeMap<(u8, u8), u8>,
    sent_us: u64,
    repeated: u64,
    seal: Option<Signing>,
}

/// A vehicle's connection.
#[derive(Debug)]
struct Member {
    connection: Connection,
    announced: bool,
}

/// Frames that wait to leave, each with its channel.
#[derive(Debug, Default)]
struct Outbox {
    bytes: Vec<u8>,
    frames: Vec<(Channel, usize)>,
}

/// What a link has heard, over all its lines, those that are gone included.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct HeardOn {
    pub peers: usize,
    pub statistics: LinkStatistics,
    pub repeated: u64,
    pub at_us: Option<u64>,
}

/// The routing state of a network.
#[derive(Debug)]
pub(super) struct Router {
    identity: Identity,
    forwards: bool,
    signing: Option<Signing>,
    ready: Waker,
    lines: BTreeMap<Channel, Box<Line>>,
    gone: BTreeMap<LinkId, HeardOn>,
    members: BTreeMap<u8, Member>,
    /// One connection that hears everything, instead of members.
    single: Option<Connection>,
    /// Where each system's autopilot was heard, and when.
    routes: BTreeMap<u8, (Channel, u64)>,
    discovered: VecDeque<Connection>,
    outbox: Outbox,
    heartbeat: Outgoing,
    /// Frames of a moment ago by their fingerprints, and when.
    recent: BTreeMap<u64, u64>,
}

impl Router {
    pub(super) fn new(identity: Identity, forwards: bool, ready: Waker) -> Self {
        Self {
            identity,
            forwards,
            signing: None,
            ready,
            lines: BTreeMap::new(),
            gone: BTreeMap::new(),
            members: BTreeMap::new(),
            single: None,
            routes: BTreeMap::new(),
            discovered: VecDeque::new(),
            outbox: Outbox::default(),
            heartbeat: Outgoing::default(),
            recent: BTreeMap::new(),
        }
    }
    pub(super) fn add_single(&mut self, connection: Connection) {
        connection.wake_when_outgoing(&self.ready);
        self.single = Some(connection);
    }
    pub(super) fn set_signing(&mut self, signing: Option<Signing>) {
        self.signing = signing;
        let signing = &self.signing;
        for (channel, line) in &mut self.lines {
            line.sign(signing.as_ref(), *channel);
        }
    }

    pub(super) fn connection(&mut self, system: u8) -> Connection {
        let (identity, ready) = (self.identity, &self.ready);
        let member = self.members.entry(system).or_insert_with(|| {
            let connection = Connection::with_identity(identity).to_system(system);
            connection.wake_when_outgoing(ready);
            Member { connection, announced: false }
        });
        member.connection.clone()
    }
    pub(super) fn systems(&self) -> Vec<Connection> {
        let met = self.members.values().filter(|member| member.announced);
        met.map(|member| member.connection.clone()).collect()
    }
    pub(super) fn take_discovered(&mut self) -> Option<Connection> {
        self.discovered.pop_front()
    }
    pub(super) fn has_discovered(&self) -> bool {
        !self.discovered.is_empty()
    }

    /// A channel that may be sent to, whether it has spoken or not.
    pub(super) fn meet(&mut self, channel: Channel, now_us: u64) {
        if !self.lines.contains_key(&channel) {
            let mut line = Line { sent_us: now_us.saturating_sub(HEARTBEAT_EVERY_US), ..Line::default() };
            line.sign(self.signing.as_ref(), channel);
            self.lines.insert(channel, Box::new(line));
        }
    }
    /// Forgets a channel: its other end is gone.
    pub(super) fn forget(&mut self, channel: Channel) {
        if let Some(line) = self.lines.remove(&channel) {
            self.gone.entry(channel.link).or_default().add(&line);
        }
        self.routes.retain(|_, (route, _)| *route != channel);
    }
    /// Forgets all channels of a link: it has ended.
    pub(super) fn forget_link(&mut self, link: LinkId) {
        let channels: Vec<Channel> = self.lines.keys().filter(|channel| channel.link == link).copied().collect();
        for channel in channels {
            self.forget(channel);
        }
    }

    /// Takes bytes that came by `channel`.
    pub(super) fn receive(&mut self, channel: Channel, mut bytes: &[u8], now_us: u64) {
        self.meet(channel, now_us);
        // Out of the map while its frames, which borrow from it, go around.
        let Some(mut line) = self.lines.remove(&channel) else { return };
        let before = line.decoder.statistics;
        loop {
            bytes = &bytes[line.decoder.push(bytes)..];
            let Line { decoder, sources, heard_us, repeated, .. } = &mut *line;
            while let Some(frame) = decoder.next_frame() {
                let recent = &mut self.recent;
                if self.forwards && is_repeated(recent, frame.raw, now_us) {
                    *repeated += 1;
                    continue;
                }
                *heard_us = Some(now_us);
                note(sources, &frame, now_us);
                self.take(&frame, channel, now_us);
            }
            if bytes.is_empty() {
                break;
            }
        }
        if let Some(single) = &self.single {
            let after = line.decoder.statistics;
            let skipped = after.bytes_skipped - before.bytes_skipped;
            single.link().with(|core| {
                core.count_outside(skipped, skipped, after.messages_unknown - before.messages_unknown);
            });
        }
        self.lines.insert(channel, line);
    }

    /// A valid frame: to whom it belongs, and on.
    fn take(&mut self, frame: &Frame<'_>, channel: Channel, now_us: u64) {
        let connection = self.single.clone().or_else(|| self.member(frame));
        let taken = connection.is_none_or(|connection| {
            connection.set_wall_us(now_us);
            connection.feed_frame(frame)
        });
        if !taken {
            return;
        }
        self.announce(frame.system);
        self.learn(frame, channel, now_us);
        if self.forwards {
            self.forward(frame, channel, now_us);
        }
    }

    /// The connection of the frame's system; a heartbeat of an autopilot makes one.
    fn member(&mut self, frame: &Frame<'_>) -> Option<Connection> {
        if let Some(member) = self.members.get(&frame.system) {
            return Some(member.connection.clone());
        }
        let is_autopilot = frame.id == id::HEARTBEAT
            && frame.component == COMPONENT_AUTOPILOT
            && frame.payload.get(AUTOPILOT_AT).is_some_and(|kind| AUTOPILOTS.contains(kind));
        is_autopilot.then(|| self.connection(frame.system))
    }

    fn announce(&mut self, system: u8) {
        if let Some(member) = self.members.get_mut(&system)
            && !member.announced
            && member.connection.autopilot().is_some()
        {
            member.announced = true;
            self.discovered.push_back(member.connection.clone());
        }
    }

    fn learn(&mut self, frame: &Frame<'_>, channel: Channel, now_us: u64) {
        match self.routes.get_mut(&frame.system) {
            None => drop(self.routes.insert(frame.system, (channel, now_us))),
            // A gimbal or a companion of the same system may be elsewhere: it is the autopilot that is spoken to.
            Some(_) if frame.component != COMPONENT_AUTOPILOT => {}
            Some((route, heard_us)) if *route == channel || now_us > *heard_us + ROUTE_RESTS_US => {
                (*route, *heard_us) = (channel, now_us);
            }
            Some(_) => {}
        }
    }

    /// To the other channels that it concerns, never to where its sender is.
    fn forward(&mut self, frame: &Frame<'_>, from: Channel, now_us: u64) {
        let (system, component) = addressee(frame.id, frame.payload);
        if self.identity.system == Some(system) && (component == 0 || component == self.identity.component) {
            return;
        }
        let Self { lines, outbox, .. } = self;
        for (channel, line) in lines.iter().filter(|(channel, _)| **channel != from) {
            let is_sender = |source: &Source| {
                (source.system, source.component) == (frame.system, frame.component)
                    && now_us < source.heard_us + LIVES_THERE_US
            };
            if !line.sources.iter().any(is_sender) && line.concerns(system, component) {
                outbox.push(*channel, frame.raw);
            }
        }
    }

    /// Wall time has moved on, for every connection.
    pub(super) fn time_moved(&mut self, now_us: u64) {
        self.recent.retain(|_, at_us| now_us < *at_us + REPEATED_WITHIN_US);
        for connection in self.members.values().map(|member| &member.connection).chain(&self.single) {
            connection.set_wall_us(now_us);
        }
    }

    /// Collects what the connections have to send, and our own heartbeats for lines on which none of them speaks.
    pub(super) fn collect(&mut self, now_us: u64) {
        let mut collected = Outbox::default();
        let everywhere: Vec<Channel> = self.lines.keys().copied().collect();
        let routes = &self.routes;
        let speakers = self.members.iter().map(|(system, member)| (Some(*system), &member.connection));
        let single = self.single.iter().map(|single| (single.system_id(), single));
        for (system, connection) in speakers.chain(single) {
            connection.take_outgoing(|bytes| {
                let route = system.and_then(|system| routes.get(&system)).map(|(channel, _)| *channel);
                for frame in frames(bytes) {
                    match route {
                        Some(channel) => collected.push(channel, frame),
                        // Not heard yet, or its link has just ended: whoever it is may be anywhere.
                        None => everywhere.iter().for_each(|channel| collected.push(*channel, frame)),
                    }
                }
            });
        }
        collected.each(|channel, frame| self.send_own(channel, frame, now_us));
        self.keep_lines_alive(now_us);
    }

    /// A heartbeat where a link would else be silent. Never where a vehicle is that has a connection: whether that one looks alive is
    /// for its own mission to say.
    fn keep_lines_alive(&mut self, now_us: u64) {
        if self.single.is_some() {
            return;
        }
        let spoken_for = |channel: &Channel| {
            let mut routed = self.routes.iter().filter(|(_, (route, _))| route == channel);
            routed.any(|(system, _)| self.members.contains_key(system))
        };
        let due = self.lines.iter().filter(|(_, line)| now_us >= line.sent_us + HEARTBEAT_EVERY_US);
        let due: Vec<Channel> = due.map(|(channel, _)| *channel).filter(|channel| !spoken_for(channel)).collect();
        if due.is_empty() {
            return;
        }
        let (system, component) = (self.identity.system.unwrap_or(1), self.identity.component);
        let mut heartbeat = core::mem::take(&mut self.heartbeat);
        if component == COMPONENT_GROUND_STATION {
            heartbeat.push(system, component, &outgoing::ground_station_heartbeat());
        } else {
            heartbeat.push(system, component, &outgoing::heartbeat());
        }
        for channel in due {
            self.send_own(channel, heartbeat.bytes(), now_us);
        }
        heartbeat.clear();
        self.heartbeat = heartbeat;
    }

    /// One of our own frames, numbered and signed as this line's.
    fn send_own(&mut self, channel: Channel, frame: &[u8], now_us: u64) {
        let Some(line) = self.lines.get_mut(&channel) else { return };
        line.sent_us = now_us;
        let start = self.outbox.bytes.len();
        self.outbox.push(channel, frame);
        if let Some((system, component)) = outgoing::sender(frame) {
            let sequence = line.sequences.entry((system, component)).or_default();
            if outgoing::renumber(&mut self.outbox.bytes[start..], *sequence) {
                *sequence = sequence.wrapping_add(1);
            }
        }
        if let Some(seal) = &line.seal {
            crate::wire::seal::Signs::close(seal, &mut self.outbox.bytes, start);
            self.outbox.end_last_here();
        }
        if self.forwards {
            // Comes back where routers stand in a circle, and must not go around again.
            is_repeated(&mut self.recent, &self.outbox.bytes[start..], now_us);
        }
    }

    /// Hands over what is to be sent, and forgets it.
    pub(super) fn take_outgoing(&mut self, send: impl FnMut(Channel, &[u8])) {
        self.outbox.each(send);
        self.outbox.clear();
    }

    pub(super) fn heard_on(&self, link: LinkId) -> HeardOn {
        let mut heard = self.gone.get(&link).copied().unwrap_or_default();
        for (_, line) in self.lines.iter().filter(|(channel, _)| channel.link == link) {
            heard.add(line);
            heard.peers += usize::from(line.heard_us.is_some());
        }
        heard
    }
    pub(super) fn heard(&self, now_us: u64) -> Vec<SystemReport> {
        let mut reports: Vec<SystemReport> = Vec::new();
        for (channel, line) in &self.lines {
            reports.extend(line.sources.iter().map(|source| SystemReport {
                system: source.system,
                component: source.component,
                link: channel.link,
                messages_received: source.received,
                messages_lost: source.lost,
                silent_s: now_us.saturating_sub(source.heard_us) as f64 * 1e-6,
            }));
        }
        reports.sort_by_key(|report| (report.system, report.component, report.link));
        reports
    }
    /// The network ends.
    pub(super) fn close(&mut self) {
        for connection in self.members.values().map(|member| &member.connection).chain(&self.single) {
            connection.close();
        }
    }
}

impl Line {
    fn sign(&mut self, signing: Option<&Signing>, channel: Channel) {
        self.seal = signing.map(|signing| signing.on_link(signing.link().wrapping_add(channel.link.0 as u8)));
        self.decoder.seal = self.seal.clone().map(|seal| Box::new(seal) as _);
    }
    /// Whether a message to this addressee belongs here; 0 is everybody.
    fn concerns(&self, system: u8, component: u8) -> bool {
        if system == 0 {
            return true;
        }
        let of_system = |source: &&Source| source.system == system;
        let knows_component = self.sources.iter().filter(of_system).any(|source| source.component == component);
        // A component that was never heard may sit behind the autopilot.
        let has_autopilot = self.sources.iter().filter(of_system).any(|source| source.component == COMPONENT_AUTOPILOT);
        knows_component
            || has_autopilot
            || (component == 0 && self.sources.iter().any(|source| source.system == system))
    }
}

impl HeardOn {
    fn add(&mut self, line: &Line) {
        let (sum, more) = (&mut self.statistics, &line.decoder.statistics);
        sum.bytes_received += more.bytes_received;
        sum.messages_received += more.messages_received;
        sum.messages_unknown += more.messages_unknown;
        sum.bytes_skipped += more.bytes_skipped;
        sum.messages_signed += more.messages_signed;
        sum.messages_unsigned += more.messages_unsigned;
        sum.signatures_wrong += more.signatures_wrong;
        sum.messages_replayed += more.messages_replayed;
        sum.messages_lost += line.sources.iter().map(|source| source.lost).sum::<u64>();
        self.repeated += line.repeated;
        self.at_us = self.at_us.max(line.heard_us);
    }
}

impl Outbox {
    fn push(&mut self, channel: Channel, frame: &[u8]) {
        self.bytes.extend_from_slice(frame);
        self.frames.push((channel, self.bytes.len()));
    }
    /// The last frame has grown.
    fn end_last_here(&mut self) {
        if let Some((_, end)) = self.frames.last_mut() {
            *end = self.bytes.len();
        }
    }
    fn each(&self, mut send: impl FnMut(Channel, &[u8])) {
        let mut start = 0;
        for (channel, end) in &self.frames {
            send(*channel, &self.bytes[start..*end]);
            start = *end;
        }
    }
    fn clear(&mut self) {
        self.bytes.clear();
        self.frames.clear();
    }
}

/// Counts a frame of its sender, and what is missing before it.
fn note(sources: &mut Vec<Source>, frame: &Frame<'_>, now_us: u64) {
    let (system, component, sequence) = (frame.system, frame.component, frame.sequence);
    if let Some(source) = sources.iter_mut().find(|source| (source.system, source.component) == (system, component)) {
        let gap = sequence.wrapping_sub(source.sequence).wrapping_sub(1);
        // A large gap is reordering or a restart, not loss.
        source.lost += if gap < 100 { u64::from(gap) } else { 0 };
        source.received += 1;
        (source.sequence, source.heard_us) = (sequence, now_us);
        return;
    }
    if sources.len() >= MOST_SOURCES {
        let oldest = sources.iter().enumerate().min_by_key(|(_, source)| source.heard_us).map(|(index, _)| index);
        oldest.map(|index| sources.swap_remove(index));
    }
    sources.push(Source { system, component, sequence, received: 1, lost: 0, heard_us: now_us });
}

/// Whether this very frame was here a moment ago, as one of ours or by any link.
fn is_repeated(recent: &mut BTreeMap<u64, u64>, raw: &[u8], now_us: u64) -> bool {
    let before = recent.insert(fingerprint(raw), now_us);
    before.is_some_and(|at_us| now_us < at_us + REPEATED_WITHIN_US)
}

/// FNV-1a: frames of one sender differ in their sequence numbers, so that equal ones are the same.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
