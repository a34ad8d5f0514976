//! The functions of angles and right triangles that flying needs: `libm`'s where there is room, and on a microcontroller ones that are
//! a third of the size and exact to 1e-12 for the angles of this trade (a few turns), a micrometre in a kilometre.

pub use chosen::{atan2, cos, hypot, sin, tan};

#[cfg(not(target_os = "none"))]
use libm as chosen;
#[cfg(target_os = "none")]
use small as chosen;

#[cfg(any(test, target_os = "none"))]
mod small {
    use core::f64::consts::{FRAC_1_PI, FRAC_PI_2, FRAC_PI_4, PI};

    /// A quarter turn in two parts: the first has so few digits that its multiples are exact.
    const QUARTER_HIGH: f64 = 1.570_796_012_878_418;
    const QUARTER_LOW: f64 = 3.139_164_786_504_813e-7;
    /// Beyond the tangent of an eighth of a half turn the series for the arc becomes slow.
    const TAN_PI_8: f64 = 0.414_213_562_373_095_03;
    const ARC_TERMS: u8 = 18;

    /// Sine, for |angle| below a million radians.
    pub fn sin(angle_rad: f64) -> f64 {
        wave(angle_rad, 0)
    }

    /// Cosine, as [`sin`].
    pub fn cos(angle_rad: f64) -> f64 {
        wave(angle_rad, 1)
    }

    /// Tangent, as [`sin`].
    pub fn tan(angle_rad: f64) -> f64 {
        sin(angle_rad) / cos(angle_rad)
    }

    /// The angle of a point from the first axis to it, in -π to π.
    pub fn atan2(y: f64, x: f64) -> f64 {
        if y.is_nan() || x.is_nan() {
            return f64::NAN;
        }
        let (across, along) = (libm::fabs(y), libm::fabs(x));
        let first = if across == 0.0 {
            0.0
        } else if across > along {
            FRAC_PI_2 - arc(along / across)
        } else {
            arc(across / along)
        };
        let upper = if x.is_sign_negative() { PI - first } else { first };
        libm::copysign(upper, y)
    }

    /// The length of the longest side.
    pub fn hypot(x: f64, y: f64) -> f64 {
        libm::sqrt(x * x + y * y)
    }

    /// The sine of an angle with so many quarter turns added.
    #[inline(never)]
    fn wave(angle_rad: f64, quarters: i64) -> f64 {
        if !angle_rad.is_finite() {
            return f64::NAN;
        }
        let nearest = libm::round(angle_rad * (2.0 * FRAC_1_PI));
        let rest = angle_rad - nearest * QUARTER_HIGH - nearest * QUARTER_LOW;
        let quarter = (nearest as i64 + quarters) & 3;
        // The Taylor series from its far end; up to an eighth of a turn what is left out is below 1e-16.
        let first: u32 = if quarter & 1 == 0 { 1 } else { 0 };
        let (square, mut sum) = (rest * rest, 1.0);
        let mut power = first + 16;
        while power > first {
            sum = 1.0 - square * sum / f64::from(power * (power - 1));
            power -= 2;
        }
        let value = if first == 1 { rest * sum } else { sum };
        if quarter & 2 == 0 { value } else { -value }
    }

    /// The arc of a tangent from 0 to 1.
    fn arc(tangent: f64) -> f64 {
        if tangent > TAN_PI_8 { FRAC_PI_4 + series((tangent - 1.0) / (tangent + 1.0)) } else { series(tangent) }
    }

    fn series(tangent: f64) -> f64 {
        let (square, mut sum) = (tangent * tangent, 0.0);
        for term in (0..ARC_TERMS).rev() {
            sum = 1.0 / f64::from(2 * term + 1) - square * sum;
        }
        tangent * sum
    }
}

#[cfg(test)]
mod tests {
    use super::small;
    use std::format;

    const EXACT_TO: f64 = 1e-12;

    fn check(what: &str, is: f64, expected: f64) {
        let alike = (is - expected).abs() <= EXACT_TO * expected.abs().max(1.0) || (is.is_nan() && expected.is_nan());
        assert!(alike, "{what} is {is:e}, not {expected:e}");
    }

    #[test]
    fn angles_agree_with_libm() {
        // Some six turns either way, in steps that hit nothing evenly.
        for step in -40_000..=40_000 {
            let angle = f64::from(step) * 0.001_037;
            check(&format!("sin {angle}"), small::sin(angle), libm::sin(angle));
            check(&format!("cos {angle}"), small::cos(angle), libm::cos(angle));
            if libm::fabs(libm::cos(angle)) > 0.01 {
                check(&format!("tan {angle}"), small::tan(angle), libm::tan(angle));
            }
        }
        for special in [f64::NAN, f64::INFINITY, 0.0, -0.0, 1e-300, 700.0 * core::f64::consts::PI] {
            check(&format!("sin {special}"), small::sin(special), libm::sin(special));
            check(&format!("cos {special}"), small::cos(special), libm::cos(special));
        }
    }

    #[test]
    fn directions_agree_with_libm() {
        let lengths = [0.0, 1e-9, 0.3, 0.414, 0.415, 1.0, 7.0, 1234.5, 1e7];
        for (y, x) in lengths.iter().flat_map(|y| lengths.iter().map(move |x| (*y, *x))) {
            for (y, x) in [(y, x), (-y, x), (y, -x), (-y, -x)] {
                check(&format!("atan2 {y} {x}"), small::atan2(y, x), libm::atan2(y, x));
                check(&format!("hypot {y} {x}"), small::hypot(y, x), libm::hypot(y, x));
            }
        }
        for step in 0..10_000 {
            let angle = f64::from(step) * 0.000_628_3 - 3.1;
            let (y, x) = (250.0 * libm::sin(angle), 250.0 * libm::cos(angle));
            check(&format!("atan2 {y} {x}"), small::atan2(y, x), libm::atan2(y, x));
        }
        assert!(small::atan2(f64::NAN, 1.0).is_nan());
    }
}
