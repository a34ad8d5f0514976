//! The way to a companion computer: the system's `ssh`, with the host key checked and nothing asked.
//!
//! The user's own ssh configuration holds (jump hosts, identities); `BatchMode` and `StrictHostKeyChecking=yes` are set over it.
//! Leaves to others: what is run there ([`crate::remote`]) and starting `ssh` itself ([`crate::shell`]).
use crate::shell::{Command, Output, Shell, ShellError};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// `ssh://[user@]host[:port]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// User name; the one of the ssh configuration where absent.
    pub user: Option<String>,
    /// Host name or address, IPv6 without brackets.
    pub host: String,
    /// Port; the one of the ssh configuration where absent.
    pub port: Option<u16>,
}

/// Text that is no destination.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a destination (write ssh://user@host or ssh://user@host:port)")]
pub struct NotADestination(pub String);

impl Destination {
    /// Reads `ssh://[user@]host[:port][/]`.
    ///
    /// # Errors
    /// Other schemes, paths, and names with characters that ssh or a shell could take for something else.
    pub fn parse(text: &str) -> Result<Self, NotADestination> {
        Self::read(text).ok_or_else(|| NotADestination(text.chars().take(200).collect()))
    }

    fn read(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("ssh://")?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user, rest) = match rest.rsplit_once('@') {
            Some((user, rest)) => (Some(user), rest),
            None => (None, rest),
        };
        let (host, port) = match rest.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']')?;
                (host, if after.is_empty() { None } else { Some(after.strip_prefix(':')?) })
            }
            None => match rest.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (rest, None),
            },
        };
        let plain = |text: &str, also: &[u8]| {
            !text.is_empty()
                && !text.starts_with('-')
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || also.contains(&b))
        };
        let port = match port {
            Some(port) => Some(port.parse().ok().filter(|port| *port > 0)?),
            None => None,
        };
        if !plain(host, b".-_:%") || user.is_some_and(|user| !plain(user, b".-_")) {
            return None;
        }
        Some(Self { user: user.map(str::to_owned), host: host.to_owned(), port })
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ssh://")?;
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?
        } else {
            f.write_str(&self.host)?
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// What may be said to ssh beyond its own configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SshOptions {
    /// Another configuration file than the user's.
    pub config: Option<PathBuf>,
    /// The private key to use.
    pub identity: Option<PathBuf>,
    /// Another file of known host keys than the user's.
    pub known_hosts: Option<PathBuf>,
}

/// Why a command did not run on the companion computer, or failed there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SshError {
    /// Its host key is not known here.
    #[error(
        "the host key of {0} is not known: connect once with `ssh`, compare the fingerprint with the one that the computer shows (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), and accept it"
    )]
    UnknownHostKey(String),
    /// It shows another host key than before.
    #[error(
        "THE HOST KEY OF {0} HAS CHANGED: either the computer was set up anew, or somebody else answers in its place; find out which before removing the old key (ssh-keygen -R)"
    )]
    ChangedHostKey(String),
    /// It does not accept our key.
    #[error("{host} does not let us in: {says}")]
    PermissionDenied {
        /// The destination.
        host: String,
        /// What ssh said.
        says: String,
    },
    /// It cannot be reached, or the connection broke.
    #[error("{host} cannot be reached: {says}")]
    Unreachable {
        /// The destination.
        host: String,
        /// What ssh said.
        says: String,
    },
    /// The command ran there and failed.
    #[error("{what} failed on {host} (code {}): {says}", code.map_or("none".into(), |code| code.to_string()))]
    Failed {
        /// What was tried.
        what: &'static str,
        /// The destination.
        host: String,
        /// The exit code there.
        code: Option<i32>,
        /// The end of what it wrote to stderr.
        says: String,
    },
    /// `ssh` itself could not be run.
    #[error(transparent)]
    Shell(#[from] ShellError),
}

/// A companion computer that commands can be run on.
pub struct Host<'a> {
    /// Runs `ssh` here.
    pub shell: &'a dyn Shell,
    /// Where.
    pub destination: &'a Destination,
    /// How.
    pub options: &'a SshOptions,
}

