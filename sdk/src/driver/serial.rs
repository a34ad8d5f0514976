//! A serial line to the autopilot, raw 8N1, through termios.
#![expect(unsafe_code, reason = "termios and poll exist only as C functions")]
use super::{Driver, LinkError, POLL_EVERY, WallClock};
use crate::Connection;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;

/// A serial port.
#[derive(Debug)]
pub struct Serial {
    port: File,
    clock: WallClock,
    buffer: Vec<u8>,
}

impl Serial {
    /// Opens `device` at `baud` (57600, 115200, 230400, 460800, 500000, 921600, 1000000, 1500000, ..).
    ///
    /// # Errors
    /// Where the device is missing, busy or no serial port, or the rate is unknown.
    pub fn open(device: &str, baud: u32) -> io::Result<Self> {
        let speed = speed(baud).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, format!("{baud} is not a baud rate that termios knows"))
        })?;
        let port =
            OpenOptions::new().read(true).write(true).custom_flags(libc::O_NOCTTY | libc::O_NONBLOCK).open(device)?;
        // SAFETY: `settings` is plain data that tcgetattr fills; the descriptor lives as long as `port`.
        let result = unsafe {
            let mut settings: libc::termios = core::mem::zeroed();
            if libc::tcgetattr(port.as_raw_fd(), &raw mut settings) != 0 {
                -1
            } else {
                libc::cfmakeraw(&raw mut settings);
                settings.c_cflag |= libc::CLOCAL | libc::CREAD;
                settings.c_cflag &= !libc::CRTSCTS;
                if libc::cfsetspeed(&raw mut settings, speed) != 0 {
                    -1
                } else {
                    libc::tcsetattr(port.as_raw_fd(), libc::TCSANOW, &raw const settings)
                }
            }
        };
        if result != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Self { port, clock: WallClock::start(), buffer: vec![0; 4096] })
    }

    /// Waits until the port can be read (or written), at most one poll interval.
    fn wait(&self, events: libc::c_short) {
        let mut poll = libc::pollfd { fd: self.port.as_raw_fd(), events, revents: 0 };
        // SAFETY: one valid pollfd.
        unsafe {
            libc::poll(&raw mut poll, 1, POLL_EVERY.as_millis() as libc::c_int);
        }
    }
}

impl Driver for Serial {
    fn receive(&mut self, connection: &Connection) -> Result<(), LinkError> {
        self.wait(libc::POLLIN);
        connection.set_wall_us(self.clock.now_us());
        match self.port.read(&mut self.buffer) {
            Ok(0) => Ok(()),
            Ok(length) => {
                connection.feed(&self.buffer[..length]);
                Ok(())
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
    fn send(&mut self, connection: &Connection) -> Result<(), LinkError> {
        let mut result = Ok(());
        connection.take_outgoing(|mut bytes| {
            let mut waits = 0;
            while !bytes.is_empty() {
                match self.port.write(bytes) {
                    Ok(written) => bytes = &bytes[written..],
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    // A full buffer empties at the line's rate; what cannot leave in five ticks is dropped, as a radio would.
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock && waits < 5 => {
                        waits += 1;
                        self.wait(libc::POLLOUT);
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    Err(error) => {
                        result = Err(error);
                        break;
                    }
                }
            }
        });
        Ok(result?)
    }
}

fn speed(baud: u32) -> Option<libc::speed_t> {
    Some(match baud {
        9_600 => libc::B9600,
        19_200 => libc::B19200,
        38_400 => libc::B38400,
        57_600 => libc::B57600,
        115_200 => libc::B115200,
        230_400 => libc::B230400,
        460_800 => libc::B460800,
        500_000 => libc::B500000,
        576_000 => libc::B576000,
        921_600 => libc::B921600,
        1_000_000 => libc::B1000000,
        1_500_000 => libc::B1500000,
        2_000_000 => libc::B2000000,
        3_000_000 => libc::B3000000,
        _ => return None,
    })
}
