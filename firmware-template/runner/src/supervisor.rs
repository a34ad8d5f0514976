//! The process beside the mission: it holds the same link and does nothing, until the mission process dies or hangs. Then it
//! ends that process, takes the link over and sends the vehicle home.
use crate::ending::{Ending, say};
use crate::process::{self, Child, ChildEnd, Progress};
use crate::way_home;
use flightsmith_sdk::{Connection, driver::Driver};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// No poll of the mission for this long while there was something to do is a hang. In lockstep the simulator gives up after
/// 2 s, so the supervisor must be faster there.
const HUNG_AFTER: Duration = Duration::from_millis(2_000);
const HUNG_AFTER_LOCKSTEP: Duration = Duration::from_millis(1_200);
const LOOK_EVERY_MS: i32 = 100;
/// A simulator that has its answer sends the next tick at once.
const NEXT_TICK_WITHIN_MS: i32 = 100;
/// Vehicle time of a lockstep tick.
const TICK_NS: i64 = 20_000_000;
/// Exit codes with which a mission process has said all that there is to say.
const KNOWN_ENDS: [u8; 5] = [0, 10, 11, 12, 101];

pub(crate) fn watch(child: &Child, link: &mut dyn Driver, lockstep: bool) -> ExitCode {
    let reason = match watch_until_trouble(child, lockstep) {
        Trouble::None(code) => return ExitCode::from(code),
        Trouble::Died(end) => match end {
            ChildEnd::Killed(signal) => format!("the mission process was killed by signal {signal}"),
            ChildEnd::Exited(code) => format!("the mission process ended with code {code}"),
        },
        Trouble::Hung(after) => {
            child.kill();
            format!("the mission process made no progress for {:.1} s and was ended", after.as_secs_f64())
        }
    };
    say(&format!("supervisor: {reason}"));
    let progress = child.progress;
    let connection = Connection::new();
    if lockstep && let Some(tick) = unanswered(progress) {
        // The mission took this tick with it; the simulator still waits for its answer.
        connection.expect_answer(tick);
    }
    let hands_off = progress.hands_off.load(Ordering::Acquire);
    let end = way_home::take_over(link, &connection, hands_off);
    Ending::Supervised(format!("{reason}; {end}")).report(connection.vehicle_time_s())
}

/// The lockstep tick that the mission process left unanswered, if it did.
fn unanswered(progress: &Progress) -> Option<i64> {
    let tick = progress.unanswered_tick.load(Ordering::Acquire);
    if tick != 0 {
        return Some(tick);
    }
    // It may have died between fetching a tick and writing that down. Then nothing more comes, and the tick is the one after
    // the last answer; a wrong guess is ignored by the simulator.
    let answered = progress.answered_tick.load(Ordering::Acquire);
    (answered != 0 && !process::stdin_is_readable(NEXT_TICK_WITHIN_MS)).then_some(answered + TICK_NS)
}

enum Trouble {
    None(u8),
    Died(ChildEnd),
    Hung(Duration),
}

fn watch_until_trouble(child: &Child, lockstep: bool) -> Trouble {
    let limit = if lockstep { HUNG_AFTER_LOCKSTEP } else { HUNG_AFTER };
    let mut polls = 0;
    let mut since = Instant::now();
    loop {
        if let Some(end) = child.wait(LOOK_EVERY_MS) {
            return match end {
                ChildEnd::Exited(code) if KNOWN_ENDS.contains(&code) => Trouble::None(code),
                end => Trouble::Died(end),
            };
        }
        let polls_now = child.progress.polls.load(Ordering::Acquire);
        // A simulator that sends nothing is not the mission's fault; bytes that nobody fetches are. One that was stopped just after
        // fetching a tick looks as if it waited for it (seen: most random stops fell there).
        let waits = child.progress.waiting.load(Ordering::Acquire) && !child.is_stopped();
        let idle = lockstep && waits && !process::stdin_is_readable(0);
        if polls_now != polls || idle {
            polls = polls_now;
            since = Instant::now();
        } else if since.elapsed() >= limit {
            return Trouble::Hung(since.elapsed());
        }
    }
}
