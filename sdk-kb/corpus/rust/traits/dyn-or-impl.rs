//! # Many types behind one: dyn Trait, impl Trait or an enum
//!
//! - How do I put different types into one Vec?
//! - expected struct A, found struct B in match arms that return impl Trait (E0308)
//! - difference between dyn and impl
//!
//! `impl Trait` stands for one type that is chosen at compile time. Values of several types in one collection or from one function
//! need `Box<dyn Trait>`, which calls through a table. If all the types are known, an enum does it without allocation and lets
//! `match` see which one it is.
//!
//! Pitfalls:
//! - A function `-> impl Trait` must return the same type on every path.

trait Shape {
    fn area_m2(&self) -> f64;
}

struct Circle(f64);
struct Rectangle(f64, f64);

impl Shape for Circle {
    fn area_m2(&self) -> f64 {
        std::f64::consts::PI * self.0 * self.0
    }
}
impl Shape for Rectangle {
    fn area_m2(&self) -> f64 {
        self.0 * self.1
    }
}

/// Two types, so a box.
fn parse(text: &str) -> Option<Box<dyn Shape>> {
    let (kind, size) = text.split_once(' ')?;
    let size: f64 = size.parse().ok()?;
    match kind {
        "circle" => Some(Box::new(Circle(size))),
        "square" => Some(Box::new(Rectangle(size, size))),
        _ => None,
    }
}

/// One type known to the caller only as a shape.
fn field() -> impl Shape {
    Rectangle(100.0, 50.0)
}

fn main() {
    let shapes: Vec<Box<dyn Shape>> = ["square 2", "circle 1"].iter().filter_map(|text| parse(text)).collect();
    let total: f64 = shapes.iter().map(|shape| shape.area_m2()).sum();
    assert!((total - (4.0 + std::f64::consts::PI)).abs() < 1e-12);
    assert!(parse("blob 3").is_none());
    assert_eq!(field().area_m2(), 5000.0);
}
