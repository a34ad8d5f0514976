//! Logs on the vehicle: list and download (LOG_REQUEST_LIST, LOG_REQUEST_DATA). Erasing is not offered: a log is evidence.
//!
//! Only while disarmed with ArduPilot, which does not read logs in flight. [`ftp`](super::ftp) is faster where the vehicle has it.
use crate::capability::transfer::Progress;
use crate::error::RequestError;
use crate::inbox::Inbox;
use crate::pace::{Pace, Waiter};
use crate::session::{Core, Link};
use crate::shared::MaybeSend;
use crate::system::System;
use crate::telemetry::Micros;
use crate::turn::{self, Protocol};
use alloc::{string::ToString, vec, vec::Vec};
use mavlink::MessageData;
use mavlink::dialects::ardupilotmega as mav;

const LOG_ENTRY: u32 = mav::LOG_ENTRY_DATA::ID;
const LOG_DATA: u32 = mav::LOG_DATA_DATA::ID;
/// Bytes of data in a LOG_DATA.
const PART: usize = 90;
/// How many parts are asked for at once: what arrives is kept, what is lost is asked for again.
const WINDOW: usize = 512;
/// Missing parts with fewer between them are asked for at once: repeating some costs less than another round trip.
const STRETCH: usize = 16;
const QUIET_US: Micros = 1_000_000;
const SILENT_ROUNDS: u8 = 12;
const LIST_LIMIT_US: Micros = 120_000_000;
const UNREAD: usize = if cfg!(feature = "std") { 1024 } else { 32 };
/// More than this is no log's size.
const BYTES_AT_MOST: u32 = 1 << 30;

/// A log as the vehicle lists it.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// for log in system.log_files().list().await? {
///     let began = log.began_utc_s.map_or("at an unknown time".to_owned(), |utc_s| format!("at {utc_s} s"));
///     println!("log {} of {} kB, begun {began}", log.id, log.bytes / 1000);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogEntry {
    /// The vehicle's number of the log.
    pub id: u16,
    /// Size; ArduPilot's may be approximate for the log being written.
    pub bytes: u32,
    /// When it began, seconds since 1970; `None` where the vehicle did not know.
    pub began_utc_s: Option<u32>,
}

impl System {
    /// Its logs.
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let logs = system.log_files();
    /// if let Some(latest) = logs.list().await?.last() {
    ///     let content = logs.download(latest).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn log_files(&self) -> LogFiles {
        LogFiles { system: self.clone() }
    }
}

/// The logs of a system; made by [`System::log_files`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let logs = system.log_files();
/// let all = logs.list().await?;
/// let smallest = all.iter().min_by_key(|log| log.bytes);
/// if let Some(log) = smallest {
///     println!("{} bytes", logs.download(log).await?.len());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct LogFiles {
    system: System,
}

impl LogFiles {
    /// The logs by their numbers (LOG_REQUEST_LIST).
    ///
    /// # Errors
    /// [`RequestError::NoAnswer`] where the vehicle does not list any or not all.
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// for log in system.log_files().list().await? {
    ///     println!("{} {} bytes", log.id, log.bytes);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn list(&self) -> Result<Vec<LogEntry>, RequestError> {
        let mut waiter = self.system.waiter();
        let _turn = turn::take(&mut waiter, Protocol::Logs).await?;
        let link = self.system.link();
        let inbox = Inbox::open(link, &[LOG_ENTRY], UNREAD);
        let started = link.now_us();
        let mut found: Vec<LogEntry> = Vec::new();
        let mut count = None;
        let (mut rounds, mut quiet_at) = (0, started);
        loop {
            while let Some(received) = inbox.take() {
                let fields = received.fields();
                let (total, began, bytes, id) = (fields.u16(10), fields.u32(0), fields.u32(4), fields.u16(8));
                count = Some(usize::from(total));
                rounds = 0;
                quiet_at = link.now_us() + QUIET_US;
                // With no logs there is one entry that says so.
                if total > 0 && !found.iter().any(|log| log.id == id) {
                    found.push(LogEntry { id, bytes, began_utc_s: (began > 0).then_some(began) });
                }
            }
            if count.is_some_and(|count| found.len() >= count) {
                found.sort_by_key(|log| log.id);
                return Ok(found);
            }
            let now = link.now_us();
            if now >= quiet_at {
                if rounds >= SILENT_ROUNDS || now > started + LIST_LIMIT_US {
                    return Err(unanswered("LOG_REQUEST_LIST", rounds, now - started));
                }
                rounds += 1;
                quiet_at = now + QUIET_US;
                link.with(send_list)?;
            }
            waiter.step().await?;
        }
    }
    /// The content of a log (LOG_REQUEST_DATA; what was lost is asked for again), then LOG_REQUEST_END.
    ///
    /// # Errors
    /// [`RequestError::Missing`] where the vehicle has no data of it; [`RequestError::NoAnswer`]; [`RequestError::WrongState`] while armed.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System, capability::log_files::LogEntry};
    /// # async fn example(system: System, log: LogEntry) -> Result<(), RequestError> {
    /// std::fs::write("flight.bin", system.log_files().download(&log).await?).expect("a file");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn download(&self, log: &LogEntry) -> Result<Vec<u8>, RequestError> {
        self.download_reporting(log, |_progress| {}).await
    }
    /// As [`LogFiles::download`]; `report` is told how many bytes are there.
    ///
    /// # Errors
    /// As [`LogFiles::download`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System, capability::log_files::LogEntry};
    /// # async fn example(system: System, log: LogEntry) -> Result<(), RequestError> {
    /// let logs = system.log_files();
    /// let content = logs.download_reporting(&log, |progress| println!("{:.0} %", progress.percent())).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn download_reporting(
        &self,
        log: &LogEntry,
        report: impl FnMut(Progress) + MaybeSend,
    ) -> Result<Vec<u8>, RequestError> {
        let mut waiter = self.system.waiter();
        let _turn = turn::take(&mut waiter, Protocol::Logs).await?;
        let link = self.system.link();
        if link.with(|core| core.telemetry.armed()) {
            return Err(RequestError::WrongState { what: "reading a log", needed: "disarmed" });
        }
        if log.bytes > BYTES_AT_MOST {
            let (value, highest) = (f64::from(log.bytes), f64::from(BYTES_AT_MOST));
            return Err(RequestError::OutOfRange { what: "size of the log, bytes", value, lowest: 0.0, highest });
        }
        let parts = (log.bytes as usize).div_ceil(PART);
        let inbox = Inbox::open(link, &[LOG_DATA], UNREAD);
        let content = vec![0; log.bytes as usize];
        let mut download = Download { link, waiter, inbox, id: log.id, content, there: vec![false; parts], report };
        let read = download.read_all().await;
        // Whatever came of it, the vehicle may stop sending and write its log again.
        let _held = link.with(send_end);
        read.map(|()| download.content)
    }
}

