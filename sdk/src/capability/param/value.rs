//! Values and names of parameters, and their two encodings in PARAM_VALUE.
use crate::autopilot::ParamEncoding;
use crate::error::RequestError;
use alloc::{format, string::String};
use core::fmt;

/// The largest magnitude up to which a 32-bit float carries every integer.
const EXACT_IN_FLOAT: i64 = 1 << 24;

/// A parameter's value with the type that the vehicle stores it in.
///
/// ArduPilot has `Int8`, `Int16`, `Int` and `Float`; PX4 `Int` and `Float`.
///
/// ```
/// use flightsmith_sdk::capability::param::ParamValue;
/// assert_eq!(ParamValue::Int8(7).as_int(), Some(7));
/// assert_eq!(ParamValue::Float(1.5).as_int(), None);
/// assert_eq!(ParamValue::Int16(1500).as_f64(), 1500.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum ParamValue {
    /// 8 bits, unsigned.
    Uint8(u8),
    /// 8 bits, signed.
    Int8(i8),
    /// 16 bits, unsigned.
    Uint16(u16),
    /// 16 bits, signed.
    Int16(i16),
    /// 32 bits, unsigned.
    Uint32(u32),
    /// 32 bits, signed.
    Int(i32),
    /// 32-bit float.
    Float(f32),
}

