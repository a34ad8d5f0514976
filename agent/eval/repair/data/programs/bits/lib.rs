//! Bits: sets of small numbers, checksums, numbers in other bases, and packed fields.
use std::fmt;
use std::iter::FromIterator;
use std::ops::{BitAnd, BitOr, Not};

/// A set of numbers below 64.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct BitSet(u64);

impl BitSet {
    pub fn insert(&mut self, number: u8) -> bool {
        let bit = 1_u64 << number;
        let fresh = self.0 & bit == 0;
        self.0 |= bit;
        fresh
    }

    pub fn contains(self, number: u8) -> bool {
        self.0 >> number & 1 == 1
    }

    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> Bits {
        Bits { left: self.0 }
    }
}

/// The numbers of a set, smallest first.
pub struct Bits {
    left: u64,
}

impl Iterator for Bits {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if self.left == 0 {
            return None;
        }
        let lowest = self.left.trailing_zeros() as u8;
        self.left &= self.left - 1;
        Some(lowest)
    }
}

impl FromIterator<u8> for BitSet {
    fn from_iter<I: IntoIterator<Item = u8>>(numbers: I) -> Self {
        let mut set = BitSet::default();
        for number in numbers {
            set.insert(number);
        }
        set
    }
}

impl IntoIterator for BitSet {
    type Item = u8;
    type IntoIter = Bits;

    fn into_iter(self) -> Bits {
        self.iter()
    }
}

impl BitAnd for BitSet {
    type Output = BitSet;

    fn bitand(self, other: BitSet) -> BitSet {
        BitSet(self.0 & other.0)
    }
}

impl BitOr for BitSet {
    type Output = BitSet;

    fn bitor(self, other: BitSet) -> BitSet {
        BitSet(self.0 | other.0)
    }
}

impl Not for BitSet {
    type Output = BitSet;

    fn not(self) -> BitSet {
        BitSet(!self.0)
    }
}

impl fmt::Debug for BitSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// The checksum of MAVLink frames (CRC-16/MCRF4XX).
pub fn crc16(bytes: &[u8]) -> u16 {
    let mut crc: u16 = 0xffff;
    for byte in bytes {
        let mut low = *byte ^ (crc & 0xff) as u8;
        low ^= low << 4;
        let wide = u16::from(low);
        crc = (crc >> 8) ^ (wide << 8) ^ (wide << 3) ^ (wide >> 4);
    }
    crc
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseError {
    Base(u32),
    Digit(char),
    TooLarge,
}

pub fn to_base(mut number: u64, base: u32) -> Result<String, BaseError> {
    if !(2..=36).contains(&base) {
        return Err(BaseError::Base(base));
    }
    let mut digits = Vec::new();
    loop {
        let digit = (number % u64::from(base)) as u32;
        digits.push(char::from_digit(digit, base).ok_or(BaseError::Base(base))?);
        number /= u64::from(base);
        if number == 0 {
            break;
        }
    }
    Ok(digits.iter().rev().collect())
}

pub fn from_base(text: &str, base: u32) -> Result<u64, BaseError> {
    if !(2..=36).contains(&base) {
        return Err(BaseError::Base(base));
    }
    text.chars().try_fold(0_u64, |number, c| {
        let digit = c.to_digit(base).ok_or(BaseError::Digit(c))?;
        let shifted = number.checked_mul(u64::from(base)).ok_or(BaseError::TooLarge)?;
        shifted.checked_add(u64::from(digit)).ok_or(BaseError::TooLarge)
    })
}

/// A field of some bits in a word.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub start: u32,
    pub width: u32,
}

impl Field {
    pub const fn mask(self) -> u32 {
        ((1 << self.width) - 1) << self.start
    }

    pub fn get(self, word: u32) -> u32 {
        (word & self.mask()) >> self.start
    }

    pub fn set(self, word: u32, value: u32) -> Option<u32> {
        let fits = value >> self.width == 0;
        fits.then_some(word & !self.mask() | value << self.start)
    }
}

#[cfg(test)]
mod tests;
