//! The mission-item protocol, as far as ground stations need it: upload, download, clear, current item.
//!
//! ArduPilot counts home as item 0 and asks with MISSION_REQUEST; PX4 has no home item and asks with MISSION_REQUEST_INT.
use super::Craft;
use crate::truth::Sender;
use crate::vector::V3;
use crate::wire::{Frame, Payload, messages as m};
use flightsmith_mission::frame::{Altitude, GlobalPosition, Latitude, Longitude};
use flightsmith_mission::vehicle::Autopilot;

/// One mission item as it came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    /// MAV_CMD.
    pub command: u16,
    /// MAV_FRAME.
    pub frame: u8,
    /// Parameters 1 to 4.
    pub p: [f64; 4],
    /// Latitude, degrees times 1e7.
    pub x: i32,
    /// Longitude, degrees times 1e7.
    pub y: i32,
    /// Altitude, m.
    pub z: f64,
}

#[derive(Debug, Clone)]
struct Upload {
    link: usize,
    by: Sender,
    expected: u16,
    items: Vec<Item>,
    asked_us: u64,
    tries: u8,
    kind: u8,
}

/// Stored items and a transfer in progress.
#[derive(Debug, Clone, Default)]
pub struct MissionRaw {
    /// Items without ArduPilot's home.
    pub items: Vec<Item>,
    /// Fence and rally points: kept and given back, not flown by.
    points: [Vec<Item>; 2],
    /// Item being flown.
    pub current: u16,
    upload: Option<Upload>,
    home_counts: bool,
    arrived_us: Option<u64>,
    /// Stays where it is until it may go on.
    pub paused: bool,
}

/// MAV_CMD numbers of items that move the vehicle.
#[expect(missing_docs, reason = "the names are MAVLink's own")]
pub mod item {
    pub const WAYPOINT: u16 = 16;
    pub const LOITER_UNLIM: u16 = 17;
    pub const LOITER_TIME: u16 = 19;
    pub const RETURN_TO_LAUNCH: u16 = 20;
    pub const LAND: u16 = 21;
    pub const TAKEOFF: u16 = 22;
    pub const SPLINE_WAYPOINT: u16 = 82;
}

/// MAV_MISSION_RESULT values.
mod outcome {
    pub const ACCEPTED: u8 = 0;
    pub const ERROR: u8 = 1;
    pub const UNSUPPORTED_FRAME: u8 = 2;
    pub const UNSUPPORTED: u8 = 3;
    pub const NO_SPACE: u8 = 4;
    pub const INVALID_X: u8 = 10;
    pub const INVALID_SEQUENCE: u8 = 13;
    pub const CANCELLED: u8 = 15;
}

impl MissionRaw {
    /// How many items a ground station sees.
    pub fn count(&self) -> u16 {
        self.items.len() as u16 + u16::from(self.home_counts)
    }
    /// MISSION_STATE: 1 no mission, 2 not started, 4 paused.
    pub fn state(&self) -> u8 {
        if self.items.is_empty() {
            1
        } else if self.paused {
            4
        } else {
            2
        }
    }
    /// The fence (1) or the rally points (2).
    fn points(&mut self, kind: u8) -> Option<&mut Vec<Item>> {
        self.points.get_mut(usize::from(kind).checked_sub(1)?)
    }
}

