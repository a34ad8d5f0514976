//! The stand-alone servers on loopback: several clients, one of them broken, and PX4's two UDP links.
mod station;

use flightsmith_mission::vehicle::Autopilot;
use flightsmith_sim::server::{ServerConfig, Speed, serve};
use flightsmith_sim::wire::{Decoder, Frame, Payload, messages as m, write_frame};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

fn free_tcp_port() -> SocketAddr {
    let probe = TcpListener::bind("127.0.0.1:0").expect("a free port");
    probe.local_addr().expect("an address")
}

fn beat_and(id: u32, payload: &Payload) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_frame(&mut bytes, 0, 255, 190, m::HEARTBEAT, &Payload::new().u32(0).u8(6).u8(8).u8(0).u8(4).u8(3));
    write_frame(&mut bytes, 1, 255, 190, id, payload);
    bytes
}

/// Reads until a message `id` that satisfies `wanted` is there.
fn hear(stream: &mut TcpStream, decoder: &mut Decoder, id: u32, wanted: impl Fn(&Frame) -> bool) {
    let mut chunk = [0u8; 4096];
    loop {
        while let Some((frame, _)) = decoder.next_frame() {
            if frame.id == id && wanted(&frame) {
                return;
            }
        }
        let count = stream.read(&mut chunk).expect("the server answers within the read limit");
        assert!(count > 0, "the server closed the connection while message {id} was awaited");
        decoder.push(&chunk[..count]);
    }
}

#[test]
fn several_clients_by_tcp_and_a_broken_one_harms_nobody() {
    let mut config = ServerConfig::new(station::bare(Autopilot::ArduPilot));
    config.listen = free_tcp_port();
    config.speed = Speed::Times(20.0);
    let address = config.listen;
    let stop = Arc::new(AtomicBool::new(false));
    let server = thread::spawn({
        let stop = Arc::clone(&stop);
        move || serve(config, &stop)
    });
    let connect = || {
        let stream = loop {
            // The server may not be listening yet.
            match TcpStream::connect(address) {
                Ok(stream) => break stream,
                Err(_) => thread::yield_now(),
            }
        };
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("sets a limit");
        stream
    };
    let (mut first, mut first_decoder) = (connect(), Decoder::default());
    let (mut second, mut second_decoder) = (connect(), Decoder::default());
    let mut broken = connect();
    broken.write_all(&[0xFD; 3000]).expect("takes rubbish");
    drop(broken);
    // What one client asks for, the other does not get; what changes, all are told.
    let interval = Payload::new().f32s(&[30.0, 1e5, 0.0, 0.0, 0.0, 0.0, 0.0]).u16(511).u8(1).u8(1).u8(0);
    first.write_all(&beat_and(m::COMMAND_LONG, &interval)).expect("sends");
    hear(&mut first, &mut first_decoder, m::ATTITUDE, |_| true);
    let set = Payload::new().f32(7.0).u8(1).u8(1).text("WP_SPD", 16).u8(9);
    first.write_all(&beat_and(m::PARAM_SET, &set)).expect("sends");
    hear(&mut second, &mut second_decoder, m::PARAM_VALUE, |frame| {
        frame.text(8, 16) == "WP_SPD" && frame.f32(0) == 7.0
    });
    let guided = Payload::new().f32s(&[1.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0]).u16(176).u8(1).u8(1).u8(0);
    second.write_all(&beat_and(m::COMMAND_LONG, &guided)).expect("sends");
    hear(&mut first, &mut first_decoder, m::HEARTBEAT, |frame| frame.u32(0) == 4);
    stop.store(true, Ordering::Relaxed);
    let served = server.join().expect("no panic").expect("served");
    assert_eq!(served.clients, 3);
    assert!(served.ticks > 0);
}

#[test]
fn px4_sends_first_and_learns_who_answers() {
    let ground = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let onboard = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    for socket in [&ground, &onboard] {
        socket.set_read_timeout(Some(Duration::from_secs(20))).expect("sets a limit");
    }
    let mut config = ServerConfig::new(station::bare(Autopilot::Px4));
    config.ground = (0, ground.local_addr().expect("an address"));
    config.onboard = (0, onboard.local_addr().expect("an address"));
    config.speed = Speed::Times(20.0);
    let stop = Arc::new(AtomicBool::new(false));
    let server = thread::spawn({
        let stop = Arc::clone(&stop);
        move || serve(config, &stop)
    });
    let await_id = |socket: &UdpSocket, id: u32| {
        let (mut decoder, mut datagram) = (Decoder::default(), [0u8; 65_536]);
        loop {
            let (count, from) = socket.recv_from(&mut datagram).expect("a datagram within the limit");
            assert!(count <= 1400, "{count} bytes in a datagram");
            decoder.push(&datagram[..count]);
            while let Some((frame, _)) = decoder.next_frame() {
                if frame.id == id {
                    return from;
                }
            }
        }
    };
    let from = await_id(&ground, m::GLOBAL_POSITION_INT);
    await_id(&onboard, m::HIGHRES_IMU);
    let read = Payload::new().i16(-1).u8(1).u8(1).text("MIS_TAKEOFF_ALT", 16);
    ground.send_to(&beat_and(m::PARAM_REQUEST_READ, &read), from).expect("sends");
    await_id(&ground, m::PARAM_VALUE);
    stop.store(true, Ordering::Relaxed);
    assert_eq!(server.join().expect("no panic").expect("served").clients, 1);
}
