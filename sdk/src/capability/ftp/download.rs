//! Reading a file: in bursts, then the gaps one by one.
//!
//! Data is taken from every packet of the session, whichever request it answers: each says where it belongs. Gaps are asked for only
//! when a burst is over, because a server may share one position between both.
use super::session::{BURST_NUMBERS, Talk};
use super::wire::{DATA, Nak, Opcode, Reply, Request};
use super::{Ftp, check_path};
use crate::capability::transfer::Progress;
use crate::error::RequestError;
use crate::pace::Pace;
use crate::shared::MaybeSend;
use crate::telemetry::Micros;
use alloc::{vec, vec::Vec};

/// A burst that says nothing for so long is over.
const BURST_QUIET_US: Micros = 1_000_000;
/// After its last packet the ones that it overtook may still come.
const LATE_US: Micros = 300_000;
/// Gaps up to this are read packet by packet.
const SMALL_GAP: usize = 2 * DATA;
/// So many bursts in a row may bring nothing before packet by packet is tried, and so many of those before it is given up.
const EMPTY_BURSTS: u8 = 4;
/// So often a file is opened again that the vehicle has closed in the middle: PX4 counts a long burst as idleness.
const REOPENINGS: u8 = 5;

/// Which bytes are there.
struct Gaps(Vec<(usize, usize)>);

impl Gaps {
    fn first(&self) -> Option<(usize, usize)> {
        self.0.first().copied()
    }
    fn bytes(&self) -> usize {
        self.0.iter().map(|(from, to)| to - from).sum()
    }
    /// The bytes from `from` up to `to` are there.
    fn fill(&mut self, from: usize, to: usize) {
        let mut left = Vec::with_capacity(self.0.len() + 1);
        for &(gap_from, gap_to) in &self.0 {
            if gap_from < from.min(gap_to) {
                left.push((gap_from, from.min(gap_to)));
            }
            if to.max(gap_from) < gap_to {
                left.push((to.max(gap_from), gap_to));
            }
        }
        self.0 = left;
    }
}

struct Download<'a, R> {
    talk: Talk,
    path: &'a str,
    session: u8,
    /// As it was told when the file was opened.
    size: usize,
    content: Vec<u8>,
    gaps: Gaps,
    reopenings: u8,
    report: R,
}

/// Reads the file at `path` where it is no longer than `at_most` bytes.
pub(super) async fn download(
    ftp: &Ftp,
    path: &str,
    at_most: u32,
    report: impl FnMut(Progress) + MaybeSend,
) -> Result<Vec<u8>, RequestError> {
    check_path(path)?;
    let mut talk = Talk::begin(ftp).await?;
    let (session, reply) = talk.open(Opcode::OpenFileRo, path).await?;
    let size = size_of(&reply);
    if size > at_most {
        talk.close().await?;
        let (value, highest) = (f64::from(size), f64::from(at_most));
        return Err(RequestError::OutOfRange { what: "size of the file, bytes", value, lowest: 0.0, highest });
    }
    let gaps = Gaps(if size == 0 { Vec::new() } else { vec![(0, size as usize)] });
    let size = size as usize;
    let mut download = Download { talk, path, session, size, content: vec![0; size], gaps, reopenings: 0, report };
    download.read_all().await?;
    // What was read is right whether or not the vehicle hears that it may close the file.
    download.talk.close().await.ok();
    Ok(download.content)
}

/// The file's size as OpenFileRO tells it.
fn size_of(reply: &Reply) -> u32 {
    let mut size = [0; 4];
    if let Ok(data) = &reply.content {
        let given = data.len().min(4);
        size[..given].copy_from_slice(&data[..given]);
    }
    u32::from_le_bytes(size)
}

