//! The item protocol at the vehicle's side, state by state as ArduPilot's and PX4's sources have it, with their refusals and time limits.
use super::{Message, Out};
use flightsmith_sdk::Autopilot;
use mavlink::dialects::ardupilotmega as mav;

/// An item as it came: the 30 bytes of parameters and place, command, frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub params: [u32; 4],
    pub x: i32,
    pub y: i32,
    pub z: f32,
    pub command: u16,
    pub frame: u8,
}

#[derive(Debug)]
enum State {
    Idle,
    /// PX4 only: it has told its number of items and expects to be asked in order.
    Sending {
        list: u8,
        next: u16,
        count: u16,
        heard_s: f64,
    },
    Receiving {
        list: u8,
        count: u16,
        items: Vec<Item>,
        heard_s: f64,
        asked_s: f64,
        from: (u8, u8),
    },
}

#[derive(Debug)]
pub struct Items {
    autopilot: Autopilot,
    /// Mission, fence, rally points; ArduPilot's mission without its home.
    pub lists: [Vec<Item>; 3],
    pub current: u16,
    state: State,
    /// After the last upload PX4 acknowledges a repeated last item again.
    last_count: u16,
    pub most: u16,
    /// Acknowledges every list but the mission as one that it does not support.
    pub mission_only: bool,
    /// Ignores which list is meant, as old vehicles do.
    pub knows_no_lists: bool,
    pub silent: bool,
    /// Refuses an item with this number by this MAV_MISSION_RESULT.
    pub refuses: Option<(u16, u8)>,
    /// Asks with MISSION_REQUEST_INT rather than MISSION_REQUEST.
    pub asks_int: bool,
    /// So many bytes of trailing chatter are acknowledged wrongly: counts uploads that ended.
    pub uploads: u32,
    pub cancelled: u32,
}

const ACCEPTED: u8 = 0;
const ERROR: u8 = 1;
const UNSUPPORTED: u8 = 3;
const NO_SPACE: u8 = 4;
const INVALID_SEQUENCE: u8 = 13;
const DENIED: u8 = 14;
const CANCELLED: u8 = 15;

impl Items {
    pub fn new(autopilot: Autopilot) -> Self {
        Self {
            autopilot,
            lists: [Vec::new(), Vec::new(), Vec::new()],
            current: 0,
            state: State::Idle,
            last_count: 0,
            most: 650,
            mission_only: false,
            knows_no_lists: false,
            silent: false,
            refuses: None,
            asks_int: autopilot == Autopilot::Px4,
            uploads: 0,
            cancelled: 0,
        }
    }
    /// `seq` and `total` of MISSION_CURRENT.
    pub fn progress(&self) -> (u16, u16) {
        (self.current, self.lists[0].len() as u16)
    }
    fn is_px4(&self) -> bool {
        self.autopilot == Autopilot::Px4
    }
    fn home_counts(&self, list: u8) -> bool {
        !self.is_px4() && list == 0
    }
    fn count(&self, list: u8) -> u16 {
        self.lists[usize::from(list)].len() as u16 + u16::from(self.home_counts(list))
    }
    fn item(&self, list: u8, seq: u16) -> Option<Item> {
        let home = Item { params: [0; 4], x: 473_977_420, y: 85_455_940, z: 488.0, command: 16, frame: 0 };
        match (self.home_counts(list), seq) {
            (true, 0) => Some(home),
            (true, seq) => self.lists[0].get(usize::from(seq) - 1).cloned(),
            (false, seq) => self.lists[usize::from(list)].get(usize::from(seq)).cloned(),
        }
    }
    fn ack(&self, to: (u8, u8), list: u8, result: u8, out: &mut Out) {
        out.send::<mav::MISSION_ACK_DATA>(&[to.0, to.1, result, list]);
    }
    fn say_count(&self, to: (u8, u8), list: u8, out: &mut Out) {
        let mut payload = self.count(list).to_le_bytes().to_vec();
        payload.extend([to.0, to.1, list]);
        out.send::<mav::MISSION_COUNT_DATA>(&payload);
    }
    #[expect(deprecated, reason = "ArduPilot asks with the older message")]
    fn ask(&mut self, now_s: f64, out: &mut Out) {
        let asks_int = self.asks_int;
        if let State::Receiving { list, items, asked_s, from, .. } = &mut self.state {
            *asked_s = now_s;
            let mut payload = (items.len() as u16).to_le_bytes().to_vec();
            payload.extend([from.0, from.1, *list]);
            if asks_int {
                out.send::<mav::MISSION_REQUEST_INT_DATA>(&payload);
            } else {
                out.send::<mav::MISSION_REQUEST_DATA>(&payload);
            }
        }
    }

    pub fn take(&mut self, message: &Message, now_s: f64, out: &mut Out) {
        let list_at = match message.id {
            44 | 51 | 40 => 4,
            43 | 45 => 2,
            47 => 3,
            73 => 37,
            _ => return,
        };
        if self.silent {
            return;
        }
        let (from, list) = (message.from, if self.knows_no_lists { 0 } else { message.u8(list_at) });
        if self.mission_only && list != 0 {
            if message.id != 47 {
                self.ack(from, list, UNSUPPORTED, out);
            }
            return;
        }
        match message.id {
            44 => self.take_count(message.u16(0), list, from, now_s, out),
            73 => self.take_item(message, list, now_s, out),
            43 => self.take_request_list(list, from, now_s, out),
            40 | 51 => self.take_request(message.u16(0), list, from, now_s, out),
            45 => {
                self.state = State::Idle;
                self.lists[usize::from(list)].clear();
                self.ack(from, list, ACCEPTED, out);
            }
            47 if message.u8(2) == CANCELLED => {
                self.cancelled += 1;
                // ArduPilot looks at no MISSION_ACK: it waits until its time is over.
                if self.is_px4() {
                    self.state = State::Idle;
                }
            }
            47 if matches!(self.state, State::Sending { .. }) => self.state = State::Idle,
            _ => {}
        }
    }

