//! The serial link over a pair of pseudo terminals: what the kernel was told, bytes both ways, and the cable being pulled.
#![expect(unsafe_code, reason = "pseudo terminals are made and looked at through C functions")]
#[path = "aloft/wait.rs"]
mod wait;
mod spoken;

use flightsmith_sdk::network::RunningLink;
use flightsmith_sdk::{Connection, driver};
use spoken::{Voice, heartbeat, words};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;
use wait::wait_for;

/// The vehicle's side of a serial cable, and the name of ours.
struct Cable {
    vehicle: File,
    device: String,
}

impl Cable {
    fn new() -> Self {
        // SAFETY: the descriptor is new and owned by the file; the name is copied out of a large enough buffer.
        unsafe {
            let master = libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY);
            assert!(master >= 0, "{}", std::io::Error::last_os_error());
            assert_eq!((libc::grantpt(master), libc::unlockpt(master)), (0, 0));
            let mut name = [0; 64];
            assert_eq!(libc::ptsname_r(master, name.as_mut_ptr(), name.len()), 0);
            let device = std::ffi::CStr::from_ptr(name.as_ptr()).to_str().unwrap().to_owned();
            libc::fcntl(master, libc::F_SETFL, libc::O_NONBLOCK);
            Self { vehicle: File::from_raw_fd(master), device }
        }
    }
    /// What the kernel knows of the line; both sides share it.
    fn settings(&self) -> libc::termios2 {
        // SAFETY: plain data that TCGETS2 fills.
        unsafe {
            let mut settings: libc::termios2 = std::mem::zeroed();
            assert_eq!(libc::ioctl(self.vehicle.as_raw_fd(), libc::TCGETS2, &raw mut settings), 0);
            settings
        }
    }
    fn hear(&mut self) -> Vec<u8> {
        let mut buffer = vec![0; 4096];
        let length = self.vehicle.read(&mut buffer).unwrap_or(0);
        buffer.truncate(length);
        buffer
    }
}

#[test]
fn the_line_is_raw_at_any_rate() {
    for baud in [9_600, 57_600, 115_200, 921_600, 1_500_000, 3_000_000, 12_345, 400_000] {
        let cable = Cable::new();
        let link = driver::open(&format!("serial://{}:{baud}", cable.device)).unwrap();
        let settings = cable.settings();
        assert_eq!((settings.c_ispeed, settings.c_ospeed), (baud, baud), "{baud} baud");
        let set = |flags: libc::tcflag_t, which| flags & which;
        assert_eq!(set(settings.c_cflag, libc::CSIZE), libc::CS8);
        assert_eq!(set(settings.c_cflag, libc::PARENB | libc::CSTOPB | libc::CRTSCTS), 0);
        assert_eq!(set(settings.c_cflag, libc::CLOCAL | libc::CREAD), libc::CLOCAL | libc::CREAD);
        assert_eq!(set(settings.c_iflag, libc::IXON | libc::IXOFF | libc::ICRNL | libc::INLCR | libc::ISTRIP), 0);
        assert_eq!(set(settings.c_oflag, libc::OPOST), 0);
        assert_eq!(set(settings.c_lflag, libc::ICANON | libc::ECHO | libc::ISIG | libc::IEXTEN), 0);
        drop(link);
    }
}

#[test]
fn what_is_no_serial_port_is_refused() {
    for url in ["serial:///dev/null:57600", "serial:///no/such/port:57600"] {
        assert!(driver::open(url).is_err(), "{url}");
    }
}

