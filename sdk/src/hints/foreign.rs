//! Names from other drone APIs, each with the call to write instead.
use super::impossible;
use crate::capability::offboard::Offboard;
use crate::vehicle::{Airborne, Flying, Landed, Vehicle, sealed::State};

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "arming and taking off are one call: `let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;`",
    label = "not a call of this SDK",
    note = "it waits until the vehicle is ready, arms, climbs and ends hovering; heights are given above home"
)]
pub trait ArmAndTakeOff {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "motors stop by landing and never in flight: `vehicle.land().await`",
    label = "not a call of this SDK",
    note = "landing ends with the vehicle on the ground and disarmed, and is the last call of a mission"
)]
pub trait Land {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a place is flown to by `vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))).await?`",
    label = "not a call of this SDK",
    note = "the call ends when the vehicle is there; by coordinates: `vehicle.go_to_global(GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::AboveHome(20.0))).await?`"
)]
pub trait GoTo {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "coordinates are flown to by `vehicle.go_to_global(GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::AboveHome(20.0))).await?`",
    label = "not a call of this SDK",
    note = "the height says above what (`AboveHome`, `Amsl`), and the nose has its own order: `vehicle.set_nose(Nose::AlongPath);`"
)]
pub trait GoToGlobal {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "waiting in the air is `vehicle.hold(Seconds(5.0)).await?`",
    label = "not a call of this SDK",
    note = "time is vehicle time; while it holds, the vehicle keeps its place and its rules are watched"
)]
pub trait Hold {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the speed limit over ground is set by `vehicle.set_speed(MetresPerSecond(5.0));`",
    label = "not a call of this SDK",
    note = "it holds for every movement from there on"
)]
pub trait SetSpeed {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a velocity is flown by `vehicle.offboard().fly(VelocityNed::towards(Degrees(0.0), MetresPerSecond(2.0)), Seconds(5.0)).await?`",
    label = "not a call of this SDK",
    note = "by the nose: `VelocityFrd::forward(MetresPerSecond(2.0))`; up: `.and_climbing(MetresPerSecond(1.0))`; most movements are a place: `vehicle.go_to(..)`"
)]
pub trait SetVelocity {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the nose is turned by `vehicle.turn_to(Degrees(90.0)).await?`",
    label = "not a call of this SDK",
    note = "true heading, clockwise from north; by an angle: `vehicle.turn_by(Degrees(-45.0)).await?` (to the left)"
)]
pub trait TurnTo {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the height is changed by `vehicle.climb_to(AboveHome(20.0)).await?`, up or down",
    label = "not a call of this SDK",
    note = "by so much: `vehicle.climb_by(Metres(5.0)).await?`"
)]
pub trait ClimbTo {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a photo is taken by `vehicle.take_photo().await?`",
    label = "not a call of this SDK",
    note = "it ends when the vehicle confirms the image"
)]
pub trait TakePhoto {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a payload is released by `vehicle.release(Payload::Gripper).await?`",
    label = "not a call of this SDK",
    note = "by a servo: `vehicle.release(Payload::Servo {{ channel: 9, release_us: 1900 }}).await?`"
)]
pub trait Release {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`vehicle.return_to_launch().await` returns, lands and ends the mission; `vehicle.return_home().await?` only flies to above home",
    label = "not a call of this SDK",
    note = "both start from where the vehicle is"
)]
pub trait ReturnHome {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "telemetry is read without `get_`, at once: `vehicle.position()`, `vehicle.altitude()`, `vehicle.heading()`, `vehicle.battery()?`",
    label = "not a call of this SDK",
    note = "each gives the latest value; there is nothing to await"
)]
pub trait Read {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the vehicle has its calls itself: `vehicle.arm_and_take_off(AboveHome(10.0)).await?`, `vehicle.position()`, `vehicle.land().await`",
    label = "not a call of this SDK",
    note = "capability handles are for hand-written programs; a mission has a `Vehicle`"
)]
pub trait OnTheVehicle {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "modes are set by the calls that need them: `vehicle.arm_and_take_off(..)`, `vehicle.land()`, `vehicle.return_to_launch()`",
    label = "not a call of this SDK",
    note = "a mission flies under its own set-points (GUIDED, OFFBOARD) in between; `vehicle.mode()` reads the mode"
)]
pub trait SetMode {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a mission sends no raw messages and sets no parameters: use the vehicle's calls, such as `vehicle.go_to(..)`, `vehicle.set_speed(..)` and `vehicle.land()`",
    label = "not a call of this SDK",
    note = "arming checks, failsafes and the fence stay as the vehicle has them"
)]
pub trait NoRawMessages {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a mission is flown call by call, not uploaded: `for place in places {{ vehicle.go_to(place).await?; }}`",
    label = "not a call of this SDK",
    note = "so its branches, rules and errors work between any two of them"
)]
pub trait NoUpload {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "there is one vehicle and it cannot be cloned: lend it with `&mut vehicle` (a function takes `vehicle: &mut Vehicle<Airborne>`)",
    label = "not a call of this SDK",
    note = "two owners could command it against one another"
)]
pub trait NotTwice {}

