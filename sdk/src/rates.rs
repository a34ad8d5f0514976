//! Which messages were asked for, how often, and what the autopilot said to it: so that silence can be explained, and so that they can
//! be asked for again by whoever finds that the autopilot restarted: it has forgotten them then.
use crate::autopilot::Rate;
use crate::command::{self, Outcome, Repeat, Request, Turn};
use crate::error::{RequestError, Silence};
use crate::inbox::Inbox;
use crate::pace::Pace;
use crate::session::Link;
use crate::shared::Boxed;
use crate::telemetry::Micros;
use crate::wire::incoming::id;
use alloc::boxed::Box;
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
    noted: Vec<Noted>,
    renewal: Option<Renewal>,
}

#[derive(Debug)]
struct Noted {
    message_id: u32,
    hz: f64,
    answer: Answer,
}

/// What was asked for is asked for again, a few times: nobody waits for the answers.
#[derive(Debug)]
struct Renewal {
    due_us: u64,
    rounds_left: u8,
    /// Only a silence was seen: where the messages go on, nothing was forgotten.
    is_suspicion: bool,
}

const RENEW_AFTER_US: u64 = 2_000_000;
const RENEW_EVERY_US: u64 = 1_000_000;
const RENEW_ROUNDS: u8 = 3;

impl Rates {
    fn note(&mut self, message_id: u32, hz: f64, answer: Answer) {
        match self.noted.iter_mut().find(|noted| noted.message_id == message_id) {
            Some(noted) => *noted = Noted { message_id, hz, answer },
            None => self.noted.push(Noted { message_id, hz, answer }),
        }
    }
    /// The autopilot's clock began anew at `now_us` of a clock that goes on.
    pub(crate) fn restarted(&mut self, now_us: u64) {
        self.renew(now_us, false);
    }
    /// The autopilot is heard again after a silence, in which it may have restarted.
    pub(crate) fn back(&mut self, now_us: u64) {
        if self.renewal.is_none() {
            self.renew(now_us, true);
        }
    }
    fn renew(&mut self, now_us: u64, is_suspicion: bool) {
        if self.noted.iter().any(|noted| noted.answer == Answer::Granted) {
            let due_us = now_us + RENEW_AFTER_US;
            self.renewal = Some(Renewal { due_us, rounds_left: RENEW_ROUNDS, is_suspicion });
        }
    }
    /// The autopilot sent message `message_id`.
    pub(crate) fn heard(&mut self, message_id: u32) {
        let unfounded = |renewal: &Renewal| {
            renewal.is_suspicion
                && renewal.rounds_left == RENEW_ROUNDS
                && self.noted.iter().any(|noted| noted.message_id == message_id && noted.answer == Answer::Granted)
        };
        if self.renewal.as_ref().is_some_and(unfounded) {
            self.renewal = None;
        }
    }
    /// What is to be asked for again now.
    pub(crate) fn due(&mut self, now_us: u64) -> Vec<Request> {
        let Some(renewal) = self.renewal.as_mut().filter(|renewal| now_us >= renewal.due_us) else {
            return Vec::new();
        };
        renewal.rounds_left -= 1;
        renewal.due_us = now_us + RENEW_EVERY_US;
        if renewal.rounds_left == 0 {
            self.renewal = None;
        }
        let wanted = self.noted.iter().filter(|noted| noted.answer != Answer::Refused);
        wanted.map(|noted| request(noted.message_id, noted.hz)).collect()
    }
    /// Why message `message_id` does not come.
    pub(crate) fn silence(&self, message_id: u32) -> Silence {
        match self.noted.iter().find(|noted| noted.message_id == message_id).map(|noted| noted.answer) {
            None => Silence::NeverAskedFor,
            Some(Answer::Granted) => Silence::NothingToSay,
            Some(Answer::Refused) => Silence::Refused,
            Some(Answer::None) => Silence::Unanswered,
        }
    }
}

/// MAV_CMD_SET_MESSAGE_INTERVAL for `hz`; 0 stops the message.
fn request(message_id: u32, hz: f64) -> Request {
    let interval_us = if hz > 0.0 { (1e6 / hz) as f32 } else { -1.0 };
    Request::new(command::SET_MESSAGE_INTERVAL, [message_id as f32, interval_us, 0.0, 0.0, 0.0, 0.0, 0.0])
}

/// Asks for message `message_id` at `hz` and notes the answer.
pub(crate) fn ask<'a, P: Pace>(pace: &'a mut P, message_id: u32, hz: f64) -> Boxed<'a, Result<Outcome, P::Error>> {
    Box::pin(async move {
        let outcome = command::command_outcome(pace, request(message_id, hz), Repeat::Freely).await;
        let answer = match &outcome {
            Ok(Outcome::Accepted) => Answer::Granted,
            Ok(Outcome::Unanswered { .. }) => Answer::None,
            Err(error) if P::is_refusal(error) => Answer::Refused,
            Err(_) => return outcome,
        };
        pace.link().with(|core| core.rates.note(message_id, hz, answer));
        outcome
    })
}

/// A message that was asked for with others.
struct Asked {
    message_id: u32,
    hz: f64,
    heard: bool,
}

