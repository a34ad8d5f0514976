//! One MAVLink link of the autopilot: its decoder, its sequence numbers, its own message rates, its bytes to send.
use crate::random::Random;
use crate::wire::{Decoder, Payload, messages, write_frame};

/// What a link carries without being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkProfile {
    /// ArduPilot on TCP or serial: nothing but heartbeats, texts and answers.
    Quiet,
    /// PX4's ground-station link (UDP 14550): pose at 50 Hz.
    Px4Ground,
    /// PX4's companion link (UDP 14540).
    Px4Onboard,
}

/// Period of a message on a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    /// Message id.
    pub id: u32,
    /// Period, microseconds.
    pub interval_us: u64,
    /// Vehicle time when it is due next, microseconds.
    pub due_us: u64,
}

/// A link.
#[derive(Debug, Clone)]
pub struct Link {
    /// Frames that came in.
    pub decoder: Decoder,
    /// Bytes that go out at the end of this tick.
    pub out: Vec<u8>,
    /// Whether the link is in use.
    pub open: bool,
    /// Rates.
    pub streams: Vec<Stream>,
    /// Next parameter of a list being sent.
    pub param_cursor: Option<usize>,
    /// What it carries unasked.
    pub profile: LinkProfile,
    /// MAVLink system id of the vehicle.
    pub system: u8,
    sequence: [u8; 2],
    loss: f64,
    random: Random,
    /// Until when nothing gets through, microseconds.
    pub dead_until_us: u64,
}

impl Link {
    /// A link that loses `loss` (0 to 1) of its messages either way.
    pub fn new(profile: LinkProfile, loss: f64, random: Random) -> Self {
        let defaults: &[(u32, f64)] = match profile {
            LinkProfile::Quiet => &[],
            LinkProfile::Px4Ground => PX4_GROUND,
            LinkProfile::Px4Onboard => PX4_ONBOARD,
        };
        let streams = defaults
            .iter()
            .enumerate()
            .map(|(index, (id, rate_hz))| Stream {
                id: *id,
                interval_us: (1e6 / rate_hz) as u64,
                due_us: 20_000 * (index as u64 % 10),
            })
            .collect();
        Self {
            decoder: Decoder::default(),
            out: Vec::with_capacity(4096),
            open: true,
            streams,
            param_cursor: None,
            profile,
            system: 1,
            sequence: [0; 2],
            loss,
            random,
            dead_until_us: 0,
        }
    }
    /// Whether the next message is lost on the way.
    pub fn loses(&mut self, now_us: u64) -> bool {
        now_us < self.dead_until_us || (self.loss > 0.0 && self.random.unit() < self.loss)
    }
    /// Sends one message as `component` of the vehicle.
    pub fn send(&mut self, now_us: u64, component: u8, id: u32, payload: &Payload) {
        if !self.open {
            return;
        }
        let slot = &mut self.sequence[usize::from(component != 1)];
        let sequence = *slot;
        *slot = slot.wrapping_add(1);
        if !self.loses(now_us) {
            write_frame(&mut self.out, sequence, self.system, component, id, payload);
        }
    }
    /// Carries nothing until `until_us`, and then what it carries unasked.
    pub fn forget_rates(&mut self, until_us: u64) {
        let fresh = Link::new(self.profile, 0.0, self.random.clone());
        self.streams = fresh.streams;
        for stream in &mut self.streams {
            stream.due_us += until_us;
        }
        self.dead_until_us = self.dead_until_us.max(until_us);
    }
    /// Sets the period of a message; 0 stops it.
    pub fn set_interval(&mut self, id: u32, interval_us: u64, now_us: u64) {
        self.streams.retain(|stream| stream.id != id);
        if interval_us > 0 {
            self.streams.push(Stream { id, interval_us, due_us: now_us });
        }
    }
    /// Sets the period of a message to what the link carries unasked.
    pub fn default_interval(&mut self, id: u32, now_us: u64) {
        let fresh = Link::new(self.profile, 0.0, self.random.clone());
        let interval_us = fresh.streams.iter().find(|stream| stream.id == id).map_or(0, |stream| stream.interval_us);
        self.set_interval(id, interval_us, now_us);
    }
    /// Period of a message in microseconds, if it is streamed.
    pub fn interval(&self, id: u32) -> Option<u64> {
        self.streams.iter().find(|stream| stream.id == id).map(|stream| stream.interval_us)
    }
}

/// Recorded rates of PX4's ground-station link, Hz; a tick carries at most one of each, so 50 Hz is the fastest.
const PX4_GROUND: &[(u32, f64)] = &[
    (messages::ATTITUDE, 50.0),
    (messages::ATTITUDE_QUATERNION, 50.0),
    (messages::LOCAL_POSITION_NED, 50.0),
    (messages::GLOBAL_POSITION_INT, 50.0),
    (messages::ATTITUDE_TARGET, 50.0),
    (messages::POSITION_TARGET_LOCAL_NED, 50.0),
    (messages::SERVO_OUTPUT_RAW, 50.0),
    (messages::GPS_RAW_INT, 5.0),
    (messages::VFR_HUD, 4.0),
    (messages::SYS_STATUS, 1.0),
    (messages::EXTENDED_SYS_STATE, 1.0),
    (messages::ALTITUDE, 1.0),
    (messages::SCALED_PRESSURE, 1.0),
    (messages::MISSION_CURRENT, 1.0),
    (messages::BATTERY_STATUS, 0.5),
    (messages::CURRENT_MODE, 0.5),
    (messages::ESTIMATOR_STATUS, 0.5),
    (messages::HOME_POSITION, 0.5),
    (messages::WIND_COV, 0.5),
    (messages::DISTANCE_SENSOR, 0.5),
    (messages::VIBRATION, 0.1),
];

/// Recorded rates of PX4's companion link, Hz.
const PX4_ONBOARD: &[(u32, f64)] = &[
    (messages::ATTITUDE, 100.0),
    (messages::ATTITUDE_QUATERNION, 50.0),
    (messages::GLOBAL_POSITION_INT, 50.0),
    (messages::HIGHRES_IMU, 50.0),
    (messages::LOCAL_POSITION_NED, 30.0),
    (messages::ATTITUDE_TARGET, 10.0),
    (messages::POSITION_TARGET_LOCAL_NED, 10.0),
    (messages::SERVO_OUTPUT_RAW, 10.0),
    (messages::ALTITUDE, 10.0),
    (messages::VFR_HUD, 10.0),
    (messages::GPS_RAW_INT, 8.0),
    (messages::SYS_STATUS, 5.0),
    (messages::EXTENDED_SYS_STATE, 5.0),
    (messages::SYSTEM_TIME, 1.0),
    (messages::ESTIMATOR_STATUS, 1.0),
    (messages::SCALED_PRESSURE, 1.0),
    (messages::MISSION_CURRENT, 1.0),
    (messages::WIND_COV, 1.0),
    (messages::DISTANCE_SENSOR, 10.0),
    (messages::BATTERY_STATUS, 0.5),
    (messages::CURRENT_MODE, 0.5),
    (messages::HOME_POSITION, 0.5),
    (messages::VIBRATION, 0.5),
];
