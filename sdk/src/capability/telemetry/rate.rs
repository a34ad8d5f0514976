//! Setting how often a quantity comes, and finding out how often it really does.
use super::Telemetry;
use super::quantity::Quantity;
use super::quantity::read::MessageName;
use super::updates::Updates;
use crate::command::{self, Kind, Outcome, Request};
use crate::error::{RequestError, Silence};
use crate::inbox::Inbox;
use crate::pace::{Pace, Waiter};
use crate::rates;
use crate::wire::incoming::id;
use alloc::vec::Vec;
use flightsmith_mission::units::Seconds;
use mavlink::dialects::ardupilotmega::MavCmd;

#[expect(
    deprecated,
    reason = "REQUEST_MESSAGE replaces it on paper; both autopilots answer this one, old and new (recorded)"
)]
const GET_MESSAGE_INTERVAL: Kind = Kind { command: MavCmd::MAV_CMD_GET_MESSAGE_INTERVAL, name: "GET_MESSAGE_INTERVAL" };
/// Slowest and fastest rate that is asked for, in Hz.
const RATES_HZ: core::ops::RangeInclusive<f64> = 0.02..=1000.0;
/// How often a rate that was not taken over is set again.
const ATTEMPTS: usize = 3;
/// A stated rate this near to the wanted one is that one.
const NEAR: f64 = 0.1;
/// How long the autopilot's statement may take, in microseconds.
const STATEMENT_WITHIN_US: u64 = 1_000_000;
/// How long messages are counted where the autopilot states no rate.
const COUNT_FOR: Seconds = Seconds(3.0);

