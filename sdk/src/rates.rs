//! Which messages were asked for, how often, and what the autopilot said to it: so that silence can be explained.
use crate::command::{self, Outcome, Repeat, Request};
use crate::error::Silence;
use crate::pace::Pace;
use alloc::vec::Vec;

/// What became of asking for a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Granted,
    Refused,
    None,
}

/// All that was asked for since the connection began.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    asked: Vec<(u32, Answer)>,
}

impl Rates {
    fn note(&mut self, message_id: u32, answer: Answer) {
        match self.asked.iter_mut().find(|(id, _)| *id == message_id) {
            Some(asked) => asked.1 = answer,
            None => self.asked.push((message_id, answer)),
        }
    }
    /// Why message `message_id` does not come.
    pub(crate) fn silence(&self, message_id: u32) -> Silence {
        match self.asked.iter().find(|(id, _)| *id == message_id) {
            None => Silence::NeverAskedFor,
            Some((_, Answer::Granted)) => Silence::NothingToSay,
            Some((_, Answer::Refused)) => Silence::Refused,
            Some((_, Answer::None)) => Silence::Unanswered,
        }
    }
}

/// MAV_CMD_SET_MESSAGE_INTERVAL for `hz`; 0 stops the message.
fn request(message_id: u32, hz: f64) -> Request {
    let interval_us = if hz > 0.0 { (1e6 / hz) as f32 } else { -1.0 };
    Request::new(command::SET_MESSAGE_INTERVAL, [message_id as f32, interval_us, 0.0, 0.0, 0.0, 0.0, 0.0])
}

/// Asks for message `message_id` at `hz` and notes the answer.
pub(crate) async fn ask<P: Pace>(pace: &mut P, message_id: u32, hz: f64) -> Result<Outcome, P::Error> {
    let outcome = command::command_outcome(pace, request(message_id, hz), Repeat::Freely).await;
    let answer = match &outcome {
        Ok(Outcome::Accepted) => Answer::Granted,
        Ok(Outcome::Unanswered { .. }) => Answer::None,
        Err(error) if P::is_refusal(error) => Answer::Refused,
        Err(_) => return outcome,
    };
    pace.link().with(|core| core.rates.note(message_id, answer));
    outcome
}
