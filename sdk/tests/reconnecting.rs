//! Links by URL, as they come, go and come again: TCP both ways, UDP in, out and broadcast, IPv4 and IPv6.
#[path = "aloft/wait.rs"]
mod wait;
mod spoken;

use flightsmith_sdk::Connection;
use flightsmith_sdk::network::{Network, RunningLink};
use spoken::{Voice, heartbeat, words};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::Duration;
use wait::wait_for;

fn spawn(url: &str) -> RunningLink {
    RunningLink::with(Connection::ground_station(), url).unwrap()
}

fn udp(address: &str) -> UdpSocket {
    let socket = UdpSocket::bind(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(700))).unwrap();
    socket
}

/// A port of this address that was free just now.
fn free_port(host: &str) -> u16 {
    UdpSocket::bind((host, 0)).unwrap().local_addr().unwrap().port()
}

fn hears(socket: &UdpSocket) -> bool {
    let mut buffer = [0; 600];
    socket.recv_from(&mut buffer).is_ok_and(|(length, _)| !words(&buffer[..length]).is_empty())
}

/// Throws away what is waiting, then says whether anything new comes.
fn still_hears(socket: &UdpSocket) -> bool {
    socket.set_nonblocking(true).unwrap();
    let mut buffer = [0; 600];
    while socket.recv_from(&mut buffer).is_ok() {}
    socket.set_nonblocking(false).unwrap();
    hears(socket)
}

#[test]
fn tcp_waits_for_a_server_and_comes_back_to_it() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let link = spawn(&format!("tcp://{address}"));
    wait_for("the refusal is told", || link.report().last_error.is_some());
    assert!(!link.report().is_up);
    for round in 0..2 {
        let listener = TcpListener::bind(address).unwrap();
        let (mut stream, _) = listener.accept().unwrap();
        drop(listener);
        let mut voice = Voice::of(1);
        let heard = link.report().received.messages_received;
        stream.write_all(&voice.say(&heartbeat())).unwrap();
        wait_for("the vehicle is heard", || link.report().received.messages_received > heard);
        // And is spoken to, on the new connection as on the old one.
        let mut buffer = [0; 64];
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let length = stream.read(&mut buffer).unwrap();
        assert_eq!(words(&buffer[..length])[0].id, 0, "a heartbeat");
        assert_eq!(link.report().reconnects, round);
        // A reset rather than an end: what a crash of the other side looks like.
        drop(stream);
        wait_for("its end is noticed", || !link.report().is_up);
    }
    assert_eq!(link.connection().system_id(), Some(1));
}

#[test]
fn nothing_old_leaves_when_a_link_comes_back() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let link = spawn(&format!("tcp://{}", listener.local_addr().unwrap()));
    let (mut stream, _) = listener.accept().unwrap();
    stream.write_all(&Voice::of(1).say(&heartbeat())).unwrap();
    wait_for("the vehicle is heard", || link.connection().autopilot().is_some());
    let address = listener.local_addr().unwrap();
    drop((stream, listener));
    wait_for("its end is noticed", || !link.report().is_up);
    // Four heartbeats a second and a command go nowhere meanwhile.
    let mut meeting = std::pin::pin!(link.connection().system(flightsmith_sdk::units::Seconds(1.0)));
    let _pending = meeting.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
    wait_for("some time to pass", || link.connection().silent_s() > 1.2);
    let listener = TcpListener::bind(address).unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(120))).unwrap();
    let mut buffer = [0; 4096];
    let length = stream.read(&mut buffer).unwrap_or(0);
    assert!(words(&buffer[..length]).len() <= 1, "only what is new: {:?}", words(&buffer[..length]));
}

#[test]
fn udp_follows_a_peer_to_another_port_and_speaks_both_families() {
    for host in ["127.0.0.1", "[::1]"] {
        let port = free_port(host.trim_matches(['[', ']']));
        let link = spawn(&format!("udpin://{host}:{port}"));
        let (one, other) = (udp(&format!("{host}:0")), udp(&format!("{host}:0")));
        let mut voice = Voice::of(1);
        one.send_to(&voice.say(&heartbeat()), format!("{host}:{port}")).unwrap();
        assert!(hears(&one), "{host}");
        // The vehicle's radio restarts and speaks from another port; the old one falls silent.
        wait_for("it is followed", || {
            other.send_to(&voice.say(&heartbeat()), format!("{host}:{port}")).unwrap();
            still_hears(&other)
        });
        assert!(!still_hears(&one), "{host}: the old port is left alone");
        assert_eq!(link.report().peers, 2);
    }
}

#[test]
fn udp_out_speaks_first() {
    for host in ["127.0.0.1", "[::1]"] {
        let vehicle = udp(&format!("{host}:0"));
        let link = spawn(&format!("udpout://{}", vehicle.local_addr().unwrap()));
        let mut buffer = [0; 64];
        let (length, from) = vehicle.recv_from(&mut buffer).unwrap();
        assert_eq!(words(&buffer[..length])[0].id, 0);
        vehicle.send_to(&Voice::of(4).say(&heartbeat()), from).unwrap();
        wait_for("the answer", || link.connection().system_id() == Some(4));
    }
}

#[test]
fn a_broadcast_ends_when_somebody_answers() {
    let port = free_port("127.0.0.1");
    // Bound to the broadcast address one hears broadcasts alone, bound to the host's what is meant for it.
    let (everybody, host) = (udp(&format!("127.255.255.255:{port}")), udp(&format!("127.0.0.1:{port}")));
    let link = spawn(&format!("udpbcast://127.255.255.255:{port}"));
    let mut buffer = [0; 64];
    let (_, from) = everybody.recv_from(&mut buffer).expect("a broadcast");
    host.send_to(&Voice::of(1).say(&heartbeat()), from).unwrap();
    wait_for("the answer", || link.connection().autopilot().is_some());
    assert!(still_hears(&host));
    assert!(!still_hears(&everybody), "no broadcast any more");
}

#[test]
fn clients_of_a_tcp_server_are_told_apart() {
    let port = free_port("127.0.0.1");
    let network = Network::builder().link(&format!("tcpin://127.0.0.1:{port}")).spawn().unwrap();
    let mut clients: Vec<TcpStream> =
        (0..2).map(|_| TcpStream::connect(("127.0.0.1", port)).expect("a server")).collect();
    for (client, system) in clients.iter_mut().zip([11, 12]) {
        client.write_all(&Voice::of(system).say(&heartbeat())).unwrap();
    }
    wait_for("both are met", || network.systems().len() == 2);
    let met: Vec<_> = network.systems().iter().map(|connection| connection.system_id()).collect();
    assert_eq!(met, [Some(11), Some(12)]);
    drop(clients.pop());
    wait_for("one is gone", || network.links()[0].peers == 1);
    let mut buffer = [0; 4096];
    clients[0].set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    assert!(clients[0].read(&mut buffer).unwrap() > 0, "the other is spoken to all the same");
}

#[test]
fn a_port_that_is_taken_is_told_at_once() {
    let taken = udp("127.0.0.1:0");
    let error = RunningLink::with(Connection::new(), &format!("udpin://{}", taken.local_addr().unwrap())).unwrap_err();
    assert!(error.to_string().contains("cannot open link `udpin://"), "{error}");
}
