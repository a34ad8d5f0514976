//! Reading and clearing a list: MISSION_REQUEST_LIST, MISSION_COUNT, then item by item; MISSION_CLEAR_ALL.
//!
//! A list that changes while it is read is read anew. One item is asked for at a time: PX4 ends a transfer that asks for another one
//! than the next.
use super::wire::{self, List, Said, WireItem, result};
use crate::capability::transfer::Progress;
use crate::error::RequestError;
use crate::inbox::Inbox;
use crate::pace::{Pace, Waiter};
use crate::session::{Core, Link};
use crate::shared::MaybeSend;
use crate::system::System;
use crate::telemetry::Micros;
use crate::turn::{self, Protocol};
use alloc::{format, vec::Vec};

/// PX4 is busy with a broken transfer for 5 s, ArduPilot 8 s.
const ATTEMPTS: u8 = 12;
/// PX4 says nothing to a request outside a transfer, so after so many the transfer begins anew.
const ITEM_ATTEMPTS: u8 = 5;
const EACH_US: Micros = 1_000_000;
const RESTARTS: u8 = 10;
const LIMIT_US: Micros = 120_000_000;
const LIMIT_EACH_US: Micros = 4_000_000;

const ITEM: &str = "MISSION_REQUEST_INT";

/// Why an answer is not the one that was waited for.
enum Otherwise {
    /// The vehicle has ended the transfer or its list has changed: begin anew.
    Anew(RequestError),
    /// Nothing helps.
    Ended(RequestError),
}

struct Download<'a> {
    link: &'a Link,
    list: List,
    inbox: Inbox,
    waiter: Waiter,
    started: Micros,
    limit_us: Micros,
}

/// Reads the list.
pub(crate) async fn download(
    system: &System,
    list: List,
    mut report: impl FnMut(Progress) + MaybeSend,
) -> Result<Vec<WireItem>, RequestError> {
    let mut waiter = system.waiter();
    let _turn = turn::take(&mut waiter, Protocol::Items).await?;
    let link = system.link();
    let inbox = Inbox::open(link, &wire::HEARD, 32);
    let mut download = Download { link, list, inbox, waiter, started: link.now_us(), limit_us: LIMIT_US };
    let mut last = None;
    for _ in 0..RESTARTS {
        match download.once(&mut report).await {
            Ok(items) => {
                // Not answered; PX4 waits for it for some seconds before it takes another transfer.
                let _held = link.with(|core| wire::send_ack(core, list, result::ACCEPTED));
                return Ok(items);
            }
            Err(Otherwise::Anew(error)) => last = Some(error),
            Err(Otherwise::Ended(error)) => {
                let _held = link.with(|core| wire::send_ack(core, list, result::CANCELLED));
                return Err(error);
            }
        }
    }
    let why = format!("begun {RESTARTS} times in vain");
    Err(last.unwrap_or(RequestError::Inconsistent { what: list.name(), why }))
}

/// Deletes the list on the vehicle.
pub(crate) async fn clear(system: &System, list: List) -> Result<(), RequestError> {
    let mut waiter = system.waiter();
    let _turn = turn::take(&mut waiter, Protocol::Items).await?;
    let link = system.link();
    let inbox = Inbox::open(link, &wire::HEARD, 32);
    let mut download = Download { link, list, inbox, waiter, started: link.now_us(), limit_us: LIMIT_US };
    let cleared = download
        .ask(
            "MISSION_CLEAR_ALL",
            ATTEMPTS,
            |core| wire::send_clear(core, list),
            |said| matches!(said, Said::Ack { result: result::ACCEPTED, .. }).then_some(()),
        )
        .await;
    cleared.map_err(|(Otherwise::Anew(error) | Otherwise::Ended(error))| error)
}