/// How often and how long messages are asked for together.
const ROUNDS: u8 = 5;
const ROUND_US: Micros = 700_000;
/// A round's answers and some of each message.
const INBOX: usize = 64;
const ACCEPTED: u8 = 0;

/// Asks for all of `rates` at once, and again for those that neither came nor were answered for: one round trip instead of one for each.
/// An answer does not say which message it is about; a link in order answers in order, and what came was granted.
///
/// # Errors
/// [`RequestError::NoAnswer`] where nothing of it was answered and nothing came.
pub(crate) fn ask_all<'a, P: Pace>(pace: &'a mut P, rates: &'a [Rate]) -> Boxed<'a, Result<(), P::Error>> {
    Box::pin(async move {
        let turn = command::turn_of(pace, command::SET_MESSAGE_INTERVAL).await?;
        let mut asking = AskingAll::new(pace.link(), rates, turn);
        loop {
            if let Some(end) = asking.go_on() {
                return end.map_err(P::Error::from);
            }
            pace.step().await?;
        }
    })
}

/// The questions under way, step by step; compiled once, whoever makes the steps.
struct AskingAll {
    link: Link,
    _turn: Turn,
    inbox: Inbox,
    asked: Vec<Asked>,
    sent: usize,
    answers: Vec<u8>,
    /// What was sent and answered before this round.
    before: (usize, usize),
    rounds: u8,
    started: Micros,
    deadline: Micros,
}

impl AskingAll {
    fn new(link: &Link, rates: &[Rate], turn: Turn) -> Self {
        let mut ids: Vec<u32> = rates.iter().map(|rate| rate.message_id).collect();
        ids.push(id::COMMAND_ACK);
        let now = link.now_us();
        Self {
            link: link.clone(),
            _turn: turn,
            inbox: Inbox::open(link, &ids, INBOX),
            asked: rates.iter().map(|rate| Asked { message_id: rate.message_id, hz: rate.hz, heard: false }).collect(),
            sent: 0,
            answers: Vec::new(),
            before: (0, 0),
            rounds: 0,
            started: now,
            deadline: now,
        }
    }

    /// Its end, where it has come.
    #[inline(never)]
    fn go_on(&mut self) -> Option<Result<(), RequestError>> {
        loop {
            if self.rounds > 0 {
                self.listen();
                // As many answers as questions in this round: each was answered for, whatever the answer.
                let all_answered = self.answers.len() - self.before.1 >= self.sent - self.before.0;
                if all_answered || self.asked.iter().all(|one| one.heard) {
                    self.link.with(|core| {
                        let still_to_come = self.sent.saturating_sub(self.answers.len());
                        let number = command::SET_MESSAGE_INTERVAL.number();
                        core.late_acks.expect(number, still_to_come, core.clock.now_us());
                        note_answers(&mut core.rates, &self.asked, &self.answers);
                    });
                    return Some(Ok(()));
                }
            }
            if self.link.now_us() < self.deadline {
                return None;
            }
            if self.rounds == ROUNDS {
                return Some(self.give_up());
            }
            if let Err(error) = self.send() {
                return Some(Err(error));
            }
        }
    }

    /// Asks for everything that was not heard yet.
    fn send(&mut self) -> Result<(), RequestError> {
        self.before = (self.sent, self.answers.len());
        for one in self.asked.iter().filter(|one| !one.heard) {
            match self.link.with(|core| core.send_command(&request(one.message_id, one.hz), 0)) {
                Ok(()) | Err(RequestError::ModeChanging { .. }) => self.sent += 1,
                Err(error) => return Err(error),
            }
        }
        self.rounds += 1;
        self.deadline = self.link.now_us() + ROUND_US;
        Ok(())
    }

    fn listen(&mut self) {
        while let Some(received) = self.inbox.take() {
            let fields = received.fields();
            if received.id != id::COMMAND_ACK {
                self.asked.iter_mut().filter(|one| one.message_id == received.id).for_each(|one| one.heard = true);
            } else if fields.u16(0) == command::SET_MESSAGE_INTERVAL.number()
                && self.link.with(|core| core.is_us(fields.u8(8), fields.u8(9)))
            {
                if self.answers.is_empty() && self.sent == self.asked.len() {
                    self.link.with(|core| core.late_acks.measured(core.clock.now_us() - self.started));
                }
                self.answers.push(fields.u8(2));
            }
        }
    }

    fn give_up(&self) -> Result<(), RequestError> {
        self.link.with(|core| note_answers(&mut core.rates, &self.asked, &self.answers));
        if !self.answers.is_empty() || self.asked.iter().any(|one| one.heard) {
            return Ok(());
        }
        let waited_s = (self.link.now_us() - self.started) as f64 * 1e-6;
        Err(RequestError::NoAnswer { what: command::SET_MESSAGE_INTERVAL.name, attempts: ROUNDS, waited_s })
    }
}

fn note_answers(rates: &mut Rates, asked: &[Asked], answers: &[u8]) {
    let in_order = answers.len() == asked.len();
    for (index, one) in asked.iter().enumerate() {
        let answer = match answers.get(index) {
            Some(&ACCEPTED) if in_order => Answer::Granted,
            Some(_) if in_order && !one.heard => Answer::Refused,
            _ if one.heard => Answer::Granted,
            _ => Answer::None,
        };
        rates.note(one.message_id, one.hz, answer);
    }
}
