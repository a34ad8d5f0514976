//! A link that delivers anything, and a program that listens to all of it and asks for much; also built into the fuzz target.
use flightsmith_sdk::capability::raw::dialect as mav;
use flightsmith_sdk::capability::telemetry::*;
use flightsmith_sdk::{Attitude, Connection, System, units::Seconds};
use mavlink::{MAVLinkV2MessageRaw, MavHeader, Message, MessageData, calculate_crc};
use std::future::Future;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

/// What comes over the link next.
#[derive(Debug, Clone)]
pub enum Piece {
    /// A recorded frame.
    Recorded(u16),
    /// A recorded frame with bytes (where, with what) flipped.
    Flipped(u16, Vec<(u8, u8)>),
    /// A recorded frame whose payload was changed, with a checksum that fits: a sender that says anything.
    Resealed(u16, Vec<(u8, u8)>),
    /// The first bytes of a recorded frame.
    Truncated(u16, u8),
    /// A recorded frame in MAVLink 1, where its id fits.
    AsVersion1(u16),
    /// A recorded frame with these incompatibility flags: signed, or not to be understood.
    WithFlags(u16, u8),
    Garbage(Vec<u8>),
    /// Any command, any result, to us.
    Acknowledged(u16, u8),
}

/// Recorded frames of both autopilots, each for itself.
static FRAMES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut frames = Vec::new();
    for mut bytes in [include_bytes!("../data/ardupilot.bin").as_slice(), include_bytes!("../data/px4.bin")] {
        while !bytes.is_empty() {
            let (frame, rest) = bytes.split_at(12 + usize::from(bytes[1]));
            frames.push(frame.to_vec());
            bytes = rest;
        }
    }
    frames
});

fn frame_of<D: MessageData>(message: &D) -> Vec<u8> {
    let mut raw = MAVLinkV2MessageRaw::new();
    raw.serialize_message_data(MavHeader { system_id: 1, component_id: 1, sequence: 0 }, message);
    raw.raw_bytes().to_vec()
}

fn seal(frame: &mut [u8]) {
    let end = 10 + usize::from(frame[1]);
    let id = u32::from_le_bytes([frame[7], frame[8], frame[9], 0]);
    let crc = calculate_crc(&frame[1..end], mav::MavMessage::extra_crc(id));
    frame[end..end + 2].copy_from_slice(&crc.to_le_bytes());
}

