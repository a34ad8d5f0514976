//! A mission process and the simulator in lockstep over a byte stream of MAVLink.
//!
//! The simulator writes all messages of a tick and ends them with `TIMESYNC { tc1: 0, ts1: vehicle time in ns }`; the mission
//! answers with what it has to send and `TIMESYNC { tc1: ts1, ts1: ts1 }`. Only then does the simulator advance, so a flight is
//! as fast as the machine allows and always the same. A mission that does not answer within the limit, or is gone, is left
//! behind: the vehicle flies on alone, as a real one would, until it is down and disarmed.
//!
//! Starting and ending processes is the caller's part.
use crate::simulation::Simulation;
use crate::tlog::TlogWriter;
use crate::waiting;
use crate::wire::{Decoder, messages, write_frame};
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};
use thiserror::Error;

/// Limits of a lockstep flight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LockstepLimits {
    /// Longest flight in seconds of vehicle time, counted from the first tick.
    pub flight_s: f64,
    /// CPU time that the mission may use in a tick (20 ms times the companion's factor); more is `stalled`.
    pub tick_cpu: Duration,
    /// Wall time without an answer after which the simulator runs on alone.
    pub answer: Duration,
    /// How long, in seconds of vehicle time, it runs on alone at most.
    pub alone_s: f64,
}

impl Default for LockstepLimits {
    fn default() -> Self {
        Self { flight_s: 3600.0, tick_cpu: Duration::from_millis(20), answer: Duration::from_secs(2), alone_s: 300.0 }
    }
}

/// How the mission's part ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissionPart {
    /// It closed its end (it exited, or was killed).
    Left,
    /// It did not answer within the limit of wall time.
    Silent,
    /// It was still answering when the flight was ended by a limit or by the observer.
    Answering,
}

/// A tick in which the mission used too much CPU time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stall {
    /// Vehicle time of the tick, seconds.
    pub at_s: f64,
    /// CPU time used in it.
    pub cpu: Duration,
}

/// What came of a lockstep flight.
#[derive(Debug, Clone, PartialEq)]
pub struct LockstepEnd {
    /// How the mission's part ended.
    pub mission: MissionPart,
    /// Vehicle time when it ended, seconds since boot.
    pub mission_end_s: f64,
    /// Whether the vehicle was armed at that moment: a mission that leaves an armed vehicle has failed.
    pub armed_at_mission_end: bool,
    /// Vehicle time at the end, seconds since boot.
    pub end_s: f64,
    /// Ticks flown, with and without the mission.
    pub ticks: u64,
    /// On the ground and disarmed at the end.
    pub landed: bool,
    /// The first tick that used too much CPU time.
    pub stalled: Option<Stall>,
    /// Bytes from the mission that were no MAVLink.
    pub skipped_bytes: u64,
    /// The limit of `flight_s` (or of `alone_s`) was met.
    pub out_of_time: bool,
}

