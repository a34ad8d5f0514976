//! Output of which only the beginning and the end are kept.
//!
//! It leaves to others: reading the pipe.

use std::collections::VecDeque;

/// Bytes of a stream, at most `limit` of them: the first half and the last half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    half: usize,
    dropped_bytes: u64,
}

impl Captured {
    pub(super) fn new(limit: usize) -> Self {
        Self { head: Vec::new(), tail: VecDeque::new(), half: limit / 2, dropped_bytes: 0 }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        let (to_head, to_tail) = bytes.split_at(bytes.len().min(self.half.saturating_sub(self.head.len())));
        self.head.extend_from_slice(to_head);
        self.tail.extend(to_tail);
        let excess = self.tail.len().saturating_sub(self.half);
        self.tail.drain(..excess);
        self.dropped_bytes += excess as u64;
    }

    /// Bytes that were not kept.
    #[must_use]
    pub fn dropped_bytes(&self) -> u64 {
        self.dropped_bytes
    }

    /// What was kept, as text; a gap is marked with the number of bytes left out.
    #[must_use]
    pub fn text(&self) -> String {
        let mut bytes = self.head.clone();
        if self.dropped_bytes > 0 {
            bytes.extend_from_slice(format!("\n[... {} bytes left out ...]\n", self.dropped_bytes).as_bytes());
        }
        bytes.extend(&self.tail);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Captured;

    #[test]
    fn keeps_head_and_tail() {
        let mut captured = Captured::new(8);
        for part in ["abc", "defg", "hi", "jklm"] {
            captured.push(part.as_bytes());
        }
        assert_eq!((captured.text().as_str(), captured.dropped_bytes()), ("abcd\n[... 5 bytes left out ...]\njklm", 5));
        let mut short = Captured::new(8);
        short.push(b"abcdef");
        assert_eq!(short.text(), "abcdef");
    }
}
