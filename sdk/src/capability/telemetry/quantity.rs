//! What a quantity of the telemetry is: the messages that carry it, and how it is read from one.
use crate::telemetry::Micros;
use crate::wire::payload::Payload;
use flightsmith_mission::{units::Seconds, vehicle::Autopilot};

/// Something that a vehicle tells about itself: a [`Position`](super::Position), a [`Battery`](super::Battery), ..
///
/// Ask for it by its type:
///
/// ```
/// use flightsmith_sdk::capability::telemetry::{Gps, Instruments};
/// fn satellites(instruments: &Instruments) -> Option<u8> {
///     instruments.latest::<Gps>()?.satellites
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no quantity of the telemetry",
    note = "quantities are Position, LocalPosition, VelocityNed, AltitudeReport, Attitude, AttitudeQuaternion, AngularRate, Gps, \
            Battery, FlightMode, Armed, LandedState, SystemState, Health, Estimator, RcChannels, WindReport, DistanceSensor, \
            ServoOutputs, ActuatorOutputs, SystemTime, Hud, HomePosition",
    note = "any other message of the dialect comes by `system.raw().subscribe::<D>()`"
)]
pub trait Quantity: Sized + Send + Sync + read::Read {}
impl<Q: read::Read + Sized + Send + Sync> Quantity for Q {}

/// A quantity as it was last told, with its age.
///
/// ```
/// use flightsmith_sdk::{capability::telemetry::Instruments, units::Seconds};
/// fn fresh_altitude_m(instruments: &Instruments) -> Option<f64> {
///     let position = instruments.position()?;
///     (position.age < Seconds(1.0)).then_some(position.altitude_amsl_m)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading<T> {
    /// What was told; the reading's fields are also reached directly.
    pub value: T,
    /// Vehicle time of its arrival, since the connection began.
    pub at: Seconds,
    /// How old it was when it was read, in vehicle time.
    pub age: Seconds,
}

impl<T> Reading<T> {
    pub(super) fn new(value: T, at_us: Micros, now_us: Micros) -> Self {
        let seconds = |us: Micros| Seconds(us as f64 * 1e-6);
        Self { value, at: seconds(at_us), age: seconds(now_us.saturating_sub(at_us)) }
    }
}

impl<T> core::ops::Deref for Reading<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

#[doc(hidden)]
pub(crate) mod read {
    //! Sealed: quantities are this crate's, because they are read by offset.
    use super::{Autopilot, Payload};

    /// A MAVLink message by id and name.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct MessageName {
        pub id: u32,
        pub name: &'static str,
    }

    /// A message as a quantity sees it.
    #[derive(Debug, Clone, Copy)]
    pub struct Report<'a> {
        pub id: u32,
        pub autopilot: Autopilot,
        pub component: u8,
        pub(crate) fields: Payload<'a>,
    }

    pub trait Read {
        /// For error messages.
        const NAME: &'static str;
        /// The messages that carry it; the first is the one whose rate is set.
        fn messages(autopilot: Autopilot) -> &'static [MessageName];
        /// The quantity, where the message knows it.
        fn read(report: &Report<'_>) -> Option<Self>
        where
            Self: Sized;
        /// Which of several (batteries, sensors) it is: the lowest is the first.
        fn rank(&self) -> u16 {
            0
        }
    }

    /// The ids and names of `NAMES`.
    macro_rules! messages {
        ($($name:ident),+ $(,)?) => {
            const { &[$($crate::capability::telemetry::quantity::read::MessageName {
                id: $crate::wire::incoming::id::$name,
                name: stringify!($name),
            }),+] }
        };
    }
    pub(crate) use messages;
}

/// A float that says by NaN that it is unknown.
pub(super) fn known(value: f32) -> Option<f64> {
    value.is_finite().then_some(f64::from(value))
}
/// An unsigned field that says by 65535 that it is unknown.
pub(super) fn known_u16(value: u16) -> Option<f64> {
    (value != u16::MAX).then_some(f64::from(value))
}
