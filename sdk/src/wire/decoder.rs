//! Frames out of a byte stream, MAVLink 1 and 2, without allocation; garbage is counted and skipped, never an error.
use super::checksum;
use super::seal::{Refusal, Seal};
use mavlink::calculate_crc;

const STX_V1: u8 = 0xFE;
pub(super) const STX_V2: u8 = 0xFD;
/// Incompatibility flag of a signed frame.
pub(super) const SIGNED: u8 = 0x01;
/// Link id, timestamp and signature of a signed frame.
pub(super) const SIGNATURE: usize = 13;
/// Largest frame: MAVLink 2 with 255 bytes of payload and a signature.
const MAX_FRAME: usize = 10 + 255 + 2 + SIGNATURE;
/// Bytes kept while a frame is incomplete.
const CAPACITY: usize = 2 * MAX_FRAME;

/// What came over a link so far.
///
/// ```
/// use flightsmith_sdk::wire::decoder::Decoder;
/// let mut decoder = Decoder::default();
/// decoder.push(b"not a frame");
/// assert!(decoder.next_frame().is_none());
/// assert_eq!(decoder.statistics.bytes_skipped, 11);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkStatistics {
    /// All bytes.
    pub bytes_received: u64,
    /// Frames with a right checksum.
    pub messages_received: u64,
    /// Whole frames of messages that the dialect does not know, skipped.
    pub messages_unknown: u64,
    /// Bytes skipped because they belong to no valid frame.
    pub bytes_skipped: u64,
    /// Frames missing by their sequence numbers (of the autopilot's component).
    pub messages_lost: u64,
    /// Frames with a right signature, where signing is on; part of `messages_received`.
    pub messages_signed: u64,
    /// Frames refused because they were not signed.
    pub messages_unsigned: u64,
    /// Frames refused because their signature was made with another key, or by nobody.
    pub signatures_wrong: u64,
    /// Frames refused because they, or newer ones of the same sender, had been heard before.
    pub messages_replayed: u64,
}

/// One valid frame, borrowed from the decoder.
///
/// ```
/// use flightsmith_sdk::{Connection, wire::decoder::{Decoder, Frame}};
/// /// What a logger writes for a frame.
/// fn line(frame: &Frame<'_>) -> String {
///     format!("{} from {}/{}, {} bytes", frame.id, frame.system, frame.component, frame.payload.len())
/// }
/// # let connection = Connection::with_ids(255, 190);
/// # connection.set_wall_us(20_000);
/// # let mut decoder = Decoder::default();
/// # connection.take_outgoing(|bytes| { decoder.push(bytes); });
/// assert_eq!(line(&decoder.next_frame().unwrap()), "0 from 255/190, 9 bytes");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame<'a> {
    /// MAVLink message id.
    pub id: u32,
    /// Sender's system id.
    pub system: u8,
    /// Sender's component id.
    pub component: u8,
    /// Sender's sequence number.
    pub sequence: u8,
    /// Payload as sent: MAVLink 2 drops trailing zeros.
    pub payload: &'a [u8],
    /// The whole frame as it came, from its marker to its checksum or signature: what a router passes on.
    pub raw: &'a [u8],
}

impl Frame<'_> {
    /// Whether it came as MAVLink 1.
    ///
    /// ```
    /// use flightsmith_sdk::wire::decoder::Frame;
    /// fn version(frame: &Frame<'_>) -> u8 {
    ///     if frame.is_v1() { 1 } else { 2 }
    /// }
    /// # let _ = version;
    /// ```
    pub fn is_v1(&self) -> bool {
        self.raw.first() == Some(&STX_V1)
    }
    /// Whether it carries a signature.
    ///
    /// ```
    /// use flightsmith_sdk::wire::decoder::Decoder;
    /// fn count_signed(decoder: &mut Decoder) -> usize {
    ///     let mut count = 0;
    ///     while let Some(frame) = decoder.next_frame() {
    ///         count += usize::from(frame.is_signed());
    ///     }
    ///     count
    /// }
    /// # assert_eq!(count_signed(&mut Decoder::default()), 0);
    /// ```
    pub fn is_signed(&self) -> bool {
        self.raw.first() == Some(&STX_V2) && self.raw.get(2).is_some_and(|flags| flags & SIGNED != 0)
    }
}

