//! Telemetry: latest values with their age, streams of them, and how often they come.
//!
//! [`Instruments`] only reads; a mission has it too ([`Vehicle::telemetry`](crate::Vehicle::telemetry)). [`Telemetry`] belongs to a
//! [`System`] and may also wait and set rates.
//!
//! Values are `None` where the vehicle says that it does not know them (NaN, 65535, no fix), never a number that means something
//! else. A value's age counts vehicle time.
mod attitude;
mod gps;
mod health;
mod outputs;
mod position;
mod power;
pub(crate) mod quantity;
mod rate;
mod state;
mod surroundings;
mod updates;

use crate::session::Link;
use crate::statustext::StatusText;
use crate::system::System;
use crate::telemetry::Micros;
pub use crate::telemetry::{Attitude, LandedState};
use crate::vehicle::{Vehicle, sealed::State};
use alloc::{string::String, vec::Vec};
use flightsmith_mission::{frame::VelocityNed, units::Seconds, vehicle::Autopilot};
use quantity::read::{MessageName, Read, Report};

pub use attitude::{AngularRate, AttitudeQuaternion};
pub use gps::{Gps, GpsFix};
pub use health::{Estimator, Health};
pub use outputs::{ActuatorOutputs, Hud, RcChannels, ServoOutputs, SystemTime};
pub use position::{AltitudeReport, HomePosition, LocalPosition, Position, Terrain};
pub use power::{Battery, ChargeState};
pub use quantity::{Quantity, Reading};
pub use state::{Armed, FlightMode, SystemState};
pub use surroundings::{DistanceSensor, Facing, WindReport};
pub use updates::{Texts, Updates};

/// How far back texts still explain why the vehicle cannot be armed; ArduPilot repeats them every 30 s.
const PREARM_TEXTS_FOR_US: u64 = 45_000_000;
/// How ArduPilot's and PX4's reasons begin.
const PREARM_BEGINNINGS: [&str; 4] = ["PreArm: ", "Arm: ", "Preflight Fail: ", "Arming denied: "];

/// What the vehicle said last: reads, and cannot command anything.
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn show(instruments: &Instruments) {
///     if let (Some(position), Some(battery)) = (instruments.position(), instruments.battery()) {
///         println!("{:.1} m up, {:?} % left", position.altitude_above_home_m, battery.remaining_percent);
///     }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Instruments {
    link: Link,
    autopilot: Autopilot,
}

/// The telemetry of a [`System`]: all that [`Instruments`] read, and streams and rates.
///
/// ```no_run
/// # use flightsmith_sdk::{Attitude, RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let telemetry = system.telemetry();
/// telemetry.set_rate_hz::<Attitude>(50.0).await?;
/// let mut attitudes = telemetry.attitude_updates();
/// let attitude = attitudes.next().await?;
/// println!("nose at {:.0} degrees, battery {:?}", attitude.heading_deg, telemetry.battery());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Telemetry {
    system: System,
    instruments: Instruments,
}

impl core::ops::Deref for Telemetry {
    type Target = Instruments;
    fn deref(&self) -> &Instruments {
        &self.instruments
    }
}

impl System {
    /// Its telemetry.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let telemetry = system.telemetry();
    /// println!("{:?}", telemetry.position().map(|position| position.altitude_above_home_m));
    /// # Ok(())
    /// # }
    /// ```
    pub fn telemetry(&self) -> Telemetry {
        let instruments = Instruments { link: self.link().clone(), autopilot: self.autopilot() };
        Telemetry { system: self.clone(), instruments }
    }
}

impl<S: State> Vehicle<S> {
    /// Everything that the vehicle tells about itself, for reading.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # fn example(vehicle: &Vehicle<Airborne>) {
    /// if vehicle.telemetry().gps().is_some_and(|gps| gps.satellites < Some(8)) {
    ///     // turn back
    /// }
    /// # }
    /// ```
    pub fn telemetry(&self) -> Instruments {
        Instruments { link: self.flight.link.clone(), autopilot: self.flight.autopilot }
    }
}

/// A message that no quantity is made of.
pub(crate) fn message(id: u32, name: &'static str) -> MessageName {
    MessageName { id, name }
}

impl Instruments {
    /// The latest value of a quantity that a type names; `None` where none came, or the vehicle does not know it now. Of several
    /// batteries, receivers or sensors it is the first.
    ///
    /// ```
    /// use flightsmith_sdk::capability::telemetry::{Instruments, Position};
    /// fn height_m(instruments: &Instruments) -> Option<f64> {
    ///     Some(instruments.latest::<Position>()?.altitude_above_home_m)
    /// }
    /// ```
    pub fn latest<Q: Quantity>(&self) -> Option<Reading<Q>> {
        let mut newest: Option<Reading<Q>> = None;
        self.each::<Q>(|reading| {
            let place = |reading: &Reading<Q>| (reading.value.rank(), reading.age);
            if newest.as_ref().is_none_or(|newest| place(&reading) < place(newest)) {
                newest = Some(reading);
            }
        });
        newest
    }

