//! A register of a peripheral.

/// A 32-bit register at a fixed address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Register(pub u32);

impl Register {
    /// Its value.
    pub(crate) fn read(self) -> u32 {
        // SAFETY: only addresses of the chip's peripherals stand in this program; reading them has no effect on memory.
        unsafe { core::ptr::read_volatile(self.0 as *const u32) }
    }
    /// Sets its value.
    pub(crate) fn write(self, value: u32) {
        // SAFETY: as above; no peripheral that is used here writes to memory by itself.
        unsafe { core::ptr::write_volatile(self.0 as *mut u32, value) }
    }
    /// Sets bits and leaves the others.
    pub(crate) fn set(self, bits: u32) {
        self.write(self.read() | bits);
    }
    /// Replaces the bits of `mask`.
    pub(crate) fn replace(self, mask: u32, bits: u32) {
        self.write(self.read() & !mask | bits);
    }
    /// Waits until one of `bits` is set, for so many looks at most; says whether it is.
    pub(crate) fn wait_for(self, bits: u32, looks: u32) -> bool {
        (0..looks).any(|_| self.read() & bits != 0)
    }
}
