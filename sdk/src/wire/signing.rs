//! MAVLink 2 signing: a shared key proves who sent a frame, a timestamp that only grows that it is not an old one.
//!
//! Signed frames are still readable by everybody. Where keys and timestamps are kept is the caller's matter ([`Timekeeper`]); on a
//! computer with files that is `Signing::from_files`. <https://mavlink.io/en/guide/message_signing.html>
use super::decoder::{Frame, SIGNATURE, SIGNED, STX_V2};
use super::seal::{Refusal, Signs};
use crate::shared::{MaybeSend, Shared};
use alloc::{boxed::Box, vec::Vec};
use core::fmt;
use mavlink::calculate_crc;
use sha2::{Digest, Sha256};

/// A timestamp: tens of microseconds since 2015-01-01 00:00 UTC, 48 bits.
pub type Timestamp = u64;

/// A stream that was not heard before may be this far behind our clock: a minute.
const NEW_STREAM_BEHIND: Timestamp = 6_000_000;
/// So much is set aside at once, so that storing happens rarely: 30 s.
const RESERVED_AT_ONCE: Timestamp = 3_000_000;
/// Streams that are remembered; only holders of the key can make one.
const MOST_STREAMS: usize = 1024;
/// RADIO_STATUS comes from the radio itself, which has no key.
const RADIO_STATUS: u32 = 109;
/// Length of the checksum behind a payload.
const CHECKSUM: usize = 2;

/// The 32 bytes that both sides share. Never printed.
///
/// ```
/// use flightsmith_sdk::signing::SecretKey;
/// let key = SecretKey::from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").unwrap();
/// assert_eq!(format!("{key:?}"), "SecretKey(..)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// From its bytes.
    ///
    /// ```
    /// use flightsmith_sdk::signing::SecretKey;
    /// // Never a constant in a program: from a file or a secure element.
    /// fn key(from_secure_element: [u8; 32]) -> SecretKey {
    ///     SecretKey::new(from_secure_element)
    /// }
    /// # let _ = key;
    /// ```
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
    /// From 64 hexadecimal digits; `None` where it is anything else.
    ///
    /// ```
    /// use flightsmith_sdk::signing::SecretKey;
    /// assert!(SecretKey::from_hex("0123").is_none(), "64 digits are needed");
    /// ```
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.trim().as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |at: usize| char::from(pair[at]).to_digit(16);
            *byte = (digit(0)? << 4 | digit(1)?) as u8;
        }
        Some(Self(bytes))
    }
    /// The SHA-256 of a passphrase, which is what QGroundControl, Mission Planner and MAVProxy make of one.
    ///
    /// ```
    /// use flightsmith_sdk::signing::SecretKey;
    /// let same = SecretKey::from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad").unwrap();
    /// assert_eq!(SecretKey::from_passphrase("abc"), same);
    /// ```
    pub fn from_passphrase(passphrase: &str) -> Self {
        Self(Sha256::digest(passphrase.as_bytes()).into())
    }
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

impl Drop for SecretKey {
    fn drop(&mut self) {
        self.0.fill(0);
        // Keeps the compiler from leaving the writes out because nobody reads them.
        core::hint::black_box(&self.0);
    }
}

