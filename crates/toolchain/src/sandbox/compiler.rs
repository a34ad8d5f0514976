//! A compiler in the sandbox, and the program that it made: what each is given, whoever asks for it.
//!
//! It leaves to others: which sources, what else is read, and limits beyond [`Limits::compiler`].

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::{Bind, Confined, Sandbox};
use crate::process::Limits;
use crate::targets::Toolchain;

/// The system's programs: the linker is found on `PATH`.
const SYSTEM: &str = "/usr/bin:/bin";

impl Limits {
    /// What compiling one crate may take: `wall` of the clock and of each processor, 16 MB of messages, 4 GB of address space, files of
    /// 256 MB, 128 processes. Generous for a few hundred lines, small against the machine.
    #[must_use]
    pub fn compiler(wall: Duration) -> Self {
        Self {
            output_bytes: 16 << 20,
            cpu_s: Some(wall.as_secs().max(1)),
            address_space_bytes: Some(4 << 30),
            file_bytes: Some(256 << 20),
            processes: Some(128),
            ..Self::wall(wall)
        }
    }
}

impl Confined {
    /// The compiler on a crate of an edition (`2024`): its messages are JSON, for [`crate::diagnostics::from_rustc`].
    #[must_use]
    pub fn rustc(toolchain: &Toolchain, edition: &str, limits: Limits) -> Self {
        let edition = format!("--edition={edition}");
        Self::compiler(toolchain, &toolchain.rustc, SYSTEM, limits).args(["--error-format=json".to_owned(), edition])
    }

    /// cargo on a project: offline, without what one build leaves for the next, and as a user who has no settings.
    #[must_use]
    pub fn cargo(toolchain: &Toolchain, limits: Limits) -> Self {
        let mut path = OsString::from(toolchain.sysroot.join("bin"));
        path.push(":");
        path.push(SYSTEM);
        Self::compiler(toolchain, &toolchain.cargo, path, limits)
            .args(["--offline", "--color=never"])
            .env("HOME", "/tmp")
            .env("RUSTC", &toolchain.rustc)
            .env("CARGO_INCREMENTAL", "0")
    }

    /// A program that was compiled here and is run for what it says or how it ends: no folder to write to, 1 MB of output, 2 GB of
    /// address space, 128 processes and threads.
    #[must_use]
    pub fn program(program: &Path, wall: Duration) -> Self {
        let mut limits = Limits::compiler(wall);
        limits.output_bytes = 1 << 20;
        limits.address_space_bytes = Some(2 << 30);
        let inside = Path::new("/program");
        Self::new(inside, limits).read(Bind::at(program, inside))
    }

    /// Compilers and linkers write to the folder of temporary files, and the toolchain may lie outside of what every sandbox sees.
    fn compiler(toolchain: &Toolchain, program: &Path, path: impl Into<OsString>, limits: Limits) -> Self {
        let mut confined = Self::new(program, limits).env("PATH", path).env("LC_ALL", "C.UTF-8").env("TMPDIR", "/tmp");
        confined.tmp_bytes = 512 << 20;
        if toolchain.sysroot.starts_with("/usr") { confined } else { confined.read(Bind::same(&toolchain.sysroot)) }
    }
}

impl Sandbox {
    /// A path that the code sees at `inside`; without a sandbox, where it is. For what must be named in the code's arguments.
    #[must_use]
    pub fn shown(&self, outside: &Path, inside: &str) -> Bind {
        if self.confines() { Bind::at(outside, inside) } else { Bind::same(outside) }
    }
}
