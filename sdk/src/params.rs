//! Reading parameters (never writing them), for the checks before a flight.
use crate::error::FlightError;
use crate::vehicle::{Grounded, Vehicle};

/// How often a parameter is asked for, and how long an answer may take.
const ATTEMPTS: u8 = 5;
const ANSWER_WITHIN_S: f64 = 0.7;
/// MAV_PARAM_TYPE up to INT32: PX4 sends integers byte by byte in the float.
const FIRST_REAL_TYPE: u8 = 9;

impl Vehicle<Grounded> {
    /// The value of the parameter `name`, or `None` where the vehicle does not answer for it.
    ///
    /// # Errors
    /// As any call: the link lost.
    pub async fn parameter(&mut self, name: &str) -> Result<Option<f64>, FlightError> {
        let mut id = [0_u8; 16];
        for (to, from) in id.iter_mut().zip(name.bytes()) {
            *to = from;
        }
        let bytewise = self.flight.autopilot == flightsmith_mission::vehicle::Autopilot::Px4;
        for _ in 0..ATTEMPTS {
            let seen = self.flight.link.with(|core| {
                core.send_param_request(name);
                core.param.map_or(0, |param| param.number)
            });
            let mut value = None;
            self.flight
                .step_until(ANSWER_WITHIN_S, |flight| {
                    let heard = flight.link.with(|core| core.param);
                    value = heard.filter(|param| param.number > seen && param.id == id);
                    value.is_some()
                })
                .await?;
            if let Some(param) = value {
                let integer = bytewise && param.kind < FIRST_REAL_TYPE;
                let bits = param.value.to_bits();
                return Ok(Some(if integer { f64::from(bits as i32) } else { f64::from(param.value) }));
            }
        }
        Ok(None)
    }
}
