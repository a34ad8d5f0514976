//! Whether a sandbox can be had here, and if not, what to do about it.
//!
//! It leaves to others: printing, and installing (`setup`).

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::{Confined, Kind, Sandbox, User};
use crate::host::Host;
use crate::process::{self, Limits};

/// Why there is no sandbox.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSandbox {
    /// bubblewrap (or util-linux, which every distribution has) is not there.
    #[error(
        "no sandbox: `{program}` is not installed; install it with {install}, or accept the risk with --no-sandbox"
    )]
    NotInstalled {
        /// The missing program.
        program: &'static str,
        /// The command that installs it.
        install: String,
    },
    /// The kernel refuses user namespaces to ordinary users.
    #[error("no sandbox: this system keeps user namespaces from ordinary users ({said}); {advice}")]
    NamespacesBlocked {
        /// What bubblewrap said.
        said: String,
        /// What allows it.
        advice: String,
    },
    /// bubblewrap runs and fails for another reason.
    #[error("no sandbox: bubblewrap failed: {said}")]
    Failed {
        /// What it said.
        said: String,
    },
}

/// The AppArmor profile that lets bubblewrap make user namespaces where Ubuntu 23.10 and later refuse them to programs without one.
pub const APPARMOR_PROFILE: &str = "\
abi <abi/4.0>,
include <tunables/global>

profile bwrap /usr/bin/bwrap flags=(unconfined) {
  userns,
  include if exists <local/bwrap>
}
";

/// Where the profile goes.
pub const APPARMOR_PROFILE_PATH: &str = "/etc/apparmor.d/bwrap";

impl NoSandbox {
    /// Whether it is AppArmor's restriction, which a profile for bubblewrap lifts.
    #[must_use]
    pub fn is_apparmor(&self) -> bool {
        matches!(self, Self::NamespacesBlocked { advice, .. } if advice.contains(APPARMOR_PROFILE_PATH))
    }

    /// The commands that mend it, where commands can.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        match self {
            Self::NotInstalled { install, .. } => vec![install.clone()],
            Self::NamespacesBlocked { .. } if self.is_apparmor() => {
                vec![write_profile_command(), load_profile_command()]
            }
            Self::NamespacesBlocked { .. } | Self::Failed { .. } => Vec::new(),
        }
    }
}

fn write_profile_command() -> String {
    format!("sudo tee {APPARMOR_PROFILE_PATH} <<'EOF'\n{APPARMOR_PROFILE}EOF")
}

fn load_profile_command() -> String {
    format!("sudo apparmor_parser -r {APPARMOR_PROFILE_PATH}")
}

/// The kernel's switches that decide about user namespaces, as text (`None` where the kernel has no such switch).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct KernelSwitches {
    apparmor_restricts: Option<String>,
    unprivileged_clone: Option<String>,
    max_user_namespaces: Option<String>,
}

impl KernelSwitches {
    fn read() -> Self {
        let read = |path: &str| fs::read_to_string(path).ok().map(|text| text.trim().to_owned());
        Self {
            apparmor_restricts: read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
            unprivileged_clone: read("/proc/sys/kernel/unprivileged_userns_clone"),
            max_user_namespaces: read("/proc/sys/user/max_user_namespaces"),
        }
    }
}

impl Sandbox {
    /// Tries the sandbox out by running a program in it.
    ///
    /// # Errors
    /// What is missing or forbidden, and what to do about it.
    pub fn probe(host: &Host) -> Result<Self, NoSandbox> {
        let install = |package: &str| match (host.has_apt(), host.is_root()) {
            (true, true) => format!("apt-get install -y {package}"),
            (true, false) => format!("sudo apt-get install -y {package}"),
            (false, _) => format!("the package manager of this system, package `{package}`"),
        };
        // Links are followed here: inside, only their ends exist.
        let need = |program: &'static str, package: &str| {
            let found = host.find(program).and_then(|path| path.canonicalize().ok());
            found.ok_or_else(|| NoSandbox::NotInstalled { program, install: install(package) })
        };
        let bwrap = need("bwrap", "bubblewrap")?;
        let prlimit = need("prlimit", "util-linux")?;
        // root tries a user of its own first; in a container root may lack the right, and the namespace may still work.
        let users: &[User] = if host.is_root() { &[User::Changed, User::Namespace] } else { &[User::Namespace] };
        let mut said = String::new();
        for &user in users {
            let setpriv: Option<PathBuf> = match user {
                User::Changed => Some(need("setpriv", "util-linux")?),
                User::Namespace => None,
            };
            let kind = Kind::Bubblewrap { bwrap: bwrap.clone(), setpriv, prlimit: prlimit.clone(), user };
            match try_out(&Self { kind: kind.clone() }) {
                Ok(()) => return Ok(Self { kind }),
                Err(why) => said = why,
            }
        }
        Err(diagnose(&said, &KernelSwitches::read()))
    }
}

