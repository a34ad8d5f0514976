//! Units and places that the SDK does not count in, each with what to write instead.
//!
//! They look like constructors, and stand for any type, so that the one error is the one that says what to write.
#![expect(non_snake_case, reason = "called as the type is that others have")]
use super::impossible;

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "lengths are in metres: write `Metres::from_feet(30.0)`, and for a height `AboveHome::from_feet(30.0)`",
    label = "not a unit of this SDK"
)]
pub trait InFeet {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "lengths are in metres: write `Metres(1500.0)` for 1.5 km",
    label = "not a unit of this SDK"
)]
pub trait InKilometres {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "speeds are in metres a second: write `MetresPerSecond::from_km_h(18.0)`",
    label = "not a unit of this SDK"
)]
pub trait InKilometresPerHour {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "speeds are in metres a second: write `MetresPerSecond::from_knots(10.0)`",
    label = "not a unit of this SDK"
)]
pub trait InKnots {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "angles are in degrees: write `Degrees::from_radians(1.57)`",
    label = "not a unit of this SDK"
)]
pub trait InRadians {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "times are in seconds: write `Seconds(120.0)` for two minutes",
    label = "not a unit of this SDK"
)]
pub trait InMinutes {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "times are in seconds: write `Seconds(0.5)` for 500 milliseconds",
    label = "not a unit of this SDK"
)]
pub trait InMilliseconds {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a place by coordinates is `GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::AboveHome(20.0))`",
    label = "not a type of this SDK",
    note = "it is flown to by `vehicle.go_to_global(place).await?`"
)]
pub trait NoBareCoordinates {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a place is `PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))`: heights are positive, above home",
    label = "not a type of this SDK",
    note = "it is flown to by `vehicle.go_to(place).await?`; where the nose points is set by `vehicle.set_nose(..)`"
)]
pub trait NoBarePlace {}

#[doc(hidden)]
pub const fn Feet<Value: InFeet + Copy, Quantity>(_value: Value) -> Quantity {
    impossible()
}
#[doc(hidden)]
pub const fn Kilometres<Value: InKilometres + Copy, Quantity>(_value: Value) -> Quantity {
    impossible()
}
#[doc(hidden)]
pub const fn Kilometers<Value: InKilometres + Copy, Quantity>(_value: Value) -> Quantity {
    impossible()
}
#[doc(hidden)]
pub const fn KilometresPerHour<Value: InKilometresPerHour + Copy, Quantity>(_value: Value) -> Quantity {
    impossible()
}
#[doc(hidden)]
pub const fn KilometersPerHour<Value: InKilometresPerHour + Copy, Quantity>(_value: Value) -> Quantity {
    impossible()
}
#[doc(hidden)]
pub const fn Knots<Value: InKnots + Copy, Quantity>(_value: Value) -> Quantity {
    impossible()
}
#[doc(hidden)]
pub const fn Radians<Value: InRadians + Copy, Quantity>(_value: Value) -> Quantity {
    impossible()
}
#[doc(hidden)]
pub const fn Minutes<Value: InMinutes + Copy, Quantity>(_value: Value) -> Quantity {
    impossible()
}
#[doc(hidden)]
pub const fn Milliseconds<Value: InMilliseconds + Copy, Quantity>(_value: Value) -> Quantity {
    impossible()
}
#[doc(hidden)]
pub const fn LocationGlobalRelative<Value: NoBareCoordinates + Copy, Place>(
    _latitude: Value,
    _longitude: Value,
    _altitude: Value,
) -> Place {
    impossible()
}
#[doc(hidden)]
pub const fn LatLonAlt<Value: NoBareCoordinates + Copy, Place>(
    _latitude: Value,
    _longitude: Value,
    _altitude: Value,
) -> Place {
    impossible()
}
#[doc(hidden)]
pub const fn PositionNedYaw<Value: NoBarePlace + Copy, Place>(
    _north: Value,
    _east: Value,
    _down: Value,
    _yaw: Value,
) -> Place {
    impossible()
}