impl<R: FnMut(Progress) + MaybeSend> Download<'_, R> {
    async fn read_all(&mut self) -> Result<(), RequestError> {
        let mut empty_bursts = 0;
        while let Some((from, to)) = self.gaps.first() {
            if to - from <= SMALL_GAP || empty_bursts >= EMPTY_BURSTS {
                self.read_one(from, to).await?;
                continue;
            }
            let before = self.gaps.bytes();
            match self.burst(from).await? {
                Some(nak) if nak.is(Nak::END_OF_FILE) && self.gaps.bytes() == before => {
                    // The file may be shorter than it said; reading packet by packet tells.
                    self.read_one(from, to).await?;
                }
                Some(nak) if nak.is(Nak::UNKNOWN_COMMAND) => empty_bursts = EMPTY_BURSTS,
                Some(nak) if !nak.is(Nak::END_OF_FILE) => self.reopen(nak, Opcode::BurstReadFile).await?,
                _ if self.gaps.bytes() == before => empty_bursts += 1,
                _ => empty_bursts = 0,
            }
        }
        Ok(())
    }

    /// One packet from `from` on; the end of the file there ends it.
    async fn read_one(&mut self, from: usize, to: usize) -> Result<(), RequestError> {
        let size = (to - from).min(DATA) as u8;
        let request = Request { offset: from as u32, size, ..Request::new(Opcode::ReadFile, self.session) };
        match self.talk.ask(&request).await? {
            Ok(reply) if reply.content.as_ref().is_ok_and(|data| data.is_empty()) => {
                self.truncate(from);
                Ok(())
            }
            // Plain replies need not say the offset: it is the one asked for.
            Ok(reply) => {
                self.take(from, reply.content.as_deref().unwrap_or_default());
                Ok(())
            }
            Err(nak) if nak.is(Nak::END_OF_FILE) => {
                self.truncate(from);
                Ok(())
            }
            Err(nak) => self.reopen(nak, Opcode::ReadFile).await,
        }
    }

    /// Opens the file again where `nak` says that it is not open any more; else it is the end.
    async fn reopen(&mut self, nak: Nak, opcode: Opcode) -> Result<(), RequestError> {
        // ArduPilot says FILE_NOT_FOUND where no file is open.
        let is_closed = [Nak::INVALID_SESSION, Nak::FILE_NOT_FOUND].contains(&nak.code);
        self.reopenings += 1;
        if !is_closed || self.reopenings > REOPENINGS {
            return Err(nak.error(opcode, self.path));
        }
        let (session, reply) = self.talk.open(Opcode::OpenFileRo, self.path).await?;
        let (size, before) = (size_of(&reply) as usize, self.size);
        if size != before {
            let why = alloc::format!("the file has {size} bytes now, had {before}");
            return Err(RequestError::Inconsistent { what: "the file read", why });
        }
        self.session = session;
        Ok(())
    }

    /// Asks for all from `from` on and takes what comes until it is over; the refusal, if it ended with one.
    async fn burst(&mut self, from: usize) -> Result<Option<Nak>, RequestError> {
        let number = self.talk.next_number(2);
        // The replies count up from there: the request after the burst must not be taken for a repeated one of it.
        self.talk.next_number(BURST_NUMBERS);
        let request =
            Request { offset: from as u32, size: DATA as u8, ..Request::new(Opcode::BurstReadFile, self.session) };
        self.talk.send(number, &request)?;
        let mut quiet_at = self.talk.link.now_us() + BURST_QUIET_US;
        let mut nak = None;
        while self.talk.link.now_us() < quiet_at && self.gaps.first().is_some() {
            while let Some(reply) = self.talk.take_reply() {
                let of_this_burst = reply.seq.wrapping_sub(number) <= BURST_NUMBERS;
                if reply.session != self.session || reply.request != Opcode::BurstReadFile as u8 || !of_this_burst {
                    continue;
                }
                let now = self.talk.link.now_us();
                match reply.content {
                    Ok(data) => {
                        self.take(reply.offset as usize, &data);
                        quiet_at = now + if reply.burst_complete || nak.is_some() { LATE_US } else { BURST_QUIET_US };
                        if reply.burst_complete && self.gaps.first().is_none_or(|(gap, _)| gap >= reply.offset as usize)
                        {
                            // Nothing was overtaken: go on at once.
                            return Ok(nak);
                        }
                    }
                    Err(told) => {
                        nak = Some(told);
                        quiet_at = now + LATE_US;
                    }
                }
            }
            self.talk.waiter.step().await?;
        }
        Ok(nak)
    }

    fn take(&mut self, from: usize, data: &[u8]) {
        let to = (from + data.len()).min(self.content.len());
        let Some(place) = self.content.get_mut(from..to) else { return };
        place.copy_from_slice(&data[..to - from]);
        let before = self.gaps.bytes();
        self.gaps.fill(from, to);
        if self.gaps.bytes() < before {
            let total = self.content.len();
            (self.report)(Progress { done: (total - self.gaps.bytes()) as u32, total: total as u32 });
        }
    }

    /// The file ends at `at`: ArduPilot's generated files say a size beyond their end.
    fn truncate(&mut self, at: usize) {
        self.gaps.fill(at, self.content.len());
        self.content.truncate(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_in_any_order() {
        let mut gaps = Gaps(vec![(0, 100)]);
        for (from, to, left) in [
            (20, 30, vec![(0, 20), (30, 100)]),
            (25, 35, vec![(0, 20), (35, 100)]),
            (90, 200, vec![(0, 20), (35, 90)]),
            (0, 1, vec![(1, 20), (35, 90)]),
            (10, 40, vec![(1, 10), (40, 90)]),
            (1, 10, vec![(40, 90)]),
            (95, 99, vec![(40, 90)]),
            (40, 90, vec![]),
        ] {
            gaps.fill(from, to);
            assert_eq!(gaps.0, left, "after {from} to {to}");
        }
    }
}
