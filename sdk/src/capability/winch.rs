//! Winches: line out and in by a length, at a rate, or as a whole delivery (MAV_CMD_DO_WINCH, WINCH_STATUS).
use crate::command::{self, Kind, Outcome, Repeat, Request};
use crate::error::RequestError;
use crate::inbox::Received;
use crate::pace::Pace;
use crate::request;
use crate::shared::Boxed;
use crate::system::System;
use alloc::boxed::Box;
use flightsmith_mission::units::{Metres, MetresPerSecond};
use mavlink::dialects::ardupilotmega::MavCmd;

const DO_WINCH: Kind = Kind { command: MavCmd::MAV_CMD_DO_WINCH, name: "DO_WINCH" };
const WINCH_STATUS: u32 = 9005;
/// A line that moved this far has been moved by the command.
const MOVED_M: f64 = 0.02;
/// Longest line and fastest rate that make sense.
const LONGEST_M: f64 = 500.0;
const FASTEST_M_S: f64 = 20.0;
/// WINCH_ACTIONS.
const RELAXED: f32 = 0.0;
const RELATIVE_LENGTH: f32 = 1.0;
const RATE: f32 = 2.0;
const LOCK: f32 = 3.0;
const DELIVER: f32 = 4.0;
const HOLD: f32 = 5.0;
const RETRACT: f32 = 6.0;

/// What a winch says of itself (WINCH_STATUS); what it does not measure is `None`.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let status = system.winch().status().await?;
/// if status.fully_retracted && !status.moving {
///     println!("the load is up");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WinchStatus {
    /// Line that is out.
    pub line_out: Option<Metres>,
    /// Speed of the line, out is positive.
    pub speed: Option<MetresPerSecond>,
    /// Pull on the line in kilograms, the unit of the message.
    pub tension_kg: Option<f64>,
    /// The winch is healthy.
    pub healthy: bool,
    /// The line is all in.
    pub fully_retracted: bool,
    /// It moves.
    pub moving: bool,
}

impl WinchStatus {
    fn read(received: &Received) -> Self {
        let p = received.fields();
        let known = |at: usize| Some(f64::from(p.f32(at))).filter(|value| value.is_finite());
        let status = p.u32(28);
        Self {
            line_out: known(8).map(Metres),
            speed: known(12).map(MetresPerSecond),
            tension_kg: known(16),
            healthy: status & 1 != 0,
            fully_retracted: status & 2 != 0,
            moving: status & 4 != 0,
        }
    }
}

/// The winch of a [`System`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System, units::{Metres, MetresPerSecond}};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// system.winch().let_out(Metres(4.0), MetresPerSecond(0.5)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Winch {
    system: System,
}

impl System {
    /// Its winch.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::{Metres, MetresPerSecond};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.winch().let_out(Metres(2.0), MetresPerSecond(0.3)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn winch(&self) -> Winch {
        Winch { system: self.clone() }
    }
}