    /// The latest values of a quantity from everybody that tells it: each battery, each distance sensor.
    ///
    /// ```
    /// use flightsmith_sdk::capability::telemetry::{Gps, Instruments};
    /// fn receivers(instruments: &Instruments) -> usize {
    ///     instruments.latest_of_each::<Gps>().len()
    /// }
    /// ```
    pub fn latest_of_each<Q: Quantity>(&self) -> Vec<Reading<Q>> {
        let mut all = Vec::new();
        self.each::<Q>(|reading| all.push(reading));
        all
    }

    fn each<Q: Quantity>(&self, mut see: impl FnMut(Reading<Q>)) {
        self.each_report(Q::messages(self.autopilot), &mut |report, at_us, now_us| {
            if let Some(value) = Q::read(report) {
                see(Reading::new(value, at_us, now_us));
            }
        });
    }

    /// Shows every kept report of `messages`, with its time and the time now; compiled once for all quantities.
    #[inline(never)]
    fn each_report(&self, messages: &[MessageName], see: &mut dyn FnMut(&Report<'_>, Micros, Micros)) {
        self.link.with(|core| {
            let now_us = core.clock.now_us();
            for message in messages {
                for kept in core.latest.of(message.id) {
                    let report = Report {
                        id: message.id,
                        autopilot: self.autopilot,
                        component: kept.component,
                        fields: kept.fields,
                    };
                    see(&report, kept.at_us, now_us);
                }
            }
        });
    }

    /// Why the vehicle cannot be armed, in its own words of the last 45 s; empty where it says that it can.
    ///
    /// ```
    /// use flightsmith_sdk::capability::telemetry::Instruments;
    /// fn explain(instruments: &Instruments) {
    ///     for reason in instruments.prearm_reasons() {
    ///         println!("{reason}"); // GPS 1: Bad fix
    ///     }
    /// }
    /// ```
    pub fn prearm_reasons(&self) -> Vec<String> {
        if self.health().is_some_and(|health| health.passes_prearm_checks()) {
            return Vec::new();
        }
        self.link.with(|core| {
            let from_us = core.clock.now_us().saturating_sub(PREARM_TEXTS_FOR_US);
            let mut reasons: Vec<String> = Vec::new();
            for text in core.texts.since(from_us) {
                let reason = PREARM_BEGINNINGS.iter().find_map(|beginning| text.text.strip_prefix(beginning));
                if let Some(reason) = reason.filter(|reason| !reasons.iter().any(|known| known == reason)) {
                    reasons.push(reason.into());
                }
            }
            reasons
        })
    }

    /// The latest texts of the autopilot (STATUSTEXT), oldest first; at most 32.
    ///
    /// ```
    /// use flightsmith_sdk::capability::telemetry::Instruments;
    /// fn last_words(instruments: &Instruments) -> Option<String> {
    ///     Some(instruments.latest_texts().pop()?.text)
    /// }
    /// ```
    pub fn latest_texts(&self) -> Vec<StatusText> {
        self.link.with(|core| core.texts.all().cloned().collect())
    }

    /// Vehicle time since the connection began, which ages are counted in.
    ///
    /// ```
    /// use flightsmith_sdk::{capability::telemetry::Instruments, units::Seconds};
    /// fn runs_long(instruments: &Instruments) -> bool {
    ///     instruments.time() > Seconds(600.0)
    /// }
    /// ```
    pub fn time(&self) -> Seconds {
        Seconds(self.link.now_us() as f64 * 1e-6)
    }
}

impl Telemetry {
    /// A stream of a quantity that a type names; its rate is what it is ([`Telemetry::set_rate_hz`]).
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System, capability::telemetry::Position};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut positions = system.telemetry().stream::<Position>();
    /// let position = positions.next().await?;
    /// # let _ = position;
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream<Q: Quantity>(&self) -> Updates<Q> {
        Updates::open(self.system.link(), self.system.autopilot())
    }

