//! Setting a parameter: in its own type, and believed only when the vehicle has said the value back.
use super::{Name, PARAM_ERROR, PARAM_VALUE, Param, ParamValue, answer, send_read};
use crate::autopilot::{self, ParamEncoding};
use crate::error::RequestError;
use crate::inbox::Inbox;
use crate::pace::Pace;
use crate::telemetry::Micros;
use crate::wire::composed::Composed;
use alloc::{format, string::String};
use mavlink::dialects::ardupilotmega as mav;

const ATTEMPTS: u8 = 8;
/// ArduPilot says back what has changed only, so half of each attempt asks.
const HALF_ATTEMPT_US: Micros = 500_000;
/// An old value may still be under way when the new one is set, and setting may be lost: only after so many attempts is the old value
/// the vehicle's answer.
const KEPT_AFTER: u8 = 6;
/// MAV_SEVERITY_WARNING.
const WARNING: u8 = 4;

impl Param {
    /// Sets the parameter `name` (PARAM_SET) in its own type and waits until the vehicle says the value back, which is returned.
    ///
    /// An integer may be set with any integer value or a whole float, a float with an integer that it can carry.
    ///
    /// # Errors
    /// Before anything is sent: [`RequestError::OutOfRange`] for what its type or the wire cannot carry (ArduPilot's integers travel as
    /// floats), [`RequestError::WrongState`] for the parameters of arming checks, failsafes and the geofence while armed. After:
    /// [`RequestError::Refused`] where the vehicle keeps another value (read-only, clamped) or says why it does not want this one,
    /// [`RequestError::Missing`], [`RequestError::OutcomeUnknown`] where nothing came back.
    ///
    /// ```no_run
    /// use flightsmith_sdk::capability::param::ParamValue;
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.param().set("RTL_RETURN_ALT", ParamValue::Float(30.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set(&self, name: &str, value: ParamValue) -> Result<ParamValue, RequestError> {
        let (wire, link) = (Name::new(name)?, self.system.link());
        if autopilot::guards_flight(name) && link.with(|core| core.telemetry.armed()) {
            let what = "setting a parameter that arming checks, failsafes or the geofence depend on";
            return Err(RequestError::WrongState { what, needed: "disarmed" });
        }
        let kept = link.with(|core| core.params.get(&wire)).map(|(value, _)| value);
        let like = match kept {
            Some(like) => like,
            None => self.get(name).await?,
        };
        let value = value.fitted(like, self.encoding(), name)?;
        let outcome = self.set_fitted(name, &wire, value).await;
        link.with(|core| match &outcome {
            Ok(value) => {
                let now = core.clock.now_us();
                core.params.keep(wire, *value, now);
            }
            // What it is now is not known for certain: nobody is to read it from memory.
            Err(_) => core.params.forget(&wire),
        });
        outcome
    }
    /// As [`Param::set`] with an integer.
    ///
    /// # Errors
    /// As [`Param::set`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.param().set_int("NAV_DLL_ACT", 2).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_int(&self, name: &str, value: i32) -> Result<(), RequestError> {
        self.set(name, ParamValue::Int(value)).await.map(drop)
    }
    /// As [`Param::set`] with a float.
    ///
    /// # Errors
    /// As [`Param::set`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.param().set_float("MPC_XY_CRUISE", 4.5).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_float(&self, name: &str, value: f32) -> Result<(), RequestError> {
        self.set(name, ParamValue::Float(value)).await.map(drop)
    }

    async fn set_fitted(&self, name: &str, wire: &Name, value: ParamValue) -> Result<ParamValue, RequestError> {
        let (mut waiter, encoding) = (self.system.waiter(), self.encoding());
        let inbox = Inbox::open(self.system.link(), &[PARAM_VALUE, PARAM_ERROR], 16);
        let started = self.system.link().now_us();
        let mut otherwise = None;
        for half_attempt in 0..2 * ATTEMPTS {
            self.system.link().with(|core| {
                if half_attempt % 2 == 0 { send_set(core, wire, value, encoding) } else { send_read(core, name, -1) }
            })?;
            let deadline = self.system.link().now_us() + HALF_ATTEMPT_US;
            while self.system.link().now_us() < deadline {
                while let Some(received) = inbox.take() {
                    match answer(&received, wire, encoding) {
                        None => {}
                        Some(Err(error)) => return Err(error),
                        Some(Ok(said)) if said.to_wire(encoding) == value.to_wire(encoding) => return Ok(said),
                        Some(Ok(said)) => otherwise = Some(said),
                    }
                }
                waiter.step().await?;
            }
            let denied = || self.words_since(started).to_ascii_lowercase().contains("param write denied");
            if otherwise.is_some() && (half_attempt >= 2 * KEPT_AFTER - 1 || denied()) {
                break;
            }
        }
        let Some(said) = otherwise else {
            let evidence = "no PARAM_VALUE came back";
            return Err(RequestError::OutcomeUnknown { command: "PARAM_SET", evidence });
        };
        let words = self.words_since(started);
        let text = format!("{name} is {said}, not {value}{}{words}", if words.is_empty() { "" } else { ": " });
        Err(RequestError::Refused { command: "PARAM_SET", result: "VALUE_KEPT", text })
    }
    /// ArduPilot says "Param write denied", as a warning.
    fn words_since(&self, started: Micros) -> String {
        self.system.link().with(|core| core.texts.joined_since(started, WARNING))
    }
}

fn send_set(
    core: &mut crate::session::Core,
    name: &Name,
    value: ParamValue,
    encoding: ParamEncoding,
) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    // Composed from bits: an integer's bytes may look like a NaN, which a float may change on its way.
    core.send(
        &Composed::<mav::PARAM_SET_DATA>::new()
            .u32(value.to_wire(encoding))
            .u8(peer.system)
            .u8(peer.component)
            .bytes(&name.0)
            .u8(value.wire_type()),
    )
}
