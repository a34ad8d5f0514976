//! Installing what is missing, after it was listed and agreed to.
//!
//! [`plan`] compares what is wanted with what is here and lists steps; [`carry_out`] asks, then runs them, showing their output to the
//! user. It leaves to others: the question's form, and anything but compilers, emulator and sandbox.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::host::Host;
use crate::process::{self, Ending, Invocation, Limits, ProcessError};
use crate::sandbox::{APPARMOR_PROFILE, APPARMOR_PROFILE_PATH, NoSandbox, Sandbox};
use crate::targets::{self, Cross, MissingTool, Target, TargetError, Toolchain};

/// What is to be done, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetupPlan {
    /// The steps; none if nothing is missing.
    pub steps: Vec<Step>,
}

/// One change of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it changes, in a few words.
    pub what: String,
    /// Its argument vector, the program's name first: `sudo`, where root must run it and does not run this program.
    pub command: Vec<String>,
    /// Bytes for its stdin.
    pub stdin: String,
}

impl fmt::Display for SetupPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{}: {}", step.what, step.command.join(" "))?;
        }
        Ok(())
    }
}

/// Why the set-up could not be planned or carried out.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// This system's packages are not known here.
    #[error("cannot install on this system; install these yourself: {}", .missing.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Unknown {
        /// What is missing, each with a command where one is known.
        missing: Vec<MissingTool>,
    },
    /// The user said no.
    #[error("nothing was installed")]
    Declined,
    /// A step failed.
    #[error("`{command}` failed ({ending})")]
    Step {
        /// The command.
        command: String,
        /// How it ended.
        ending: Ending,
    },
    /// Not root, and no way to become root.
    #[error("`{command}` must be run by root, and there is no sudo")]
    NoSudo {
        /// The command.
        command: String,
    },
    /// Something is there and does not work, which installing does not mend.
    #[error(transparent)]
    Sandbox(#[from] NoSandbox),
    /// As above, for compilers.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A step could not be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

/// What decides between the ways to install.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// rustup is there and its server answers.
    pub rustup_reachable: bool,
    /// Debian itself (Ubuntu has other names for the compiler's packages, and arm64 on other servers).
    pub is_debian: bool,
    /// dpkg knows the arm64 packages already.
    pub knows_arm64: bool,
}

impl Surroundings {
    /// Looks around: asks rustup's server (at most 10 seconds), dpkg, and `/etc/os-release`.
    #[must_use]
    pub fn look(host: &Host) -> Self {
        let os_release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        let architectures = host.find("dpkg").and_then(|dpkg| {
            let output = host.ask(&dpkg, &["--print-foreign-architectures"], Duration::from_secs(10)).ok()?;
            Some(output.stdout_text())
        });
        // `rustup check` asks the server for each toolchain's channel; it exits with 100 when an update is to be had.
        let rustup = host.find("rustup").and_then(|rustup| host.ask(&rustup, &["check"], Duration::from_secs(10)).ok());
        let answered = |output: process::Output| {
            matches!(output.ending, Ending::Exited(0 | 100)) && !output.stderr_text().contains("error")
        };
        Self {
            rustup_reachable: rustup.is_some_and(answered),
            is_debian: os_release.lines().any(|line| line.trim() == "ID=debian"),
            knows_arm64: architectures.is_some_and(|list| list.lines().any(|line| line == "arm64")),
        }
    }
}

const GCC_AARCH64: &str = "gcc-aarch64-linux-gnu";

