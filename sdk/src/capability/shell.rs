//! PX4's system shell over SERIAL_CONTROL. ArduPilot has none.
//!
//! A shell can do anything, so it is closed while the vehicle is armed.
use crate::error::RequestError;
use crate::inbox::Inbox;
use crate::system::System;
use alloc::{string::String, vec::Vec};
use flightsmith_mission::{units::Seconds, vehicle::Autopilot};
use mavlink::dialects::ardupilotmega as mav;

const SERIAL_CONTROL: u32 = 126;
/// SERIAL_CONTROL_DEV_SHELL.
const SHELL: u8 = 10;
/// Bytes a message.
const CHUNK: usize = 70;
/// What PX4 ends its output with when a command is done (on NuttX and on POSIX).
const PROMPTS: [&str; 2] = ["nsh> ", "pxh> "];
/// Longest output that is kept, in bytes.
const MOST_OUTPUT: usize = 256 * 1024;

/// The shell of a [`System`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System, units::Seconds};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// println!("{}", system.shell().run("ver all", Seconds(5.0)).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Shell {
    system: System,
}

impl System {
    /// Its shell.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// println!("{}", system.shell().run("uptime", Seconds(2.0)).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn shell(&self) -> Shell {
        Shell { system: self.clone() }
    }
}

impl Shell {
    /// Runs one line and returns what it printed, without the echo and the prompt.
    ///
    /// # Errors
    /// [`RequestError::Unsupported`] on ArduPilot; [`RequestError::WrongState`] while armed; [`RequestError::NoAnswer`] where no
    /// prompt comes back within `limit`; [`RequestError::OutOfRange`] for a line longer than 200 bytes or of several lines.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// match system.shell().run("listener sensor_gps 1", Seconds(5.0)).await {
    ///     Err(RequestError::Unsupported { .. }) => println!("ArduPilot has no shell"),
    ///     printed => println!("{}", printed?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(&self, line: &str, limit: Seconds) -> Result<String, RequestError> {
        const LONGEST: usize = 200;
        if self.system.autopilot() != Autopilot::Px4 {
            return Err(RequestError::Unsupported { what: "a shell" });
        }
        if self.system.link().with(|core| core.telemetry.armed()) {
            return Err(RequestError::WrongState { what: "the shell", needed: "disarmed" });
        }
        if line.len() > LONGEST || line.contains(['\n', '\r']) {
            return Err(RequestError::OutOfRange {
                what: "length of a shell line in bytes (one line only)",
                value: line.len() as f64,
                lowest: 0.0,
                highest: LONGEST as f64,
            });
        }
        let inbox = self.system.listen(&[SERIAL_CONTROL], 256);
        let mut bytes = line.as_bytes().to_vec();
        bytes.push(b'\n');
        for chunk in bytes.chunks(CHUNK) {
            self.send(chunk)?;
        }
        self.collect(&inbox, line, limit).await
    }

    fn send(&self, chunk: &[u8]) -> Result<(), RequestError> {
        let mut data = [0; CHUNK];
        data[..chunk.len()].copy_from_slice(chunk);
        let message = mav::SERIAL_CONTROL_DATA {
            baudrate: 0,
            timeout: 0,
            device: mav::SerialControlDev::SERIAL_CONTROL_DEV_SHELL,
            flags: mav::SerialControlFlag::SERIAL_CONTROL_FLAG_RESPOND
                | mav::SerialControlFlag::SERIAL_CONTROL_FLAG_EXCLUSIVE
                | mav::SerialControlFlag::SERIAL_CONTROL_FLAG_MULTI,
            count: chunk.len() as u8,
            data,
            ..Default::default()
        };
        self.system.link().with(|core| core.send(&message))
    }

    async fn collect(&self, inbox: &Inbox, line: &str, limit: Seconds) -> Result<String, RequestError> {
        let deadline = self.system.deadline_us(limit);
        let mut output: Vec<u8> = Vec::new();
        while let Some(received) = inbox.next_before(deadline).await {
            let p = received.fields();
            if p.u8(6) != SHELL {
                continue;
            }
            let count = usize::from(p.u8(8)).min(CHUNK);
            output.extend_from_slice(&p.bytes::<CHUNK>(9)[..count]);
            output.truncate(MOST_OUTPUT);
            if let Some(text) = finished(&output, line) {
                return Ok(text);
            }
        }
        Err(RequestError::NoAnswer { what: "SERIAL_CONTROL (a shell's prompt)", attempts: 1, waited_s: limit.0 })
    }
}

/// What was printed, once the prompt came back behind the echo of `line`.
fn finished(output: &[u8], line: &str) -> Option<String> {
    let text = plain(&String::from_utf8_lossy(output));
    let after_echo = text.split_once(line).map_or(text.as_str(), |(_before, after)| after);
    let ended = PROMPTS.iter().find_map(|prompt| after_echo.trim_end_matches('\0').strip_suffix(prompt))?;
    // The prompt before the command is no end: only what follows the echo is.
    text.contains(line).then(|| ended.trim_matches(['\r', '\n']).into())
}

/// Without terminal escapes (`ESC [ .. letter`).
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' && chars.peek() == Some(&'[') {
            chars.by_ref().find(|c| c.is_ascii_alphabetic());
        } else if c != '\r' {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_ends_with_the_prompt_behind_the_echo() {
        let cases = [
            ("pxh> ", None),
            ("pxh> ver hw\r\n", None),
            ("pxh> ver hw\r\nHW arch: PX4_SITL\r\npxh> ", Some("HW arch: PX4_SITL")),
            ("ver hw\nHW arch: V5\nnsh> \u{1b}[K", Some("HW arch: V5")),
            ("ver hw\nnsh> ", Some("")),
        ];
        for (output, expected) in cases {
            assert_eq!(finished(output.as_bytes(), "ver hw").as_deref(), expected, "{output:?}");
        }
    }
}
