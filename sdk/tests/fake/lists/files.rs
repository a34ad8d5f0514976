//! The vehicle's file server, as ArduPilot's and PX4's sources have it: one session, the last reply kept for a repeated request, bursts.
use super::{Message, Out};
use flightsmith_sdk::Autopilot;
use mavlink::dialects::ardupilotmega as mav;
use std::collections::BTreeMap;

#[derive(Debug)]
struct Open {
    path: String,
    session: u8,
    writing: bool,
    used_s: f64,
}

#[derive(Debug)]
struct Burst {
    from: (u8, u8),
    session: u8,
    number: u16,
    offset: usize,
    size: usize,
    left: usize,
}

#[derive(Debug)]
pub struct Files {
    autopilot: Autopilot,
    pub files: BTreeMap<String, Vec<u8>>,
    pub directories: Vec<String>,
    open: Option<Open>,
    burst: Option<Burst>,
    last_reply: Option<(u16, Vec<u8>)>,
    pub bursts: bool,
    pub checksums: bool,
    /// OpenFileRO says so many bytes more than there are.
    pub size_lies_by: u32,
    /// Nothing can be written.
    pub full: bool,
    pub terminated: u32,
}

const EOF: u8 = 6;

impl Files {
    pub fn new(autopilot: Autopilot) -> Self {
        Self {
            autopilot,
            files: BTreeMap::new(),
            directories: vec!["/logs".into()],
            open: None,
            burst: None,
            last_reply: None,
            bursts: true,
            checksums: true,
            size_lies_by: 0,
            full: false,
            terminated: 0,
        }
    }
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }
    /// A file left open by a client that died.
    pub fn leave_open(&mut self, path: &str, now_s: f64) {
        self.open = Some(Open { path: path.into(), session: 77, writing: false, used_s: now_s });
    }
    fn is_px4(&self) -> bool {
        self.autopilot == Autopilot::Px4
    }

    pub fn take(&mut self, message: &Message, now_s: f64, out: &mut Out) {
        if message.id != 110 {
            return;
        }
        let p = &message.payload[3..];
        let (number, session, opcode, size) = (u16::from_le_bytes([p[0], p[1]]), p[2], p[3], usize::from(p[4]));
        let offset = u32::from_le_bytes([p[8], p[9], p[10], p[11]]) as usize;
        let data = p[12..12 + size.min(239)].to_vec();
        if let Some((last, reply)) = &self.last_reply
            && *last == number
        {
            out.send::<mav::FILE_TRANSFER_PROTOCOL_DATA>(&reply.clone());
            return;
        }
        if opcode == 15 {
            match self.begin_burst(message.from, session, number, offset, size) {
                Ok(()) => {}
                Err(code) => self.reply(message.from, number, session, opcode, offset, Err(code), out),
            }
            return;
        }
        let outcome = self.work(opcode, session, offset, size, &data, now_s);
        let session =
            if opcode == 4 || opcode == 6 { self.open.as_ref().map_or(0, |open| open.session) } else { session };
        self.reply(message.from, number, session, opcode, offset, outcome, out);
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of a packet")]
    fn reply(
        &mut self,
        to: (u8, u8),
        number: u16,
        session: u8,
        request: u8,
        offset: usize,
        outcome: Result<Vec<u8>, u8>,
        out: &mut Out,
    ) {
        let payload = packet(to, number.wrapping_add(1), session, request, false, offset, &outcome);
        out.send::<mav::FILE_TRANSFER_PROTOCOL_DATA>(&payload);
        // Both keep the last reply; PX4 small ones only.
        let small = outcome.as_ref().map_or(1, Vec::len) <= 4;
        self.last_reply = (small || !self.is_px4()).then_some((number, payload));
    }

    fn session_of(&self, session: u8, writing: bool) -> Result<&Open, u8> {
        let open = self.open.as_ref().ok_or(if self.is_px4() { 4 } else { 10 })?;
        if open.session != session {
            return Err(4);
        }
        if open.writing != writing { Err(1) } else { Ok(open) }
    }

    fn work(
        &mut self,
        opcode: u8,
        session: u8,
        offset: usize,
        size: usize,
        data: &[u8],
        now_s: f64,
    ) -> Result<Vec<u8>, u8> {
        let path = String::from_utf8_lossy(data).into_owned();
        // PX4 closes what nobody asked about for 10 s, whoever asks now; ArduPilot when another one does after 3 s.
        let px4 = self.is_px4();
        if self.open.as_ref().is_some_and(|open| {
            let idle_s = now_s - open.used_s;
            if px4 { idle_s > 10.0 } else { idle_s > 3.0 && (open.session != session || opcode == 4) }
        }) {
            self.open = None;
        }
        if let Some(open) = &mut self.open
            && open.session == session
        {
            open.used_s = now_s;
        }
        match opcode {
            1 | 2 => {
                self.terminated += 1;
                // Another session is none of its business, but ArduPilot acknowledges; PX4 resets whatever is open.
                if self.open.as_ref().is_some_and(|open| open.session == session || (opcode == 2 && self.is_px4())) {
                    self.open = None;
                    self.burst = None;
                }
                Ok(vec![])
            }
            3 => self.list(&path, offset),
            4 | 6 => {
                if self.open.is_some() {
                    return Err(if self.is_px4() { 5 } else { 4 });
                }
                if opcode == 6 {
                    if self.full {
                        return Err(9);
                    }
                    self.files.insert(path.clone(), vec![]);
                }
                let length = self.files.get(&path).ok_or(10_u8)?.len() as u32;
                let session = if self.is_px4() { 0 } else { session };
                self.open = Some(Open { path, session, writing: opcode == 6, used_s: now_s });
                Ok(if opcode == 4 { (length + self.size_lies_by).to_le_bytes().to_vec() } else { vec![] })
            }
            5 => {
                let open = self.session_of(session, false)?;
                let content = &self.files[&open.path];
                if offset >= content.len() {
                    return Err(EOF);
                }
                Ok(content[offset..content.len().min(offset + size)].to_vec())
            }
            7 => {
                let path = self.session_of(session, true)?.path.clone();
                let content = self.files.get_mut(&path).ok_or(10_u8)?;
                content.resize(content.len().max(offset + data.len()), 0);
                content[offset..offset + data.len()].copy_from_slice(data);
                Ok(if self.is_px4() { (data.len() as u32).to_le_bytes().to_vec() } else { vec![] })
            }
            8 => self.files.remove(&path).map(|_| vec![]).ok_or(10),
            9 if self.directories.contains(&path) => Err(8),
            9 => {
                self.directories.push(path);
                Ok(vec![])
            }
            10 => {
                let at = self.directories.iter().position(|known| *known == path).ok_or(10_u8)?;
                self.directories.remove(at);
                Ok(vec![])
            }
            13 => {
                let (from, to) = path.split_once('\0').ok_or(3_u8)?;
                let content = self.files.remove(from).ok_or(10_u8)?;
                self.files.insert(to.into(), content);
                Ok(vec![])
            }
            14 if !self.checksums => Err(7),
            14 => {
                let content = self.files.get(&path).ok_or(10_u8)?;
                Ok(flightsmith_sdk::capability::ftp::crc32(content).to_le_bytes().to_vec())
            }
            _ => Err(7),
        }
    }

    fn list(&self, path: &str, offset: usize) -> Result<Vec<u8>, u8> {
        if path != "/" && !self.directories.iter().any(|known| known == path) {
            return Err(10);
        }
        let inside = |full: &str| -> Option<String> {
            let rest = full.strip_prefix(path)?.trim_start_matches('/');
            (!rest.is_empty() && !rest.contains('/')).then(|| rest.to_owned())
        };
        let mut entries: Vec<String> =
            self.directories.iter().filter_map(|full| inside(full)).map(|name| format!("D{name}\0")).collect();
        entries.extend(
            self.files.iter().filter_map(|(full, content)| Some(format!("F{}\t{}\0", inside(full)?, content.len()))),
        );
        let mut told = Vec::new();
        for entry in entries.iter().skip(offset) {
            if told.len() + entry.len() + 1 >= 239 {
                break;
            }
            told.extend_from_slice(entry.as_bytes());
            if !self.is_px4() {
                told.push(0);
            }
        }
        if told.is_empty() { Err(EOF) } else { Ok(told) }
    }

    fn begin_burst(&mut self, from: (u8, u8), session: u8, number: u16, offset: usize, size: usize) -> Result<(), u8> {
        if !self.bursts {
            return Err(7);
        }
        self.session_of(session, false)?;
        // PX4 ends a burst after 35 kB, ArduPilot after 500 packets.
        let left = if self.is_px4() { 35_000 / size } else { 500 };
        self.burst = Some(Burst { from, session, number, offset, size, left });
        self.last_reply = None;
        Ok(())
    }

    pub fn tick(&mut self, out: &mut Out) {
        for _ in 0..6 {
            let (Some(burst), Some(open)) = (&mut self.burst, &self.open) else { return };
            let content = &self.files[&open.path];
            burst.number = burst.number.wrapping_add(1);
            let outcome = if burst.offset >= content.len() {
                Err(EOF)
            } else {
                Ok(content[burst.offset..content.len().min(burst.offset + burst.size)].to_vec())
            };
            burst.left -= 1;
            let short = outcome.as_ref().is_ok_and(|data| data.len() < burst.size);
            let complete = short || burst.left == 0;
            let payload = packet(burst.from, burst.number, burst.session, 15, complete, burst.offset, &outcome);
            out.send::<mav::FILE_TRANSFER_PROTOCOL_DATA>(&payload);
            self.last_reply = Some((burst.number.wrapping_sub(1), payload));
            burst.offset += outcome.as_ref().map_or(0, Vec::len);
            if outcome.is_err() || burst.left == 0 {
                self.burst = None;
            }
        }
    }
}

fn packet(
    to: (u8, u8),
    number: u16,
    session: u8,
    request: u8,
    complete: bool,
    offset: usize,
    outcome: &Result<Vec<u8>, u8>,
) -> Vec<u8> {
    let (opcode, data) = match outcome {
        Ok(data) => (128, data.clone()),
        Err(code) => (129, vec![*code]),
    };
    let mut payload = vec![0, to.0, to.1];
    payload.extend(number.to_le_bytes());
    payload.extend([session, opcode, data.len() as u8, request, u8::from(complete), 0]);
    payload.extend((offset as u32).to_le_bytes());
    payload.extend(data);
    payload
}