impl ParamValue {
    /// The value as a number, exactly.
    ///
    /// ```
    /// use flightsmith_sdk::capability::param::ParamValue;
    /// assert_eq!(ParamValue::Int(-7).as_f64(), -7.0);
    /// assert_eq!(ParamValue::Float(0.5).as_f64(), 0.5);
    /// ```
    pub fn as_f64(self) -> f64 {
        match self {
            ParamValue::Float(value) => f64::from(value),
            // Every 32-bit integer fits a 64-bit float.
            whole => whole.whole().map_or(f64::NAN, |value| value as f64),
        }
    }
    /// The value of an integer parameter; `None` for a float, and for an unsigned one beyond `i32`.
    ///
    /// ```
    /// use flightsmith_sdk::capability::param::ParamValue;
    /// assert_eq!(ParamValue::Int(-7).as_int(), Some(-7));
    /// assert_eq!(ParamValue::Float(7.0).as_int(), None, "a float stays one");
    /// ```
    pub fn as_int(self) -> Option<i32> {
        self.whole().and_then(|value| i32::try_from(value).ok())
    }
    fn whole(self) -> Option<i64> {
        Some(match self {
            ParamValue::Uint8(value) => value.into(),
            ParamValue::Int8(value) => value.into(),
            ParamValue::Uint16(value) => value.into(),
            ParamValue::Int16(value) => value.into(),
            ParamValue::Uint32(value) => value.into(),
            ParamValue::Int(value) => value.into(),
            ParamValue::Float(_) => return None,
        })
    }
    /// MAV_PARAM_TYPE.
    pub(crate) fn wire_type(self) -> u8 {
        match self {
            ParamValue::Uint8(_) => 1,
            ParamValue::Int8(_) => 2,
            ParamValue::Uint16(_) => 3,
            ParamValue::Int16(_) => 4,
            ParamValue::Uint32(_) => 5,
            ParamValue::Int(_) => 6,
            ParamValue::Float(_) => 9,
        }
    }
    /// The four bytes of `param_value`.
    pub(crate) fn to_wire(self, encoding: ParamEncoding) -> u32 {
        match (encoding, self) {
            (_, ParamValue::Float(value)) => value.to_bits(),
            (ParamEncoding::Cast, whole) => (whole.as_f64() as f32).to_bits(),
            // The integer's own bytes, little end first, in the place of the float's.
            (ParamEncoding::Bytewise, ParamValue::Uint8(value)) => value.into(),
            (ParamEncoding::Bytewise, ParamValue::Int8(value)) => u32::from(value as u8),
            (ParamEncoding::Bytewise, ParamValue::Uint16(value)) => value.into(),
            (ParamEncoding::Bytewise, ParamValue::Int16(value)) => u32::from(value as u16),
            (ParamEncoding::Bytewise, ParamValue::Uint32(value)) => value,
            (ParamEncoding::Bytewise, ParamValue::Int(value)) => value as u32,
        }
    }
    /// What `param_value` and `param_type` say; `None` for types that 32 bits cannot carry.
    pub(crate) fn from_wire(encoding: ParamEncoding, wire_type: u8, bits: u32) -> Option<Self> {
        let cast = libm::round(f64::from(f32::from_bits(bits)));
        let bytewise = encoding == ParamEncoding::Bytewise;
        Some(match wire_type {
            1 => ParamValue::Uint8(if bytewise { bits as u8 } else { cast as u8 }),
            2 => ParamValue::Int8(if bytewise { bits as u8 as i8 } else { cast as i8 }),
            3 => ParamValue::Uint16(if bytewise { bits as u16 } else { cast as u16 }),
            4 => ParamValue::Int16(if bytewise { bits as u16 as i16 } else { cast as i16 }),
            5 => ParamValue::Uint32(if bytewise { bits } else { cast as u32 }),
            6 => ParamValue::Int(if bytewise { bits as i32 } else { cast as i32 }),
            9 => ParamValue::Float(f32::from_bits(bits)),
            _ => return None,
        })
    }
    /// This value in the type that `like` has, where nothing is lost by it and the wire carries it exactly.
    pub(crate) fn fitted(self, like: ParamValue, encoding: ParamEncoding, name: &str) -> Result<Self, RequestError> {
        let number = self.as_f64();
        if !number.is_finite() {
            return Err(out_of_range(number, f64::from(f32::MIN), f64::from(f32::MAX)));
        }
        let whole = number as i64;
        if let ParamValue::Float(_) = like {
            return match self {
                ParamValue::Float(_) => Ok(self),
                _ if whole.abs() <= EXACT_IN_FLOAT => Ok(ParamValue::Float(number as f32)),
                _ => Err(inexact(number)),
            };
        }
        if libm::trunc(number) != number {
            let why = format!("{name} is an integer, {number} is none");
            return Err(RequestError::Inconsistent { what: "PARAM_SET", why });
        }
        let (lowest, highest) = like.range();
        if whole < lowest || whole > highest {
            return Err(out_of_range(number, lowest as f64, highest as f64));
        }
        if encoding == ParamEncoding::Cast && f64::from(number as f32) != number {
            return Err(inexact(number));
        }
        Ok(match like {
            ParamValue::Uint8(_) => ParamValue::Uint8(whole as u8),
            ParamValue::Int8(_) => ParamValue::Int8(whole as i8),
            ParamValue::Uint16(_) => ParamValue::Uint16(whole as u16),
            ParamValue::Int16(_) => ParamValue::Int16(whole as i16),
            ParamValue::Uint32(_) => ParamValue::Uint32(whole as u32),
            ParamValue::Int(_) | ParamValue::Float(_) => ParamValue::Int(whole as i32),
        })
    }
    fn range(self) -> (i64, i64) {
        match self {
            ParamValue::Uint8(_) => (0, u8::MAX.into()),
            ParamValue::Int8(_) => (i8::MIN.into(), i8::MAX.into()),
            ParamValue::Uint16(_) => (0, u16::MAX.into()),
            ParamValue::Int16(_) => (i16::MIN.into(), i16::MAX.into()),
            ParamValue::Uint32(_) => (0, u32::MAX.into()),
            ParamValue::Int(_) | ParamValue::Float(_) => (i32::MIN.into(), i32::MAX.into()),
        }
    }
}

impl fmt::Display for ParamValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.whole() {
            Some(whole) => write!(f, "{whole}"),
            None => write!(f, "{}", self.as_f64() as f32),
        }
    }
}

