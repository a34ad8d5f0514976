//! Sending a list: MISSION_COUNT, then the vehicle asks for item after item, then MISSION_ACK.
//!
//! The vehicle leads. An acknowledgement may be lost, repeated, or left over from before, so ACCEPTED counts only once every item was
//! asked for, and ERROR or INVALID_SEQUENCE only when nothing better follows (ArduPilot says INVALID_SEQUENCE to a repeated item and
//! goes on; PX4 says ERROR to a repeated MISSION_COUNT and goes on).
use super::wire::{self, List, Said, WireItem, result};
use crate::capability::transfer::Progress;
use crate::error::RequestError;
use crate::inbox::Inbox;
use crate::pace::Pace;
use crate::session::Link;
use crate::shared::MaybeSend;
use crate::system::System;
use crate::telemetry::Micros;
use crate::turn::{self, Protocol};

/// After so long without a word it is our turn.
const SILENT_US: Micros = 1_200_000;
/// So often MISSION_COUNT is sent before the vehicle asks for the first item: PX4 is busy with a broken transfer for 5 s, ArduPilot 8 s.
const OPENINGS: u8 = 12;
/// So often the silence is waited out before the transfer begins anew.
const SILENCES: u8 = 4;
const RESTARTS: u8 = 6;
/// All in all, microseconds for a list and for each item.
const LIMIT_US: Micros = 60_000_000;
const LIMIT_EACH_US: Micros = 4_000_000;

/// Tells the vehicle that a transfer is given up, where it ends before its end.
struct GiveUp<'a> {
    link: &'a Link,
    list: List,
    open: bool,
}

impl Drop for GiveUp<'_> {
    fn drop(&mut self) {
        if self.open {
            // Where it cannot leave the vehicle's own time limit does the same.
            let _held = self.link.with(|core| wire::send_ack(core, self.list, result::CANCELLED));
        }
    }
}

/// Where a transfer stands.
struct Upload<'a> {
    link: &'a Link,
    list: List,
    items: &'a [WireItem],
    /// Items of the wire in front of the user's: ArduPilot's home.
    ahead: u16,
    /// The highest item that was asked for.
    asked_for: Option<u16>,
    /// The latest item that was sent.
    sent: u16,
    /// An error that may be one of before.
    doubtful: Option<u8>,
    heard_at: Micros,
    silences: u8,
    openings: u8,
    restarts: u8,
}

/// Sends `items`; the number by which the vehicle knows this list is returned (0 where it has none).
pub(crate) async fn upload(
    system: &System,
    list: List,
    items: &[WireItem],
    ahead: u16,
    mut report: impl FnMut(Progress) + MaybeSend,
) -> Result<u32, RequestError> {
    if items.len() > usize::from(u16::MAX) {
        let (value, what) = (items.len() as f64, "number of items");
        return Err(RequestError::OutOfRange { what, value, lowest: 0.0, highest: f64::from(u16::MAX) });
    }
    let mut waiter = system.waiter();
    let _turn = turn::take(&mut waiter, Protocol::Items).await?;
    let link = system.link();
    let inbox = Inbox::open(link, &wire::HEARD, 32);
    let started = link.now_us();
    let limit_us = LIMIT_US + LIMIT_EACH_US * items.len() as Micros;
    let mut upload = Upload {
        link,
        list,
        items,
        ahead,
        asked_for: None,
        sent: 0,
        doubtful: None,
        heard_at: started,
        silences: 0,
        openings: 0,
        restarts: 0,
    };
    let mut give_up = GiveUp { link, list, open: true };
    upload.open()?;
    loop {
        while let Some(received) = inbox.take() {
            match wire::read(&received, list, link) {
                Some(Said::Request { seq }) => upload.answer(seq, &mut report)?,
                Some(Said::Ack { result: result::ACCEPTED, opaque_id }) if upload.is_all_asked_for() => {
                    give_up.open = false;
                    return Ok(opaque_id);
                }
                Some(Said::Ack { result, .. }) => {
                    if let Err(error) = upload.take_error(result) {
                        // The vehicle has ended it itself.
                        give_up.open = false;
                        return Err(error);
                    }
                }
                _ => {}
            }
        }
        let waited = link.now_us() - started;
        if waited > limit_us {
            return Err(upload.unanswered(waited));
        }
        if link.now_us() >= upload.heard_at + SILENT_US {
            upload.break_silence(waited)?;
        }
        waiter.step().await?;
    }
}

