//! Fields of a payload by their offsets, with the zeros that MAVLink 2 cut off.

/// A payload with the zeros that MAVLink 2 cut off; what lies beyond it reads as zero.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Payload<'a>(pub &'a [u8]);

impl Payload<'_> {
    pub(crate) fn bytes<const N: usize>(&self, at: usize) -> [u8; N] {
        let mut out = [0; N];
        if let Some(present) = self.0.get(at..) {
            let length = present.len().min(N);
            out[..length].copy_from_slice(&present[..length]);
        }
        out
    }
    pub(crate) fn u8(&self, at: usize) -> u8 {
        self.bytes::<1>(at)[0]
    }
    pub(crate) fn i8(&self, at: usize) -> i8 {
        i8::from_le_bytes(self.bytes(at))
    }
    pub(crate) fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.bytes(at))
    }
    pub(crate) fn i16(&self, at: usize) -> i16 {
        i16::from_le_bytes(self.bytes(at))
    }
    pub(crate) fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.bytes(at))
    }
    pub(crate) fn i32(&self, at: usize) -> i32 {
        i32::from_le_bytes(self.bytes(at))
    }
    pub(crate) fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.bytes(at))
    }
    pub(crate) fn i64(&self, at: usize) -> i64 {
        i64::from_le_bytes(self.bytes(at))
    }
    pub(crate) fn f32(&self, at: usize) -> f32 {
        f32::from_le_bytes(self.bytes(at))
    }
}