fn out_of_range(value: f64, lowest: f64, highest: f64) -> RequestError {
    RequestError::OutOfRange { what: "parameter", value, lowest, highest }
}
fn inexact(value: f64) -> RequestError {
    let limit = EXACT_IN_FLOAT as f64;
    RequestError::OutOfRange {
        what: "integer parameter that is sent as a float",
        value,
        lowest: -limit,
        highest: limit,
    }
}

/// A parameter's name as the wire has it: up to 16 characters, zeros behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(pub [u8; 16]);

impl Name {
    /// # Errors
    /// Where it is empty or longer than the wire can say.
    pub(crate) fn new(name: &str) -> Result<Self, RequestError> {
        let mut wire = [0_u8; 16];
        if name.is_empty() || name.len() > wire.len() {
            let (value, what) = (name.len() as f64, "length of a parameter's name");
            return Err(RequestError::OutOfRange { what, value, lowest: 1.0, highest: 16.0 });
        }
        wire[..name.len()].copy_from_slice(name.as_bytes());
        Ok(Self(wire))
    }
    /// The name as text.
    pub(crate) fn text(&self) -> String {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        String::from_utf8_lossy(&self.0[..end]).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ParamEncoding::{Bytewise, Cast};

    #[test]
    fn both_encodings_carry_every_type() {
        use ParamValue::{Float, Int, Int8, Int16, Uint8, Uint16, Uint32};
        let values = [
            Uint8(0),
            Uint8(255),
            Int8(-128),
            Int8(127),
            Uint16(65535),
            Int16(-32768),
            Uint32(16_777_216),
            Int(-16_777_216),
            Int(1),
            Float(-0.1),
            Float(f32::MAX),
        ];
        for value in values {
            for encoding in [Bytewise, Cast] {
                let bits = value.to_wire(encoding);
                assert_eq!(ParamValue::from_wire(encoding, value.wire_type(), bits), Some(value), "{encoding:?}");
            }
        }
        // As recorded: SYS_AUTOSTART 10040 of PX4 reads as the float 1.4069e-41.
        assert_eq!(Int(10040).to_wire(Bytewise), 10040, "the bits of the integer, a tiny float");
        for whole in [i32::MIN, i32::MAX, -1, 0x7FC0_0001] {
            let bits = Int(whole).to_wire(Bytewise);
            assert_eq!(ParamValue::from_wire(Bytewise, 6, bits), Some(Int(whole)), "even where it looks like a NaN");
        }
    }

    #[test]
    fn a_value_is_fitted_to_its_parameter_or_refused() {
        use ParamValue::{Float, Int, Int8, Int16};
        let cases = [
            (Int(7), Int8(0), Cast, Ok(Int8(7))),
            (Int(300), Int8(0), Cast, Err("parameter 300 is outside its range (-128 to 127)")),
            (Int(1500), Int16(0), Cast, Ok(Int16(1500))),
            (Int(16_777_217), Int(0), Bytewise, Ok(Int(16_777_217))),
            (
                Int(16_777_217),
                Int(0),
                Cast,
                Err("integer parameter that is sent as a float 16777217 is outside its range (-16777216 to 16777216)"),
            ),
            (Int(33_554_432), Int(0), Cast, Ok(Int(33_554_432))),
            (Int(3), Float(0.0), Cast, Ok(Float(3.0))),
            (Float(2.0), Int(0), Bytewise, Ok(Int(2))),
            (Float(2.5), Int(0), Bytewise, Err("PARAM_SET: the answer does not fit, P is an integer, 2.5 is none")),
            (Float(0.1), Float(0.0), Cast, Ok(Float(0.1))),
        ];
        for (value, like, encoding, expected) in cases {
            let got = value.fitted(like, encoding, "P").map_err(|error| format!("{error}"));
            assert_eq!(got, expected.map_err(String::from), "{value:?}");
        }
        assert!(Float(f32::NAN).fitted(Float(0.0), Cast, "P").is_err());
    }
}
