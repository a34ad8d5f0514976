//! # Make types and implementations by a macro
//!
//! - implement a trait for many types at once
//! - generate an enum with a name for each variant
//! - keep an enum and its string table in step
//!
//! A macro can take attributes, visibility and variants and write both the type and what belongs to it, so that a list stands in one
//! place. Implementing a trait for many types is a repetition over `ty`.
//!
//! Pitfalls:
//! - Documentation comments are attributes: take them with `$(#[$attribute:meta])*`.

macro_rules! modes {
    ($(#[$attribute:meta])* $visibility:vis enum $name:ident { $($variant:ident = $number:literal => $text:literal),+ $(,)? }) => {
        $(#[$attribute])*
        $visibility enum $name { $($variant = $number),+ }

        impl $name {
            const ALL: &'static [$name] = &[$($name::$variant),+];

            fn name(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }
            fn from_number(number: u32) -> Option<Self> {
                match number { $($number => Some($name::$variant),)+ _ => None }
            }
        }
    };
}

modes! {
    /// What the autopilot is doing.
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Mode { Guided = 4 => "GUIDED", Return = 6 => "RTL", Land = 9 => "LAND" }
}

trait Bits {
    const COUNT: u32;
}
macro_rules! bits {
    ($($number:ty),*) => { $(impl Bits for $number { const COUNT: u32 = <$number>::BITS; })* };
}
bits!(u8, u16, i32);

fn main() {
    assert_eq!(Mode::from_number(6), Some(Mode::Return));
    assert_eq!(Mode::from_number(5), None);
    assert_eq!(Mode::ALL.iter().map(|mode| mode.name()).collect::<Vec<_>>(), ["GUIDED", "RTL", "LAND"]);
    assert_eq!(Mode::Land as u32, 9);
    assert_eq!((u8::COUNT, u16::COUNT, i32::COUNT), (8, 16, 32));
}
