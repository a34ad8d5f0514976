//! Set-points as a program writes them: a place, a velocity, an acceleration or an attitude, with what the nose does meanwhile.
//!
//! Flying them, within the envelope, is done in [`crate::steering`]; [`crate::wire::setpoint`] makes messages of them.
use flightsmith_mission::{
    frame::{GlobalPosition, PositionNed, VelocityNed},
    units::{Degrees, DegreesPerSecond, MetresPerSecond, Percent},
};

/// A velocity in m/s as the vehicle sees it, level with the ground: along its nose, to its right, down.
///
/// ```
/// use flightsmith_sdk::prelude::*;
/// let ahead_and_up = VelocityFrd::forward(MetresPerSecond(2.0)).and_climbing(MetresPerSecond(0.5));
/// assert_eq!(ahead_and_up.right_m_s, 0.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::manual_non_exhaustive, reason = "literals are to be kept out of this crate too")]
pub struct VelocityFrd {
    /// Towards the nose.
    pub forward_m_s: f64,
    /// To the right of the nose.
    pub right_m_s: f64,
    /// Downwards; negative climbs.
    pub down_m_s: f64,
    // Whoever writes `down_m_s: 1.0` to climb is sent to the constructors.
    built: (),
}

impl VelocityFrd {
    /// No movement.
    pub const STILL: Self = Self { forward_m_s: 0.0, right_m_s: 0.0, down_m_s: 0.0, built: () };

    /// Along the nose; backwards where it is negative.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// vehicle.offboard().fly(VelocityFrd::forward(MetresPerSecond(2.0)), Seconds(4.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub const fn forward(speed: MetresPerSecond) -> Self {
        Self { forward_m_s: speed.0, ..Self::STILL }
    }
    /// The same, and to the right at `speed` (to the left where it is negative).
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// // Sideways to the left only.
    /// let left = VelocityFrd::STILL.and_right(MetresPerSecond(-1.5));
    /// vehicle.offboard().fly(left, Seconds(4.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn and_right(self, speed: MetresPerSecond) -> Self {
        Self { right_m_s: speed.0, ..self }
    }
    /// The same, climbing at `climb` (descending where it is negative).
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let ahead_and_up = VelocityFrd::forward(MetresPerSecond(2.0)).and_climbing(MetresPerSecond(1.0));
    /// vehicle.offboard().fly(ahead_and_up, Seconds(4.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn and_climbing(self, climb: MetresPerSecond) -> Self {
        Self { down_m_s: -climb.0, ..self }
    }
}

/// An acceleration in m/s² towards north, east and down; at most 3 level and 2 up or down.
///
/// ```
/// use flightsmith_sdk::prelude::*;
/// let push = AccelerationNed { north_m_s2: 1.0, ..Default::default() };
/// assert_eq!(push.down_m_s2, 0.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AccelerationNed {
    /// Towards north.
    pub north_m_s2: f64,
    /// Towards east.
    pub east_m_s2: f64,
    /// Downwards; negative pushes up.
    pub down_m_s2: f64,
}

/// A lean and a thrust. Nothing holds position, speed or height meanwhile but the envelope.
///
/// ```
/// use flightsmith_sdk::prelude::*;
/// // Nose down by 5 degrees: forwards.
/// let lean = AttitudeThrust { roll: Degrees(0.0), pitch: Degrees(-5.0), thrust: Percent(45.0) };
/// # let _ = lean;
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttitudeThrust {
    /// Right side down is positive; -30 to 30.
    pub roll: Degrees,
    /// Nose up is positive; -30 to 30.
    pub pitch: Degrees,
    /// Share of all thrust, 10 to 90; most vehicles hover at 30 to 50.
    pub thrust: Percent,
}

/// What the nose does while a set-point is flown.
///
/// ```no_run
/// # use flightsmith_sdk::prelude::*;
/// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
/// let north = SetPoint::from(VelocityNed::towards(Degrees(0.0), MetresPerSecond(2.0)));
/// let mut offboard = vehicle.offboard();
/// offboard.fly(north.with_yaw(Yaw::Heading(Degrees(90.0))), Seconds(5.0)).await?;
/// offboard.fly(north.with_yaw(Yaw::Rate(DegreesPerSecond(-20.0))), Seconds(5.0)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Yaw {
    /// It stays where it points when the set-point begins.
    #[default]
    Keep,
    /// It turns to a true heading, the short way, at 45 degrees a second.
    Heading(Degrees),
    /// It turns steadily, at most 90 degrees a second.
    Rate(DegreesPerSecond),
}

/// What the vehicle is to do from now on, until the next set-point.
///
/// Made from [`PositionNed`], [`GlobalPosition`], [`VelocityNed`], [`VelocityFrd`], [`AccelerationNed`] or [`AttitudeThrust`]; calls that
/// take a set-point take these as they are.
///
/// ```
/// use flightsmith_sdk::prelude::*;
/// let north = VelocityNed::towards(Degrees(0.0), MetresPerSecond(3.0));
/// let north_turning = SetPoint::from(north).with_yaw(Yaw::Rate(DegreesPerSecond(20.0)));
/// assert_ne!(north_turning, SetPoint::from(north));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SetPoint {
    pub(crate) motion: Motion,
    pub(crate) yaw: Yaw,
}

impl SetPoint {
    /// The same motion with another behaviour of the nose.
    ///
    /// ```
    /// use flightsmith_sdk::prelude::*;
    /// let still = SetPoint::from(VelocityNed::STILL);
    /// let turning = still.with_yaw(Yaw::Rate(DegreesPerSecond(30.0)));
    /// assert_ne!(turning, still);
    /// ```
    #[must_use]
    pub fn with_yaw(self, yaw: Yaw) -> Self {
        Self { yaw, ..self }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Motion {
    Position(PositionNed),
    Global(GlobalPosition),
    Velocity(VelocityNed),
    BodyVelocity(VelocityFrd),
    Acceleration(AccelerationNed),
    Attitude(AttitudeThrust),
}

macro_rules! made_from {
    ($($kind:ident($made_from:ty)),* $(,)?) => {$(
        impl From<$made_from> for SetPoint {
            fn from(motion: $made_from) -> Self {
                Self { motion: Motion::$kind(motion), yaw: Yaw::Keep }
            }
        }
    )*};
}
made_from! {
    Position(PositionNed),
    Global(GlobalPosition),
    Velocity(VelocityNed),
    BodyVelocity(VelocityFrd),
    Acceleration(AccelerationNed),
    Attitude(AttitudeThrust),
}