fn try_out(sandbox: &Sandbox) -> Result<(), String> {
    let mut limits = Limits::wall(Duration::from_secs(10));
    limits.processes = Some(16);
    let confined = Confined::new("/usr/bin/true", limits);
    let invocation = sandbox.invocation(&confined).map_err(|error| error.to_string())?;
    let output = process::run(&invocation).map_err(|error| error.to_string())?;
    if output.success() { Ok(()) } else { Err(format!("{} ({})", output.stderr_text().trim(), output.ending)) }
}

fn diagnose(said: &str, switches: &KernelSwitches) -> NoSandbox {
    let blocked = |advice: String| NoSandbox::NamespacesBlocked { said: said.to_owned(), advice };
    let about_namespaces = ["namespace", "uid map", "Operation not permitted", "Permission denied", "RTM_NEWADDR"];
    if switches.apparmor_restricts.as_deref() == Some("1") {
        let (write, load) = (write_profile_command(), load_profile_command());
        return blocked(format!("allow it for bubblewrap alone with this AppArmor profile:\n\n{write}\n{load}\n"));
    }
    if switches.unprivileged_clone.as_deref() == Some("0") {
        return blocked("allow them with `sudo sysctl -w kernel.unprivileged_userns_clone=1`".to_owned());
    }
    if switches.max_user_namespaces.as_deref() == Some("0") {
        return blocked("allow them with `sudo sysctl -w user.max_user_namespaces=15000`".to_owned());
    }
    if about_namespaces.iter().any(|words| said.contains(words)) {
        return blocked(
            "in a container, start it with the right to make namespaces (for docker: --security-opt seccomp=unconfined \
             --security-opt apparmor=unconfined)"
                .to_owned(),
        );
    }
    NoSandbox::Failed { said: said.to_owned() }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{KernelSwitches, NoSandbox, diagnose};
    use crate::host::Host;
    use crate::sandbox::Sandbox;

    #[test]
    fn says_what_blocks_namespaces() {
        let said = "bwrap: setting up uid map: Permission denied (exited with code 1)";
        let on = |apparmor: Option<&str>, clone: Option<&str>, max: Option<&str>| {
            let own = |text: Option<&str>| text.map(str::to_owned);
            let switches = KernelSwitches {
                apparmor_restricts: own(apparmor),
                unprivileged_clone: own(clone),
                max_user_namespaces: own(max),
            };
            diagnose(said, &switches).to_string()
        };
        expect![[r#"
            no sandbox: this system keeps user namespaces from ordinary users (bwrap: setting up uid map: Permission denied (exited with code 1)); allow it for bubblewrap alone with this AppArmor profile:

            sudo tee /etc/apparmor.d/bwrap <<'EOF'
            abi <abi/4.0>,
            include <tunables/global>

            profile bwrap /usr/bin/bwrap flags=(unconfined) {
              userns,
              include if exists <local/bwrap>
            }
            EOF
            sudo apparmor_parser -r /etc/apparmor.d/bwrap
        "#]]
        .assert_eq(&on(Some("1"), None, None));
        assert!(on(Some("0"), Some("0"), None).ends_with("`sudo sysctl -w kernel.unprivileged_userns_clone=1`"));
        assert!(on(None, None, Some("0")).ends_with("`sudo sysctl -w user.max_user_namespaces=15000`"));
        assert!(on(None, None, None).contains("in a container"));
        assert_eq!(
            diagnose("bwrap: Can't find source path /usr", &KernelSwitches::default()),
            NoSandbox::Failed { said: "bwrap: Can't find source path /usr".to_owned() }
        );
    }

    #[test]
    fn says_what_is_not_installed() {
        let nowhere = Host::new(Vec::new(), "/nonexistent");
        assert_eq!(
            Sandbox::probe(&nowhere),
            Err(NoSandbox::NotInstalled {
                program: "bwrap",
                install: "the package manager of this system, package `bubblewrap`".to_owned()
            })
        );
    }
}
