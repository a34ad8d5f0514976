//! Offboard control (ArduPilot: GUIDED): set-points of the program's own making, streamed while its own future is polled and never
//! otherwise.
//!
//! The envelope holds for all of them; see [`crate::steering`].
use crate::autopilot::Mode;
use crate::error::FlightError;
use crate::flight::Flight;
use crate::setpoint::SetPoint;
use crate::shared::MaybeSend;
use crate::steering::FlightState;
use crate::system::System;
use crate::vehicle::{Airborne, Flying, Vehicle};
use alloc::boxed::Box;
use flightsmith_mission::units::Seconds;

/// Whose flight it is: a mission's, lent, or one of its own.
#[derive(Debug)]
enum Held<'v> {
    Lent(&'v mut Flight),
    Own(Box<Flight>),
}

/// A vehicle that flies set-points.
///
/// A set-point holds until the next one; dropping an `Offboard` (or [`Offboard::stop`], which waits for it) brings the vehicle to rest.
/// Between calls, and while the program computes, nothing is sent: longer than half a second and PX4 leaves OFFBOARD (COM_OF_LOSS_T),
/// after 3 s ArduPilot stops the vehicle (GUID_TIMEOUT).
///
/// ```no_run
/// # use flightsmith_sdk::prelude::*;
/// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
/// let mut offboard = vehicle.offboard();
/// // 3 m/s north for 4 s, then up until 20 m, the nose turning all the while.
/// offboard.fly(VelocityNed::towards(Degrees(0.0), MetresPerSecond(3.0)), Seconds(4.0)).await?;
/// let up = SetPoint::from(VelocityNed::climbing(MetresPerSecond(1.0)));
/// let up = up.with_yaw(Yaw::Rate(DegreesPerSecond(15.0)));
/// let reached = offboard.fly_until(up, Seconds(30.0), |now| now.altitude() > AboveHome(20.0)).await?;
/// assert!(reached);
/// offboard.stop().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "fly set-points with it: `offboard.fly(VelocityFrd::forward(MetresPerSecond(2.0)), Seconds(3.0)).await?`"]
pub struct Offboard<'v> {
    held: Held<'v>,
}