/// Bytes that terminals like to swallow or to change, in a frame that comes one byte at a time.
#[test]
fn every_byte_comes_through_in_pieces() {
    let mut cable = Cable::new();
    let link = RunningLink::with(Connection::ground_station(), &format!("serial://{}:115200", cable.device)).unwrap();
    let mut voice = Voice::of(1);
    cable.vehicle.write_all(&voice.say(&heartbeat())).unwrap();
    wait_for("the vehicle is heard", || link.connection().autopilot().is_some());
    let before = link.report().received;
    for first in (0..=255_u8).step_by(50) {
        let text: Vec<u8> = (0..50).map(|n| first.wrapping_add(n)).collect();
        let text = mavlink::dialects::ardupilotmega::STATUSTEXT_DATA {
            text: mavlink::types::CharArray::new(text.try_into().unwrap()),
            ..Default::default()
        };
        for byte in voice.say(&text) {
            cable.vehicle.write_all(&[byte]).unwrap();
        }
    }
    wait_for("six texts", || link.report().received.messages_received == before.messages_received + 6);
    assert_eq!(link.report().received.bytes_skipped, before.bytes_skipped);
    let mut heard = Vec::new();
    wait_for("our heartbeats", || {
        heard.extend(cable.hear());
        words(&heard).len() >= 3
    });
    let sequences: Vec<u8> = words(&heard).iter().map(|word| word.sequence).collect();
    assert!(sequences.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1)), "whole and in order: {sequences:?}");
}

#[test]
fn a_pulled_cable_is_the_end_and_a_new_one_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let device = folder.path().join("ttyFLIGHT");
    let plug_in = |cable: &Cable| std::os::unix::fs::symlink(&cable.device, &device).unwrap();
    let url = format!("serial://{}:57600", device.display());
    let link = RunningLink::with(Connection::ground_station(), &url).unwrap();
    wait_for("its absence is told", || link.report().last_error.is_some());
    for round in 0..2 {
        let mut cable = Cable::new();
        plug_in(&cable);
        wait_for("it is found", || link.report().is_up);
        let heard = link.report().received.messages_received;
        cable.vehicle.write_all(&Voice::of(1).say(&heartbeat())).unwrap();
        wait_for("the vehicle is heard", || link.report().received.messages_received > heard);
        assert_eq!(link.report().reconnects, round);
        std::fs::remove_file(&device).unwrap();
        drop(cable);
        wait_for("the end is noticed", || !link.report().is_up);
    }
    // Without a thread that reconnects, it is an error.
    let cable = Cable::new();
    plug_in(&cable);
    let connection = Connection::ground_station();
    let mut driver = driver::open(&url).unwrap();
    assert!(driver.receive(&connection).is_ok(), "silence is no end");
    drop(cable);
    assert!(driver.receive(&connection).is_err());
}

/// A session leader without a terminal gets the first one that it opens, unless it says otherwise; then a hangup kills it.
#[test]
fn the_line_never_becomes_our_terminal() {
    const DEVICE: &str = "FLIGHTSMITH_TEST_SERIAL_DEVICE";
    if let Ok(device) = std::env::var(DEVICE) {
        let _link = driver::open(&format!("serial://{device}:57600")).unwrap();
        assert!(File::open("/dev/tty").is_err(), "the serial port has become this process's terminal");
        return;
    }
    let cable = Cable::new();
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "the_line_never_becomes_our_terminal"]).env(DEVICE, &cable.device);
    // SAFETY: setsid is safe to call between fork and exec.
    unsafe {
        again.pre_exec(|| if libc::setsid() < 0 { Err(std::io::Error::last_os_error()) } else { Ok(()) });
    }
    let output = again.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[test]
fn a_line_that_nobody_reads_neither_blocks_nor_grows() {
    let cable = Cable::new();
    let link = RunningLink::with(Connection::ground_station(), &format!("serial://{}:57600", cable.device)).unwrap();
    let connection = link.connection().clone();
    let mut cable_voice = Voice::of(1);
    (&cable.vehicle).write_all(&cable_voice.say(&heartbeat())).unwrap();
    wait_for("the vehicle is heard", || connection.autopilot().is_some());
    // A pseudo terminal holds some kilobytes for a side that does not read.
    let waiting = std::thread::spawn(move || {
        let started = std::time::Instant::now();
        while link.report().messages_dropped == 0 && started.elapsed() < Duration::from_secs(18) {
            let mut meeting = std::pin::pin!(connection.system(flightsmith_sdk::units::Seconds(1.0)));
            let _pending = meeting.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
            std::thread::sleep(Duration::from_millis(1));
        }
        link.report().messages_dropped
    });
    assert!(waiting.join().unwrap() > 0, "whole frames are dropped");
}
