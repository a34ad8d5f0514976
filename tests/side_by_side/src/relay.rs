//! Between a vehicle on TCP and a client on UDP: loses frames as told, both ways, and notes when what passed.
use std::io::{Read, Write};
use std::net::{TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const HEARTBEAT: u32 = 0;
/// SET_ATTITUDE_TARGET and SET_POSITION_TARGET_LOCAL_NED, _GLOBAL_INT.
const SET_POINTS: [u32; 3] = [82, 84, 86];
const ARMED: u8 = 0x80;

/// When what was seen, from the relay's start.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen {
    /// The vehicle's first heartbeat went to the client.
    pub heartbeat: Option<Duration>,
    /// The vehicle's first heartbeat that says armed.
    pub armed: Option<Duration>,
    /// The client's first set-point.
    pub set_point: Option<Duration>,
}

pub struct Relay {
    stop: Arc<AtomicBool>,
    seen: Arc<Mutex<Seen>>,
    threads: Vec<JoinHandle<()>>,
}

impl Relay {
    /// Carries frames between `vehicle` (HOST:PORT, TCP) and the client bound to `client` (HOST:PORT, UDP).
    pub fn start(vehicle: &str, client: &str, loss_percent: u32, seed: u64) -> std::io::Result<Self> {
        let mut to_vehicle = TcpStream::connect(vehicle)?;
        to_vehicle.set_nodelay(true)?;
        to_vehicle.set_read_timeout(Some(Duration::from_millis(20)))?;
        let mut from_vehicle = to_vehicle.try_clone()?;
        let to_client = UdpSocket::bind("127.0.0.1:0")?;
        to_client.connect(client)?;
        to_client.set_read_timeout(Some(Duration::from_millis(20)))?;
        let from_client = to_client.try_clone()?;
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Seen::default())));
        let started = Instant::now();
        let down = {
            let (stop, seen) = (Arc::clone(&stop), Arc::clone(&seen));
            let mut dice = Dice(seed | 1);
            std::thread::spawn(move || {
                let (mut buffer, mut frames) = (vec![0; 65_536], Frames::default());
                while !stop.load(Ordering::Relaxed) {
                    let Ok(length) = from_vehicle.read(&mut buffer) else { continue };
                    if length == 0 {
                        break;
                    }
                    frames.cut(&buffer[..length], |id, payload, frame| {
                        if dice.loses(loss_percent) {
                            return;
                        }
                        if to_client.send(frame).is_ok() && id == HEARTBEAT {
                            let mut seen = seen.lock().unwrap();
                            seen.heartbeat.get_or_insert(started.elapsed());
                            if payload.get(6).is_some_and(|base_mode| base_mode & ARMED != 0) {
                                seen.armed.get_or_insert(started.elapsed());
                            }
                        }
                    });
                }
            })
        };
        let up = {
            let (stop, seen) = (Arc::clone(&stop), Arc::clone(&seen));
            let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
            std::thread::spawn(move || {
                let (mut buffer, mut frames) = (vec![0; 65_536], Frames::default());
                while !stop.load(Ordering::Relaxed) {
                    let Ok(length) = from_client.recv(&mut buffer) else { continue };
                    frames.cut(&buffer[..length], |id, _payload, frame| {
                        if SET_POINTS.contains(&id) {
                            seen.lock().unwrap().set_point.get_or_insert(started.elapsed());
                        }
                        if !dice.loses(loss_percent) {
                            let _ = to_vehicle.write_all(frame);
                        }
                    });
                }
            })
        };
        Ok(Self { stop, seen, threads: vec![down, up] })
    }
    pub fn seen(&self) -> Seen {
        *self.seen.lock().unwrap()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Whole MAVLink 2 frames out of bytes, as they were; not the SDK's own decoder, for that is what is compared.
#[derive(Default)]
struct Frames {
    pending: Vec<u8>,
}

impl Frames {
    fn cut(&mut self, bytes: &[u8], mut each: impl FnMut(u32, &[u8], &[u8])) {
        const STX: u8 = 0xFD;
        const HEADER: usize = 10;
        self.pending.extend_from_slice(bytes);
        loop {
            let start = self.pending.iter().position(|byte| *byte == STX).unwrap_or(self.pending.len());
            self.pending.drain(..start);
            let [_, payload, flags, ..] = self.pending[..] else { return };
            let end = HEADER + usize::from(payload);
            let length = end + 2 + if flags & 1 != 0 { 13 } else { 0 };
            if self.pending.len() < length {
                return;
            }
            let frame: Vec<u8> = self.pending.drain(..length).collect();
            let id = u32::from_le_bytes([frame[7], frame[8], frame[9], 0]);
            each(id, &frame[HEADER..end], &frame);
        }
    }
}

/// Xorshift: the same seed loses the same frames.
struct Dice(u64);

impl Dice {
    fn loses(&mut self, percent: u32) -> bool {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % 100 < u64::from(percent)
    }
}
