//! The machines that missions are compiled for, and what serves them here: compiler, linker, emulator.
//!
//! [`find`] looks for a way that works as things stand and otherwise names what is missing, with the commands that install it. It
//! leaves to others: installing (`setup`) and compiling (`prebuilt`).

mod companion;
mod container;
mod microcontroller;
mod rust;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

pub use container::{Cross, CrossError};
pub use microcontroller::READY;
pub(crate) use microcontroller::{A_CORE, A_MACHINE, APT_CORE};

use crate::host::Host;
use crate::process::ProcessError;
use rust::Rust;

/// A machine to compile for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The machine that flightsmith runs on.
    Host,
    /// 64-bit ARM with Linux: Raspberry Pi 3 and later with a 64-bit system, Jetson, most companion computers.
    Aarch64,
    /// Cortex-M4F without an operating system: firmware for the STM32F405.
    Thumbv7em,
}

impl Target {
    /// Every target, as the command line names them.
    pub const ALL: [Self; 3] = [Self::Host, Self::Aarch64, Self::Thumbv7em];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Aarch64 => "aarch64",
            Self::Thumbv7em => "thumbv7em",
        }
    }

    /// Whether its artifact is a chip's whole memory (firmware), and no program of an operating system.
    #[must_use]
    pub fn is_firmware(self) -> bool {
        self == Self::Thumbv7em
    }
}

impl Target {
    /// rustc's name of the machine. The host's own is the compiler's to tell ([`Toolchain::triple`]); here it counts as x86-64 or 64-bit
    /// ARM Linux, whichever this program was compiled for.
    #[must_use]
    pub fn triple(self) -> &'static str {
        match self {
            Self::Host if cfg!(target_arch = "aarch64") => AARCH64,
            Self::Host => "x86_64-unknown-linux-gnu",
            Self::Aarch64 => AARCH64,
            Self::Thumbv7em => microcontroller::TRIPLE,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is none of a target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no target `{name}` (known: host, aarch64, thumbv7em)")]
pub struct UnknownTarget {
    /// What was asked for.
    pub name: String,
}

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(name: &str) -> Result<Self, UnknownTarget> {
        Self::ALL
            .into_iter()
            .find(|target| target.name() == name)
            .ok_or_else(|| UnknownTarget { name: name.to_owned() })
    }
}

/// What compiles for a target on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    /// The target.
    pub target: Target,
    /// rustc's name for it.
    pub triple: String,
    /// The cargo that belongs to `rustc`.
    pub cargo: PathBuf,
    /// The compiler itself (no rustup proxy).
    pub rustc: PathBuf,
    /// Where compiler and libraries are.
    pub sysroot: PathBuf,
    /// `rustc -vV`.
    pub version: String,
    /// What links.
    pub linker: Linker,
    /// What runs the target's programs here: nothing for the host.
    pub emulator: Option<PathBuf>,
    /// Sources of the core library, where it is built along because no built one is installed.
    pub core_sources: Option<PathBuf>,
}

/// What links programs for a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linker {
    /// The compiler's default.
    Default,
    /// A GNU cross compiler driver; programs are linked statically, so that the vehicle's C library does not matter.
    Gcc(PathBuf),
    /// LLVM's linker itself, for programs without a C library.
    Lld(PathBuf),
    /// The linker that the compiler brings, with the C library (musl) that it brings: nothing of the system's. Programs are static.
    SelfContained,
    /// zig, which brings its C library; programs need glibc 2.28 or later on the vehicle.
    Zig(PathBuf),
}

/// Something that must be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingTool {
    /// What it is, in a few words.
    pub what: String,
    /// The commands that install it; the first that can work here.
    pub install: Vec<String>,
}

impl fmt::Display for MissingTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (install with: {})", self.what, self.install.join(" && "))
    }
}

