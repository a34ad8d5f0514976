//! The vehicle as a mission sees it: what may be called depends on whether it stands, flies or has landed.
//!
//! Thin on purpose: each call hands over to the module that does it, so that mission crates compile little.
use crate::autopilot::Mode;
use crate::capability::gimbal::{self, GimbalYaw};
use crate::capability::winch;
use crate::error::FlightError;
use crate::flight::Flight;
use crate::hints::{Destination, Landmark};
use crate::motion::path::Arc;
use crate::nose::Nose;
use crate::rule::Rule;
use crate::shared::{Boxed, MaybeSend};
use crate::telemetry::{Attitude, LandedState};
use crate::wind::{self, WindEstimate};
use alloc::boxed::Box;
use core::{
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};
use flightsmith_mission::{
    frame::{AboveHome, GlobalPosition, Latitude, Longitude, OffsetFrd, PositionNed, VelocityNed},
    geodesy::Home,
    raw::velocity_ned,
    units::{Degrees, Metres, MetresPerSecond, Percent, Seconds, wrap_360},
    vehicle::{Autopilot, Payload},
};

#[doc(hidden)]
pub(crate) mod sealed {
    pub trait State {}
}
/// On the ground, not armed: may take off.
///
/// ```no_run
/// use flightsmith_sdk::prelude::*;
/// async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
///     vehicle.arm_and_take_off(AboveHome(10.0)).await?.land().await
/// }
/// ```
#[derive(Debug)]
pub struct Grounded;
/// In the air, under the mission's control.
///
/// ```no_run
/// use flightsmith_sdk::prelude::*;
/// /// Part of a flight: lent, so that the caller still has the vehicle afterwards.
/// async fn look_around(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
///     vehicle.turn_by(Degrees(360.0)).await
/// }
/// ```
#[derive(Debug)]
pub struct Airborne;
/// Landed and disarmed after a flight: the mission's end.
///
/// ```no_run
/// use flightsmith_sdk::prelude::*;
/// async fn end(vehicle: Vehicle<Airborne>) -> Result<Vehicle<Landed>, FlightError> {
///     vehicle.return_to_launch().await
/// }
/// ```
#[derive(Debug)]
pub struct Landed;
impl sealed::State for Grounded {}
impl sealed::State for Airborne {}
impl sealed::State for Landed {}

/// A call that flies: it does nothing until it is awaited, and ends when the vehicle has done it.
///
/// ```no_run
/// # use flightsmith_sdk::prelude::*;
/// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
/// // Nothing moves yet, and nothing is sent.
/// let leg = vehicle.go_to(PositionNed::at(North(20.0), East(0.0), AboveHome(10.0)));
/// leg.await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a flying call does nothing until it is awaited: write `.await?` behind it"]
pub struct Flying<'v, T = ()> {
    future: Boxed<'v, Result<T, FlightError>>,
}

impl<'v, T> Flying<'v, T> {
    pub(crate) fn new(future: impl Future<Output = Result<T, FlightError>> + MaybeSend + 'v) -> Self {
        Self { future: Box::pin(future) }
    }
}

impl<T> Future for Flying<'_, T> {
    type Output = Result<T, FlightError>;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.future.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for Flying<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flying(..)")
    }
}

/// A vehicle, on the ground ([`Grounded`]), flying ([`Airborne`]) or [`Landed`]. Only an airborne one can be flown, only a
/// grounded one can take off, and a mission ends with a landed one: the compiler sees to it.
///
/// ```no_run
/// use flightsmith_sdk::prelude::*;
/// pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
///     let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
///     vehicle.set_speed(MetresPerSecond(5.0));
///     let start = vehicle.position();
///     vehicle.go_to(start.towards(Degrees(90.0), Metres(40.0))).await?;
///     vehicle.hold(Seconds(5.0)).await?;
///     vehicle.return_home().await?;
///     vehicle.land().await
/// }
/// ```
#[must_use = "a vehicle must be flown on or landed: end the mission with `vehicle.land().await`"]
pub struct Vehicle<S: sealed::State> {
    pub(crate) flight: Flight,
    state: PhantomData<S>,
}

