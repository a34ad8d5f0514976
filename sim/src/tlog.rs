//! The standard telemetry log: before each frame its time as 8 bytes big-endian, microseconds since 1970.
use std::io::{self, Write};

/// 2026-01-01 00:00 UTC, where vehicle time 0 is put, so that the same flight gives the same file.
const START_US: u64 = 1_767_225_600_000_000;

/// Writes frames to a telemetry log.
#[derive(Debug)]
pub struct TlogWriter<W: Write> {
    out: W,
}

impl<W: Write> TlogWriter<W> {
    /// Give it a buffered writer.
    pub fn new(out: W) -> Self {
        Self { out }
    }
    /// Appends every frame of `frames` (whole MAVLink 1 or 2 frames, nothing else) at `time_us` of vehicle time.
    pub fn write(&mut self, time_us: u64, frames: &[u8]) -> io::Result<()> {
        let stamp = (START_US + time_us).to_be_bytes();
        let mut rest = frames;
        while let Some(length) = frame_length(rest) {
            let (frame, tail) = rest.split_at(length);
            self.out.write_all(&stamp)?;
            self.out.write_all(frame)?;
            rest = tail;
        }
        Ok(())
    }
    /// Writes out what is buffered and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Length of the whole frame that `bytes` start with.
pub(crate) fn frame_length(bytes: &[u8]) -> Option<usize> {
    let length = match (bytes.first()?, bytes.get(1)?, bytes.get(2)?) {
        (0xFE, payload, _) => 8 + usize::from(*payload),
        (0xFD, payload, flags) => 12 + usize::from(*payload) + if flags & 1 == 1 { 13 } else { 0 },
        _ => return None,
    };
    (bytes.len() >= length).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Payload, write_frame};

    #[test]
    fn each_frame_gets_its_stamp() {
        let mut frames = Vec::new();
        write_frame(&mut frames, 0, 1, 1, 0, &Payload::new().u32(4).u8(2).u8(3).u8(81).u8(3).u8(3));
        let first = frames.len();
        write_frame(&mut frames, 1, 1, 1, 30, &Payload::new().u32(20).f32s(&[0.0; 6]));
        let mut log = TlogWriter::new(Vec::new());
        log.write(20_000, &frames).expect("a vector takes it");
        let bytes = log.finish().expect("flushes");
        let stamp = (START_US + 20_000).to_be_bytes();
        assert_eq!(bytes[..8], stamp);
        assert_eq!(bytes[8..8 + first], frames[..first]);
        assert_eq!(bytes[8 + first..16 + first], stamp);
        assert_eq!(bytes[16 + first..], frames[first..]);
    }
}
