//! Figures made of straight legs: where their corners and their middle are.
use crate::frame::{East, North, OffsetNed, PositionNed, Up};
use crate::plan::{Rotation, Shape};
use crate::units::{Degrees, Metres};
use alloc::{vec, vec::Vec};

/// The sharpest limit of a survey's tracks and the like; beyond it the plan is refused as too long.
pub(super) const MAX_CORNERS: usize = 2_000;

/// Corners of a figure as offsets from its first corner; closed figures end with it again.
pub(super) fn corners(shape: &Shape, bearing_deg: f64, turn: Rotation) -> Vec<OffsetNed> {
    let mut walk = vec![PositionNed::HOME];
    let mut course_deg = bearing_deg;
    let mut go = |length_m: f64, then_turn_deg: f64| {
        let from = walk[walk.len() - 1];
        walk.push(from.towards(Degrees(course_deg), Metres(length_m)));
        course_deg += then_turn_deg * turn.sign();
    };
    match *shape {
        Shape::Square { side_m } => (0..4).for_each(|_| go(side_m, 90.0)),
        Shape::Rectangle { length_m, width_m } => {
            (0..4).for_each(|side| go(if side % 2 == 0 { length_m } else { width_m }, 90.0))
        }
        Shape::Polygon { sides, side_m } => (0..sides).for_each(|_| go(side_m, 360.0 / f64::from(sides))),
        Shape::ExpandingSquare { spacing_m, legs } => {
            (0..legs).for_each(|leg| go(spacing_m * f64::from(leg / 2 + 1), 90.0))
        }
        Shape::Lawnmower { length_m, width_m, spacing_m } => {
            let gaps = libm::ceil(width_m / spacing_m - 1e-9).clamp(0.0, MAX_CORNERS as f64) as usize;
            let gap_m = if gaps == 0 { 0.0 } else { width_m / gaps as f64 };
            for track in 0..=gaps {
                let bend_deg = if track % 2 == 0 { 90.0 } else { -90.0 };
                go(length_m, bend_deg);
                if track < gaps {
                    go(gap_m, bend_deg);
                }
            }
        }
        Shape::FigureEight { .. } | Shape::Spiral { .. } => {}
    }
    let origin = walk[0];
    let last = walk.len() - 1;
    if matches!(shape, Shape::Square { .. } | Shape::Rectangle { .. } | Shape::Polygon { .. }) {
        walk[last] = origin;
    }
    walk.into_iter().map(|corner| corner - origin).collect()
}

/// The middle of the box around the corners' mean: the mean for closed figures (whose last corner is the first), the box's middle for others.
pub(super) fn middle_of(corners: &[OffsetNed]) -> OffsetNed {
    let closed = corners.len() > 2 && corners[corners.len() - 1] == corners[0];
    if closed {
        let count = (corners.len() - 1) as f64;
        let sum = corners[1..].iter().fold((0.0, 0.0), |sum, corner| (sum.0 + corner.north_m, sum.1 + corner.east_m));
        return OffsetNed::by(North(sum.0 / count), East(sum.1 / count), Up(0.0));
    }
    let range = |value: fn(&OffsetNed) -> f64| {
        let (low, high) =
            corners.iter().map(value).fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        (low + high) / 2.0
    };
    OffsetNed::by(North(range(|corner| corner.north_m)), East(range(|corner| corner.east_m)), Up(0.0))
}