#[cfg(feature = "std")]
/// The length of the frame that begins `bytes`, by its header; `None` where that is no header.
pub(crate) fn frame_length(bytes: &[u8]) -> Option<usize> {
    let payload = usize::from(*bytes.get(1)?);
    match bytes[0] {
        STX_V1 => Some(6 + payload + 2),
        STX_V2 if bytes.get(2)? & SIGNED != 0 => Some(10 + payload + 2 + SIGNATURE),
        STX_V2 => Some(10 + payload + 2),
        _ => None,
    }
}

#[cfg(feature = "std")]
/// Each frame of `bytes`, which are nothing but frames.
pub(crate) fn frames(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    core::iter::from_fn(move || {
        let (frame, rest) = bytes.split_at_checked(frame_length(bytes)?)?;
        bytes = rest;
        Some(frame)
    })
}

fn accepts(seal: Option<&Seal>, statistics: &mut LinkStatistics, frame: &Frame<'_>) -> bool {
    let Some(seal) = seal else { return true };
    let verdict = seal.check(frame);
    match verdict {
        Ok(()) => statistics.messages_signed += u64::from(frame.is_signed()),
        Err(Refusal::Unsigned) => statistics.messages_unsigned += 1,
        Err(Refusal::WrongSignature) => statistics.signatures_wrong += 1,
        Err(Refusal::Replayed) => statistics.messages_replayed += 1,
    }
    verdict.is_ok()
}

/// Collects bytes until they make a frame.
///
/// ```
/// use flightsmith_sdk::{Connection, wire::decoder::Decoder};
/// // Any MAVLink: here what we send ourselves.
/// let connection = Connection::ground_station();
/// connection.set_wall_us(20_000);
/// let mut decoder = Decoder::default();
/// connection.take_outgoing(|bytes| { decoder.push(bytes); });
/// let heartbeat = decoder.next_frame().unwrap();
/// assert_eq!((heartbeat.id, heartbeat.system, heartbeat.component), (0, 255, 190));
/// ```
#[derive(Debug)]
pub struct Decoder {
    buffer: [u8; CAPACITY],
    start: usize,
    end: usize,
    /// Counters.
    pub statistics: LinkStatistics,
    /// Refuses what is not signed.
    pub(crate) seal: Option<Seal>,
}

impl Default for Decoder {
    fn default() -> Self {
        Self { buffer: [0; CAPACITY], start: 0, end: 0, statistics: LinkStatistics::default(), seal: None }
    }
}

enum Candidate {
    Valid { id: u32, system: u8, component: u8, sequence: u8, payload: core::ops::Range<usize>, length: usize },
    Unknown { length: usize },
    Incomplete,
    Invalid,
}

impl Decoder {
    /// Takes over as many of `bytes` as fit and says how many; call [`Decoder::next_frame`] until `None`, then push the rest.
    ///
    /// ```
    /// use flightsmith_sdk::wire::decoder::Decoder;
    /// fn frames_in(mut bytes: &[u8]) -> u64 {
    ///     let mut decoder = Decoder::default();
    ///     while !bytes.is_empty() {
    ///         let taken = decoder.push(bytes);
    ///         bytes = &bytes[taken..];
    ///         while decoder.next_frame().is_some() {}
    ///     }
    ///     decoder.statistics.messages_received
    /// }
    /// assert_eq!(frames_in(&[0xFE; 4000]), 0, "nothing but markers");
    /// ```
    pub fn push(&mut self, bytes: &[u8]) -> usize {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        let taken = bytes.len().min(CAPACITY - self.end);
        self.buffer[self.end..self.end + taken].copy_from_slice(&bytes[..taken]);
        self.end += taken;
        self.statistics.bytes_received += taken as u64;
        taken
    }

