//! # Supertraits and blanket implementations
//!
//! - a trait that requires another trait
//! - implement my trait for everything that implements Display
//! - conflicting implementations of trait (E0119)
//!
//! `trait Report: Display` says that whoever is a `Report` must be `Display`, and its methods may use that. A blanket
//! implementation `impl<T: Display> Shout for T` covers all such types at once; after it no type can have its own, for the two would
//! conflict (E0119).
//!
//! Pitfalls:
//! - Prefer default methods if single types are to differ.

use std::fmt::{self, Display};

/// Whoever reports can be shown.
trait Report: Display {
    fn level(&self) -> u8;
    fn line(&self) -> String {
        format!("[{}] {self}", self.level())
    }
}

/// For everything that can be shown.
trait Shout {
    fn shout(&self) -> String;
}
impl<T: Display + ?Sized> Shout for T {
    fn shout(&self) -> String {
        self.to_string().to_uppercase()
    }
}

struct LowBattery(u8);

impl Display for LowBattery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "battery at {} %", self.0)
    }
}
impl Report for LowBattery {
    fn level(&self) -> u8 {
        if self.0 < 15 { 3 } else { 2 }
    }
}

fn main() {
    let reports: [Box<dyn Report>; 2] = [Box::new(LowBattery(20)), Box::new(LowBattery(10))];
    let lines: Vec<String> = reports.iter().map(|report| report.line()).collect();
    assert_eq!(lines, ["[2] battery at 20 %", "[3] battery at 10 %"]);
    assert_eq!("go".shout(), "GO");
    assert_eq!(LowBattery(5).shout(), "BATTERY AT 5 %");
}
