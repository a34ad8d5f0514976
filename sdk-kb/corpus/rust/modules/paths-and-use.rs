//! # Paths: self, super, crate, and use
//!
//! - failed to resolve: use of undeclared module (E0433)
//! - unresolved import (E0432)
//! - two types with the same name: use as
//!
//! A path begins at the crate (`crate::`), here (`self::`), one module up (`super::`), or at a name in scope. `use` brings names into
//! *this* module only; inner modules do not inherit it. Files: `mod plan;` in `main.rs` reads `plan.rs` or `plan/mod.rs`, and
//! must stand once, in the parent.
//!
//! Pitfalls:
//! - `mod x;` declares a module, `use` only shortens a path: a second `mod x;` elsewhere makes a second copy (or E0583).
//! - Traits have to be in scope for their methods to be called (E0599): `use` them, if need be `as _`.

mod geometry {
    pub const ORIGIN: Point = Point { x: 0, y: 0 };

    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct Point {
        pub x: i32,
        pub y: i32,
    }

    pub mod distance {
        use super::Point;

        pub fn manhattan(a: Point, b: Point) -> u32 {
            a.x.abs_diff(b.x) + a.y.abs_diff(b.y)
        }
    }

    pub mod naming {
        pub trait Named {
            fn name(&self) -> String;
        }
        impl Named for super::Point {
            fn name(&self) -> String {
                format!("{}/{}", self.x, self.y)
            }
        }
    }
}

mod screen {
    pub struct Point(pub f32);
}

use geometry::{ORIGIN, Point, distance::manhattan, naming::Named as _};
use screen::Point as Pixel;

fn main() {
    let corner = Point { x: 3, y: -4 };
    assert_eq!(manhattan(ORIGIN, corner), 7);
    assert_eq!(self::geometry::distance::manhattan(corner, corner), 0);
    assert_eq!(corner.name(), "3/-4", "the trait is in scope without a name");
    assert_eq!(Pixel(0.5).0, 0.5);
}