    fn take_count(&mut self, count: u16, list: u8, from: (u8, u8), now_s: f64, out: &mut Out) {
        if self.is_px4() {
            let busy = match &self.state {
                State::Idle => false,
                State::Receiving { items, .. } => !items.is_empty(),
                State::Sending { .. } => true,
            };
            if busy {
                if let State::Receiving { heard_s, .. } = &mut self.state {
                    *heard_s = now_s;
                }
                self.ack(from, list, ERROR, out);
                return;
            }
        }
        if count > self.most {
            self.ack(from, list, NO_SPACE, out);
            return;
        }
        if count == 0 {
            self.lists[usize::from(list)].clear();
            self.ack(from, list, ACCEPTED, out);
            return;
        }
        self.state = State::Receiving { list, count, items: Vec::new(), heard_s: now_s, asked_s: now_s, from };
        self.ask(now_s, out);
    }

    fn take_item(&mut self, message: &Message, list: u8, now_s: f64, out: &mut Out) {
        let (seq, from, px4) = (message.u16(28), message.from, self.is_px4());
        let last_count = self.last_count;
        let refuses = self.refuses;
        let State::Receiving { list: expected, count, items, heard_s, .. } = &mut self.state else {
            let repeated_last = px4 && matches!(self.state, State::Idle) && seq + 1 == last_count;
            self.ack(from, list, if repeated_last { ACCEPTED } else { ERROR }, out);
            return;
        };
        if *expected != list {
            self.ack(from, list, ERROR, out);
            return;
        }
        if usize::from(seq) != items.len() {
            if px4 {
                *heard_s = now_s;
            } else {
                self.ack(from, list, INVALID_SEQUENCE, out);
            }
            return;
        }
        if let Some((refused, result)) = refuses
            && refused == seq
        {
            self.state = State::Idle;
            self.ack(from, list, result, out);
            return;
        }
        *heard_s = now_s;
        items.push(Item {
            params: [0, 4, 8, 12].map(|at| message.u32(at)),
            x: message.u32(16) as i32,
            y: message.u32(20) as i32,
            z: message.f32(24),
            command: message.u16(30),
            frame: message.u8(34),
        });
        if items.len() < usize::from(*count) {
            self.ask(now_s, out);
            return;
        }
        let mut items = std::mem::take(items);
        self.last_count = items.len() as u16;
        if self.home_counts(list) {
            items.remove(0);
        }
        self.lists[usize::from(list)] = items;
        self.uploads += 1;
        self.state = State::Idle;
        self.ack(from, list, ACCEPTED, out);
    }

    fn take_request_list(&mut self, list: u8, from: (u8, u8), now_s: f64, out: &mut Out) {
        if matches!(self.state, State::Receiving { .. }) {
            if !self.is_px4() {
                self.ack(from, list, DENIED, out);
            }
            return;
        }
        if self.is_px4() {
            self.state = State::Sending { list, next: 0, count: self.count(list), heard_s: now_s };
        }
        self.say_count(from, list, out);
    }

    fn take_request(&mut self, seq: u16, list: u8, from: (u8, u8), now_s: f64, out: &mut Out) {
        if self.is_px4() {
            let State::Sending { list: sending, next, count, heard_s } = &mut self.state else { return };
            if *sending != list {
                return;
            }
            *heard_s = now_s;
            if seq == *next && *next < *count {
                *next += 1;
            } else if seq + 1 != *next {
                self.state = State::Idle;
                self.ack(from, list, ERROR, out);
                return;
            }
        } else if matches!(self.state, State::Receiving { .. }) {
            self.ack(from, list, DENIED, out);
            return;
        }
        match self.item(list, seq) {
            Some(item) => {
                let mut payload: Vec<u8> = item.params.iter().flat_map(|p| p.to_le_bytes()).collect();
                payload.extend(item.x.to_le_bytes());
                payload.extend(item.y.to_le_bytes());
                payload.extend(item.z.to_le_bytes());
                payload.extend(seq.to_le_bytes());
                payload.extend(item.command.to_le_bytes());
                payload.extend([from.0, from.1, item.frame, 0, 1, list]);
                out.send::<mav::MISSION_ITEM_INT_DATA>(&payload);
            }
            None => {
                self.say_count(from, list, out);
                self.ack(from, list, INVALID_SEQUENCE, out);
            }
        }
    }

    pub fn tick(&mut self, now_s: f64, out: &mut Out) {
        let px4 = self.is_px4();
        match self.state {
            State::Idle => {}
            State::Sending { heard_s, .. } => {
                if now_s > heard_s + 5.0 {
                    self.state = State::Idle;
                }
            }
            State::Receiving { list, heard_s, asked_s, from, .. } => {
                let (again_s, over_s) = if px4 { (0.25, 5.0) } else { (1.0, 8.0) };
                if now_s > heard_s + over_s {
                    self.state = State::Idle;
                    if !px4 {
                        out.say(4, "Mission upload timeout");
                        self.ack(from, list, CANCELLED, out);
                    }
                } else if now_s > asked_s + again_s {
                    self.ask(now_s, out);
                }
            }
        }
    }
}
