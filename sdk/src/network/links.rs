//! The links of a network: opened, counted, closed, and opened again after a growing, bounded delay.
use super::router::{Channel, Router};
use super::thread::Backoff;
use super::{LinkId, LinkReport};
use crate::driver::port::{Heard, Port};
use crate::driver::url::LinkUrl;
use crate::driver::waiting::Alarm;
use crate::driver::{LinkError, MemoryLink, WallClock};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::Instant;

type Opened = io::Result<Box<dyn Port>>;

/// One link.
#[derive(Debug)]
struct Entry {
    url: String,
    /// How to open it again; a link within the process cannot be.
    target: Option<LinkUrl>,
    port: Option<Box<dyn Port>>,
    /// A thread is opening it: names and hosts may take their time.
    opening: Option<Receiver<Opened>>,
    backoff: Backoff,
    was_up: bool,
    reconnects: u64,
    last_error: Option<String>,
    messages_sent: u64,
    bytes_sent: u64,
    messages_dropped: u64,
}

/// All links.
#[derive(Debug)]
pub(super) struct Links {
    entries: Vec<Entry>,
    reconnects: bool,
    clock: WallClock,
    alarm: Arc<Alarm>,
}

impl Links {
    pub(super) fn new(reconnects: bool, alarm: Arc<Alarm>) -> Self {
        Self { entries: Vec::new(), reconnects, clock: WallClock::start(), alarm }
    }
    pub(super) fn now_us(&self) -> u64 {
        self.clock.now_us()
    }

    pub(super) fn add(&mut self, url: &str) -> Result<LinkId, LinkError> {
        let target = LinkUrl::parse(url)?;
        if target == LinkUrl::Lockstep {
            return Err(LinkError::LockstepInBackground);
        }
        let mut entry = Entry::new(url.to_owned(), Some(target.clone()));
        // A port that is taken stays so; a host that is not there, or a cable that is not plugged in, may come.
        let may_come = target.connects() || matches!(target, LinkUrl::Serial { .. });
        if !(self.reconnects && target.connects()) {
            match target.open() {
                Ok(port) => entry.port = Some(port),
                Err(error) if self.reconnects && may_come => entry.failed(&error.to_string()),
                Err(source) => return Err(LinkError::Open { url: url.to_owned(), source }),
            }
        }
        Ok(self.push(entry))
    }
    pub(super) fn add_memory(&mut self, end: MemoryLink) -> LinkId {
        let mut entry = Entry::new("memory".to_owned(), None);
        entry.port = Some(Box::new(end));
        self.push(entry)
    }
    fn push(&mut self, mut entry: Entry) -> LinkId {
        entry.was_up = entry.port.is_some();
        self.entries.push(entry);
        LinkId(self.entries.len() - 1)
    }

    pub(super) fn poll_set(&self, set: &mut Vec<libc::pollfd>) {
        for port in self.entries.iter().filter_map(|entry| entry.port.as_ref()) {
            port.poll_set(set);
        }
    }

    /// Hands all that has come to the router.
    pub(super) fn receive(&mut self, router: &mut Router, buffer: &mut [u8]) {
        let now_us = self.clock.now_us();
        // What can be sent to before it speaks must be known to the router, before anything from elsewhere is to be passed on to it.
        for (index, entry) in self.entries.iter().enumerate() {
            if let Some(peer) = entry.port.as_ref().and_then(|port| port.first_peer()) {
                router.meet(Channel { link: LinkId(index), peer }, now_us);
            }
        }
        for (index, entry) in self.entries.iter_mut().enumerate() {
            let link = LinkId(index);
            let Entry { port: Some(port), backoff, .. } = entry else { continue };
            let received = port.receive(buffer, &mut |peer, heard| {
                let channel = Channel { link, peer };
                match heard {
                    Heard::Bytes(bytes) => {
                        backoff.worked();
                        router.receive(channel, bytes, now_us);
                    }
                    Heard::Gone => router.forget(channel),
                }
            });
            if let Err(error) = received {
                entry.end(&error);
                router.forget_link(link);
            }
        }
    }

