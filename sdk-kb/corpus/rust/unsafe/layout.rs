//! # Size, alignment and memory layout
//!
//! - what does repr(C) do?
//! - size_of a struct and padding
//! - why is Option<Box<T>> as large as Box<T>?
//!
//! Rust may reorder fields to save padding; `repr(C)` keeps their order as C would lay them out, `repr(u8)` fixes an enum's number,
//! `repr(transparent)` makes a newtype look like its field. Invalid bit patterns serve as `None`, so `Option<&T>` needs no extra room.
//!
//! Pitfalls:
//! - Never turn bytes into an enum or a `bool` by a cast: only some values are valid; match and refuse the others.
//! - References to fields of a `repr(packed)` struct are refused (E0793): copy the field first.

use std::mem::{align_of, offset_of, size_of};
use std::num::NonZeroU32;

#[repr(C)]
struct AsInC {
    kind: u8,
    length: u32,
    flags: u8,
}

#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(u8)]
enum Kind {
    Heartbeat = 0,
    Ack = 77,
}

impl TryFrom<u8> for Kind {
    type Error = u8;
    fn try_from(byte: u8) -> Result<Self, u8> {
        [Kind::Heartbeat, Kind::Ack].into_iter().find(|kind| *kind as u8 == byte).ok_or(byte)
    }
}

fn main() {
    assert_eq!((size_of::<AsInC>(), align_of::<AsInC>()), (12, 4));
    assert_eq!((offset_of!(AsInC, kind), offset_of!(AsInC, length), offset_of!(AsInC, flags)), (0, 4, 8));
    assert_eq!(size_of::<(u8, u32, u8)>(), 8, "reordered by the compiler");

    assert_eq!(size_of::<Option<Box<u64>>>(), size_of::<Box<u64>>());
    assert_eq!(size_of::<Option<NonZeroU32>>(), 4);
    assert_eq!((size_of::<Option<u32>>(), size_of::<Kind>()), (8, 1));
    assert_eq!(size_of::<&[u8]>(), 2 * size_of::<usize>());

    assert_eq!(Kind::try_from(77), Ok(Kind::Ack));
    assert_eq!(Kind::try_from(5), Err(5));
}
