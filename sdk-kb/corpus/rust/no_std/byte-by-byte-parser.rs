//! # Find frames in a stream of bytes
//!
//! - parse a serial protocol byte by byte
//! - state machine parser in no_std
//! - resynchronise after garbage
//!
//! A parser that keeps its state between bytes works with chunks of any size. Each state says what the next byte means. After an error
//! it looks for the next start; a length is checked before anything is stored.
//!
//! Pitfalls:
//! - A start byte may occur inside a payload: after a wrong checksum the real start may lie in what was already read.

const START: u8 = 0x7E;
const LONGEST: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Start,
    Length,
    Payload { left: usize },
    Checksum,
}

struct Parser {
    state: State,
    payload: [u8; LONGEST],
    used: usize,
    broken: u32,
}

impl Parser {
    const fn new() -> Self {
        Self { state: State::Start, payload: [0; LONGEST], used: 0, broken: 0 }
    }

    /// A whole payload, when `byte` was its last one. Valid until the next call.
    fn feed(&mut self, byte: u8) -> Option<&[u8]> {
        self.state = match self.state {
            State::Start if byte == START => State::Length,
            State::Start => State::Start,
            State::Length if (1..=LONGEST).contains(&usize::from(byte)) => {
                self.used = 0;
                State::Payload { left: usize::from(byte) }
            }
            State::Length => {
                self.broken += 1;
                State::Start
            }
            State::Payload { left } => {
                self.payload[self.used] = byte;
                self.used += 1;
                if left > 1 { State::Payload { left: left - 1 } } else { State::Checksum }
            }
            State::Checksum => {
                self.state = State::Start;
                let payload = &self.payload[..self.used];
                if payload.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) == byte {
                    return Some(payload);
                }
                self.broken += 1;
                State::Start
            }
        };
        None
    }
}

fn main() {
    let mut parser = Parser::new();
    let stream = [9, 9, START, 2, 10, 20, 30, START, 1, 5, 99, START, 200, START, 1, 7, 7];
    let mut found = [0_u8; 8];
    let mut count = 0;
    for byte in stream {
        if let Some(payload) = parser.feed(byte) {
            found[count] = payload[0];
            count += 1;
        }
    }
    assert_eq!(&found[..count], [10, 7]);
    assert_eq!(parser.broken, 2, "a wrong checksum and an impossible length");
}
