//! The one thread: waits for all links at once, hands what came to the router, sends what is to be sent.
use super::{State, lock};
use crate::driver::POLL_EVERY;
use crate::driver::waiting::{AlarmClock, ready_within};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Largest UDP datagram.
const BUFFER: usize = 65_536;

/// Moves bytes until the network is stopped.
pub(super) fn run(state: &Mutex<State>, mut clock: AlarmClock) {
    let mut buffer = vec![0; BUFFER];
    let mut waits_for = Vec::new();
    let mut next_step = Instant::now();
    loop {
        waits_for.clear();
        waits_for.push(clock.pollfd());
        {
            let state = lock(state);
            if state.stopped {
                return;
            }
            state.links.poll_set(&mut waits_for);
        }
        ready_within(&mut waits_for, next_step.saturating_duration_since(Instant::now()));
        clock.reset();
        let mut state = lock(state);
        let State { links, router, waiting, .. } = &mut *state;
        links.receive(router, &mut buffer);
        let now = Instant::now();
        if now >= next_step {
            next_step = now + POLL_EVERY;
            links.reopen(router);
            router.time_moved(links.now_us());
            for waker in waiting.drain(..) {
                waker.wake();
            }
        } else if router.has_discovered() {
            for waker in waiting.drain(..) {
                waker.wake();
            }
        }
        router.collect(links.now_us());
        links.send(router);
    }
}

/// How long to wait before a link that ended is opened again.
#[derive(Debug)]
pub(super) struct Backoff {
    delay: Duration,
    pub due: Instant,
}

impl Backoff {
    const FIRST: Duration = Duration::from_millis(200);
    const LONGEST: Duration = Duration::from_secs(5);

    pub(super) fn new() -> Self {
        Self { delay: Self::FIRST, due: Instant::now() }
    }
    /// It failed again: later, and later still, up to a limit.
    pub(super) fn failed(&mut self) {
        self.due = Instant::now() + self.delay;
        self.delay = (self.delay * 2).min(Self::LONGEST);
    }
    /// It works again.
    pub(super) fn worked(&mut self) {
        self.delay = Self::FIRST;
    }
}
