//! What the compiler says to those who write another API's names, or a call in the wrong state: the right call.
//!
//! Everything here is hidden from the documentation and from the knowledge base, and nothing can be called: each function demands a
//! trait that no type has, whose `on_unimplemented` text is the message. A function of a concrete type says `for<'never>` before that
//! demand, or the compiler would refuse its declaration already.
mod foreign;
mod state;
mod units;

pub use units::{
    Feet, Kilometers, KilometersPerHour, Kilometres, KilometresPerHour, Knots, LatLonAlt, LocationGlobalRelative,
    Milliseconds, Minutes, PositionNedYaw, Radians,
};

/// The body of what cannot be called.
const fn impossible() -> ! {
    unreachable!()
}

/// Where a vehicle can be sent: a [`PositionNed`](crate::frame::PositionNed) and nothing else.
///
/// ```
/// use flightsmith_sdk::{Destination, prelude::*};
/// /// Flies to each place and stays there a while.
/// async fn visit(vehicle: &mut Vehicle<Airborne>, places: &[impl Destination + Copy]) -> Result<(), FlightError> {
///     for place in places {
///         vehicle.go_to(*place).await?;
///         vehicle.hold(Seconds(3.0)).await?;
///     }
///     Ok(())
/// }
/// # async fn example(vehicle: &mut Vehicle<Airborne>) { let _ = visit(vehicle, &[PositionNed::HOME]).await; }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a place to fly to: write `PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))`",
    label = "expected a `PositionNed`",
    note = "for a `GlobalPosition` write `vehicle.go_to_global(place).await?`",
    note = "for a displacement write `vehicle.go_to(vehicle.position() + offset).await?`"
)]
pub trait Destination: Into<crate::frame::PositionNed> {}
impl Destination for crate::frame::PositionNed {}

/// What a nose can be turned towards: a [`PositionNed`](crate::frame::PositionNed) and nothing else.
///
/// ```
/// use flightsmith_sdk::{Landmark, prelude::*};
/// /// Turns to a place and takes a photo of it.
/// async fn picture(vehicle: &mut Vehicle<Airborne>, of: impl Landmark) -> Result<(), FlightError> {
///     vehicle.face(of).await?;
///     vehicle.take_photo().await
/// }
/// # async fn example(vehicle: &mut Vehicle<Airborne>) { let _ = picture(vehicle, PositionNed::HOME).await; }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a place to look at: write `PositionNed::at(North(40.0), East(0.0), AboveHome(0.0))`",
    label = "expected a `PositionNed`",
    note = "for a heading write `vehicle.turn_to(Degrees(90.0)).await?`",
    note = "for a `GlobalPosition` write `vehicle.face(vehicle.home().to_ned(&place)).await?`"
)]
pub trait Landmark: Into<crate::frame::PositionNed> {}
impl Landmark for crate::frame::PositionNed {}
