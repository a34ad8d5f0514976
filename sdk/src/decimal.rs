//! Numbers in messages, printed by integer arithmetic: `core`'s way of printing a float is exact to the last digit, and takes a
//! microcontroller 9 KB for it.
use core::fmt;

/// A number with this many digits behind the point, at most 7; halves are rounded away from zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fixed(pub f64, pub u8);

/// A number with as many digits behind the point as it needs, at most 7 (a centimetre, in degrees).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Plain(pub f64);

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(f, self.0, self.1, self.1)
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(f, self.0, 7, 0)
    }
}

/// Prints `value` rounded to `most` digits behind the point, without zeros at its end beyond `fewest`.
#[inline(never)]
fn print(f: &mut fmt::Formatter<'_>, value: f64, most: u8, fewest: u8) -> fmt::Result {
    if value.is_nan() {
        return f.write_str("NaN");
    }
    if value.is_infinite() {
        return f.write_str(if value < 0.0 { "-inf" } else { "inf" });
    }
    if libm::fabs(value) >= LARGE {
        return print_large(f, value);
    }
    let scale = 10_u64.pow(u32::from(most.min(7)));
    let rounded = (libm::fabs(value) * scale as f64 + 0.5) as u64;
    if value < 0.0 && rounded > 0 {
        f.write_str("-")?;
    }
    write!(f, "{}", rounded / scale)?;
    let (mut rest, mut digits) = (rounded % scale, most.min(7));
    while digits > fewest && rest % 10 == 0 {
        (rest, digits) = (rest / 10, digits - 1);
    }
    if digits == 0 { Ok(()) } else { write!(f, ".{rest:0width$}", width = usize::from(digits)) }
}

/// From here on the digits behind the point say nothing in any unit, and seven of them more would not fit an integer.
const LARGE: f64 = 1e12;

/// Two digits and the power of ten.
fn print_large(f: &mut fmt::Formatter<'_>, value: f64) -> fmt::Result {
    let (mut mantissa, mut power) = (libm::fabs(value), 0_u32);
    while mantissa >= 9.95 {
        (mantissa, power) = (mantissa / 10.0, power + 1);
    }
    let tenths = (mantissa * 10.0 + 0.5) as u32;
    let sign = if value < 0.0 { "-" } else { "" };
    write!(f, "{sign}{}.{}e{power}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn numbers_read_as_people_write_them() {
        for (value, digits, expected) in [
            (0.0, 0, "0"),
            (0.0, 1, "0.0"),
            (-0.04, 1, "0.0"),
            (2.5, 0, "3"),
            (12.34, 1, "12.3"),
            (-12.36, 1, "-12.4"),
            (9.96, 1, "10.0"),
            (999_999_999_999.0, 1, "999999999999.0"),
            (1e12, 1, "1.0e12"),
            (-3.402_823_5e38, 0, "-3.4e38"),
            (9.96e20, 1, "1.0e21"),
            (f64::NAN, 1, "NaN"),
            (f64::NEG_INFINITY, 0, "-inf"),
            (f64::INFINITY, 3, "inf"),
        ] {
            assert_eq!(Fixed(value, digits).to_string(), expected, "{value:?} with {digits}");
        }
        for (value, expected) in
            [(0.0, "0"), (30.0, "30"), (-0.1, "-0.1"), (47.397_742_1, "47.3977421"), (100.05, "100.05"), (1e-9, "0")]
        {
            assert_eq!(Plain(value).to_string(), expected, "{value:?}");
        }
    }
}