/// Where timestamps come from and are kept, so that none is ever used twice, not even after a crash.
///
/// ```
/// use flightsmith_sdk::signing::{SecretKey, Signing, Timekeeper, Timestamp};
/// /// A board with a backup register, and no clock.
/// struct Register(Timestamp);
/// impl Timekeeper for Register {
///     fn now(&mut self) -> Option<Timestamp> { None }
///     fn stored(&mut self) -> Timestamp { self.0 }
///     fn reserve(&mut self, until: Timestamp, _at_once: bool) -> bool { self.0 = until; true }
/// }
/// let signing = Signing::new(SecretKey::from_passphrase("abc"), 0, Register(0));
/// # let _ = signing;
/// ```
pub trait Timekeeper: MaybeSend {
    /// The wall clock, where there is one that is right.
    ///
    /// ```
    /// use flightsmith_sdk::signing::{Timekeeper, Timestamp};
    /// /// A board with a battery-backed clock, and nowhere to keep timestamps.
    /// struct Rtc {
    ///     seconds_since_2015: u64,
    /// }
    /// impl Timekeeper for Rtc {
    ///     fn now(&mut self) -> Option<Timestamp> {
    ///         // Timestamps count 10 microseconds from the beginning of 2015.
    ///         Some(self.seconds_since_2015 * 100_000)
    ///     }
    ///     fn stored(&mut self) -> Timestamp { 0 }
    ///     fn reserve(&mut self, _until: Timestamp, _at_once: bool) -> bool { false }
    /// }
    /// assert_eq!(Rtc { seconds_since_2015: 2 }.now(), Some(200_000));
    /// ```
    fn now(&mut self) -> Option<Timestamp>;
    /// What was reserved last, in this run or an earlier one; 0 at first.
    ///
    /// ```
    /// use flightsmith_sdk::signing::{Timekeeper, Timestamp};
    /// fn is_first_run(keeper: &mut impl Timekeeper) -> bool {
    ///     keeper.stored() == 0
    /// }
    /// # struct Nothing;
    /// # impl Timekeeper for Nothing {
    /// #     fn now(&mut self) -> Option<Timestamp> { None }
    /// #     fn stored(&mut self) -> Timestamp { 0 }
    /// #     fn reserve(&mut self, _: Timestamp, _: bool) -> bool { true }
    /// # }
    /// # assert!(is_first_run(&mut Nothing));
    /// ```
    fn stored(&mut self) -> Timestamp;
    /// Timestamps below `until` are going to be used: stores it, before it returns where `at_once`, else soon. `false` where it cannot
    /// be stored: signing goes on, and [`Signing::is_kept`] tells.
    ///
    /// ```
    /// use flightsmith_sdk::signing::{Timekeeper, Timestamp};
    /// use std::fs;
    /// struct InFile(&'static str);
    /// impl Timekeeper for InFile {
    ///     fn now(&mut self) -> Option<Timestamp> { None }
    ///     fn stored(&mut self) -> Timestamp {
    ///         fs::read_to_string(self.0).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
    ///     }
    ///     fn reserve(&mut self, until: Timestamp, _at_once: bool) -> bool {
    ///         fs::write(self.0, until.to_string()).is_ok()
    ///     }
    /// }
    /// # let _ = InFile("timestamp").now();
    /// ```
    fn reserve(&mut self, until: Timestamp, at_once: bool) -> bool;
}

/// Says which unsigned frames are taken all the same. RADIO_STATUS always is.
///
/// ```
/// use flightsmith_sdk::{signing::UnsignedPolicy, wire::decoder::Frame};
/// /// ADS-B receivers do not sign (ADSB_VEHICLE is 246).
/// struct AdsB;
/// impl UnsignedPolicy for AdsB {
///     fn accepts(&mut self, frame: &Frame<'_>) -> bool {
///         frame.id == 246
///     }
/// }
/// # let _ = AdsB;
/// ```
pub trait UnsignedPolicy: MaybeSend {
    /// Whether this unsigned frame is taken.
    ///
    /// ```
    /// use flightsmith_sdk::{signing::UnsignedPolicy, wire::decoder::Frame};
    /// // A closure will do.
    /// fn heartbeats_only() -> impl UnsignedPolicy {
    ///     |frame: &Frame<'_>| frame.id == 0
    /// }
    /// let frame = Frame { id: 30, system: 1, component: 1, sequence: 0, payload: &[], raw: &[] };
    /// assert!(!heartbeats_only().accepts(&frame));
    /// ```
    fn accepts(&mut self, frame: &Frame<'_>) -> bool;
}

impl<F: FnMut(&Frame<'_>) -> bool + MaybeSend> UnsignedPolicy for F {
    fn accepts(&mut self, frame: &Frame<'_>) -> bool {
        self(frame)
    }
}

/// One sender on one of its links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stream {
    link: u8,
    system: u8,
    component: u8,
    last: Timestamp,
}

struct State {
    key: SecretKey,
    keeper: Box<dyn Timekeeper>,
    policy: Option<Box<dyn UnsignedPolicy>>,
    last: Timestamp,
    reserved: Timestamp,
    kept: bool,
    streams: Vec<Stream>,
}