impl Offboard<'_> {
    fn flight(&mut self) -> &mut Flight {
        match &mut self.held {
            Held::Lent(flight) => flight,
            Held::Own(flight) => flight,
        }
    }

    /// Flies a set-point for `duration` of vehicle time: a [`PositionNed`](crate::frame::PositionNed),
    /// [`GlobalPosition`](crate::frame::GlobalPosition), [`VelocityNed`](crate::frame::VelocityNed),
    /// [`VelocityFrd`](crate::VelocityFrd), [`AccelerationNed`](crate::AccelerationNed) or
    /// [`AttitudeThrust`](crate::AttitudeThrust), or a [`SetPoint`] that also says what the nose does.
    ///
    /// SET_POSITION_TARGET_LOCAL_NED, SET_POSITION_TARGET_GLOBAL_INT or SET_ATTITUDE_TARGET, 25 times a second.
    ///
    /// # Errors
    /// [`FlightError::OutsideEnvelope`] before anything is sent; [`FlightError::EnvelopeAhead`] after braking to a hold;
    /// [`FlightError::Request`] for a thrust that ArduPilot is not set up for (GUID_OPTIONS bit 3); those of every flying call.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let forward = VelocityFrd::forward(MetresPerSecond(2.0));
    /// vehicle.offboard().fly(forward, Seconds(3.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn fly(&mut self, set_point: impl Into<SetPoint>, duration: Seconds) -> Flying<'_> {
        let (flight, set_point) = (self.flight(), set_point.into());
        Flying::new(async move { flight.steer(set_point, duration.0, |_| false).await.map(drop) })
    }

    /// Flies a set-point until `until` says so, at most `limit` of vehicle time; says whether it did.
    ///
    /// # Errors
    /// As [`Offboard::fly`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let east = VelocityNed::towards(Degrees(90.0), MetresPerSecond(2.0));
    /// let there = vehicle.offboard().fly_until(east, Seconds(20.0), |now| now.position.east_m > 10.0).await?;
    /// # let _ = there;
    /// # Ok(())
    /// # }
    /// ```
    pub fn fly_until<'a>(
        &'a mut self,
        set_point: impl Into<SetPoint>,
        limit: Seconds,
        until: impl FnMut(&FlightState) -> bool + MaybeSend + 'a,
    ) -> Flying<'a, bool> {
        let (flight, set_point) = (self.flight(), set_point.into());
        Flying::new(async move { flight.steer(set_point, limit.0, until).await })
    }

    /// What the vehicle does now.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let offboard = vehicle.offboard();
    /// let now = offboard.state();
    /// println!("{:.1} m up, {:.1} m/s", now.altitude().0, now.velocity.ground_speed_m_s());
    /// # Ok(())
    /// # }
    /// ```
    pub fn state(&self) -> FlightState {
        let flight: &Flight = match &self.held {
            Held::Lent(flight) => flight,
            Held::Own(flight) => flight,
        };
        flight.state_since(flight.link.now_us())
    }

    /// Comes to rest; ends when the vehicle holds its place: a mission's vehicle under the mission's set-points, another one in the
    /// autopilot's own hold, so that it needs nobody.
    ///
    /// # Errors
    /// [`FlightError::NotArrived`] where it does not come to rest within 10 s; those of every flying call.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let mut offboard = vehicle.offboard();
    /// offboard.fly(VelocityNed::towards(Degrees(0.0), MetresPerSecond(2.0)), Seconds(2.0)).await?;
    /// offboard.stop().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stop(mut self) -> Result<(), FlightError> {
        let braked = self.flight().brake().await;
        if let Held::Own(flight) = &mut self.held { flight.leave_to_hold(braked).await } else { braked }
    }
}

impl Drop for Offboard<'_> {
    fn drop(&mut self) {
        self.flight().come_to_rest();
    }
}

impl Vehicle<Airborne> {
    /// Set-points of the mission's own making, for what legs and arcs cannot say. Ends in a hold where it ends or is dropped.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.offboard().fly(VelocityNed::towards(Degrees(90.0), MetresPerSecond(1.0)), Seconds(5.0)).await?;
    /// vehicle.hold(Seconds(2.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn offboard(&mut self) -> Offboard<'_> {
        Offboard { held: Held::Lent(&mut self.flight) }
    }
}

impl System {
    /// Takes a flying vehicle under the program's set-points (PX4: OFFBOARD behind a stream of set-points; ArduPilot: GUIDED), holding its
    /// place until the first one. End it with [`Offboard::stop`]; where it is only dropped, the autopilot's own timeout acts.
    ///
    /// # Errors
    /// [`FlightError::Request`] where the vehicle does not fly; [`FlightError::NotReported`] without position or home;
    /// [`FlightError::Refused`] with the autopilot's reason; those of every flying call.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{System, prelude::*};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().arm().await?;
    /// system.action().take_off(AboveHome(10.0)).await?;
    /// let mut offboard = system.offboard().await?;
    /// offboard.fly(VelocityNed::towards(Degrees(0.0), MetresPerSecond(2.0)), Seconds(5.0)).await?;
    /// offboard.stop().await?;
    /// system.action().land().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn offboard(&self) -> Result<Offboard<'static>, FlightError> {
        let mut flight = self.flight();
        let taken = flight.take_over_flying("offboard control").await;
        if taken.is_err() {
            self.link().with(|core| core.progress.end());
        }
        taken?;
        debug_assert!(flight.in_mode(Mode::Guided), "taken over in the mode of set-points");
        Ok(Offboard { held: Held::Own(Box::new(flight)) })
    }
}