#[doc(hidden)]
#[rustfmt::skip]
impl<S: State> Vehicle<S> {
    #[doc(hidden)] pub fn arm(&self) -> Flying<'static, Vehicle<Airborne>> where Self: ArmAndTakeOff { impossible() }
    #[doc(hidden)] pub fn takeoff(&self, _altitude: impl Sized) -> Flying<'static, Vehicle<Airborne>> where Self: ArmAndTakeOff { impossible() }
    #[doc(hidden)] pub fn take_off(&self, _altitude: impl Sized) -> Flying<'static, Vehicle<Airborne>> where Self: ArmAndTakeOff { impossible() }
    #[doc(hidden)] pub fn simple_takeoff(&self, _altitude: impl Sized) -> Flying<'static, Vehicle<Airborne>> where Self: ArmAndTakeOff { impossible() }
    #[doc(hidden)] pub fn set_takeoff_altitude(&self, _altitude: impl Sized) -> Flying<'static> where Self: ArmAndTakeOff { impossible() }
    #[doc(hidden)] pub fn wait_ready(&self) -> Flying<'static> where Self: ArmAndTakeOff { impossible() }
    #[doc(hidden)] pub fn is_armable(&self) -> Flying<'static> where Self: ArmAndTakeOff { impossible() }
    #[doc(hidden)] pub fn disarm(&self) -> Flying<'static, Vehicle<Landed>> where Self: Land { impossible() }
    #[doc(hidden)] pub fn kill(&self) -> Flying<'static, Vehicle<Landed>> where Self: Land { impossible() }
    #[doc(hidden)] pub fn terminate(&self) -> Flying<'static, Vehicle<Landed>> where Self: Land { impossible() }
    #[doc(hidden)] pub fn goto(&self, _place: impl Sized) -> Flying<'static> where Self: GoTo { impossible() }
    #[doc(hidden)] pub fn simple_goto(&self, _place: impl Sized) -> Flying<'static> where Self: GoTo { impossible() }
    #[doc(hidden)] pub fn fly_to(&self, _place: impl Sized) -> Flying<'static> where Self: GoTo { impossible() }
    #[doc(hidden)] pub fn move_to(&self, _place: impl Sized) -> Flying<'static> where Self: GoTo { impossible() }
    #[doc(hidden)] pub fn navigate_to(&self, _place: impl Sized) -> Flying<'static> where Self: GoTo { impossible() }
    #[doc(hidden)] pub fn set_position_ned(&self, _place: impl Sized) -> Flying<'static> where Self: GoTo { impossible() }
    #[doc(hidden)] pub fn goto_location(&self, _latitude: impl Sized, _longitude: impl Sized, _altitude: impl Sized, _yaw: impl Sized) -> Flying<'static> where Self: GoToGlobal { impossible() }
    #[doc(hidden)] pub fn goto_global(&self, _latitude: impl Sized, _longitude: impl Sized, _altitude: impl Sized) -> Flying<'static> where Self: GoToGlobal { impossible() }
    #[doc(hidden)] pub fn fly_to_gps(&self, _latitude: impl Sized, _longitude: impl Sized, _altitude: impl Sized) -> Flying<'static> where Self: GoToGlobal { impossible() }
    #[doc(hidden)] pub fn hover(&self, _time: impl Sized) -> Flying<'static> where Self: Hold { impossible() }
    #[doc(hidden)] pub fn wait(&self, _time: impl Sized) -> Flying<'static> where Self: Hold { impossible() }
    #[doc(hidden)] pub fn sleep(&self, _time: impl Sized) -> Flying<'static> where Self: Hold { impossible() }
    #[doc(hidden)] pub fn loiter(&self, _time: impl Sized) -> Flying<'static> where Self: Hold { impossible() }
    #[doc(hidden)] pub fn delay(&self, _time: impl Sized) -> Flying<'static> where Self: Hold { impossible() }
    #[doc(hidden)] pub fn set_airspeed(&self, _speed: impl Sized) where Self: SetSpeed { impossible() }
    #[doc(hidden)] pub fn set_groundspeed(&self, _speed: impl Sized) where Self: SetSpeed { impossible() }
    #[doc(hidden)] pub fn set_ground_speed(&self, _speed: impl Sized) where Self: SetSpeed { impossible() }
    #[doc(hidden)] pub fn set_velocity(&self, _speed: impl Sized) where Self: SetSpeed { impossible() }
    #[doc(hidden)] pub fn set_maximum_speed(&self, _speed: impl Sized) where Self: SetSpeed { impossible() }
    #[doc(hidden)] pub fn set_max_speed(&self, _speed: impl Sized) where Self: SetSpeed { impossible() }
    #[doc(hidden)] pub fn set_velocity_ned(&self, _velocity: impl Sized) -> Flying<'static> where Self: SetVelocity { impossible() }
    #[doc(hidden)] pub fn set_velocity_body(&self, _velocity: impl Sized) -> Flying<'static> where Self: SetVelocity { impossible() }
    #[doc(hidden)] pub fn send_ned_velocity(&self, _north: impl Sized, _east: impl Sized, _down: impl Sized, _time: impl Sized) -> Flying<'static> where Self: SetVelocity { impossible() }
    #[doc(hidden)] pub fn set_yaw(&self, _heading: impl Sized) -> Flying<'static> where Self: TurnTo { impossible() }
    #[doc(hidden)] pub fn set_heading(&self, _heading: impl Sized) -> Flying<'static> where Self: TurnTo { impossible() }
    #[doc(hidden)] pub fn yaw_to(&self, _heading: impl Sized) -> Flying<'static> where Self: TurnTo { impossible() }
    #[doc(hidden)] pub fn condition_yaw(&self, _heading: impl Sized, _speed: impl Sized, _direction: impl Sized, _relative: impl Sized) -> Flying<'static> where Self: TurnTo { impossible() }
    #[doc(hidden)] pub fn rotate(&self, _angle: impl Sized) -> Flying<'static> where Self: TurnTo { impossible() }
    #[doc(hidden)] pub fn set_altitude(&self, _altitude: impl Sized) -> Flying<'static> where Self: ClimbTo { impossible() }
    #[doc(hidden)] pub fn change_altitude(&self, _altitude: impl Sized) -> Flying<'static> where Self: ClimbTo { impossible() }
    #[doc(hidden)] pub fn ascend(&self, _height: impl Sized) -> Flying<'static> where Self: ClimbTo { impossible() }
    #[doc(hidden)] pub fn descend(&self, _height: impl Sized) -> Flying<'static> where Self: ClimbTo { impossible() }
    #[doc(hidden)] pub fn take_picture(&self) -> Flying<'static> where Self: TakePhoto { impossible() }
    #[doc(hidden)] pub fn capture_image(&self) -> Flying<'static> where Self: TakePhoto { impossible() }
    #[doc(hidden)] pub fn capture_photo(&self) -> Flying<'static> where Self: TakePhoto { impossible() }
    #[doc(hidden)] pub fn trigger_camera(&self) -> Flying<'static> where Self: TakePhoto { impossible() }
    #[doc(hidden)] pub fn drop_payload(&self) -> Flying<'static> where Self: Release { impossible() }
    #[doc(hidden)] pub fn release_payload(&self) -> Flying<'static> where Self: Release { impossible() }
    #[doc(hidden)] pub fn open_gripper(&self) -> Flying<'static> where Self: Release { impossible() }
    #[doc(hidden)] pub fn rtl(&self) -> Flying<'static, Vehicle<Landed>> where Self: ReturnHome { impossible() }
    #[doc(hidden)] pub fn return_to_home(&self) -> Flying<'static, Vehicle<Landed>> where Self: ReturnHome { impossible() }
    #[doc(hidden)] pub fn go_home(&self) -> Flying<'static, Vehicle<Landed>> where Self: ReturnHome { impossible() }
    #[doc(hidden)] pub fn get_position(&self) where Self: Read { impossible() }
    #[doc(hidden)] pub fn get_location(&self) where Self: Read { impossible() }
    #[doc(hidden)] pub fn get_altitude(&self) where Self: Read { impossible() }
    #[doc(hidden)] pub fn get_battery(&self) where Self: Read { impossible() }
    #[doc(hidden)] pub fn get_heading(&self) where Self: Read { impossible() }
    #[doc(hidden)] pub fn action(&self) -> &Self where Self: OnTheVehicle { impossible() }
    #[doc(hidden)] pub fn core(&self) -> &Self where Self: OnTheVehicle { impossible() }
    #[doc(hidden)] pub fn mission(&self) -> &Self where Self: OnTheVehicle { impossible() }
    #[doc(hidden)] pub fn set_mode(&self, _mode: impl Sized) -> Flying<'static> where Self: SetMode { impossible() }
    #[doc(hidden)] pub fn set_flight_mode(&self, _mode: impl Sized) -> Flying<'static> where Self: SetMode { impossible() }
    #[doc(hidden)] pub fn send_mavlink(&self, _message: impl Sized) -> Flying<'static> where Self: NoRawMessages { impossible() }
    #[doc(hidden)] pub fn send_message(&self, _message: impl Sized) -> Flying<'static> where Self: NoRawMessages { impossible() }
    #[doc(hidden)] pub fn send_command(&self, _command: impl Sized) -> Flying<'static> where Self: NoRawMessages { impossible() }
    #[doc(hidden)] pub fn set_parameter(&self, _name: impl Sized, _value: impl Sized) -> Flying<'static> where Self: NoRawMessages { impossible() }
    #[doc(hidden)] pub fn set_param(&self, _name: impl Sized, _value: impl Sized) -> Flying<'static> where Self: NoRawMessages { impossible() }
    #[doc(hidden)] pub fn upload_mission(&self, _items: impl Sized) -> Flying<'static> where Self: NoUpload { impossible() }
    #[doc(hidden)] pub fn start_mission(&self) -> Flying<'static> where Self: NoUpload { impossible() }
    #[doc(hidden)] pub fn add_waypoint(&self, _place: impl Sized) -> Flying<'static> where Self: NoUpload { impossible() }
    #[expect(clippy::should_implement_trait, reason = "there is one vehicle: whoever clones it is told so")]
    #[doc(hidden)] pub fn clone(&self) -> Self where Self: NotTwice { impossible() }
}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a set-point and how long it holds are one call: `offboard.fly(VelocityNed::towards(Degrees(0.0), MetresPerSecond(2.0)), Seconds(5.0)).await?`",
    label = "not a call of this SDK",
    note = "nothing has to be started; `offboard.stop().await?` brings the vehicle to rest"
)]
pub trait FlySetPoint {}

#[doc(hidden)]
#[rustfmt::skip]
impl Offboard<'_> {
    #[doc(hidden)] pub fn start(&self) -> Flying<'static> where Self: FlySetPoint { impossible() }
    #[doc(hidden)] pub fn set_position_ned(&self, _set_point: impl Sized) -> Flying<'static> where Self: FlySetPoint { impossible() }
    #[doc(hidden)] pub fn set_velocity_ned(&self, _set_point: impl Sized) -> Flying<'static> where Self: FlySetPoint { impossible() }
    #[doc(hidden)] pub fn set_velocity_body(&self, _set_point: impl Sized) -> Flying<'static> where Self: FlySetPoint { impossible() }
    #[doc(hidden)] pub fn set_attitude(&self, _set_point: impl Sized) -> Flying<'static> where Self: FlySetPoint { impossible() }
}