    /// The next valid frame, or `None` where more bytes are needed.
    ///
    /// ```
    /// use flightsmith_sdk::wire::decoder::Decoder;
    /// let mut decoder = Decoder::default();
    /// decoder.push(&[0xFD, 9, 0]);
    /// assert!(decoder.next_frame().is_none(), "the rest has not come yet");
    /// ```
    pub fn next_frame(&mut self) -> Option<Frame<'_>> {
        loop {
            match self.candidate() {
                Candidate::Valid { id, system, component, sequence, payload, length } => {
                    let raw = self.start..self.start + length;
                    let payload = self.start + payload.start..self.start + payload.end;
                    self.start += length;
                    let (payload_at, raw_at) = (payload, raw);
                    let (payload, raw) = (&self.buffer[payload_at.clone()], &self.buffer[raw_at.clone()]);
                    let frame = Frame { id, system, component, sequence, payload, raw };
                    if !accepts(self.seal.as_ref(), &mut self.statistics, &frame) {
                        continue;
                    }
                    self.statistics.messages_received += 1;
                    // Borrowed anew: what is returned may outlive the loop, what was checked may not.
                    let (payload, raw) = (&self.buffer[payload_at], &self.buffer[raw_at]);
                    return Some(Frame { id, system, component, sequence, payload, raw });
                }
                Candidate::Unknown { length } => {
                    self.start += length;
                    self.statistics.messages_unknown += 1;
                }
                Candidate::Incomplete => return None,
                Candidate::Invalid => {
                    self.start += 1;
                    self.statistics.bytes_skipped += 1;
                }
            }
        }
    }

    /// Asks whoever checks signatures, and counts.
    pub(crate) fn accepts(&mut self, frame: &Frame<'_>) -> bool {
        accepts(self.seal.as_ref(), &mut self.statistics, frame)
    }

    fn candidate(&self) -> Candidate {
        let bytes = &self.buffer[self.start..self.end];
        let Some(&stx) = bytes.first() else {
            return Candidate::Incomplete;
        };
        let header = match stx {
            STX_V1 => 6,
            STX_V2 => 10,
            _ => return Candidate::Invalid,
        };
        if bytes.len() < header {
            return Candidate::Incomplete;
        }
        let payload = header..header + usize::from(bytes[1]);
        let signature = match stx {
            STX_V2 if bytes[2] == SIGNED => SIGNATURE,
            // Unknown incompatibility flags: by the protocol such a frame must be dropped.
            STX_V2 if bytes[2] != 0 => return Candidate::Invalid,
            _ => 0,
        };
        let length = payload.end + 2 + signature;
        if bytes.len() < length {
            return Candidate::Incomplete;
        }
        let (id, system, component, sequence) = if stx == STX_V1 {
            (u32::from(bytes[5]), bytes[3], bytes[4], bytes[2])
        } else {
            (u32::from_le_bytes([bytes[7], bytes[8], bytes[9], 0]), bytes[5], bytes[6], bytes[4])
        };
        let sent = u16::from_le_bytes([bytes[payload.end], bytes[payload.end + 1]]);
        let extra = checksum::extra_crc(id);
        if calculate_crc(&bytes[1..payload.end], extra) == sent {
            return Candidate::Valid { id, system, component, sequence, payload, length };
        }
        // The dialect answers 0 for ids that it does not know. Such a frame cannot be verified; it is skipped whole only where
        // the next one starts right behind it (which is waited for), so that a stray marker byte cannot swallow valid frames.
        match bytes.get(length) {
            _ if extra != 0 => Candidate::Invalid,
            None => Candidate::Incomplete,
            Some(&(STX_V1 | STX_V2)) => Candidate::Unknown { length },
            Some(_) => Candidate::Invalid,
        }
    }
}