    /// Sends what the router has decided; what cannot leave now is dropped, because it would be old by the time that it could.
    pub(super) fn send(&mut self, router: &mut Router) {
        let mut failed = Vec::new();
        router.take_outgoing(|channel, frame| {
            let Some(entry) = self.entries.get_mut(channel.link.0) else { return };
            let sent = entry.port.as_mut().map_or(Ok(false), |port| port.send(channel.peer, frame));
            match sent {
                Ok(true) => {
                    entry.messages_sent += 1;
                    entry.bytes_sent += frame.len() as u64;
                }
                Ok(false) => entry.messages_dropped += 1,
                Err(error) => {
                    entry.messages_dropped += 1;
                    entry.end(&error);
                    failed.push(channel.link);
                }
            }
        });
        for link in failed {
            router.forget_link(link);
        }
    }

    /// Opens what is due.
    pub(super) fn reopen(&mut self, router: &mut Router) {
        for (index, entry) in self.entries.iter_mut().enumerate() {
            let Some(target) = &entry.target else { continue };
            if let Some(opening) = &entry.opening {
                match opening.try_recv() {
                    Err(TryRecvError::Empty) => {}
                    Ok(Ok(port)) => {
                        entry.opened(port);
                        router.forget_link(LinkId(index));
                    }
                    Ok(Err(error)) => entry.failed(&error.to_string()),
                    Err(TryRecvError::Disconnected) => entry.failed("the thread that was opening it ended"),
                }
                continue;
            }
            let may_try = self.reconnects || !entry.was_up;
            if entry.port.is_some() || !may_try || Instant::now() < entry.backoff.due {
                continue;
            }
            let (sender, receiver) = channel();
            let (target, alarm) = (target.clone(), Arc::clone(&self.alarm));
            let spawned = std::thread::Builder::new().name("mavlink-open".to_owned()).spawn(move || {
                // Nobody may be waiting any more.
                let _unheard = sender.send(target.open());
                alarm.ring();
            });
            match spawned {
                Ok(_) => entry.opening = Some(receiver),
                Err(error) => entry.failed(&error.to_string()),
            }
        }
    }

    pub(super) fn close_all(&mut self) {
        for entry in &mut self.entries {
            entry.port = None;
            entry.opening = None;
        }
    }

    pub(super) fn reports(&self, router: &Router) -> Vec<LinkReport> {
        let now_us = self.now_us();
        let report = |(index, entry): (usize, &Entry)| {
            let id = LinkId(index);
            let heard = router.heard_on(id);
            LinkReport {
                id,
                url: entry.url.clone(),
                is_up: entry.port.is_some(),
                reconnects: entry.reconnects,
                last_error: entry.last_error.clone(),
                peers: heard.peers,
                received: heard.statistics,
                messages_sent: entry.messages_sent,
                bytes_sent: entry.bytes_sent,
                messages_dropped: entry.messages_dropped,
                messages_repeated: heard.repeated,
                silent_s: heard.at_us.map(|at_us| now_us.saturating_sub(at_us) as f64 * 1e-6),
            }
        };
        self.entries.iter().enumerate().map(report).collect()
    }
}

impl Entry {
    fn new(url: String, target: Option<LinkUrl>) -> Self {
        Self {
            url,
            target,
            port: None,
            opening: None,
            backoff: Backoff::new(),
            was_up: false,
            reconnects: 0,
            last_error: None,
            messages_sent: 0,
            bytes_sent: 0,
            messages_dropped: 0,
        }
    }
    fn opened(&mut self, port: Box<dyn Port>) {
        self.port = Some(port);
        self.opening = None;
        self.reconnects += u64::from(self.was_up);
        self.was_up = true;
    }
    /// It could not be opened.
    fn failed(&mut self, why: &str) {
        self.opening = None;
        self.last_error = Some(why.to_owned());
        self.backoff.failed();
    }
    /// It was open and has ended.
    fn end(&mut self, error: &LinkError) {
        self.port = None;
        self.last_error = Some(match error {
            LinkError::Io(source) => source.to_string(),
            other => other.to_string(),
        });
        // A server that closes at once would otherwise be asked without a pause.
        self.backoff.failed();
    }
}
