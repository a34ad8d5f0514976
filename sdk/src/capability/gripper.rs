//! Grippers (MAV_CMD_DO_GRIPPER).
use crate::command::{self, Outcome, Repeat, Request};
use crate::error::RequestError;
use crate::system::System;

/// GRIPPER_ACTIONS.
const RELEASE: f32 = 0.0;
const GRAB: f32 = 1.0;

/// A gripper of a [`System`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// system.gripper().grab().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Gripper {
    system: System,
    number: u8,
}

impl System {
    /// Its first gripper.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.gripper().release().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn gripper(&self) -> Gripper {
        self.gripper_with_number(1)
    }
    /// Gripper `number`, from 1.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.gripper_with_number(2).grab().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn gripper_with_number(&self, number: u8) -> Gripper {
        Gripper { system: self.clone(), number }
    }
}

impl Gripper {
    fn request(&self, action: f32) -> Request {
        Request::new(command::DO_GRIPPER, [f32::from(self.number), action, 0.0, 0.0, 0.0, 0.0, 0.0])
    }
    /// Closes it. A gripper that is closed stays closed, so this is repeated until it is acknowledged.
    ///
    /// # Errors
    /// Refusals, [`RequestError::NoAnswer`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.gripper().grab().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn grab(&self) -> Result<(), RequestError> {
        self.system.command(self.request(GRAB)).await
    }
    /// Opens it, commanded once: what must not happen twice is not repeated on the mere lack of an answer.
    ///
    /// # Errors
    /// [`RequestError::OutcomeUnknown`] where no acknowledgement comes; refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// match system.gripper().release().await {
    ///     // It may be open: look, do not ask again.
    ///     Err(RequestError::OutcomeUnknown { evidence, .. }) => println!("perhaps released: {evidence}"),
    ///     other => other?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn release(&self) -> Result<(), RequestError> {
        match self.system.command_outcome(self.request(RELEASE), Repeat::Never).await? {
            Outcome::Accepted => Ok(()),
            Outcome::Unanswered { .. } => {
                Err(RequestError::OutcomeUnknown { command: command::DO_GRIPPER.name, evidence: "no acknowledgement" })
            }
        }
    }
}
