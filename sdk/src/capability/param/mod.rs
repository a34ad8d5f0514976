//! Parameters: get, set, list (PARAM_REQUEST_READ, PARAM_SET, PARAM_REQUEST_LIST).
//!
//! ArduPilot casts integers to the float of the wire, PX4 puts their bytes there; both are read and written right. A value that is
//! set is believed only when the vehicle has said it back. Values heard are kept: [`Param::cached`] answers without asking.
mod cache;
mod list;
mod set;
mod value;

pub(crate) use cache::{Cache, Told};
pub use list::Parameter;
pub use value::ParamValue;

use crate::autopilot::{self, ParamEncoding};
use crate::error::{FlightError, RequestError};
use crate::flight::Flight;
use crate::inbox::{Inbox, Received};
use crate::pace::Pace;
use crate::request::{self, Patience};
use crate::session::Core;
use crate::shared::Boxed;
use crate::system::System;
use crate::vehicle::{Grounded, Vehicle};
use crate::wire::payload::Payload;
use alloc::{borrow::ToOwned, boxed::Box, format};
use flightsmith_mission::{units::Seconds, vehicle::Autopilot};
use mavlink::MessageData;
use mavlink::dialects::ardupilotmega as mav;
use value::Name;

const PARAM_VALUE: u32 = mav::PARAM_VALUE_DATA::ID;
const PARAM_ERROR: u32 = mav::PARAM_ERROR_DATA::ID;
const ASK: Patience = Patience { attempts: 8, each_us: 700_000 };
/// MAV_PARAM_ERROR_DOES_NOT_EXIST.
const DOES_NOT_EXIST: u8 = 1;

impl System {
    /// Its parameters.
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let param = system.param();
    /// let seconds = param.get_float("COM_DISARM_LAND").await?;
    /// param.set_float("COM_DISARM_LAND", seconds + 1.0).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn param(&self) -> Param {
        Param { system: self.clone() }
    }
}

/// The parameters of a system; made by [`System::param`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let param = system.param();
/// if param.get_int("FENCE_ENABLE").await? == 0 {
///     param.set_int("FENCE_ENABLE", 1).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Param {
    pub(crate) system: System,
}

impl Param {
    /// Asks the vehicle for the parameter `name`, whatever its type (PARAM_REQUEST_READ).
    ///
    /// # Errors
    /// [`RequestError::Missing`] where the vehicle says that there is none, or the whole list is known and has none;
    /// [`RequestError::NoAnswer`] where it says nothing (ArduPilot does not answer for a name that it does not have).
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// println!("{}", system.param().get("FENCE_ENABLE").await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, name: &str) -> Result<ParamValue, RequestError> {
        match read(&mut self.system.waiter(), self.system.autopilot(), name).await {
            // A vehicle that does not answer for a name it does not have has said so in its list.
            Err(RequestError::NoAnswer { .. }) if self.is_known_not_to_exist(name) => {
                Err(RequestError::Missing { what: "parameter", name: name.to_owned() })
            }
            other => other,
        }
    }
    fn is_known_not_to_exist(&self, name: &str) -> bool {
        Name::new(name).is_ok_and(|name| self.system.link().with(|core| core.params.knows_no(&name)))
    }
    /// Asks for an integer parameter of any width.
    ///
    /// # Errors
    /// As [`Param::get`]; [`RequestError::Inconsistent`] where it is a float.
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// if system.param().get_int("FENCE_ENABLE").await? == 0 {
    ///     println!("the fence is off");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_int(&self, name: &str) -> Result<i32, RequestError> {
        let value = self.get(name).await?;
        value.as_int().ok_or_else(|| {
            let why = format!("{name} is the float {value}: use get_float");
            RequestError::Inconsistent { what: "get_int", why }
        })
    }
    /// Asks for a float parameter; an integer one is given as a float where that loses nothing.
    ///
    /// # Errors
    /// As [`Param::get`]; [`RequestError::Inconsistent`] where it is an integer that a float cannot carry.
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let speed_m_s = system.param().get_float("MPC_XY_CRUISE").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_float(&self, name: &str) -> Result<f32, RequestError> {
        let value = self.get(name).await?;
        let float = value.as_f64() as f32;
        if matches!(value, ParamValue::Float(_)) || f64::from(float) == value.as_f64() {
            return Ok(float);
        }
        let why = format!("{name} is the integer {value}, which a float cannot carry: use get_int");
        Err(RequestError::Inconsistent { what: "get_float", why })
    }
    /// The value heard last, with its age, without asking; `None` where it was not heard since the vehicle booted.
    ///
    /// It is kept fresh by every PARAM_VALUE that comes, also those that others asked for; a message lost is a change missed.
    ///
    /// ```no_run
    /// # fn example(system: flightsmith_sdk::System) {
    /// if let Some((value, age)) = system.param().cached("FENCE_ENABLE") {
    ///     println!("{value}, {:.0} s old", age.0);
    /// }
    /// # }
    /// ```
    pub fn cached(&self, name: &str) -> Option<(ParamValue, Seconds)> {
        let name = Name::new(name).ok()?;
        self.system.link().with(|core| {
            let (value, at_us) = core.params.get(&name)?;
            Some((value, Seconds(core.clock.now_us().saturating_sub(at_us) as f64 * 1e-6)))
        })
    }
    /// Forgets all values heard, so that nothing is answered from memory.
    ///
    /// ```no_run
    /// # fn example(system: flightsmith_sdk::System) {
    /// system.param().forget();
    /// assert!(system.param().cached("FENCE_ENABLE").is_none());
    /// # }
    /// ```
    pub fn forget(&self) {
        self.system.link().with(|core| core.params.clear());
    }

    fn encoding(&self) -> ParamEncoding {
        autopilot::param_encoding(self.system.autopilot())
    }
}