impl Telemetry {
    /// Makes the vehicle send `Q` at `hz` (MAV_CMD_SET_MESSAGE_INTERVAL), asks it what it does now (MAV_CMD_GET_MESSAGE_INTERVAL),
    /// sets it again where that is something else, and says the rate as stated. Where the vehicle states none, its messages are
    /// counted. Autopilots round to their own clock and slow down on thin links: [`Telemetry::measure_hz`] says what arrives.
    ///
    /// # Errors
    /// [`RequestError::Unsupported`] where the autopilot does not offer the message; [`RequestError::NotReported`] where it grants
    /// the rate and sends nothing; [`RequestError::NoAnswer`]; [`RequestError::OutOfRange`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System, capability::telemetry::Gps};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let granted_hz = system.telemetry().set_rate_hz::<Gps>(5.0).await?;
    /// # let _ = granted_hz;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_rate_hz<Q: Quantity>(&self, hz: f64) -> Result<f64, RequestError> {
        let message = Q::messages(self.system.autopilot())[0];
        let stated_hz = self.set_message_rate_hz(message, hz).await?;
        match stated_hz {
            Some(stated_hz) => Ok(stated_hz),
            None => self.measure_hz::<Q>(COUNT_FOR).await,
        }
    }

    /// Sets the rate of every quantity that this autopilot may offer to `hz`, and says for each message what became of it.
    ///
    /// # Errors
    /// As [`Telemetry::set_rate_hz`], but what a message is refused with is in the list.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// for (message, outcome) in system.telemetry().set_every_rate_hz(10.0).await? {
    ///     println!("{message}: {outcome:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_every_rate_hz(
        &self,
        hz: f64,
    ) -> Result<Vec<(&'static str, Result<Option<f64>, RequestError>)>, RequestError> {
        let mut outcomes = Vec::new();
        for message in super::every_message(self.system.autopilot()) {
            // It comes by itself, and PX4 lets nobody set its rate.
            if message.id == id::HEARTBEAT {
                continue;
            }
            let outcome = self.set_message_rate_hz(message, hz).await;
            match outcome {
                Err(
                    error @ (RequestError::LinkLost { .. }
                    | RequestError::PilotTookOver { .. }
                    | RequestError::Failsafe { .. }
                    | RequestError::OutOfRange { .. }),
                ) => return Err(error),
                outcome => outcomes.push((message.name, outcome)),
            }
        }
        Ok(outcomes)
    }

    /// Stops the messages of `Q`, also for everybody else on this link.
    ///
    /// # Errors
    /// [`RequestError::Refused`], [`RequestError::NoAnswer`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System, capability::telemetry::RcChannels};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.telemetry().stop::<RcChannels>().await
    /// # }
    /// ```
    pub async fn stop<Q: Quantity>(&self) -> Result<(), RequestError> {
        let message = Q::messages(self.system.autopilot())[0];
        answered(rates::ask(&mut self.system.waiter(), message.id, 0.0).await?)
    }

    /// A stream of `Q` at `hz`: [`Telemetry::set_rate_hz`], then [`Telemetry::stream`].
    ///
    /// # Errors
    /// Those of setting the rate.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System, capability::telemetry::DistanceSensor};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut distances = system.telemetry().stream_at::<DistanceSensor>(10.0).await?;
    /// let first = distances.next().await?;
    /// # let _ = first;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stream_at<Q: Quantity>(&self, hz: f64) -> Result<Updates<Q>, RequestError> {
        self.set_rate_hz::<Q>(hz).await?;
        Ok(self.stream())
    }

    /// How often the message of `Q` arrives, counted for `duration` of vehicle time, in Hz.
    ///
    /// # Errors
    /// [`RequestError::NotReported`] where none arrives; [`RequestError::LinkLost`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{Attitude, RequestError, System, units::Seconds};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let hz = system.telemetry().measure_hz::<Attitude>(Seconds(2.0)).await?;
    /// # let _ = hz;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn measure_hz<Q: Quantity>(&self, duration: Seconds) -> Result<f64, RequestError> {
        let message = Q::messages(self.system.autopilot())[0];
        let inbox = self.system.listen(&[message.id], 64);
        let mut waiter = self.system.waiter();
        let until = self.system.deadline_us(duration);
        let (mut count, mut first_us, mut last_us) = (0_u32, 0, 0);
        while self.system.link().now_us() < until {
            Pace::step(&mut waiter).await?;
            while let Some(received) = inbox.take() {
                first_us = if count == 0 { received.at_us } else { first_us };
                (count, last_us) = (count + 1, received.at_us);
            }
        }
        if count == 0 {
            let why = self.system.link().with(|core| core.rates.silence(message.id));
            return Err(RequestError::NotReported { what: Q::NAME, message: message.name, waited_s: duration.0, why });
        }
        let span_s = (last_us - first_us) as f64 * 1e-6;
        // Too few for an interval: as many as came in the time.
        Ok(if span_s > 0.0 { f64::from(count - 1) / span_s } else { f64::from(count) / duration.0 })
    }

    /// Sets a message's rate; the rate that the autopilot states, where it does.
    pub(crate) async fn set_message_rate_hz(&self, message: MessageName, hz: f64) -> Result<Option<f64>, RequestError> {
        RequestError::check_range("message rate in Hz", hz, *RATES_HZ.start(), *RATES_HZ.end())?;
        let mut waiter = self.system.waiter();
        let mut stated_hz = None;
        for _ in 0..ATTEMPTS {
            match rates::ask(&mut waiter, message.id, hz).await {
                // What ArduPilot, PX4 and others say to a message that they do not know.
                Err(RequestError::Refused { result: "DENIED" | "FAILED" | "UNSUPPORTED", .. }) => {
                    return Err(RequestError::Unsupported { what: message.name });
                }
                outcome => answered(outcome?)?,
            }
            stated_hz = match self.stated_hz(&mut waiter, message).await? {
                Stated::Nothing => return Ok(None),
                Stated::NotOffered => return Err(RequestError::Unsupported { what: message.name }),
                Stated::Off => None,
                Stated::Hz(stated) if (stated / hz - 1.0).abs() <= NEAR => return Ok(Some(stated)),
                Stated::Hz(stated) => Some(stated),
            };
        }
        // It has a rate of its own and keeps to it: that is what it sends.
        stated_hz.map(Some).ok_or(RequestError::NotReported {
            what: message.name,
            message: message.name,
            waited_s: 0.0,
            why: Silence::NothingToSay,
        })
    }

    /// What the autopilot says of the message's rate (MESSAGE_INTERVAL).
    async fn stated_hz(&self, waiter: &mut Waiter, message: MessageName) -> Result<Stated, RequestError> {
        let inbox = self.system.listen(&[id::MESSAGE_INTERVAL], 4);
        let params = [message.id as f32, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        match command::command(waiter, Request::new(GET_MESSAGE_INTERVAL, params)).await {
            Err(RequestError::Refused { .. } | RequestError::NoAnswer { .. }) => return Ok(Stated::Nothing),
            other => other?,
        }
        // It comes before the acknowledgement from both autopilots, or shortly after.
        let until = self.system.link().now_us() + STATEMENT_WITHIN_US;
        Ok(loop {
            match statement(&inbox, message.id) {
                Some(0) => break Stated::NotOffered,
                Some(interval_us) if interval_us < 0 => break Stated::Off,
                Some(interval_us) => break Stated::Hz(1e6 / f64::from(interval_us)),
                None if self.system.link().now_us() >= until => break Stated::Nothing,
                None => drop(waiter.step().await?),
            }
        })
    }
}

/// What an autopilot says of a message's rate.
enum Stated {
    Hz(f64),
    Off,
    NotOffered,
    Nothing,
}

fn statement(inbox: &Inbox, message_id: u32) -> Option<i32> {
    while let Some(received) = inbox.take() {
        if u32::from(received.fields().u16(4)) == message_id {
            return Some(received.fields().i32(0));
        }
    }
    None
}

fn answered(outcome: Outcome) -> Result<(), RequestError> {
    match outcome {
        Outcome::Accepted => Ok(()),
        Outcome::Unanswered { attempts, waited_s } => {
            Err(RequestError::NoAnswer { what: "SET_MESSAGE_INTERVAL", attempts, waited_s })
        }
    }
}