impl Winch {
    fn request(action: f32, length_m: f64, rate_m_s: f64) -> Request {
        Request::new(DO_WINCH, [1.0, action, length_m as f32, rate_m_s as f32, 0.0, 0.0, 0.0])
    }
    /// Lets `length` of line out (takes it in where negative) at `rate`.
    ///
    /// A length is relative, so it must not be commanded twice: it is sent again only where WINCH_STATUS shows that the line has not
    /// moved.
    ///
    /// # Errors
    /// [`RequestError::OutOfRange`]; [`RequestError::OutcomeUnknown`] where nothing shows whether it was done; refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::{Metres, MetresPerSecond};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let winch = system.winch();
    /// winch.let_out(Metres(6.0), MetresPerSecond(0.5)).await?;
    /// // And in again.
    /// winch.let_out(Metres(-6.0), MetresPerSecond(0.5)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn let_out(&self, length: Metres, rate: MetresPerSecond) -> Result<(), RequestError> {
        let_out(&mut self.system.waiter(), length, rate).await
    }
    /// Moves the line at a rate, out is positive, until the next call; 0 stops.
    ///
    /// # Errors
    /// [`RequestError::OutOfRange`]; refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::{MetresPerSecond, Seconds};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let winch = system.winch();
    /// winch.run(MetresPerSecond(0.4)).await?;
    /// system.sleep(Seconds(3.0)).await?;
    /// winch.run(MetresPerSecond(0.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(&self, rate: MetresPerSecond) -> Result<(), RequestError> {
        RequestError::check_range("rate of a winch in m/s", rate.0, -FASTEST_M_S, FASTEST_M_S)?;
        self.system.command(Self::request(RATE, 0.0, rate.0)).await
    }
    /// Lets the line hang free.
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.winch().relax().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn relax(&self) -> Result<(), RequestError> {
        self.system.command(Self::request(RELAXED, 0.0, 0.0)).await
    }
    /// Locks the line where it is.
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.winch().lock().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn lock(&self) -> Result<(), RequestError> {
        self.system.command(Self::request(LOCK, 0.0, 0.0)).await
    }
    /// The winch's own sequence: lets the load down, releases it on the ground and comes up again.
    ///
    /// # Errors
    /// [`RequestError::OutcomeUnknown`] without an acknowledgement: a delivery is not commanded twice. Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// match system.winch().deliver().await {
    ///     Err(RequestError::OutcomeUnknown { evidence, .. }) => println!("look before you ask again: {evidence}"),
    ///     other => other?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn deliver(&self) -> Result<(), RequestError> {
        match self.system.command_outcome(Self::request(DELIVER, 0.0, 0.0), Repeat::Never).await? {
            Outcome::Accepted => Ok(()),
            Outcome::Unanswered { .. } => {
                Err(RequestError::OutcomeUnknown { command: DO_WINCH.name, evidence: "no acknowledgement" })
            }
        }
    }
    /// Holds the load during its own sequence.
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.winch().hold().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn hold(&self) -> Result<(), RequestError> {
        self.system.command(Self::request(HOLD, 0.0, 0.0)).await
    }
    /// Takes the whole line in.
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.winch().retract().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn retract(&self) -> Result<(), RequestError> {
        self.system.command(Self::request(RETRACT, 0.0, 0.0)).await
    }
    /// What it says of itself now (WINCH_STATUS).
    ///
    /// # Errors
    /// [`RequestError::Unsupported`] or [`RequestError::NoAnswer`] where it says nothing.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// println!("{:?} out", system.winch().status().await?.line_out);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn status(&self) -> Result<WinchStatus, RequestError> {
        status(&mut self.system.waiter()).await
    }
}

fn status<'a, P: Pace>(pace: &'a mut P) -> Boxed<'a, Result<WinchStatus, P::Error>> {
    Box::pin(async move {
        let received = request::request_message(pace, WINCH_STATUS, "WINCH_STATUS", None, |_| true).await?;
        Ok(WinchStatus::read(&received))
    })
}

/// As [`Winch::let_out`], while a flight goes on or beside one.
pub(crate) fn let_out<'a, P: Pace>(
    pace: &'a mut P,
    length: Metres,
    rate: MetresPerSecond,
) -> Boxed<'a, Result<(), P::Error>> {
    Box::pin(async move {
        RequestError::check_range("length of line in metres", length.0, -LONGEST_M, LONGEST_M)?;
        RequestError::check_range("rate of a winch in m/s", rate.0, 0.01, FASTEST_M_S)?;
        let request = Winch::request(RELATIVE_LENGTH, length.0, rate.0);
        let before_m = line_out_m(pace).await;
        for _ in 0..command::ATTEMPTS {
            if command::command_outcome(pace, request, Repeat::Never).await? == Outcome::Accepted {
                return Ok(());
            }
            match (before_m, line_out_m(pace).await) {
                (Some(before), Some(now)) if (now - before).abs() > MOVED_M => return Ok(()),
                (Some(_), Some(_)) => {}
                _ => break,
            }
        }
        let evidence = "no acknowledgement, no WINCH_STATUS";
        Err(RequestError::OutcomeUnknown { command: DO_WINCH.name, evidence }.into())
    })
}

async fn line_out_m<P: Pace>(pace: &mut P) -> Option<f64> {
    status(pace).await.ok()?.line_out.map(|line| line.0)
}