/// Lists what must be done so that missions can be compiled for `targets` and run in a sandbox (unless `without_sandbox`).
///
/// # Errors
/// The system has no apt, or something is there and broken.
pub fn plan(
    host: &Host,
    wanted: &[Target],
    without_sandbox: bool,
    look: impl FnOnce() -> Surroundings,
) -> Result<SetupPlan, SetupError> {
    let mut missing = Vec::new();
    let mut packages: Vec<&str> = Vec::new();
    let mut steps = Vec::new();
    let (mut needs_std, mut needs_core) = (false, false);
    if !without_sandbox {
        match Sandbox::probe(host) {
            Ok(_) => {}
            Err(NoSandbox::NotInstalled { program, install }) => {
                packages.push(if program == "bwrap" { "bubblewrap" } else { "util-linux" });
                missing.push(MissingTool { what: format!("the sandbox ({program})"), install: vec![install] });
            }
            Err(blocked @ NoSandbox::NamespacesBlocked { .. }) if blocked.is_apparmor() => {
                steps.extend(apparmor_steps(host))
            }
            Err(other) => return Err(other.into()),
        }
    }
    // A container brings compiler and linker; the artifact is flown here all the same.
    let in_container = host.find("cross").is_some() && Cross::find(host).is_ok();
    for &target in wanted {
        match targets::find(target, host) {
            Ok(_) => {}
            Err(TargetError::Missing { missing: tools, .. }) => {
                for tool in tools {
                    if in_container && target == Target::Aarch64 && tool.what != targets::AN_EMULATOR {
                        continue;
                    }
                    match tool.what.as_str() {
                        targets::A_LINKER => packages.push(GCC_AARCH64),
                        targets::AN_EMULATOR => packages.push("qemu-user"),
                        targets::A_STD => needs_std = true,
                        targets::A_MACHINE => packages.push("qemu-system-arm"),
                        targets::A_CORE => needs_core = true,
                        _ => return Err(SetupError::Unknown { missing: vec![tool] }),
                    }
                    missing.push(tool);
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    if packages.is_empty() && !needs_std && !needs_core {
        return Ok(SetupPlan { steps });
    }
    let around = look();
    let mut knows_arm64 = true;
    if needs_std && around.rustup_reachable {
        // It comes with its linker.
        packages.retain(|package| *package != GCC_AARCH64);
        let add = ["rustup", "target", "add", targets::AARCH64_MUSL];
        steps.push(Step::user("add Rust's library for aarch64", &add));
    } else if needs_std && around.is_debian && host.has_apt() {
        packages.extend(["rustc-web", "cargo-web", "libstd-rust-web-dev:arm64"]);
        knows_arm64 = around.knows_arm64;
    } else if needs_std {
        return Err(SetupError::Unknown { missing });
    }
    if needs_core && around.rustup_reachable {
        let triple = Target::Thumbv7em.triple();
        steps.push(Step::user("add Rust's library for thumbv7em", &["rustup", "target", "add", triple]));
    } else if needs_core && around.is_debian && host.has_apt() {
        packages.extend(targets::APT_CORE.iter().filter(|package| !packages.contains(*package)).collect::<Vec<_>>());
    } else if needs_core {
        return Err(SetupError::Unknown { missing });
    }
    if !packages.is_empty() {
        if !host.has_apt() {
            return Err(SetupError::Unknown { missing });
        }
        if !knows_arm64 {
            steps.push(Step::root(host, "let dpkg know arm64 packages", &["dpkg", "--add-architecture", "arm64"]));
        }
        steps.push(Step::root(host, "refresh the package lists", &["apt-get", "update"]));
        let install = ["apt-get", "install", "-y", "--no-install-recommends"];
        steps.push(Step::root(host, "install packages", &[&install[..], &packages[..]].concat()));
    }
    Ok(SetupPlan { steps })
}

/// The steps that download the crates that a target's prebuilt libraries are made of, where some are not here yet: those of the firmware,
/// and those of Rust's own libraries where the core library is built from its sources. Everything after it is offline. Those of the
/// companion come with this program's own.
///
/// # Errors
/// cargo could not be run.
pub fn fetch(host: &Host, toolchain: &Toolchain, workspace: &Path) -> Result<Vec<Step>, SetupError> {
    if !toolchain.target.is_firmware() {
        return Ok(Vec::new());
    }
    let firmware = ("download the crates of the firmware", workspace.join("firmware-template/mcu/Cargo.toml"));
    let sources = toolchain.core_sources.as_ref();
    let core = sources.map(|sources| ("download the crates of Rust's own libraries", sources.join("Cargo.toml")));
    let mut steps = Vec::new();
    for (what, manifest) in [Some(firmware), core].into_iter().flatten() {
        let manifest = manifest.to_string_lossy();
        let limits = Limits::wall(Duration::from_secs(60));
        // Rust's own libraries are written in what only they may use.
        let mut look =
            host.invocation(&toolchain.cargo, limits).env("RUSTC", &toolchain.rustc).env("RUSTC_BOOTSTRAP", "1");
        look.limits.output_bytes = 64 << 20;
        let look = look.args(["metadata", "--locked", "--offline", "--format-version=1", "--filter-platform"]);
        let look = look.args([toolchain.triple.as_str(), "--manifest-path", &manifest]);
        if process::run(&look)?.success() {
            continue;
        }
        let (cargo, rustc) = (toolchain.cargo.to_string_lossy(), format!("RUSTC={}", toolchain.rustc.display()));
        let fetch = [&*cargo, "fetch", "--locked", "--target", &toolchain.triple, "--manifest-path", &manifest];
        steps.push(Step::user(what, &[&["env", "RUSTC_BOOTSTRAP=1", &rustc], fetch.as_slice()].concat()));
    }
    Ok(steps)
}

/// One line of what `doctor` tells of this crate's affairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked for.
    pub what: String,
    /// What was found, or what is wrong and how to mend it.
    pub state: Result<String, String>,
}

/// Looks for the sandbox, every target's compiler, and `cross`. Only [`plan`] changes anything, and only what it is told to.
#[must_use]
pub fn survey(host: &Host) -> Vec<Finding> {
    let mut findings = vec![Finding {
        what: "sandbox".to_owned(),
        state: Sandbox::probe(host).map(|_| "bubblewrap works".to_owned()).map_err(|error| error.to_string()),
    }];
    for target in Target::ALL {
        let state = targets::find(target, host).map(|found| {
            let compiler = found.version.lines().next().unwrap_or_default();
            let linker = found.linker.program().map_or(String::new(), |path| format!(", linked by {}", path.display()));
            let emulator =
                found.emulator.as_ref().map_or(String::new(), |path| format!(", flown by {}", path.display()));
            format!("{compiler} in {}{linker}{emulator}", found.sysroot.display())
        });
        findings.push(Finding { what: format!("target {target}"), state: state.map_err(|error| error.to_string()) });
    }
    // Not needed where the targets above are served: no fault if it is not there.
    let cross = match Cross::find(host) {
        Ok(_) => "`cross` and a container engine work".to_owned(),
        Err(error) => format!("not used: {error}"),
    };
    findings.push(Finding { what: "cross-rs".to_owned(), state: Ok(cross) });
    findings
}

/// Asks, then runs the steps, each for at most half an hour. Their output goes to this program's stderr.
///
/// # Errors
/// The answer was no, or a step failed; the steps before it stay done.
pub fn carry_out(host: &Host, plan: &SetupPlan, ask: impl FnOnce(&SetupPlan) -> bool) -> Result<(), SetupError> {
    if plan.steps.is_empty() {
        return Ok(());
    }
    if !ask(plan) {
        return Err(SetupError::Declined);
    }
    for step in &plan.steps {
        let invocation = step.invocation(host)?;
        let ending = process::run_attached(&invocation)?;
        if ending != Ending::Exited(0) {
            return Err(SetupError::Step { command: invocation.shown(), ending });
        }
    }
    Ok(())
}

fn apparmor_steps(host: &Host) -> [Step; 2] {
    let mut write =
        Step::root(host, "allow bubblewrap user namespaces (AppArmor profile)", &["tee", APPARMOR_PROFILE_PATH]);
    APPARMOR_PROFILE.clone_into(&mut write.stdin);
    [write, Step::root(host, "load that profile", &["apparmor_parser", "-r", APPARMOR_PROFILE_PATH])]
}

impl Step {
    fn user(what: &str, command: &[&str]) -> Self {
        let command = command.iter().map(|&word| word.to_owned()).collect();
        Self { what: what.to_owned(), command, stdin: String::new() }
    }

    fn root(host: &Host, what: &str, command: &[&str]) -> Self {
        let before: &[&str] = if host.is_root() { &[] } else { &["sudo"] };
        Self::user(what, &[before, command].concat())
    }

    fn invocation(&self, host: &Host) -> Result<Invocation, SetupError> {
        let (name, args) = self.command.split_first().expect("a step has a program");
        let program = match find_program(host, name) {
            Err(_) if name == "sudo" => return Err(SetupError::NoSudo { command: args.join(" ") }),
            found => found?,
        };
        let limits = Limits::wall(Duration::from_secs(1800));
        let invocation = host.invocation(&program, limits).env("DEBIAN_FRONTEND", "noninteractive");
        Ok(invocation.args(args).stdin(self.stdin.as_bytes()))
    }
}

/// Programs for administrators are not on every user's `PATH`.
fn find_program(host: &Host, name: &str) -> Result<PathBuf, ProcessError> {
    let beside =
        ["/usr/sbin", "/sbin"].map(|folder| Path::new(folder).join(name)).into_iter().find(|path| path.is_file());
    let named_whole = Some(PathBuf::from(name)).filter(|path| path.is_absolute());
    named_whole.or_else(|| host.find(name)).or(beside).ok_or_else(|| ProcessError::NotFound { program: name.into() })
}
