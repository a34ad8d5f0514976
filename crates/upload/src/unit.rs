//! The systemd unit that waits on the companion computer, disarmed, until somebody says start.
//!
//! `Restart=no`: a mission that ended, failed or was killed is never taken up again by itself; and at boot the program only waits.
//! A stop in flight ends the mission process; its supervisor then brings the vehicle home, for which it is given 300 s.
use crate::permit::VehicleId;
use serde::{Deserialize, Serialize};

/// Which systemd the unit is installed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitScope {
    /// The system's for root, else the user's.
    #[default]
    Auto,
    /// The user's.
    User,
    /// The system's.
    System,
    /// No unit is installed.
    None,
}

impl UnitScope {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::User => "user",
            Self::System => "system",
            Self::None => "none",
        }
    }
}

/// The unit's text. `scope` is `user` or `system`, as the target resolved it; `emulator` and `link` are plain words.
pub(crate) fn text(scope: &str, vehicle: &VehicleId, emulator: &[String], link: &str) -> String {
    let mut command = String::new();
    for word in emulator {
        command.push_str(&escape(word));
        command.push(' ');
    }
    // %h is the home of the user that the manager runs as: root's for the system's manager.
    command.push_str("%h/flightsmith/current/mission --wait --start-file %h/flightsmith/state/start --link ");
    command.push_str(&escape(link));
    let wanted_by = if scope == "system" { "multi-user.target" } else { "default.target" };
    format!(
        "[Unit]\nDescription=flightsmith mission for {}: waits, disarmed, for a start\n\n[Service]\nType=simple\nExecStart={command}\nRestart=no\nKillMode=control-group\nTimeoutStopSec=300\n\n[Install]\nWantedBy={wanted_by}\n",
        escape(&vehicle.name)
    )
}

/// systemd expands `%` and, in commands, `$`.
fn escape(word: &str) -> String {
    word.replace('%', "%%").replace('$', "$$")
}

/// Whether `word` may stand in the unit and in a script unquoted: no blanks, quotes, or signs that either would expand.
pub(crate) fn is_plain_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+:/@=,[]%?&".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn the_unit_waits_and_is_never_restarted() {
        let vehicle = VehicleId { name: "quad".into(), at: "ssh://h".into() };
        let emulator = ["/usr/bin/qemu-aarch64".to_owned(), "-L".into(), "/usr/aarch64-linux-gnu".into()];
        expect![[r#"
            [Unit]
            Description=flightsmith mission for quad: waits, disarmed, for a start

            [Service]
            Type=simple
            ExecStart=/usr/bin/qemu-aarch64 -L /usr/aarch64-linux-gnu %h/flightsmith/current/mission --wait --start-file %h/flightsmith/state/start --link serial:///dev/ttyAMA0:921600
            Restart=no
            KillMode=control-group
            TimeoutStopSec=300

            [Install]
            WantedBy=default.target
        "#]]
        .assert_eq(&text("user", &vehicle, &emulator, "serial:///dev/ttyAMA0:921600"));
    }

    #[test]
    fn words_that_a_shell_or_systemd_would_expand_are_not_plain() {
        assert!(is_plain_word("udpin://[::1]:14540"));
        for word in ["", "a b", "$(reboot)", "a;b", "`x`", "a'b", "a\"b", "a\nb", "*"] {
            assert!(!is_plain_word(word), "{word}");
        }
    }
}