impl<S: sealed::State> fmt::Debug for Vehicle<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vehicle").field("autopilot", &self.flight.autopilot).finish_non_exhaustive()
    }
}

impl<S: sealed::State> Vehicle<S> {
    pub(crate) fn new(flight: Flight) -> Self {
        Self { flight, state: PhantomData }
    }

    /// Latest position in metres north, east and down of home (home = where it was armed).
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let start = vehicle.position();
    /// vehicle.go_to(start.towards(Degrees(90.0), Metres(15.0))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn position(&self) -> PositionNed {
        self.flight.position()
    }
    /// Latest height above home.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let altitude = vehicle.altitude();
    /// vehicle.climb_to(altitude + Metres(5.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn altitude(&self) -> AboveHome {
        self.flight.position().altitude()
    }
    /// Latest velocity over ground, in m/s north, east and down.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// if vehicle.velocity().ground_speed_m_s() < 0.5 {
    ///     vehicle.take_photo().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn velocity(&self) -> VelocityNed {
        let [north_m_s, east_m_s, down_m_s] = self.flight.velocity_m_s();
        velocity_ned([north_m_s, east_m_s, down_m_s])
    }
    /// Latest true heading of the nose, `0 <= h < 360`.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// // A place 10 m ahead of the nose.
    /// let ahead = vehicle.position().towards(vehicle.heading(), Metres(10.0));
    /// vehicle.go_to(ahead).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn heading(&self) -> Degrees {
        Degrees(self.flight.heading_deg())
    }
    /// Latest roll, pitch and heading in degrees.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let level = vehicle.attitude().roll_deg.abs() < 3.0;
    /// if level {
    ///     vehicle.take_photo().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn attitude(&self) -> Attitude {
        self.flight.link.with(|core| core.telemetry.attitude).map(|attitude| attitude.value).unwrap_or_default()
    }
    /// Age of the latest position.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// if vehicle.position_age() > Seconds(1.0) {
    ///     return vehicle.hold(Seconds(5.0)).await;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn position_age(&self) -> Seconds {
        let age = self.flight.link.with(|core| {
            let now = core.clock.now_us();
            core.telemetry.local.map(|local| local.age_s(now))
        });
        Seconds(age.unwrap_or(f64::INFINITY))
    }
    /// Home: where the vehicle was armed, and its heading then. Before arming the place where it stands.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let meadow = GlobalPosition::at(Latitude(47.3981), Longitude(8.5456), Altitude::AboveHome(15.0));
    /// let meadow = vehicle.home().to_ned(&meadow);
    /// vehicle.go_to(meadow).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn home(&self) -> Home {
        self.flight.home
    }
    /// Battery left.
    ///
    /// # Errors
    /// [`FlightError::NotReported`] where the vehicle does not measure it.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// if vehicle.battery()? < Percent(50.0) {
    ///     vehicle.return_home().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn battery(&self) -> Result<Percent, FlightError> {
        let level = self.flight.link.with(|core| core.telemetry.battery_percent);
        level.map(|level| Percent(level.value)).ok_or(FlightError::NotReported { what: "the battery level" })
    }
    /// The wind, from the autopilot where it reports it (WIND, WIND_COV), else estimated from the lean with its error stated.
    ///
    /// # Errors
    /// [`FlightError::NotReported`] where not even the attitude is reported.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let wind = vehicle.wind()?;
    /// if wind.speed_m_s + wind.error_m_s > 8.0 {
    ///     vehicle.climb_to(AboveHome(5.0)).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn wind(&self) -> Result<WindEstimate, FlightError> {
        wind::estimate(&self.flight)
    }
    /// The autopilot's present mode, in its own words (`GUIDED`, `OFFBOARD`, `AUTO.RTL`, ..).
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// println!("flying in {}", vehicle.mode());
    /// # Ok(())
    /// # }
    /// ```
    pub fn mode(&self) -> &'static str {
        self.flight.link.with(|core| {
            core.telemetry.mode().map_or("UNKNOWN", |mode| crate::autopilot::mode_name(self.flight.autopilot, mode))
        })
    }
    /// Which autopilot flies it.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// if vehicle.autopilot() == Autopilot::Px4 {
    ///     println!("servos are outputs of \"Peripheral via Actuator Set\" here");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn autopilot(&self) -> Autopilot {
        self.flight.autopilot
    }
    /// Whether it is armed.
    ///
    /// ```
    /// use flightsmith_sdk::prelude::*;
    /// fn is_safe_to_approach(vehicle: &Vehicle<Landed>) -> bool {
    ///     !vehicle.armed()
    /// }
    /// # let _ = is_safe_to_approach;
    /// ```
    pub fn armed(&self) -> bool {
        self.flight.link.with(|core| core.telemetry.armed())
    }
    /// Whether it says that it stands or flies.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// if vehicle.landed_state() == LandedState::OnGround {
    ///     println!("it stands, whatever it was told");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn landed_state(&self) -> LandedState {
        self.flight.landed_state()
    }
    /// Vehicle time since the connection began.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let until = vehicle.time() + Seconds(60.0);
    /// while vehicle.time() < until {
    ///     vehicle.take_photo().await?;
    ///     vehicle.hold(Seconds(5.0)).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn time(&self) -> Seconds {
        Seconds(self.flight.link.now_us() as f64 * 1e-6)
    }
}

