//! RTK corrections: RTCM frames cut into GPS_RTCM_DATA messages.
use crate::error::RequestError;
use crate::system::System;
use alloc::vec::Vec;
use mavlink::dialects::ardupilotmega as mav;

/// Bytes a message, and messages a frame.
const FRAGMENT: usize = 180;
const FRAGMENTS: usize = 4;
/// An RTCM frame: preamble, ten bits of length, payload, 24 bits of checksum.
const PREAMBLE: u8 = 0xD3;
const HEADER: usize = 3;
const CHECKSUM: usize = 3;

/// Corrections for the GPS of a [`System`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # fn example(system: &System, from_base_station: &[u8]) -> Result<(), RequestError> {
/// let mut rtk = system.rtk();
/// let frames = rtk.send(from_base_station)?;
/// # let _ = frames;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Rtk {
    system: System,
    /// Bytes of a frame that is not whole yet.
    pending: Vec<u8>,
    sequence: u8,
    skipped: u64,
}

impl System {
    /// Corrections for its GPS; keep it, for frames may come in pieces.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut rtk = system.rtk();
    /// let mut base_station = std::fs::File::open("/dev/ttyUSB1").expect("a base station");
    /// let mut bytes = [0; 256];
    /// while let Ok(length @ 1..) = std::io::Read::read(&mut base_station, &mut bytes) {
    ///     rtk.send(&bytes[..length])?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn rtk(&self) -> Rtk {
        Rtk { system: self.clone(), pending: Vec::new(), sequence: 0, skipped: 0 }
    }
}

impl Rtk {
    /// Takes bytes of an RTCM 3 stream in any portions and sends every whole, valid frame; says how many.
    ///
    /// # Errors
    /// [`RequestError::OutOfRange`] for a frame above 720 bytes, which GPS_RTCM_DATA cannot carry; the frames before it were sent.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut rtk = system.rtk();
    /// # let (first_half, second_half) = ([0_u8; 10], [0_u8; 10]);
    /// // A frame that comes in two pieces leaves with the second.
    /// let frames = rtk.send(&first_half)? + rtk.send(&second_half)?;
    /// println!("{frames} frames sent");
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(&mut self, bytes: &[u8]) -> Result<usize, RequestError> {
        self.pending.extend_from_slice(bytes);
        let mut sent = 0;
        while let Some(frame) = self.next_frame() {
            self.send_frame(&frame)?;
            sent += 1;
        }
        Ok(sent)
    }
    /// Bytes that belonged to no valid frame.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut rtk = system.rtk();
    /// rtk.send(b"this is no RTCM")?;
    /// assert_eq!(rtk.bytes_skipped(), 15);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bytes_skipped(&self) -> u64 {
        self.skipped
    }

    fn next_frame(&mut self) -> Option<Vec<u8>> {
        loop {
            let start = self.pending.iter().position(|byte| *byte == PREAMBLE).unwrap_or(self.pending.len());
            self.skip(start);
            let header = self.pending.get(..HEADER)?;
            let length = HEADER + (usize::from(header[1] & 0x03) << 8 | usize::from(header[2])) + CHECKSUM;
            let frame = self.pending.get(..length)?;
            let (body, sum) = frame.split_at(length - CHECKSUM);
            let valid = crc24q(body).to_be_bytes()[1..] == *sum;
            if valid {
                let frame = frame.to_vec();
                self.pending.drain(..length);
                return Some(frame);
            }
            // The preamble was no frame's beginning.
            self.skip(1);
        }
    }
    fn skip(&mut self, count: usize) {
        self.pending.drain(..count);
        self.skipped += count as u64;
    }

    fn send_frame(&mut self, frame: &[u8]) -> Result<(), RequestError> {
        if frame.len() > FRAGMENT * FRAGMENTS {
            return Err(RequestError::OutOfRange {
                what: "RTCM frame in bytes",
                value: frame.len() as f64,
                lowest: 0.0,
                highest: (FRAGMENT * FRAGMENTS) as f64,
            });
        }
        let fragmented = frame.len() > FRAGMENT;
        let mut fragments: Vec<&[u8]> = frame.chunks(FRAGMENT).collect();
        // A full last fragment does not say that it is the last: an empty one follows, unless all four are full.
        if fragmented && frame.len().is_multiple_of(FRAGMENT) && fragments.len() < FRAGMENTS {
            fragments.push(&[]);
        }
        for (number, fragment) in fragments.into_iter().enumerate() {
            let mut data = [0; FRAGMENT];
            data[..fragment.len()].copy_from_slice(fragment);
            let flags = u8::from(fragmented) | (number as u8) << 1 | (self.sequence & 0x1F) << 3;
            let message = mav::GPS_RTCM_DATA_DATA { flags, len: fragment.len() as u8, data };
            self.system.link().with(|core| core.send(&message))?;
        }
        self.sequence = self.sequence.wrapping_add(1);
        Ok(())
    }
}

/// The checksum of RTCM 3 (polynomial 0x1864CFB).
fn crc24q(bytes: &[u8]) -> u32 {
    let mut crc: u32 = 0;
    for byte in bytes {
        crc ^= u32::from(*byte) << 16;
        for _ in 0..8 {
            crc <<= 1;
            if crc & 0x0100_0000 != 0 {
                crc ^= 0x0186_4CFB;
            }
        }
    }
    crc & 0x00FF_FFFF
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example frame of the RTCM 10403 standard's transport layer.
    #[test]
    fn the_checksum_is_rtcm_s() {
        let frame = [
            0xD3, 0x00, 0x13, 0x3E, 0xD7, 0xD3, 0x02, 0x02, 0x98, 0x0E, 0xDE, 0xEF, 0x34, 0xB4, 0xBD, 0x62, 0xAC, 0x09,
            0x41, 0x98, 0x6F, 0x33, 0x36, 0x0B, 0x98,
        ];
        assert_eq!(crc24q(&frame[..22]).to_be_bytes()[1..], frame[22..]);
    }
}