fn send_read(core: &mut Core, name: &str, index: i16) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    core.send(&mav::PARAM_REQUEST_READ_DATA {
        param_index: index,
        target_system: peer.system,
        target_component: peer.component,
        param_id: name.into(),
    })
}

/// What a PARAM_VALUE or PARAM_ERROR says about `name`.
fn answer(received: &Received, name: &Name, encoding: ParamEncoding) -> Option<Result<ParamValue, RequestError>> {
    let fields: Payload<'_> = received.fields();
    if received.id == PARAM_ERROR {
        return (Name(fields.bytes(4)) == *name).then(|| Err(refused(name, fields.u8(20))));
    }
    if Name(fields.bytes(8)) != *name {
        return None;
    }
    Some(Told::read(fields, encoding).map(|told| told.value).ok_or_else(|| {
        let why = format!("{} has the unknown type {}", name.text(), fields.u8(24));
        RequestError::Inconsistent { what: "PARAM_VALUE", why }
    }))
}

fn refused(name: &Name, error: u8) -> RequestError {
    let result = match error {
        DOES_NOT_EXIST => return RequestError::Missing { what: "parameter", name: name.text() },
        2 => "VALUE_OUT_OF_RANGE",
        3 => "PERMISSION_DENIED",
        4 => "COMPONENT_NOT_FOUND",
        5 => "READ_ONLY",
        6 => "TYPE_UNSUPPORTED",
        7 => "TYPE_MISMATCH",
        8 => "READ_FAIL",
        _ => "UNKNOWN_ERROR",
    };
    RequestError::Refused { command: "the parameter", result, text: name.text() }
}

/// The value of the parameter `name`.
pub(crate) fn read<'a, P: Pace>(
    pace: &'a mut P,
    autopilot: Autopilot,
    name: &'a str,
) -> Boxed<'a, Result<ParamValue, P::Error>> {
    Box::pin(async move {
        let (wire, encoding) = (Name::new(name)?, autopilot::param_encoding(autopilot));
        let inbox = Inbox::open(pace.link(), &[PARAM_VALUE, PARAM_ERROR], 16);
        let link = pace.link().clone();
        let asked = request::ask(
            pace,
            &inbox,
            "PARAM_REQUEST_READ",
            ASK,
            |core| send_read(core, name, -1),
            |received| answer(received, &wire, encoding),
        );
        let value = asked.await??;
        link.with(|core| {
            let now = core.clock.now_us();
            core.params.keep(wire, value, now);
        });
        Ok(value)
    })
}

/// The value of the parameter `name` as a number, whatever its type.
pub(crate) async fn get<P: Pace>(pace: &mut P, autopilot: Autopilot, name: &str) -> Result<f64, P::Error> {
    read(pace, autopilot, name).await.map(ParamValue::as_f64)
}

impl Flight {
    /// As [`get`]; boxed, so that it is compiled here and not again where it is waited for.
    pub(crate) fn param<'a>(&'a mut self, name: &'a str) -> Boxed<'a, Result<f64, FlightError>> {
        let autopilot = self.autopilot;
        Box::pin(get(self, autopilot, name))
    }
}

impl Vehicle<Grounded> {
    /// The value of the parameter `name`, or `None` where the vehicle does not answer for it (PARAM_REQUEST_READ).
    ///
    /// # Errors
    /// As any call: the link lost.
    ///
    /// ```no_run
    /// use flightsmith_sdk::prelude::*;
    /// /// Flies only a vehicle that returns home when its link is lost.
    /// async fn fly(mut vehicle: Vehicle<Grounded>) -> Result<Option<Vehicle<Landed>>, FlightError> {
    ///     if vehicle.parameter("FS_GCS_ENABLE").await?.is_none_or(|action| action == 0.0) {
    ///         return Ok(None);
    ///     }
    ///     vehicle.arm_and_take_off(AboveHome(10.0)).await?.land().await.map(Some)
    /// }
    /// ```
    pub async fn parameter(&mut self, name: &str) -> Result<Option<f64>, crate::FlightError> {
        match self.flight.param(name).await {
            Ok(value) => Ok(Some(value)),
            Err(crate::FlightError::NoAnswer { .. } | crate::FlightError::Request(RequestError::Missing { .. })) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}