    /// The autopilot's texts from now on.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let text = system.telemetry().texts().next().await?;
    /// println!("{}", text.text);
    /// # Ok(())
    /// # }
    /// ```
    pub fn texts(&self) -> Texts {
        Texts::open(self.system.link())
    }
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $latest:ident, $updates:ident: $quantity:ident;)+) => {
        impl Instruments {
            $(
                $(#[$doc])*
                ///
                /// ```
                #[doc = concat!("# fn example(instruments: &flightsmith_sdk::capability::telemetry::Instruments) {")]
                #[doc = concat!("if let Some(reading) = instruments.", stringify!($latest), "() {")]
                #[doc = "    println!(\"{:?}, {:.1} s old\", reading.value, reading.age.0);"]
                #[doc = "}"]
                #[doc = "# }"]
                /// ```
                pub fn $latest(&self) -> Option<Reading<$quantity>> {
                    self.latest()
                }
            )+
        }
        impl Telemetry {
            $(
                $(#[$doc])*
                ///
                /// As a stream of all values from now on.
                ///
                /// ```no_run
                #[doc = "# use flightsmith_sdk::{RequestError, System};"]
                #[doc = "# async fn example(system: &System) -> Result<(), RequestError> {"]
                #[doc = concat!("let mut updates = system.telemetry().", stringify!($updates), "();")]
                #[doc = "println!(\"{:?}\", updates.next().await?.value);"]
                #[doc = "# Ok(())"]
                #[doc = "# }"]
                /// ```
                pub fn $updates(&self) -> Updates<$quantity> {
                    self.stream()
                }
            )+
        }
        /// The messages that every quantity is made of, each once.
        fn every_message(autopilot: Autopilot) -> Vec<MessageName> {
            let of_each: &[fn(Autopilot) -> &'static [MessageName]] = &[$(<$quantity as Read>::messages),+];
            let mut all: Vec<MessageName> = Vec::new();
            for message in of_each.iter().flat_map(|messages| messages(autopilot)) {
                if !all.contains(message) {
                    all.push(*message);
                }
            }
            all
        }
    };
}

quantities! {
    /// Where the vehicle is on the earth (GLOBAL_POSITION_INT).
    position, position_updates: Position;
    /// Where it is in its estimator's local frame (LOCAL_POSITION_NED).
    local_position, local_position_updates: LocalPosition;
    /// Velocity over ground (LOCAL_POSITION_NED).
    velocity, velocity_updates: VelocityNed;
    /// Heights, each above what it says (ALTITUDE from PX4, GLOBAL_POSITION_INT from ArduPilot).
    altitude, altitude_updates: AltitudeReport;
    /// The ground below, from ArduPilot's terrain data (TERRAIN_REPORT).
    terrain, terrain_updates: Terrain;
    /// Home (HOME_POSITION).
    home, home_updates: HomePosition;
    /// Roll, pitch and heading (ATTITUDE).
    attitude, attitude_updates: Attitude;
    /// Attitude as a quaternion (ATTITUDE_QUATERNION).
    attitude_quaternion, attitude_quaternion_updates: AttitudeQuaternion;
    /// Angular rates about the body's axes (ATTITUDE).
    angular_rate, angular_rate_updates: AngularRate;
    /// What the satellite receiver says (GPS_RAW_INT; GPS2_RAW for a second one).
    gps, gps_updates: Gps;
    /// The first battery (BATTERY_STATUS); all of them: [`Instruments::batteries`].
    battery, battery_updates: Battery;
    /// The flight mode (CURRENT_MODE, HEARTBEAT).
    mode, mode_updates: FlightMode;
    /// Whether the motors are armed (HEARTBEAT).
    armed, armed_updates: Armed;
    /// Whether it stands or flies (EXTENDED_SYS_STATE).
    landed_state, landed_state_updates: LandedState;
    /// What the autopilot says of itself (HEARTBEAT).
    system_state, system_state_updates: SystemState;
    /// Sensors, subsystems and pre-arm checks (SYS_STATUS).
    health, health_updates: Health;
    /// What the estimator knows (EKF_STATUS_REPORT from ArduPilot, ESTIMATOR_STATUS from PX4).
    estimator, estimator_updates: Estimator;
    /// What the pilot's receiver hears (RC_CHANNELS).
    rc, rc_updates: RcChannels;
    /// The wind (WIND from ArduPilot, WIND_COV from PX4).
    wind, wind_updates: WindReport;
    /// The first distance sensor (DISTANCE_SENSOR); all of them: [`Instruments::distances`].
    distance, distance_updates: DistanceSensor;
    /// Pulses to motors and servos (SERVO_OUTPUT_RAW).
    servo_outputs, servo_output_updates: ServoOutputs;
    /// Values of actuators (ACTUATOR_OUTPUT_STATUS, PX4).
    actuator_outputs, actuator_output_updates: ActuatorOutputs;
    /// The vehicle's clocks (SYSTEM_TIME).
    system_time, system_time_updates: SystemTime;
    /// The figures of a head-up display (VFR_HUD).
    hud, hud_updates: Hud;
}

impl Instruments {
    /// Every battery.
    ///
    /// ```
    /// use flightsmith_sdk::capability::telemetry::Instruments;
    /// fn total_a(instruments: &Instruments) -> f64 {
    ///     instruments.batteries().iter().filter_map(|battery| battery.current_a).sum()
    /// }
    /// ```
    pub fn batteries(&self) -> Vec<Reading<Battery>> {
        self.latest_of_each()
    }
    /// Every distance sensor.
    ///
    /// ```
    /// use flightsmith_sdk::capability::telemetry::Instruments;
    /// fn nearest_m(instruments: &Instruments) -> Option<f64> {
    ///     let all = instruments.distances();
    ///     all.iter().filter_map(|sensor| sensor.distance_m).min_by(f64::total_cmp)
    /// }
    /// ```
    pub fn distances(&self) -> Vec<Reading<DistanceSensor>> {
        self.latest_of_each()
    }
}