/// What stops a lockstep flight for reasons outside it.
#[derive(Debug, Error)]
pub enum LockstepError {
    /// The log could not be written.
    #[error("the telemetry log could not be written")]
    Tlog(#[source] io::Error),
    /// The mission's stream could not be waited for or read.
    #[error("the mission's stream could not be read")]
    Stream(#[source] io::Error),
}

/// CPU time that the process `pid` has used so far (without its children); `None` once it is gone.
pub fn cpu_time_of(pid: u32) -> Option<Duration> {
    waiting::cpu_time(pid)
}

/// Waits until a mission in an emulator says, with one byte, that its link listens: what is sent before is lost there. `false` when
/// `limit` passed first, or it ended.
///
/// # Errors
/// The stream could not be waited for or read.
pub fn await_ready<R: Read + AsFd>(from_mission: &mut R, ready: u8, limit: Duration) -> Result<bool, LockstepError> {
    let mut byte = [0];
    let heard = waiting::readable(from_mission.as_fd(), limit)
        .and_then(|readable| Ok(readable && from_mission.read(&mut byte)? == 1));
    Ok(heard.map_err(LockstepError::Stream)? && byte[0] == ready)
}

/// Flies `sim` with the mission behind `from_mission` (its standard output) and `to_mission` (its standard input).
///
/// `cpu_time` gives the mission's CPU time so far; it is asked once before each tick, so it should be one system call, and a
/// second time only where a tick took longer than `tick_cpu` of wall time. `observe` sees every tick after it has been flown
/// (truth by [`Simulation::truth`], events by [`Simulation::events`]) and can end the flight.
pub fn fly_lockstep<R: Read + AsFd, W: Write, L: Write>(
    sim: &mut Simulation,
    mut from_mission: R,
    mut to_mission: W,
    mut tlog: Option<&mut TlogWriter<L>>,
    limits: &LockstepLimits,
    cpu_time: &mut dyn FnMut() -> Option<Duration>,
    observe: &mut dyn FnMut(&Simulation) -> ControlFlow<()>,
) -> Result<LockstepEnd, LockstepError> {
    let start_s = sim.truth().time_s;
    let mut decoder = Decoder::default();
    let mut inbox = Vec::with_capacity(4096);
    let mut outbox = Vec::with_capacity(8192);
    let mut end = LockstepEnd {
        mission: MissionPart::Answering,
        mission_end_s: start_s,
        armed_at_mission_end: false,
        end_s: start_s,
        ticks: 0,
        landed: false,
        stalled: None,
        skipped_bytes: 0,
        out_of_time: false,
    };
    let mut alone_since_s = None;
    loop {
        sim.tick(&inbox);
        end.ticks += 1;
        let now_us = sim.time_us();
        let now_s = sim.truth().time_s;
        if let Some(log) = tlog.as_deref_mut() {
            log.write(now_us, &inbox).map_err(LockstepError::Tlog)?;
            log.write(now_us, sim.outgoing(0)).map_err(LockstepError::Tlog)?;
        }
        inbox.clear();
        if observe(sim).is_break() {
            break;
        }
        if now_s - start_s >= limits.flight_s {
            end.out_of_time = true;
            break;
        }
        if let Some(since_s) = alone_since_s {
            if !sim.truth().armed && sim.truth().on_ground {
                break;
            }
            if now_s - since_s >= limits.alone_s {
                end.out_of_time = true;
                break;
            }
            continue;
        }

        let started = Instant::now();
        let cpu_before = cpu_time();
        let time_ns = (now_us * 1000) as i64;
        outbox.clear();
        outbox.extend_from_slice(sim.outgoing(0));
        write_frame(&mut outbox, end.ticks as u8, 1, 1, messages::TIMESYNC, &messages::timesync(0, time_ns));
        let written = to_mission.write_all(&outbox).and_then(|()| to_mission.flush());
        let part = match written {
            // A broken pipe means that it is gone; what it said last may still be read.
            Err(_) => Answer::Left,
            Ok(()) => await_answer(&mut from_mission, &mut decoder, &mut inbox, time_ns, limits.answer)
                .map_err(LockstepError::Stream)?,
        };
        // Starting up and ending on the ground cost what they cost; in the air every tick counts.
        if started.elapsed() > limits.tick_cpu
            && end.stalled.is_none()
            && sim.truth().armed
            && let (Some(before), Some(after)) = (cpu_before, cpu_time())
        {
            let cpu = after.saturating_sub(before);
            if cpu > limits.tick_cpu {
                end.stalled = Some(Stall { at_s: now_s, cpu });
            }
        }
        let gone = match part {
            Answer::Given => {
                end.mission_end_s = now_s;
                continue;
            }
            Answer::Left => MissionPart::Left,
            Answer::Silent => MissionPart::Silent,
        };
        end.mission = gone;
        end.mission_end_s = now_s;
        end.armed_at_mission_end = sim.truth().armed;
        alone_since_s = Some(now_s);
    }
    if end.mission == MissionPart::Answering {
        end.armed_at_mission_end = sim.truth().armed;
    }
    end.end_s = sim.truth().time_s;
    end.landed = sim.truth().on_ground && !sim.truth().armed;
    end.skipped_bytes = decoder.skipped_bytes;
    Ok(end)
}

enum Answer {
    Given,
    Left,
    Silent,
}

/// Reads until the tick is answered; whole frames other than the answer are put into `inbox`.
fn await_answer<R: Read + AsFd>(
    from_mission: &mut R,
    decoder: &mut Decoder,
    inbox: &mut Vec<u8>,
    time_ns: i64,
    limit: Duration,
) -> io::Result<Answer> {
    let deadline = Instant::now() + limit;
    let mut chunk = [0u8; 8192];
    loop {
        while let Some((frame, range)) = decoder.next_frame() {
            if frame.id == messages::TIMESYNC && frame.i64(0) != 0 {
                if frame.i64(0) == time_ns {
                    return Ok(Answer::Given);
                }
                continue;
            }
            inbox.extend_from_slice(decoder.raw(range));
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() || !waiting::readable(from_mission.as_fd(), left)? {
            return Ok(Answer::Silent);
        }
        match from_mission.read(&mut chunk) {
            Ok(0) => return Ok(Answer::Left),
            Ok(count) => decoder.push(&chunk[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Ok(Answer::Left),
        }
    }
}