impl Upload<'_> {
    fn count(&self) -> u16 {
        self.items.len() as u16
    }
    fn is_all_asked_for(&self) -> bool {
        self.count() == 0 || self.asked_for.is_some_and(|highest| highest + 1 >= self.count())
    }

    fn open(&mut self) -> Result<(), RequestError> {
        self.openings += 1;
        self.heard_at = self.link.now_us();
        self.link.with(|core| wire::send_count(core, self.list, self.count()))
    }

    fn answer(&mut self, seq: u16, report: &mut impl FnMut(Progress)) -> Result<(), RequestError> {
        // More than it was told that there are: a request of before.
        let Some(item) = self.items.get(usize::from(seq)) else { return Ok(()) };
        self.link.with(|core| wire::send_item(core, self.list, seq, item))?;
        self.sent = seq;
        self.heard_at = self.link.now_us();
        self.silences = 0;
        self.doubtful = None;
        if self.asked_for.is_none_or(|highest| seq > highest) {
            self.asked_for = Some(seq);
            report(Progress { done: u32::from(seq) + 1, total: u32::from(self.count()) });
        }
        Ok(())
    }

    /// What an acknowledgement other than the last ACCEPTED means.
    fn take_error(&mut self, result: u8) -> Result<(), RequestError> {
        match (result, self.asked_for) {
            (result::ACCEPTED, _) => Ok(()),
            (result::ERROR | result::INVALID_SEQUENCE, _) | (result::DENIED, None) => {
                self.doubtful = Some(result);
                // An item that was sent again is not wanted any more: the vehicle has ended the transfer, its word was lost.
                if result == result::ERROR && self.is_all_asked_for() && self.silences > 0 {
                    return self.restart();
                }
                Ok(())
            }
            (result::CANCELLED, _) => {
                self.doubtful = Some(result);
                self.restart()
            }
            (result::UNSUPPORTED, None) => Err(RequestError::Unsupported { what: self.list.name() }),
            (_, None) => Err(self.failed(result)),
            (_, Some(_)) => match self.sent.checked_sub(self.ahead) {
                Some(item) => {
                    let result = wire::result_name(result);
                    Err(RequestError::ItemRefused { what: self.list.name(), item, result })
                }
                None => Err(self.failed(result)),
            },
        }
    }

    fn break_silence(&mut self, waited: Micros) -> Result<(), RequestError> {
        self.silences += 1;
        self.heard_at = self.link.now_us();
        if self.asked_for.is_none() {
            if self.openings >= OPENINGS {
                return Err(self.unanswered(waited));
            }
            if self.doubtful.is_some() {
                // It may still be in a transfer that broke off.
                self.link.with(|core| wire::send_ack(core, self.list, result::CANCELLED))?;
            }
            return self.open();
        }
        if self.silences >= SILENCES {
            return self.restart();
        }
        // Either the last item or the acknowledgement for it was lost; PX4 acknowledges a repeated last item again.
        match self.items.last() {
            Some(last) if self.is_all_asked_for() => {
                self.sent = self.count() - 1;
                self.link.with(|core| wire::send_item(core, self.list, self.count() - 1, last))
            }
            _ => Ok(()),
        }
    }

    fn restart(&mut self) -> Result<(), RequestError> {
        self.restarts += 1;
        if self.restarts > RESTARTS {
            return Err(self.failed(self.doubtful.unwrap_or(result::CANCELLED)));
        }
        self.asked_for = None;
        self.silences = 0;
        self.openings = 0;
        self.link.with(|core| wire::send_ack(core, self.list, result::CANCELLED))?;
        self.open()
    }

    fn failed(&self, result: u8) -> RequestError {
        RequestError::Failed { what: self.list.name(), reason: wire::result_name(result) }
    }
    fn unanswered(&self, waited: Micros) -> RequestError {
        match self.doubtful {
            Some(result) => self.failed(result),
            None => {
                let what = if self.asked_for.is_none() { "MISSION_COUNT" } else { "MISSION_ITEM_INT" };
                RequestError::NoAnswer { what, attempts: self.openings, waited_s: waited as f64 * 1e-6 }
            }
        }
    }
}