impl Piece {
    fn bytes(&self) -> Vec<u8> {
        let recorded = |n: u16| FRAMES[usize::from(n) % FRAMES.len()].clone();
        match self {
            Self::Recorded(n) => recorded(*n),
            Self::Flipped(n, flips) => {
                let mut frame = recorded(*n);
                let length = frame.len();
                flips.iter().for_each(|(at, with)| frame[usize::from(*at) % length] ^= with);
                frame
            }
            Self::Resealed(n, flips) => {
                let mut frame = recorded(*n);
                let length = usize::from(frame[1]);
                flips
                    .iter()
                    .filter(|_| length > 0)
                    .for_each(|(at, with)| frame[10 + usize::from(*at) % length] = *with);
                seal(&mut frame);
                frame
            }
            Self::Truncated(n, length) => {
                let mut frame = recorded(*n);
                frame.truncate(usize::from(*length));
                frame
            }
            Self::AsVersion1(n) => {
                let frame = recorded(*n);
                if frame[8] != 0 || frame[9] != 0 {
                    return frame;
                }
                let payload = &frame[10..10 + usize::from(frame[1])];
                let mut old = vec![0xFE, frame[1], frame[4], frame[5], frame[6], frame[7]];
                old.extend_from_slice(payload);
                let crc = calculate_crc(&old[1..], mav::MavMessage::extra_crc(frame[7].into()));
                old.extend(crc.to_le_bytes());
                old
            }
            Self::WithFlags(n, flags) => {
                let mut frame = recorded(*n);
                frame[2] = *flags;
                seal(&mut frame);
                if flags & 1 != 0 {
                    frame.extend([7; 13]);
                }
                frame
            }
            Self::Garbage(bytes) => bytes.clone(),
            Self::Acknowledged(command, result) => {
                let mut payload = command.to_le_bytes().to_vec();
                payload.extend([*result, 0, 0, 0, 0, 0, 255, 190]);
                let mut frame = vec![0xFD, payload.len() as u8, 0, 0, 0, 1, 1, 77, 0, 0];
                frame.extend(payload);
                frame.extend([0, 0]);
                seal(&mut frame);
                frame
            }
        }
    }
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

async fn read_all<Q: Quantity>(system: System) {
    let mut updates = system.telemetry().stream::<Q>();
    // A missing value is reported every time, and the stream goes on until the link is lost.
    while !matches!(updates.next().await, Err(flightsmith_sdk::RequestError::LinkLost { .. })) {}
}

/// Everything that listens and asks at once; each must end when the link is lost, if not before.
fn tasks(system: &System) -> Vec<Task> {
    let s = || system.clone();
    let (version, rate, parameters, one, mission, session, texts, typed, all) =
        (s(), s(), s(), s(), s(), s(), s(), s(), s());
    vec![
        Box::pin(read_all::<Position>(s())),
        Box::pin(read_all::<Attitude>(s())),
        Box::pin(read_all::<Gps>(s())),
        Box::pin(read_all::<Battery>(s())),
        Box::pin(read_all::<FlightMode>(s())),
        Box::pin(read_all::<Health>(s())),
        Box::pin(read_all::<Estimator>(s())),
        Box::pin(read_all::<DistanceSensor>(s())),
        Box::pin(read_all::<ActuatorOutputs>(s())),
        Box::pin(async move { drop(version.info().version().await) }),
        Box::pin(async move { drop(rate.telemetry().set_rate_hz::<Gps>(5.0).await) }),
        Box::pin(async move { drop(parameters.param().list().await) }),
        Box::pin(async move { drop(one.param().get("WPNAV_SPEED").await) }),
        Box::pin(async move { drop(mission.mission_raw().download().await) }),
        Box::pin(async move { drop(session.geofence().download().await) }),
        Box::pin(async move { while texts.telemetry().texts().next().await.is_ok() {} }),
        Box::pin(async move {
            let mut messages = typed.raw().subscribe::<mav::COMMAND_LONG_DATA>();
            while !matches!(messages.next().await, Err(flightsmith_sdk::RequestError::LinkLost { .. })) {}
        }),
        Box::pin(async move {
            let mut frames = all.raw().subscribe_ids(&[]);
            while frames.next_within(Seconds(2.0)).await.is_ok() {}
        }),
    ]
}

/// Steps of 20 ms without a word after which everything must have ended: a minute.
const SILENCE: u32 = 3000;

/// Feeds `pieces` to a connection with everything going on, then falls silent until all has ended.
pub fn talk(px4: bool, pieces: &[Piece], portion: usize) {
    let connection = Connection::ground_station();
    let autopilot =
        if px4 { mav::MavAutopilot::MAV_AUTOPILOT_PX4 } else { mav::MavAutopilot::MAV_AUTOPILOT_ARDUPILOTMEGA };
    connection.feed(&frame_of(&mav::HEARTBEAT_DATA { autopilot, ..Default::default() }));
    let mut context = Context::from_waker(Waker::noop());
    let for_task = connection.clone();
    let mut connecting = Box::pin(async move { for_task.system(Seconds(10.0)).await });
    let (mut connected, mut running) = (false, Vec::new());
    let mut wall_us = 0;
    let mut turn = |bytes: &[u8]| {
        wall_us += 20_000;
        connection.set_wall_us(wall_us);
        connection.feed(bytes);
        if !connected && let Poll::Ready(system) = connecting.as_mut().poll(&mut context) {
            connected = true;
            running = tasks(&system.expect("a heartbeat was fed and every rate granted"));
        }
        running.retain_mut(|task: &mut Task| task.as_mut().poll(&mut context).is_pending());
        let mut sent = 0;
        connection.take_outgoing(|bytes| sent = bytes.len());
        assert!(sent < 60_000, "{sent} bytes sent in 20 ms");
        (connected, running.len())
    };
    // Every rate is granted, so that the talk gets past connecting.
    let granted = Piece::Acknowledged(511, 0).bytes();
    let connected = (0..40).any(|_| turn(&granted).0);
    assert!(connected, "every rate was granted");
    let bytes: Vec<u8> = pieces.iter().flat_map(Piece::bytes).collect();
    for bytes in bytes.chunks(portion.max(1)) {
        turn(bytes);
    }
    let mut left = (false, usize::MAX);
    for _ in 0..SILENCE {
        left = turn(&[]);
        if left == (true, 0) {
            return;
        }
    }
    panic!("{left:?} still waits after a minute of silence");
}