impl Vehicle<Grounded> {
    /// Where the vehicle stands now, as the home that arming would give it; `None` before it has a position.
    ///
    /// ```
    /// use flightsmith_sdk::prelude::*;
    /// fn where_it_stands(vehicle: &Vehicle<Grounded>) -> Option<GlobalPosition> {
    ///     Some(vehicle.home_here()?.to_global(&PositionNed::HOME))
    /// }
    /// # let _ = where_it_stands;
    /// ```
    pub fn home_here(&self) -> Option<Home> {
        let heading_deg = self.flight.heading_deg();
        let here = self.flight.link.with(|core| core.telemetry.global)?.value;
        Some(Home { lat_deg: here.lat_deg, lon_deg: here.lon_deg, altitude_amsl_m: here.altitude_amsl_m, heading_deg })
    }

    /// Arms and takes off; ends hovering at `altitude` above home.
    ///
    /// ArduPilot: GUIDED, MAV_CMD_COMPONENT_ARM_DISARM, MAV_CMD_NAV_TAKEOFF. PX4: the same commands in HOLD, then OFFBOARD.
    ///
    /// # Errors
    /// [`FlightError::NotReady`] and [`FlightError::Refused`] with the autopilot's reason; [`FlightError::OutsideEnvelope`]
    /// below 1 m or above the envelope; those of every flying call.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    /// let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    /// # vehicle.land().await
    /// # }
    /// ```
    pub fn arm_and_take_off(self, altitude: AboveHome) -> Flying<'static, Vehicle<Airborne>> {
        Flying::new(async move {
            let mut flight = self.flight;
            flight.arm_and_take_off(altitude.0).await?;
            Ok(Vehicle::new(flight))
        })
    }
}