/// Signs what is sent and checks what is received. Clones share key, clock and what was heard.
///
/// ```
/// use flightsmith_sdk::signing::{SecretKey, Signing};
/// use flightsmith_sdk::Connection;
/// # struct Clock; use flightsmith_sdk::signing::*;
/// # impl Timekeeper for Clock {
/// #     fn now(&mut self) -> Option<Timestamp> { Some(38_000_000_000_000) }
/// #     fn stored(&mut self) -> Timestamp { 0 }
/// #     fn reserve(&mut self, _: Timestamp, _: bool) -> bool { true }
/// # }
/// let signing = Signing::new(SecretKey::from_passphrase("a long one"), 0, Clock)
///     .accepting_unsigned(|frame: &flightsmith_sdk::wire::decoder::Frame<'_>| frame.id == 202);
/// let connection = Connection::ground_station().signed(signing);
/// # let _ = connection;
/// ```
#[derive(Clone)]
pub struct Signing {
    state: Shared<State>,
    link: u8,
}

impl fmt::Debug for Signing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signing").field("link", &self.link).finish_non_exhaustive()
    }
}

impl Signing {
    /// With this key. `link` tells links of one sender apart, each with timestamps of its own; 0 where there is one.
    ///
    /// ```
    /// use flightsmith_sdk::signing::{SecretKey, Signing, Timekeeper};
    /// fn signing(passphrase: &str, clock: impl Timekeeper + 'static) -> Signing {
    ///     Signing::new(SecretKey::from_passphrase(passphrase), 0, clock)
    /// }
    /// # let _ = signing("a long one", Nothing);
    /// # struct Nothing;
    /// # impl Timekeeper for Nothing {
    /// #     fn now(&mut self) -> Option<u64> { None }
    /// #     fn stored(&mut self) -> u64 { 0 }
    /// #     fn reserve(&mut self, _: u64, _: bool) -> bool { true }
    /// # }
    /// ```
    pub fn new(key: SecretKey, link: u8, mut keeper: impl Timekeeper + 'static) -> Self {
        let stored = keeper.stored();
        let state = State {
            key,
            keeper: Box::new(keeper),
            policy: None,
            // Whatever the last run used lies below what it had reserved.
            last: stored,
            reserved: stored,
            kept: true,
            streams: Vec::new(),
        };
        Self { state: Shared::new(state), link }
    }
    /// Takes unsigned frames that `policy` accepts.
    ///
    /// ```
    /// use flightsmith_sdk::{signing::Signing, wire::decoder::Frame};
    /// // RADIO_STATUS comes from the radio, which has no key; it is taken anyway. Here a camera's messages too.
    /// fn with_camera(signing: Signing) -> Signing {
    ///     signing.accepting_unsigned(|frame: &Frame<'_>| frame.component == 100)
    /// }
    /// # let _ = with_camera;
    /// ```
    #[must_use]
    pub fn accepting_unsigned(self, policy: impl UnsignedPolicy + 'static) -> Self {
        self.state.with(|state| state.policy = Some(Box::new(policy)));
        self
    }
    /// The same key and clock for another link.
    ///
    /// ```
    /// use flightsmith_sdk::signing::Signing;
    /// fn for_two_links(signing: &Signing) -> [Signing; 2] {
    ///     [signing.on_link(1), signing.on_link(2)]
    /// }
    /// # let _ = for_two_links;
    /// ```
    #[must_use]
    pub fn on_link(&self, link: u8) -> Self {
        Self { state: self.state.clone(), link }
    }
    /// Whether the timestamps in use are stored; where not, a crash may let old frames of ours be played again.
    ///
    /// ```
    /// use flightsmith_sdk::signing::Signing;
    /// fn warn(signing: &Signing) {
    ///     if !signing.is_kept() {
    ///         eprintln!("timestamps cannot be stored: change the key before the next start");
    ///     }
    /// }
    /// # let _ = warn;
    /// ```
    pub fn is_kept(&self) -> bool {
        self.state.with(|state| state.kept)
    }
    /// A whole unsigned MAVLink 2 frame, signed: for those who pack their own. Anything else comes back as it is.
    ///
    /// ```
    /// # fn example(signing: flightsmith_sdk::signing::Signing, frame: &[u8]) {
    /// let signed = signing.sign(frame);
    /// # }
    /// ```
    pub fn sign(&self, frame: &[u8]) -> Vec<u8> {
        let mut signed = frame.to_vec();
        self.close(&mut signed, 0);
        signed
    }
    #[cfg(feature = "std")]
    pub(crate) fn link(&self) -> u8 {
        self.link
    }
    pub(crate) fn key(&self) -> SecretKey {
        self.state.with(|state| state.key.clone())
    }
    pub(crate) fn timestamp(&self) -> Timestamp {
        self.state.with(State::next)
    }
}

