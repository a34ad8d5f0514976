//! # Set, clear, test and count bits
//!
//! - How do I set a single bit in an integer?
//! - read a field of several bits out of a status word
//! - bit flags without a crate
//!
//! `1 << n` is a mask of one bit: `|` sets, `& !` clears, `^` toggles, `& != 0` tests. A field of `w` bits at position `p` is
//! `(word >> p) & ((1 << w) - 1)`. `count_ones`, `leading_zeros` and `trailing_zeros` do the counting.
//!
//! Pitfalls:
//! - `&` binds tighter than `==`, other than in C; but `<<` binds tighter than `&`, and `+` tighter than `<<`: write parentheses.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Flags(u16);

impl Flags {
    const ARMED: Flags = Flags(1 << 7);
    const GUIDED: Flags = Flags(1 << 3);

    fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
    fn without(self, other: Flags) -> Flags {
        Flags(self.0 & !other.0)
    }
    fn has(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }
}

fn field(word: u32, position: u32, width: u32) -> u32 {
    assert!(width > 0 && position + width <= 32, "a field of a 32-bit word");
    (word >> position) & (u32::MAX >> (32 - width))
}

fn bit_numbers(mut word: u32) -> Vec<u32> {
    let mut found = Vec::new();
    while word != 0 {
        found.push(word.trailing_zeros());
        word &= word - 1; // clears the lowest bit that is set
    }
    found
}

fn main() {
    let flags = Flags::default().with(Flags::ARMED).with(Flags::GUIDED);
    assert_eq!(flags.0, 0b1000_1000);
    assert!(flags.has(Flags::ARMED));
    assert_eq!(flags.without(Flags::ARMED), Flags::GUIDED);
    assert_eq!(field(0x0403_0000, 16, 8), 3);
    assert_eq!(field(u32::MAX, 0, 32), u32::MAX);
    assert_eq!(bit_numbers(0b1010_0001), [0, 5, 7]);
    assert_eq!(0b1011_u8.count_ones(), 3);
}
