//! # Define a trait, implement it, call it
//!
//! - How do I write an interface in Rust?
//! - default method in a trait
//! - not all trait items implemented (E0046)
//!
//! A trait lists methods; a type implements all that have no default. Callers take `&impl Trait` or a generic with a bound. To call
//! a trait's method the trait must be in scope (`use`).
//!
//! Pitfalls:
//! - A default method can only use what the trait has itself.

trait Battery {
    /// Charge left, 0 to 100.
    fn percent(&self) -> f64;

    /// Given in terms of the other, and free to be written anew.
    fn is_low(&self) -> bool {
        self.percent() < 25.0
    }
}

struct Lithium {
    used_mah: f64,
    capacity_mah: f64,
}

impl Battery for Lithium {
    fn percent(&self) -> f64 {
        100.0 * (1.0 - self.used_mah / self.capacity_mah)
    }
}

struct Mains;

impl Battery for Mains {
    fn percent(&self) -> f64 {
        100.0
    }
    fn is_low(&self) -> bool {
        false
    }
}

fn warning(battery: &impl Battery) -> &'static str {
    if battery.is_low() { "land soon" } else { "fine" }
}

fn main() {
    let pack = Lithium { used_mah: 4000.0, capacity_mah: 5000.0 };
    assert!((pack.percent() - 20.0).abs() < 1e-9);
    assert_eq!(warning(&pack), "land soon");
    assert_eq!(warning(&Mains), "fine");
}