impl Signs for Signing {
    fn close(&self, buffer: &mut Vec<u8>, start: usize) {
        let frame = &mut buffer[start..];
        let Some(end) = frame.len().checked_sub(CHECKSUM).filter(|end| *end >= 10) else { return };
        if frame[0] != STX_V2 || frame[2] & SIGNED != 0 {
            return;
        }
        frame[2] |= SIGNED;
        let id = u32::from_le_bytes([frame[7], frame[8], frame[9], 0]);
        let checksum = calculate_crc(&frame[1..end], super::checksum::extra_crc(id));
        frame[end..].copy_from_slice(&checksum.to_le_bytes());
        self.state.with(|state| {
            let timestamp = state.next().to_le_bytes();
            buffer.push(self.link);
            buffer.extend_from_slice(&timestamp[..6]);
            let signature = state.signature(&buffer[start..]);
            buffer.extend_from_slice(&signature);
        });
    }

    fn check(&self, frame: &Frame<'_>) -> Result<(), Refusal> {
        self.state.with(|state| {
            if frame.is_signed() {
                return state.check(frame);
            }
            let accepted =
                frame.id == RADIO_STATUS || state.policy.as_mut().is_some_and(|policy| policy.accepts(frame));
            if accepted { Ok(()) } else { Err(Refusal::Unsigned) }
        })
    }
}

impl State {
    /// A timestamp later than all before: the clock's where there is one that has moved on.
    fn next(&mut self) -> Timestamp {
        let timestamp = self.keeper.now().unwrap_or(0).max(self.last + 1);
        let at_once = timestamp >= self.reserved;
        // Half of what is set aside is still there when more is asked for, so that nobody has to wait for a disk.
        if at_once || timestamp + RESERVED_AT_ONCE / 2 >= self.reserved {
            self.reserved = timestamp + RESERVED_AT_ONCE;
            self.kept = self.keeper.reserve(self.reserved, at_once);
        }
        self.last = timestamp;
        timestamp
    }

    /// The signature of a frame that ends with its timestamp.
    fn signature(&self, frame: &[u8]) -> [u8; 6] {
        let digest = Sha256::new().chain_update(self.key.bytes()).chain_update(frame).finalize();
        let mut signature = [0; 6];
        signature.copy_from_slice(&digest[..6]);
        signature
    }

    fn check(&mut self, frame: &Frame<'_>) -> Result<(), Refusal> {
        let (signed, signature) = frame.raw.split_at(frame.raw.len() - 6);
        if !equal_in_constant_time(&self.signature(signed), signature) {
            return Err(Refusal::WrongSignature);
        }
        let tail = &signed[signed.len() + 6 - SIGNATURE..];
        let timestamp = u64::from_le_bytes([tail[1], tail[2], tail[3], tail[4], tail[5], tail[6], 0, 0]);
        let (link, system, component) = (tail[0], frame.system, frame.component);
        let is_same =
            |stream: &&mut Stream| (stream.link, stream.system, stream.component) == (link, system, component);
        match self.streams.iter_mut().find(is_same) {
            Some(stream) if timestamp <= stream.last => return Err(Refusal::Replayed),
            Some(stream) => stream.last = timestamp,
            None => {
                let ours = self.keeper.now().unwrap_or(0).max(self.last);
                if timestamp + NEW_STREAM_BEHIND < ours || self.streams.len() >= MOST_STREAMS {
                    return Err(Refusal::Replayed);
                }
                self.streams.push(Stream { link, system, component, last: timestamp });
            }
        }
        // By the protocol: whoever is ahead sets the time, so that nobody's first frame looks too old.
        self.last = self.last.max(timestamp);
        Ok(())
    }
}

/// Compares without telling by its duration where the difference is.
fn equal_in_constant_time(one: &[u8], other: &[u8]) -> bool {
    let difference = one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b));
    one.len() == other.len() && core::hint::black_box(difference) == 0
}