struct Download<'a, R> {
    link: &'a Link,
    waiter: Waiter,
    inbox: Inbox,
    id: u16,
    content: Vec<u8>,
    /// Which parts are there.
    there: Vec<bool>,
    report: R,
}

impl<R: FnMut(Progress) + MaybeSend> Download<'_, R> {
    async fn read_all(&mut self) -> Result<(), RequestError> {
        let started = self.link.now_us();
        let mut rounds = 0;
        while let Some(first) = self.there.iter().position(|there| !there) {
            let length = self.span(first);
            let (offset, count) = ((first * PART) as u32, (length * PART) as u32);
            self.link.with(|core| send_data_request(core, self.id, offset, count))?;
            if self.take_window(first, length).await? {
                rounds = 0;
                continue;
            }
            rounds += 1;
            if rounds >= SILENT_ROUNDS {
                let waited = self.link.now_us() - started;
                return Err(match first {
                    0 => RequestError::Missing { what: "data of log", name: self.id.to_string() },
                    _ => unanswered("LOG_REQUEST_DATA", rounds, waited),
                });
            }
        }
        Ok(())
    }

    /// How many parts to ask for from the missing one at `first` on: on to the last missing one before a stretch that is there.
    fn span(&self, first: usize) -> usize {
        let window = &self.there[first..self.there.len().min(first + WINDOW)];
        let mut length = 0;
        for (at, _) in window.iter().enumerate().filter(|(_, there)| !**there) {
            if at > length + STRETCH {
                break;
            }
            length = at + 1;
        }
        length
    }

    /// Takes parts until those from `first` on are there or the vehicle is quiet; whether any new one came.
    async fn take_window(&mut self, first: usize, length: usize) -> Result<bool, RequestError> {
        let mut news = false;
        let mut quiet_at = self.link.now_us() + QUIET_US;
        while self.link.now_us() < quiet_at && self.is_missing(first, length) {
            while let Some(received) = self.inbox.take() {
                let fields = received.fields();
                let (offset, id, count) = (fields.u32(0) as usize, fields.u16(4), usize::from(fields.u8(6)));
                if id != self.id || count > PART {
                    continue;
                }
                quiet_at = self.link.now_us() + QUIET_US;
                news |= self.take_part(offset, &fields.bytes::<PART>(7)[..count]);
            }
            self.waiter.step().await?;
        }
        Ok(news)
    }

    /// Whether any of the parts from `first` on is missing; the log may have turned out to be shorter.
    fn is_missing(&self, first: usize, length: usize) -> bool {
        self.there.iter().skip(first).take(length).any(|there| !there)
    }

    /// Whether `data` at `offset` was missing. A short part ends the log.
    fn take_part(&mut self, offset: usize, data: &[u8]) -> bool {
        let Some(there) = self.there.get_mut(offset / PART).filter(|there| !**there && offset.is_multiple_of(PART))
        else {
            return false;
        };
        *there = true;
        let to = (offset + data.len()).min(self.content.len());
        self.content[offset..to].copy_from_slice(&data[..to - offset]);
        if data.len() < PART && to < self.content.len() {
            // The log is shorter than it was listed: nothing is behind this part.
            self.content.truncate(to);
            self.there.truncate(to.div_ceil(PART).max(offset / PART + usize::from(!data.is_empty())));
        }
        let (total, parts) = (self.content.len(), self.there.iter().filter(|there| **there).count());
        (self.report)(Progress { done: (parts * PART).min(total) as u32, total: total as u32 });
        true
    }
}

fn unanswered(what: &'static str, attempts: u8, waited: Micros) -> RequestError {
    RequestError::NoAnswer { what, attempts, waited_s: waited as f64 * 1e-6 }
}
fn send_list(core: &mut Core) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    let (target_system, target_component) = (peer.system, peer.component);
    core.send(&mav::LOG_REQUEST_LIST_DATA { start: 0, end: u16::MAX, target_system, target_component })
}
fn send_data_request(core: &mut Core, id: u16, ofs: u32, count: u32) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    let (target_system, target_component) = (peer.system, peer.component);
    core.send(&mav::LOG_REQUEST_DATA_DATA { ofs, count, id, target_system, target_component })
}
fn send_end(core: &mut Core) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    core.send(&mav::LOG_REQUEST_END_DATA { target_system: peer.system, target_component: peer.component })
}