impl Download<'_> {
    async fn once(&mut self, report: &mut (impl FnMut(Progress) + MaybeSend)) -> Result<Vec<WireItem>, Otherwise> {
        let list = self.list;
        let (count, version) = self
            .ask(
                "MISSION_REQUEST_LIST",
                ATTEMPTS,
                |core| wire::send_request_list(core, list),
                |said| match said {
                    Said::Count { count, opaque_id } => Some((*count, *opaque_id)),
                    _ => None,
                },
            )
            .await?;
        self.limit_us = LIMIT_US + LIMIT_EACH_US * Micros::from(count);
        let mut items = Vec::with_capacity(usize::from(count));
        for wanted in 0..count {
            let item = self
                .ask(
                    ITEM,
                    ITEM_ATTEMPTS,
                    |core| wire::send_request(core, list, wanted),
                    |said| match said {
                        Said::Item { seq, item } if *seq == wanted => Some(Some(*item)),
                        Said::Count { count: now, opaque_id } if (*now, *opaque_id) != (count, version) => Some(None),
                        _ => None,
                    },
                )
                .await?;
            let Some(item) = item else {
                let why = format!("it changed while it was read, at item {wanted} of {count}");
                return Err(Otherwise::Anew(RequestError::Inconsistent { what: list.name(), why }));
            };
            items.push(item);
            report(Progress { done: u32::from(wanted) + 1, total: u32::from(count) });
        }
        Ok(items)
    }

    /// Sends until `pick` finds the answer; an error that may be one of before counts only once nothing better came.
    async fn ask<T>(
        &mut self,
        what: &'static str,
        attempts: u8,
        send: impl Fn(&mut Core) -> Result<(), RequestError>,
        pick: impl Fn(&Said) -> Option<T>,
    ) -> Result<T, Otherwise> {
        let in_transfer = what == ITEM;
        let mut doubtful = None;
        for attempt in 1..=attempts {
            let asked_at = self.link.now_us();
            if asked_at > self.started + self.limit_us {
                return Err(Otherwise::Ended(self.unanswered(what, attempt)));
            }
            self.link.with(&send).map_err(Otherwise::Ended)?;
            while self.link.now_us() < asked_at + EACH_US {
                while let Some(received) = self.inbox.take() {
                    let Some(said) = wire::read(&received, self.list, self.link) else { continue };
                    if let Some(answer) = pick(&said) {
                        return Ok(answer);
                    }
                    match said {
                        Said::Ack { result, .. } => doubtful = self.take_error(result, what)?.or(doubtful),
                        Said::OtherCount if attempt > 1 && !in_transfer => {
                            return Err(Otherwise::Ended(RequestError::Unsupported { what: self.list.name() }));
                        }
                        _ => {}
                    }
                }
                self.waiter.step().await.map_err(Otherwise::Ended)?;
            }
            if let Some(reason) = doubtful.filter(|_| in_transfer) {
                return Err(Otherwise::Anew(RequestError::Failed { what, reason }));
            }
        }
        Err(match doubtful {
            Some(reason) => Otherwise::Ended(RequestError::Failed { what, reason }),
            None if in_transfer => Otherwise::Anew(self.unanswered(what, attempts)),
            None => Otherwise::Ended(self.unanswered(what, attempts)),
        })
    }

    fn unanswered(&self, what: &'static str, attempts: u8) -> RequestError {
        let waited_s = (self.link.now_us() - self.started) as f64 * 1e-6;
        RequestError::NoAnswer { what, attempts, waited_s }
    }

    /// The name of an error that may yet pass (PX4 ends a transfer with ERROR when an old request overtakes; ArduPilot says DENIED
    /// while it receives a list itself); `Err` for one that does not.
    fn take_error(&self, result: u8, what: &'static str) -> Result<Option<&'static str>, Otherwise> {
        let reason = wire::result_name(result);
        match result {
            result::ACCEPTED => Ok(None),
            result::UNSUPPORTED => Err(Otherwise::Ended(RequestError::Unsupported { what: self.list.name() })),
            result::ERROR | result::INVALID_SEQUENCE | result::CANCELLED | result::DENIED => Ok(Some(reason)),
            _ => Err(Otherwise::Ended(RequestError::Failed { what, reason })),
        }
    }
}
