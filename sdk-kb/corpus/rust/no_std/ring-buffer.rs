//! # A ring buffer for bytes from an interrupt
//!
//! - circular buffer in no_std
//! - FIFO with const generics
//! - what to do when the buffer is full
//!
//! Two indices run around an array. Counting how many are inside keeps "full" and "empty" apart. When it is full either the newest or
//! the oldest byte has to go: decide, and count what was lost.
//!
//! Pitfalls:
//! - Sharing it with an interrupt needs a critical section or atomics; this one is for one owner.

#[derive(Debug)]
struct Ring<const N: usize> {
    bytes: [u8; N],
    first: usize,
    count: usize,
    lost: u32,
}

impl<const N: usize> Ring<N> {
    const fn new() -> Self {
        Self { bytes: [0; N], first: 0, count: 0, lost: 0 }
    }

    /// The oldest byte goes where there is no room.
    fn push(&mut self, byte: u8) {
        if self.count == N {
            self.first = (self.first + 1) % N;
            self.count -= 1;
            self.lost = self.lost.saturating_add(1);
        }
        self.bytes[(self.first + self.count) % N] = byte;
        self.count += 1;
    }

    fn pop(&mut self) -> Option<u8> {
        if self.count == 0 {
            return None;
        }
        let byte = self.bytes[self.first];
        self.first = (self.first + 1) % N;
        self.count -= 1;
        Some(byte)
    }
}

fn main() {
    let mut ring = Ring::<4>::new();
    b"abcdef".iter().for_each(|byte| ring.push(*byte));
    assert_eq!((ring.count, ring.lost), (4, 2));
    let mut read = [0; 4];
    for place in &mut read {
        *place = ring.pop().expect("four bytes");
    }
    assert_eq!(&read, b"cdef");
    assert_eq!(ring.pop(), None);
}