/// Flying calls. Each ends when the vehicle has done it. Besides its own errors each may return
/// [`FlightError::PilotTookOver`], [`FlightError::Failsafe`], [`FlightError::RuleEnded`], [`FlightError::LinkLost`],
/// [`FlightError::NotArrived`] and [`FlightError::DownUnexpectedly`]: pass them on with `?`.
impl Vehicle<Airborne> {
    /// Ground speed limit of what is flown from here on, in m/s; `0.1 <= v`, at most the envelope's.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.set_speed(MetresPerSecond(5.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_speed(&mut self, speed: MetresPerSecond) {
        let highest = self.flight.link.with(|core| core.envelope.max_speed_m_s);
        if speed.0.is_finite() {
            self.flight.speed_m_s = speed.0.max(0.1).min(highest.max(0.1));
        }
    }
    /// Where the nose points from here on; it is turned when the next movement begins.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let tower = PositionNed::at(North(20.0), East(0.0), AboveHome(0.0));
    /// vehicle.set_nose(Nose::At(tower));
    /// vehicle.go_to(PositionNed::at(North(20.0), East(15.0), AboveHome(10.0))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_nose(&mut self, nose: Nose) {
        self.flight.nose = nose;
    }
    /// A condition that ends the flight safely: checked at every step of every flying call. When it fires, the safe end is
    /// flown and the call in progress returns [`FlightError::RuleEnded`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.set_rule(Rule::battery_below(Percent(40.0), SafeEnd::ReturnToLaunch));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_rule(&mut self, rule: Rule) {
        self.flight.add_rule(rule);
    }
    /// Flies straight to `place`, a [`PositionNed`], at the set speed; ends within 1 m of it, at rest.
    ///
    /// # Errors
    /// [`FlightError::OutsideEnvelope`] where `place` is outside; nothing moves then.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// // 40 m north and 10 m west of home, 12 m above it.
    /// vehicle.go_to(PositionNed::at(North(40.0), East(-10.0), AboveHome(12.0))).await?;
    /// // 25 m further on the true bearing 90, at the same height.
    /// vehicle.go_to(vehicle.position().towards(Degrees(90.0), Metres(25.0))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn go_to(&mut self, place: impl Destination) -> Flying<'_> {
        self.fly_to_position(place.into())
    }
    fn fly_to_position(&mut self, place: PositionNed) -> Flying<'_> {
        Flying::new(self.flight.fly_leg(place, "a leg"))
    }
    /// Flies straight to a latitude and longitude; as [`Vehicle::go_to`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let place = GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::AboveHome(20.0));
    /// vehicle.go_to_global(place).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn go_to_global(&mut self, place: GlobalPosition) -> Flying<'_> {
        let place = self.flight.home.to_ned(&place);
        self.go_to(place)
    }
    /// Flies straight by `offset` as the nose points when the call begins.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.move_by(OffsetFrd::by(Forward(10.0), Right(0.0), Up(0.0))).await
    /// # }
    /// ```
    pub fn move_by(&mut self, offset: OffsetFrd) -> Flying<'_> {
        let target = self.flight.target_or_here();
        let place = target.position + offset.to_ned(Degrees(target.yaw_deg));
        self.go_to(place)
    }
    /// Climbs or descends on the spot to `altitude`.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.climb_to(AboveHome(20.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn climb_to(&mut self, altitude: AboveHome) -> Flying<'_> {
        let place = self.flight.target_or_here().position.at_altitude(altitude);
        Flying::new(self.flight.fly_leg(place, "a climb"))
    }
    /// Climbs on the spot by `height`; descends where it is negative.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.climb_by(Metres(5.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn climb_by(&mut self, height: Metres) -> Flying<'_> {
        let altitude = self.flight.target_or_here().position.altitude();
        self.climb_to(altitude + height)
    }
    /// Turns the nose to a true heading, the short way, on the spot. It stays so until [`Vehicle::set_nose`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.turn_to(Degrees(90.0)).await?; // east
    /// # Ok(())
    /// # }
    /// ```
    pub fn turn_to(&mut self, heading: Degrees) -> Flying<'_> {
        self.flight.nose = Nose::Heading(Degrees(wrap_360(heading.0)));
        Flying::new(self.flight.turn_nose(heading.0, "a turn"))
    }
    /// Turns the nose by `angle`, positive to the right (clockwise from above), on the spot.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.turn_by(Degrees(-45.0)).await?; // to the left
    /// # Ok(())
    /// # }
    /// ```
    pub fn turn_by(&mut self, angle: Degrees) -> Flying<'_> {
        let end_deg = wrap_360(self.flight.target_or_here().yaw_deg + angle.0);
        self.flight.nose = Nose::Heading(Degrees(end_deg));
        Flying::new(self.flight.turn_nose_by(angle.0, "a turn"))
    }
    /// Turns the nose towards `place`, a [`PositionNed`], on the spot.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.face(PositionNed::at(North(0.0), East(0.0), AboveHome(0.0))).await?; // towards home
    /// # Ok(())
    /// # }
    /// ```
    pub fn face(&mut self, place: impl Landmark) -> Flying<'_> {
        let bearing = self.flight.target_or_here().position.bearing_to(place.into());
        self.turn_to(bearing)
    }
    /// Flies an arc, circle, orbit or spiral; goes to its beginning first where it is not there yet.
    ///
    /// Tight arcs are flown slower than the set speed, so that the vehicle can hold them.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// // Two laps, clockwise from above, 15 m around a point 30 m north of home, beginning south of it.
    /// let centre = PositionNed::at(North(30.0), East(0.0), AboveHome(10.0));
    /// vehicle.follow_arc(Arc::circle(centre, Metres(15.0), Degrees(180.0), Degrees(720.0))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn follow_arc(&mut self, arc: Arc) -> Flying<'_> {
        Flying::new(self.flight.fly_arc(arc))
    }
    /// Flies `turns` level circles of `radius` around `centre`, at its height, clockwise from above (negative: the other way), from
    /// the point of the circle that is nearest.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let tower = PositionNed::at(North(30.0), East(0.0), AboveHome(15.0));
    /// vehicle.set_nose(Nose::At(tower));
    /// vehicle.orbit(tower, Metres(10.0), 1.5).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn orbit(&mut self, centre: PositionNed, radius: Metres, turns: f64) -> Flying<'_> {
        let arc = Arc::orbit(centre, radius, turns, &self.flight.target_or_here().position);
        self.follow_arc(arc)
    }
    /// Flies straight to a height above the ground at a latitude and longitude; as [`Vehicle::go_to`].
    ///
    /// ArduPilot: the ground's height is asked for (TERRAIN_CHECK, TERRAIN_REPORT), there and along the straight way.
    ///
    /// # Errors
    /// [`FlightError::NotReported`] where the vehicle has no terrain data (PX4 never has); [`FlightError::OutsideEnvelope`] where the
    /// place is outside or the way comes nearer to the ground than 10 m (half of `height` where that is less).
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.go_to_above_terrain(Latitude(47.3981), Longitude(8.5461), Metres(30.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn go_to_above_terrain(&mut self, latitude: Latitude, longitude: Longitude, height: Metres) -> Flying<'_> {
        let flight = &mut self.flight;
        Flying::new(async move {
            let place = flight.place_above_terrain(latitude.0, longitude.0, height.0).await?;
            flight.fly_leg(place, "a leg").await
        })
    }
    /// Stays for `duration` of vehicle time.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.hold(Seconds(5.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn hold(&mut self, duration: Seconds) -> Flying<'_> {
        Flying::new(self.flight.hold(duration.0))
    }
    /// Takes one photo; ends when the vehicle confirms the image.
    ///
    /// MAV_CMD_IMAGE_START_CAPTURE, else MAV_CMD_DO_DIGICAM_CONTROL; CAMERA_IMAGE_CAPTURED or CAMERA_FEEDBACK confirm.
    ///
    /// # Errors
    /// [`FlightError::Refused`] without a camera; [`FlightError::OutcomeUnknown`] where nothing confirms the image.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.take_photo().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn take_photo(&mut self) -> Flying<'_> {
        Flying::new(self.flight.take_photo())
    }
    /// Releases a payload, once.
    ///
    /// MAV_CMD_DO_GRIPPER; for a servo MAV_CMD_DO_SET_SERVO (ArduPilot) or MAV_CMD_DO_SET_ACTUATOR (PX4, outputs 9 to 14).
    ///
    /// # Errors
    /// [`FlightError::Refused`]; [`FlightError::OutcomeUnknown`] where nothing shows whether it was released.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.release(Payload::Gripper).await?;
    /// vehicle.release(Payload::Servo { channel: 9, release_us: 1900 }).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn release(&mut self, payload: Payload) -> Flying<'_> {
        Flying::new(self.flight.release(payload))
    }
    /// Points a gimbal while the vehicle holds: `pitch` above the horizon (-90 is straight down), and a yaw.
    ///
    /// MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, else MAV_CMD_DO_MOUNT_CONTROL.
    ///
    /// # Errors
    /// [`FlightError::Refused`] without a gimbal; a pitch outside -90 to 90 degrees.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.point_gimbal(Degrees(-90.0), GimbalYaw::FromNose(Degrees(0.0))).await?;
    /// vehicle.take_photo().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn point_gimbal(&mut self, pitch: Degrees, yaw: GimbalYaw) -> Flying<'_> {
        Flying::new(async move {
            self.flight.during = "pointing a gimbal";
            gimbal::point(&mut self.flight, 0, pitch, yaw).await
        })
    }
    /// Lets `length` of a winch's line out (in where negative) while the vehicle holds.
    ///
    /// MAV_CMD_DO_WINCH; sent again only where WINCH_STATUS shows that the line has not moved.
    ///
    /// # Errors
    /// [`FlightError::Refused`] without a winch; [`FlightError::OutcomeUnknown`] where nothing shows what it did.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.let_out_line(Metres(4.0), MetresPerSecond(0.5)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn let_out_line(&mut self, length: Metres, rate: MetresPerSecond) -> Flying<'_> {
        Flying::new(async move {
            self.flight.during = "letting a line out";
            winch::let_out(&mut self.flight, length, rate).await
        })
    }
    /// Flies level to above home at the present altitude.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.return_home().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn return_home(&mut self) -> Flying<'_> {
        Flying::new(self.flight.return_home())
    }
    /// Lands on the spot; ends when the vehicle stands and is disarmed.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: Vehicle<Airborne>) -> Result<Vehicle<Landed>, FlightError> {
    /// vehicle.land().await
    /// # }
    /// ```
    pub fn land(self) -> Flying<'static, Vehicle<Landed>> {
        self.end_in(Mode::Land)
    }
    /// Flies level to above `place` at the present altitude and lands there.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: Vehicle<Airborne>) -> Result<Vehicle<Landed>, FlightError> {
    /// vehicle.land_at(PositionNed::at(North(10.0), East(5.0), AboveHome(0.0))).await
    /// # }
    /// ```
    pub fn land_at(self, place: PositionNed) -> Flying<'static, Vehicle<Landed>> {
        Flying::new(async move {
            let mut flight = self.flight;
            let altitude = flight.target_or_here().position.altitude();
            flight.fly_leg(place.at_altitude(altitude), "the way to the landing place").await?;
            flight.end_in(Mode::Land).await?;
            Ok(Vehicle::new(flight))
        })
    }
    /// The autopilot's own return to launch (with its climb), until disarmed at home.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: Vehicle<Airborne>) -> Result<Vehicle<Landed>, FlightError> {
    /// vehicle.return_to_launch().await
    /// # }
    /// ```
    pub fn return_to_launch(self) -> Flying<'static, Vehicle<Landed>> {
        self.end_in(Mode::Return)
    }

    fn end_in(self, mode: Mode) -> Flying<'static, Vehicle<Landed>> {
        Flying::new(async move {
            let mut flight = self.flight;
            flight.end_in(mode).await?;
            Ok(Vehicle::new(flight))
        })
    }
}
