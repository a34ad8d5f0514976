//! An autopilot that restarts forgets which messages it was asked for: they are asked for again, by whichever sign of it there is.
mod spoken;

use flightsmith_sdk::{Attitude, Connection, System, units::Seconds};
use mavlink::dialects::ardupilotmega as mav;
use mavlink::{MavlinkVersion, MessageData};
use spoken::{Voice, heartbeat, words};
use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const TICK_US: u64 = 20_000;
const ATTITUDE: u32 = 30;
const SET_MESSAGE_INTERVAL: u16 = 511;

/// A fake autopilot: sends its heartbeat, and ATTITUDE as often as it is asked to.
struct Fake {
    voice: Voice,
    booted_us: u64,
    intervals_us: BTreeMap<u32, u64>,
    /// What ATTITUDE comes in where nobody asks; `None` for none.
    default_us: Option<u64>,
    silent_until_us: u64,
    /// How often it was asked for a rate.
    asked: usize,
}

impl Fake {
    fn new(default_us: Option<u64>) -> Self {
        let intervals_us = BTreeMap::new();
        Self { voice: Voice::of(1), booted_us: 0, intervals_us, default_us, silent_until_us: 0, asked: 0 }
    }
    fn restart(&mut self, now_us: u64) {
        self.booted_us = now_us;
        self.intervals_us.clear();
    }
    fn hear(&mut self, payload: &[u8]) -> Vec<u8> {
        let asked = mav::COMMAND_LONG_DATA::deser(MavlinkVersion::V2, payload).expect("a command");
        let command = asked.command as u32 as u16;
        let known = command == SET_MESSAGE_INTERVAL;
        if known {
            self.asked += 1;
            self.intervals_us.insert(asked.param1 as u32, asked.param2 as u64);
        }
        let result = if known { mav::MavResult::MAV_RESULT_ACCEPTED } else { mav::MavResult::MAV_RESULT_UNSUPPORTED };
        self.voice.say(&mav::COMMAND_ACK_DATA { command: asked.command, result, ..Default::default() })
    }
    fn speak(&mut self, now_us: u64) -> Vec<u8> {
        let mut said = Vec::new();
        if now_us < self.silent_until_us {
            return said;
        }
        if now_us.is_multiple_of(1_000_000) {
            said.extend(self.voice.say(&heartbeat()));
        }
        let interval_us = self.intervals_us.get(&ATTITUDE).copied().or(self.default_us);
        if interval_us.is_some_and(|interval_us| now_us % interval_us < TICK_US) {
            let time_boot_ms = ((now_us - self.booted_us) / 1000) as u32;
            said.extend(self.voice.say(&mav::ATTITUDE_DATA { time_boot_ms, ..Default::default() }));
        }
        said
    }
}

/// What a program did beside the fake autopilot: attitudes a second, and how often a rate was asked for, before and after `event` (after
/// 20 s) with time to settle.
fn attitudes_before_and_after(mut fake: Fake, event: impl Fn(&mut Fake, u64)) -> ([usize; 2], usize) {
    const EVENT_US: u64 = 20_000_000;
    const END_US: u64 = 40_000_000;
    let connection = Connection::ground_station();
    let mut program = pin!(async {
        let system: System = connection.system(Seconds(10.0)).await.expect("a vehicle");
        system.telemetry().set_rate_hz::<Attitude>(25.0).await.expect("a rate");
        std::future::pending::<()>().await;
    });
    let mut context = Context::from_waker(Waker::noop());
    let (mut counted, mut asked_before) = ([0; 2], 0);
    for now_us in (0..END_US).step_by(TICK_US as usize) {
        if now_us == EVENT_US {
            asked_before = fake.asked;
            event(&mut fake, now_us);
        }
        let said = fake.speak(now_us);
        let attitudes = words(&said).iter().filter(|word| word.id == ATTITUDE).count();
        // The last five seconds before the event and of all.
        match now_us {
            15_000_000..20_000_000 => counted[0] += attitudes,
            35_000_000.. => counted[1] += attitudes,
            _ => {}
        }
        connection.feed(&said);
        connection.set_wall_us(now_us);
        assert_eq!(program.as_mut().poll(&mut context), Poll::Pending);
        let mut sent = Vec::new();
        connection.take_outgoing(|bytes| sent.extend_from_slice(bytes));
        if now_us >= fake.silent_until_us {
            for word in words(&sent).iter().filter(|word| word.id == mav::COMMAND_LONG_DATA::ID) {
                let answer = fake.hear(&word.payload);
                connection.feed(&answer);
            }
        }
    }
    (counted.map(|count| count / 5), fake.asked - asked_before)
}

#[test]
fn a_restart_is_noticed_by_silence_or_by_the_clock_and_rates_come_back() {
    // As a real ArduCopter: nothing for some seconds, then its heartbeat and nothing else.
    let (rates_hz, asked) = attitudes_before_and_after(Fake::new(None), |fake, now_us| {
        fake.restart(now_us);
        fake.silent_until_us = now_us + 4_000_000;
    });
    assert_eq!(rates_hz, [25, 25]);
    // Three rounds of all that a connection asks for at most.
    assert!((1..=60).contains(&asked), "{asked}");
    // As PX4: back at once, with rates of its own and a clock that began anew.
    let (rates_hz, _) = attitudes_before_and_after(Fake::new(Some(200_000)), Fake::restart);
    assert_eq!(rates_hz, [25, 25]);
}

#[test]
fn a_mere_silence_asks_for_nothing() {
    let (rates_hz, asked) = attitudes_before_and_after(Fake::new(None), |fake, now_us| {
        fake.silent_until_us = now_us + 4_000_000;
    });
    assert_eq!((rates_hz, asked), ([25, 25], 0));
}