/// Why nothing compiles for a target.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// Something is not installed.
    #[error("missing for {target}: {}", list(.missing))]
    Missing {
        /// The target.
        target: Target,
        /// What is missing: everything, not the first only.
        missing: Vec<MissingTool>,
    },
    /// A tool is there and does not work.
    #[error("{program} does not work: {said}")]
    Broken {
        /// The tool.
        program: PathBuf,
        /// What it said.
        said: String,
    },
    /// A tool could not be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

fn list(missing: &[MissingTool]) -> String {
    missing.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

pub(crate) const AARCH64: &str = "aarch64-unknown-linux-gnu";
/// The same machine with the C library musl, which rustup brings along, linker and all: smaller programs, and names are looked up.
pub(crate) const AARCH64_MUSL: &str = "aarch64-unknown-linux-musl";

pub(crate) const A_STD: &str = "Rust's standard library for aarch64";
pub(crate) const A_LINKER: &str = "a linker for aarch64";
pub(crate) const AN_EMULATOR: &str = "an emulator for aarch64 programs";

/// The oldest compiler that builds the workspace.
pub const MINIMUM_RUST: (u32, u32) = (1, 95);

/// The commands that put Debian's packages for the aarch64 route in place.
pub(crate) const APT_AARCH64: &[&str] =
    &["rustc-web", "cargo-web", "libstd-rust-web-dev:arm64", "gcc-aarch64-linux-gnu", "qemu-user"];

/// Finds what compiles for `target` here: for aarch64 the user's toolchain if rustup has added the target (best with musl), else Debian's
/// compiler with the arm64 library, linked by the GNU cross compiler or by zig. (`cross`, which builds in a container, is [`Cross::find`].)
///
/// # Errors
/// What is missing, all of it, with the commands that install it; or a tool that does not work.
pub fn find(target: Target, host: &Host) -> Result<Toolchain, TargetError> {
    let own = Rust::on_path(host)?;
    match target {
        Target::Host => {
            let Some(rust) = own else {
                return Err(TargetError::Missing { target, missing: vec![missing_rust()] });
            };
            Ok(rust.toolchain(target, rust.host_triple().to_owned(), Linker::Default, None))
        }
        Target::Aarch64 => find_aarch64(host, own),
        Target::Thumbv7em => microcontroller::find(host, own),
    }
}

fn find_aarch64(host: &Host, own: Option<Rust>) -> Result<Toolchain, TargetError> {
    let target = Target::Aarch64;
    let is_here = own.as_ref().is_some_and(|rust| rust.host_triple() == AARCH64);
    let emulator = if is_here { None } else { emulator(target, host) };
    let mut missing = Vec::new();
    let (rust, triple, linker) = match own.filter(|rust| rust.has_std_for(AARCH64_MUSL) && rust.has_linker()) {
        Some(rust) => (Some(rust), AARCH64_MUSL, Some(Linker::SelfContained)),
        None if is_here => (Rust::on_path(host)?, AARCH64, Some(Linker::Default)),
        None => find_with_glibc(host, &mut missing)?,
    };
    if emulator.is_none() && !is_here {
        missing.push(MissingTool { what: AN_EMULATOR.to_owned(), install: vec![apt(host, &["qemu-user"])] });
    }
    match (rust, linker) {
        (Some(rust), Some(linker)) if missing.is_empty() => {
            Ok(rust.toolchain(target, triple.to_owned(), linker, emulator))
        }
        _ => Err(TargetError::Missing { target, missing }),
    }
}

/// The way over the system's C library: a compiler with the library for aarch64, and a linker of the system's.
fn find_with_glibc(host: &Host, missing: &mut Vec<MissingTool>) -> Result<Found, TargetError> {
    let rust = match Rust::on_path(host)?.filter(|rust| rust.has_std_for(AARCH64)) {
        Some(rust) => Some(rust),
        None => Rust::of_system(host)?.filter(|rust| rust.has_std_for(AARCH64)),
    };
    if rust.is_none() {
        missing.push(MissingTool {
            what: A_STD.to_owned(),
            install: match (host.find("rustup"), host.has_apt()) {
                (None, true) => vec![sudo(host, "dpkg --add-architecture arm64"), apt(host, APT_AARCH64)],
                // It brings its own linker.
                _ => vec![format!("rustup target add {AARCH64_MUSL}")],
            },
        });
    }
    let linker = host.find("aarch64-linux-gnu-gcc").map(Linker::Gcc).or_else(|| zig(host));
    if linker.is_none() {
        missing.push(MissingTool { what: A_LINKER.to_owned(), install: vec![apt(host, &["gcc-aarch64-linux-gnu"])] });
    }
    Ok((rust, AARCH64, linker))
}

type Found = (Option<Rust>, &'static str, Option<Linker>);

/// What runs a target's programs on this machine, where it is no such machine itself.
#[must_use]
pub fn emulator(target: Target, host: &Host) -> Option<PathBuf> {
    match target {
        Target::Host => None,
        Target::Aarch64 => host.find("qemu-aarch64-static").or_else(|| host.find("qemu-aarch64")),
        Target::Thumbv7em => host.find(microcontroller::EMULATOR),
    }
}

/// zig itself, no link to it: its library lies beside it.
fn zig(host: &Host) -> Option<Linker> {
    host.find("zig").and_then(|path| path.canonicalize().ok()).map(Linker::Zig)
}

fn missing_rust() -> MissingTool {
    let (major, minor) = MINIMUM_RUST;
    MissingTool {
        what: format!("Rust {major}.{minor} or later"),
        install: vec!["curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh".to_owned()],
    }
}

pub(crate) fn sudo(host: &Host, command: &str) -> String {
    if host.is_root() { command.to_owned() } else { format!("sudo {command}") }
}

pub(crate) fn apt(host: &Host, packages: &[&str]) -> String {
    if host.has_apt() {
        sudo(host, &format!("apt-get install -y --no-install-recommends {}", packages.join(" ")))
    } else {
        format!("the package manager of this system, for what Debian calls {}", packages.join(", "))
    }
}

/// A limit for questions such as `rustc -vV`; a busy machine may take its time.
const QUESTION: Duration = Duration::from_secs(30);

impl Toolchain {
    /// Flags that every crate for this target is compiled with.
    #[must_use]
    pub fn rustflags(&self) -> Vec<String> {
        match (&self.linker, self.target) {
            (_, Target::Thumbv7em) => microcontroller::rustflags(),
            (_, Target::Host) => Vec::new(),
            (linker, Target::Aarch64) => companion::rustflags(linker),
        }
    }

    /// Arguments for the linker of a program.
    #[must_use]
    pub fn link_args(&self) -> Vec<String> {
        match (&self.linker, self.target) {
            (_, Target::Thumbv7em) => microcontroller::link_args(),
            _ => Vec::new(),
        }
    }

    /// The emulator's command line before the program's (or firmware's) path: nothing for the host. Programs that are not static (zig's) find their C
    /// library in the folder of Debian's `libc6-arm64-cross`.
    #[must_use]
    pub fn run_with(&self) -> Vec<String> {
        let Some(emulator) = &self.emulator else { return Vec::new() };
        let mut words = vec![emulator.to_string_lossy().into_owned()];
        if self.target == Target::Thumbv7em {
            words.extend(microcontroller::machine());
        }
        if matches!(self.linker, Linker::Zig(_)) {
            words.extend(["-L".to_owned(), "/usr/aarch64-linux-gnu".to_owned()]);
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, UnknownTarget};

    #[test]
    fn names_round_trip() {
        for target in Target::ALL {
            assert_eq!(target.to_string().parse(), Ok(target));
        }
        assert_eq!("armv9".parse::<Target>(), Err(UnknownTarget { name: "armv9".to_owned() }));
    }
}