impl Host<'_> {
    /// Runs the shell script `script` there with `args` as `$1`, `$2` .., and `stdin`; what it wrote to stdout.
    ///
    /// The script goes as one quoted word to `sh -c`, whatever login shell the user has there.
    ///
    /// # Errors
    /// See [`SshError`]; `what` names the script in them.
    pub fn run(
        &self,
        what: &'static str,
        script: &str,
        args: &[&str],
        stdin: &[u8],
        limit: Duration,
    ) -> Result<String, SshError> {
        let mut remote = format!("exec sh -c {} flightsmith", quote(script));
        for arg in args {
            remote.push(' ');
            remote.push_str(&quote(arg));
        }
        let mut argv = self.argv();
        argv.push(remote);
        let command = Command { program: "ssh", args: argv, stdin, limit };
        self.judge(what, self.shell.run(&command)?)
    }

    fn argv(&self) -> Vec<String> {
        let mut args: Vec<String> = Vec::new();
        let mut option = |text: &str| args.extend(["-o".to_owned(), text.to_owned()]);
        option("BatchMode=yes");
        option("StrictHostKeyChecking=yes");
        option("ConnectTimeout=10");
        option("ServerAliveInterval=5");
        option("ServerAliveCountMax=3");
        option("ForwardAgent=no");
        option("ForwardX11=no");
        option("ClearAllForwardings=yes");
        option("RequestTTY=no");
        option("LogLevel=ERROR");
        if let Some(known_hosts) = &self.options.known_hosts {
            option(&format!("UserKnownHostsFile={}", known_hosts.display()));
            option("GlobalKnownHostsFile=/dev/null");
        }
        if let Some(config) = &self.options.config {
            args.extend(["-F".into(), config.display().to_string()]);
        }
        if let Some(identity) = &self.options.identity {
            args.extend(["-i".into(), identity.display().to_string(), "-o".into(), "IdentitiesOnly=yes".into()]);
        }
        if let Some(port) = self.destination.port {
            args.extend(["-p".into(), port.to_string()]);
        }
        if let Some(user) = &self.destination.user {
            args.extend(["-l".into(), user.clone()]);
        }
        args.extend(["-T".into(), "--".into(), self.destination.host.clone()]);
        args
    }

    fn judge(&self, what: &'static str, output: Output) -> Result<String, SshError> {
        if output.code == Some(0) {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let host = self.destination.to_string();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let says = last_lines(&stderr);
        if output.code != Some(255) {
            return Err(SshError::Failed { what, host, code: output.code, says });
        }
        // 255 is ssh's own: its messages are not translated and have been the same for many years.
        Err(if stderr.contains("HOST IDENTIFICATION HAS CHANGED") {
            SshError::ChangedHostKey(host)
        } else if stderr.contains("host key is known") || stderr.contains("Host key verification failed") {
            SshError::UnknownHostKey(host)
        } else if stderr.contains("Permission denied") || stderr.contains("Too many authentication failures") {
            SshError::PermissionDenied { host, says }
        } else {
            SshError::Unreachable { host, says }
        })
    }
}

/// The last few lines of `text`, joined, at most 600 characters.
fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let joined = lines[lines.len().saturating_sub(4)..].join("; ");
    let skip = joined.chars().count().saturating_sub(600);
    joined.chars().skip(skip).collect()
}

/// `text` as one word for any common shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_read_whole_or_refused() {
        let good = [
            ("ssh://pi@drone-7.local", Some("pi"), "drone-7.local", None),
            ("ssh://10.0.0.7:2222/", None, "10.0.0.7", Some(2222)),
            ("ssh://pi@[fe80::1%eth0]:22", Some("pi"), "fe80::1%eth0", Some(22)),
        ];
        for (text, user, host, port) in good {
            let destination = Destination { user: user.map(str::to_owned), host: host.into(), port };
            assert_eq!(Destination::parse(text), Ok(destination), "{text}");
        }
        for text in [
            "drone",
            "http://x",
            "ssh://",
            "ssh://pi@",
            "ssh://-oProxyCommand=x",
            "ssh://pi@h:0",
            "ssh://pi@h:70000",
            "ssh://h/path",
            "ssh://a b",
            "ssh://-l@h",
            "ssh://$(x)@h",
            "ssh://h;reboot",
        ] {
            assert_eq!(Destination::parse(text), Err(NotADestination(text.into())), "{text}");
        }
        assert_eq!(Destination::parse("ssh://pi@[::1]:22").unwrap().to_string(), "ssh://pi@[::1]:22");
    }

    #[test]
    fn ssh_messages_become_errors_that_say_what_to_do() {
        struct Silent;
        impl Shell for Silent {
            fn run(&self, _: &Command<'_>) -> Result<Output, ShellError> {
                Err(ShellError::Interrupted)
            }
        }
        let destination = Destination::parse("ssh://pi@h").unwrap();
        let options = SshOptions::default();
        let host = Host { shell: &Silent, destination: &destination, options: &options };
        let judge = |code: i32, stderr: &str| {
            host.judge("copying", Output { code: Some(code), stdout: vec![], stderr: stderr.into() }).unwrap_err()
        };
        let at = || "ssh://pi@h".to_owned();
        let cases = [
            (
                255,
                "No ED25519 host key is known for h and you have requested strict checking.\nHost key verification failed.",
                SshError::UnknownHostKey(at()),
            ),
            (
                255,
                "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
                SshError::ChangedHostKey(at()),
            ),
            (
                255,
                "pi@h: Permission denied (publickey).",
                SshError::PermissionDenied { host: at(), says: "pi@h: Permission denied (publickey).".into() },
            ),
            (
                255,
                "ssh: connect to host h port 22: Connection refused",
                SshError::Unreachable { host: at(), says: "ssh: connect to host h port 22: Connection refused".into() },
            ),
            (
                2,
                "tar: x\ntar: y",
                SshError::Failed { what: "copying", host: at(), code: Some(2), says: "tar: x; tar: y".into() },
            ),
        ];
        for (code, stderr, expected) in cases {
            assert_eq!(judge(code, stderr), expected);
        }
    }
}
