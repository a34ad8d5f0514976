//! # Make an own type iterable
//!
//! - implement Iterator for my struct
//! - `MyList` is not an iterator (E0277) in a for loop
//! - IntoIterator for &T
//!
//! `Iterator` needs `next` only; everything else comes with it. To allow `for x in &list`, implement `IntoIterator` for `&List`, and
//! for `List` if it is to give its elements away.
//!
//! Pitfalls:
//! - After `None` an iterator may go on; `fuse` stops it for good.

struct Countdown(u32);

impl Iterator for Countdown {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let now = self.0.checked_sub(1)?;
        self.0 = now;
        Some(now)
    }

    /// Lets `collect` reserve the right size.
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.0 as usize;
        (left, Some(left))
    }
}

struct Route {
    legs_m: Vec<f64>,
}

impl<'a> IntoIterator for &'a Route {
    type Item = &'a f64;
    type IntoIter = std::slice::Iter<'a, f64>;
    fn into_iter(self) -> Self::IntoIter {
        self.legs_m.iter()
    }
}

impl IntoIterator for Route {
    type Item = f64;
    type IntoIter = std::vec::IntoIter<f64>;
    fn into_iter(self) -> Self::IntoIter {
        self.legs_m.into_iter()
    }
}

fn main() {
    assert_eq!(Countdown(3).collect::<Vec<_>>(), [2, 1, 0]);
    assert_eq!(Countdown(5).zip(Countdown(3)).map(|(a, b)| a * b).sum::<u32>(), 8 + 3);

    let route = Route { legs_m: vec![10.0, 5.0] };
    let mut total_m = 0.0;
    for leg_m in &route {
        total_m += leg_m;
    }
    assert_eq!(total_m, 15.0);
    assert_eq!(route.into_iter().rev().next(), Some(5.0));
}
