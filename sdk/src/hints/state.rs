//! Calls in the wrong state: each says what has to come before it, or that it is too late.
use super::impossible;
use crate::vehicle::{Airborne, Flying, Grounded, Landed, Vehicle};

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the vehicle stands on the ground: it has to take off first",
    label = "needs a `Vehicle<Airborne>`",
    note = "write `let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;` before this call"
)]
pub trait TakeOffFirst {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the vehicle is flying already: to change its height write `vehicle.climb_to(AboveHome(20.0)).await?`",
    label = "needs a `Vehicle<Grounded>`",
    note = "a mission takes off once, as its first call"
)]
pub trait AlreadyFlying {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the flight is over: this vehicle has landed",
    label = "needs a `Vehicle<Airborne>`",
    note = "move this call before `vehicle.land().await`, which is the last call of a mission"
)]
pub trait FlightIsOver {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a mission opens no connection: `fly` is given its vehicle, ready to take off",
    label = "not a call of this SDK",
    note = "write `pub async fn fly(vehicle: Vehicle<Grounded>)` and begin with `vehicle.arm_and_take_off(AboveHome(10.0)).await?`"
)]
pub trait VehicleIsGiven {}

#[doc(hidden)]
#[rustfmt::skip]
impl Vehicle<Grounded> {
    #[doc(hidden)] pub fn let_out_line(&self, _length: impl Sized, _rate: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn point_gimbal(&self, _pitch: impl Sized, _yaw: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn go_to_above_terrain(&self, _latitude: impl Sized, _longitude: impl Sized, _height: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn orbit(&self, _centre: impl Sized, _radius: impl Sized, _turns: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn offboard(&self) -> crate::capability::offboard::Offboard<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn go_to(&self, _place: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn go_to_global(&self, _place: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn move_by(&self, _offset: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn climb_to(&self, _altitude: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn climb_by(&self, _height: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn turn_to(&self, _heading: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn turn_by(&self, _angle: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn face(&self, _place: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn follow_arc(&self, _arc: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn hold(&self, _duration: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn take_photo(&self) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn release(&self, _payload: impl Sized) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn return_home(&self) -> Flying<'static> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn land(&self) -> Flying<'static, Vehicle<Landed>> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn land_at(&self, _place: impl Sized) -> Flying<'static, Vehicle<Landed>> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn return_to_launch(&self) -> Flying<'static, Vehicle<Landed>> where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn set_speed(&self, _speed: impl Sized) where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn set_nose(&self, _nose: impl Sized) where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn set_rule(&self, _rule: impl Sized) where for<'never> Self: TakeOffFirst { impossible() }
    #[doc(hidden)] pub fn connect(_address: impl Sized) -> Flying<'static, Self> where for<'never> Self: VehicleIsGiven { impossible() }
}

#[doc(hidden)]
#[rustfmt::skip]
impl Vehicle<Airborne> {
    #[doc(hidden)] pub fn arm_and_take_off(&self, _altitude: impl Sized) -> Flying<'static, Vehicle<Airborne>> where for<'never> Self: AlreadyFlying { impossible() }
}

#[doc(hidden)]
#[rustfmt::skip]
impl Vehicle<Landed> {
    #[doc(hidden)] pub fn let_out_line(&self, _length: impl Sized, _rate: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn point_gimbal(&self, _pitch: impl Sized, _yaw: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn go_to_above_terrain(&self, _latitude: impl Sized, _longitude: impl Sized, _height: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn orbit(&self, _centre: impl Sized, _radius: impl Sized, _turns: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn offboard(&self) -> crate::capability::offboard::Offboard<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn go_to(&self, _place: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn go_to_global(&self, _place: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn move_by(&self, _offset: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn climb_to(&self, _altitude: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn climb_by(&self, _height: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn turn_to(&self, _heading: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn turn_by(&self, _angle: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn face(&self, _place: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn follow_arc(&self, _arc: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn hold(&self, _duration: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn take_photo(&self) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn release(&self, _payload: impl Sized) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn return_home(&self) -> Flying<'static> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn land(&self) -> Flying<'static, Vehicle<Landed>> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn land_at(&self, _place: impl Sized) -> Flying<'static, Vehicle<Landed>> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn return_to_launch(&self) -> Flying<'static, Vehicle<Landed>> where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn set_speed(&self, _speed: impl Sized) where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn set_nose(&self, _nose: impl Sized) where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn set_rule(&self, _rule: impl Sized) where for<'never> Self: FlightIsOver { impossible() }
    #[doc(hidden)] pub fn arm_and_take_off(&self, _altitude: impl Sized) -> Flying<'static, Vehicle<Airborne>> where for<'never> Self: FlightIsOver { impossible() }
}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this is a call that flies and was not awaited yet: write `.await?` behind it",
    label = "needs a vehicle, not a call",
    note = "write `let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;`"
)]
pub trait AwaitFirst {}

#[doc(hidden)]
#[rustfmt::skip]
impl<T> Flying<'_, T> {
    #[doc(hidden)] pub fn go_to(&self, _place: impl Sized) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn go_to_global(&self, _place: impl Sized) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn move_by(&self, _offset: impl Sized) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn climb_to(&self, _altitude: impl Sized) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn climb_by(&self, _height: impl Sized) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn turn_to(&self, _heading: impl Sized) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn turn_by(&self, _angle: impl Sized) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn face(&self, _place: impl Sized) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn follow_arc(&self, _arc: impl Sized) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn hold(&self, _duration: impl Sized) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn take_photo(&self) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn release(&self, _payload: impl Sized) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn return_home(&self) -> Flying<'static> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn set_speed(&self, _speed: impl Sized) where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn set_nose(&self, _nose: impl Sized) where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn set_rule(&self, _rule: impl Sized) where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn position(&self) where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn altitude(&self) where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn heading(&self) where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn battery(&self) where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn land(&self) -> Flying<'static, Vehicle<Landed>> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn land_at(&self, _place: impl Sized) -> Flying<'static, Vehicle<Landed>> where Self: AwaitFirst { impossible() }
    #[doc(hidden)] pub fn return_to_launch(&self) -> Flying<'static, Vehicle<Landed>> where Self: AwaitFirst { impossible() }
}
