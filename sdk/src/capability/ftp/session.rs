//! One exchange after the other with numbers that fit, and a file that is closed whatever happens.
//!
//! A request that is repeated keeps its number: both autopilots then repeat their last reply instead of doing it twice.
use super::Ftp;
use super::wire::{self, FILE_TRANSFER_PROTOCOL, Nak, Opcode, Reply, Request};
use crate::error::RequestError;
use crate::inbox::Inbox;
use crate::pace::{Pace, Waiter};
use crate::session::Link;
use crate::telemetry::Micros;
use crate::turn::{self, Protocol, Turn};

const ATTEMPTS: u8 = 16;
const EACH_US: Micros = 800_000;
/// Replies to a burst count up from its own number, at most 500 of them (ArduPilot); the next request must not look like one repeated.
pub(super) const BURST_NUMBERS: u16 = 1000;
/// Bursts come as fast as the link carries them.
const UNREAD: usize = if cfg!(feature = "std") { 512 } else { 16 };
/// A file left open by somebody: ArduPilot closes it after 3 s, PX4 after 10 to 30 s, or at once when all sessions are reset.
const OPEN_ATTEMPTS: u8 = 6;
const OPEN_AGAIN_US: Micros = 1_000_000;
const RESET_AFTER: u8 = 4;

/// The turn to speak FTP, and what is open.
pub(super) struct Talk {
    pub link: Link,
    pub waiter: Waiter,
    pub inbox: Inbox,
    component: u8,
    open: Option<u8>,
    _turn: Turn,
}

impl Talk {
    pub(super) async fn begin(ftp: &Ftp) -> Result<Self, RequestError> {
        let mut waiter = ftp.system.waiter();
        let turn = turn::take(&mut waiter, Protocol::Files).await?;
        let link = ftp.system.link().clone();
        let component = ftp.component.or(link.with(|core| core.peer.map(|peer| peer.component))).unwrap_or(1);
        let inbox = Inbox::open(&link, &[FILE_TRANSFER_PROTOCOL], UNREAD);
        Ok(Self { link, waiter, inbox, component, open: None, _turn: turn })
    }

    /// A number for a request that was not used lately.
    pub(super) fn next_number(&self, step: u16) -> u16 {
        self.link.with(|core| {
            core.ftp_number = core.ftp_number.wrapping_add(step);
            core.ftp_number
        })
    }
    pub(super) fn send(&self, number: u16, request: &Request<'_>) -> Result<(), RequestError> {
        self.link.with(|core| wire::send(core, self.component, number, request))
    }
    pub(super) fn take_reply(&self) -> Option<Reply> {
        while let Some(received) = self.inbox.take() {
            if let Some(reply) = self.link.with(|core| wire::read(&received, self.component, core)) {
                return Some(reply);
            }
        }
        None
    }

    /// Asks until the reply to this very request is there.
    pub(super) async fn ask(&mut self, request: &Request<'_>) -> Result<Result<Reply, Nak>, RequestError> {
        let number = self.next_number(2);
        let started = self.link.now_us();
        for _ in 0..ATTEMPTS {
            self.send(number, request)?;
            let deadline = self.link.now_us() + EACH_US;
            while self.link.now_us() < deadline {
                while let Some(reply) = self.take_reply() {
                    if reply.seq == number.wrapping_add(1) && reply.request == request.opcode as u8 {
                        return Ok(match reply.content {
                            Err(nak) => Err(nak),
                            Ok(_) => Ok(reply),
                        });
                    }
                }
                self.waiter.step().await?;
            }
        }
        let waited_s = (self.link.now_us() - started) as f64 * 1e-6;
        Err(RequestError::NoAnswer { what: request.opcode.name(), attempts: ATTEMPTS, waited_s })
    }

    /// As [`Talk::ask`] for what is done at once; a refusal is an error about `path`.
    pub(super) async fn do_once(&mut self, request: &Request<'_>, path: &str) -> Result<Reply, RequestError> {
        self.ask(request).await?.map_err(|nak| nak.error(request.opcode, path))
    }

    /// Opens the file at `path`; the session's number and the reply's data.
    pub(super) async fn open(&mut self, opcode: Opcode, path: &str) -> Result<(u8, Reply), RequestError> {
        let session = self.next_number(1) as u8 | 1;
        let request = Request { session, ..Request::with_data(opcode, path.as_bytes()) };
        let mut attempt = 1;
        loop {
            match self.ask(&request).await? {
                Ok(reply) => {
                    self.open = Some(reply.session);
                    return Ok((reply.session, reply));
                }
                Err(nak) => {
                    let is_busy = [Nak::FAIL, Nak::INVALID_SESSION, Nak::NO_SESSIONS].contains(&nak.code);
                    if !is_busy || attempt == OPEN_ATTEMPTS {
                        return Err(nak.error(opcode, path));
                    }
                }
            }
            if attempt == RESET_AFTER {
                self.ask(&Request::new(Opcode::ResetSessions, session)).await?.ok();
            }
            attempt += 1;
            let until = self.link.now_us() + OPEN_AGAIN_US;
            while self.link.now_us() < until {
                self.waiter.step().await?;
            }
        }
    }

    /// Closes what is open and waits until the vehicle has: what was written is there then.
    pub(super) async fn close(&mut self) -> Result<(), RequestError> {
        let Some(session) = self.open else { return Ok(()) };
        let closed = self.ask(&Request::new(Opcode::TerminateSession, session)).await?;
        self.open = None;
        closed.map(drop).map_err(|nak| nak.error(Opcode::TerminateSession, ""))
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        if let Some(session) = self.open {
            // Given up in the middle. Where this is lost the vehicle closes the file after its own time.
            let number = self.next_number(BURST_NUMBERS);
            let _held = self.send(number, &Request::new(Opcode::TerminateSession, session));
        }
    }
}