impl Craft {
    /// Where an item is, in the estimator's frame; an item without coordinates is where the vehicle is.
    pub fn item_goal(&self, item: &Item) -> V3 {
        let position = self.estimator.position;
        let (latitude, longitude) = (Latitude(f64::from(item.x) * 1e-7), Longitude(f64::from(item.y) * 1e-7));
        let altitude = Altitude::Amsl(item.z);
        let there = self.to_local(&GlobalPosition::at(latitude, longitude, altitude));
        let mut goal = if item.x == 0 && item.y == 0 { position } else { there };
        goal[2] = match item.frame {
            0 | 5 => self.to_local(&GlobalPosition::at(Latitude(self.site.lat_deg), longitude, altitude))[2],
            _ => self.home.map_or(0.0, |home| home[2]) - item.z,
        };
        goal
    }
    /// The item being flown, if there is one left.
    pub fn current_item(&self) -> Option<Item> {
        let index = usize::from(self.mission.current).saturating_sub(usize::from(self.mission.home_counts));
        self.mission.items.get(index).copied()
    }
    /// Goes on to the next item, telling that this one was reached.
    pub fn advance_item(&mut self) {
        let sequence = self.mission.current.max(u16::from(self.mission.home_counts));
        self.broadcast(m::MISSION_ITEM_REACHED, &Payload::new().u16(sequence));
        self.mission.current = sequence + 1;
        self.mission.arrived_us = None;
    }
    /// Whether the vehicle has been within `radius_m` of `goal` for `hold_s`.
    pub fn held_at(&mut self, goal: V3, radius_m: f64, hold_s: f64) -> bool {
        if (self.estimator.position - goal).norm() > radius_m && self.mission.arrived_us.is_none() {
            return false;
        }
        let arrived_us = *self.mission.arrived_us.get_or_insert(self.now_us);
        self.now_us >= arrived_us + (hold_s.max(0.0) * 1e6) as u64
    }
    /// Handles the protocol's messages; `true` if `frame` was one.
    pub fn handle_mission_raw(&mut self, link: usize, by: Sender, frame: &Frame) -> bool {
        self.mission.home_counts = self.kind == Autopilot::ArduPilot && self.home.is_some();
        match frame.id {
            m::MISSION_REQUEST_LIST if frame.is_for_us(0) => {
                let kind = frame.u8(2);
                let count = match self.mission.points(kind) {
                    Some(points) => points.len() as u16,
                    None => self.mission.count(),
                };
                let payload = Payload::new().u16(count).u8(by.system).u8(by.component).u8(kind);
                self.reply(link, m::MISSION_COUNT, &payload);
            }
            m::MISSION_REQUEST | m::MISSION_REQUEST_INT if frame.is_for_us(2) => {
                let (sequence, kind) = (frame.u16(0), frame.u8(4));
                let found = match self.mission.points(kind) {
                    Some(points) => points.get(usize::from(sequence)).copied(),
                    None => self.mission_item(sequence),
                };
                match found {
                    Some(item) => {
                        let payload = Payload::new()
                            .f32s(&item.p)
                            .i32(item.x)
                            .i32(item.y)
                            .f32(item.z)
                            .u16(sequence)
                            .u16(item.command)
                            .u8(by.system)
                            .u8(by.component)
                            .u8(item.frame)
                            .u8(u8::from(sequence == self.mission.current))
                            .u8(1)
                            .u8(kind);
                        self.reply(link, m::MISSION_ITEM_INT, &payload);
                    }
                    None if self.kind == Autopilot::ArduPilot => {
                        self.mission_ack(link, by, outcome::INVALID_SEQUENCE, kind);
                    }
                    None => {}
                }
            }
            m::MISSION_COUNT if frame.is_for_us(2) => {
                let (count, kind) = (frame.u16(0), frame.u8(4));
                let limit = if self.kind == Autopilot::ArduPilot { 650 } else { 10_000 };
                if count > limit {
                    if self.kind == Autopilot::ArduPilot {
                        self.say(m::severity::WARNING, &format!("Only {limit} items are supported"));
                    }
                    self.mission_ack(link, by, outcome::NO_SPACE, kind);
                } else if count == 0 {
                    self.forget_items(kind);
                    self.mission_ack(link, by, outcome::ACCEPTED, kind);
                } else {
                    let items = Vec::with_capacity(usize::from(count));
                    self.mission.upload =
                        Some(Upload { link, by, expected: count, items, asked_us: self.now_us, tries: 0, kind });
                    self.ask_for_item();
                }
            }
            m::MISSION_ITEM | m::MISSION_ITEM_INT if frame.is_for_us(32) => self.take_item(link, by, frame),
            m::MISSION_CLEAR_ALL if frame.is_for_us(0) => {
                let kind = frame.u8(2);
                for kind in if kind == 255 { 0..=2 } else { kind..=kind } {
                    self.forget_items(kind);
                }
                self.mission_ack(link, by, outcome::ACCEPTED, kind);
            }
            m::MISSION_SET_CURRENT if frame.is_for_us(2) => {
                if frame.u16(0) < self.mission.count() {
                    self.mission.current = frame.u16(0);
                }
                if let Some(payload) = self.compose(m::MISSION_CURRENT) {
                    self.broadcast(m::MISSION_CURRENT, &payload);
                }
            }
            m::MISSION_ACK => {}
            _ => return false,
        }
        true
    }
    fn forget_items(&mut self, kind: u8) {
        match self.mission.points(kind) {
            Some(points) => points.clear(),
            None => {
                self.mission.items.clear();
                self.mission.current = 0;
            }
        }
    }
    fn mission_item(&self, sequence: u16) -> Option<Item> {
        if !self.mission.home_counts {
            return self.mission.items.get(usize::from(sequence)).copied();
        }
        if sequence > 0 {
            return self.mission.items.get(usize::from(sequence) - 1).copied();
        }
        let global = self.to_global(self.home?);
        let (Altitude::Amsl(z) | Altitude::AboveHome(z)) = global.altitude;
        let (x, y) = ((global.lat_deg * 1e7) as i32, (global.lon_deg * 1e7) as i32);
        Some(Item { command: 16, frame: 0, p: [0.0; 4], x, y, z })
    }
    fn mission_ack(&mut self, link: usize, by: Sender, outcome: u8, kind: u8) {
        let payload = Payload::new().u8(by.system).u8(by.component).u8(outcome).u8(kind);
        self.reply(link, m::MISSION_ACK, &payload);
    }
    fn ask_for_item(&mut self) {
        let now_us = self.now_us;
        let Some(upload) = &mut self.mission.upload else {
            return;
        };
        upload.asked_us = now_us;
        let payload =
            Payload::new().u16(upload.items.len() as u16).u8(upload.by.system).u8(upload.by.component).u8(upload.kind);
        let link = upload.link;
        let id = if self.kind == Autopilot::ArduPilot { m::MISSION_REQUEST } else { m::MISSION_REQUEST_INT };
        self.reply(link, id, &payload);
    }
    fn take_item(&mut self, link: usize, by: Sender, frame: &Frame) {
        let sequence = frame.u16(28);
        let Some(upload) = self.mission.upload.as_ref() else {
            self.mission_ack(link, by, outcome::ERROR, frame.u8(37));
            return;
        };
        if usize::from(sequence) != upload.items.len() {
            // A repeated or early item: ask again for the one that is missing.
            self.ask_for_item();
            return;
        }
        let int = frame.id == m::MISSION_ITEM_INT;
        let coordinate = |at: usize| {
            if int { frame.i32(at) } else { (frame.f32(at) * 1e7) as i32 }
        };
        let item = Item {
            command: frame.u16(30),
            frame: frame.u8(34),
            p: [frame.f32(0), frame.f32(4), frame.f32(8), frame.f32(12)],
            x: coordinate(16),
            y: coordinate(20),
            z: frame.f32(24),
        };
        const KNOWN: [u16; 19] = [16, 17, 18, 19, 20, 21, 22, 82, 93, 112, 115, 177, 178, 183, 201, 203, 206, 211, 530];
        let known = match upload.kind {
            1 => (5000..=5004).contains(&item.command),
            2 => item.command == 5100,
            _ => KNOWN.contains(&item.command) || (2000..=2001).contains(&item.command),
        };
        let refused = if !known {
            Some(outcome::UNSUPPORTED)
        } else if !matches!(item.frame, 0 | 2 | 3 | 5 | 6 | 10 | 11) {
            Some(outcome::UNSUPPORTED_FRAME)
        } else if self.kind == Autopilot::ArduPilot && item.x.unsigned_abs() > 900_000_000 && item.frame != 2 {
            Some(outcome::INVALID_X)
        } else {
            None
        };
        if let Some(reason) = refused {
            let kind = upload.kind;
            self.mission.upload = None;
            self.mission_ack(link, by, reason, kind);
            return;
        }
        let Some(upload) = &mut self.mission.upload else {
            return;
        };
        upload.items.push(item);
        upload.tries = 0;
        if upload.items.len() < usize::from(upload.expected) {
            self.ask_for_item();
            return;
        }
        let Some(upload) = self.mission.upload.take() else {
            return;
        };
        match self.mission.points(upload.kind) {
            Some(points) => *points = upload.items,
            None => {
                self.mission.items = upload.items;
                if self.kind == Autopilot::ArduPilot && !self.mission.items.is_empty() {
                    self.mission.items.remove(0);
                }
                self.mission.current = 0;
            }
        }
        self.mission_ack(link, by, outcome::ACCEPTED, upload.kind);
    }
    /// Asks again for items that do not come, and gives up as recorded.
    pub fn tick_mission_raw(&mut self) {
        let Some(upload) = &mut self.mission.upload else {
            return;
        };
        if self.now_us < upload.asked_us + 650_000 {
            return;
        }
        upload.tries += 1;
        let (limit, answers) = if self.kind == Autopilot::ArduPilot { (15, true) } else { (19, false) };
        if upload.tries < limit {
            self.ask_for_item();
            return;
        }
        let (link, by, kind) = (upload.link, upload.by, upload.kind);
        self.mission.upload = None;
        if answers {
            self.say(m::severity::WARNING, "Mission upload timeout");
            self.mission_ack(link, by, outcome::CANCELLED, kind);
        } else {
            self.say(m::severity::CRITICAL, "Mission sync timeout");
        }
    }
}
