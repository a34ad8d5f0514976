//! Compilers as they are found: the user's (rustup's or any other on `PATH`) and the system's in `/usr/bin`.
//!
//! It leaves to others: choosing between them.

use std::path::{Path, PathBuf};

use super::{Linker, MINIMUM_RUST, QUESTION, Target, TargetError, Toolchain};
use crate::host::Host;

/// A compiler with its library.
#[derive(Debug, Clone)]
pub(super) struct Rust {
    cargo: PathBuf,
    rustc: PathBuf,
    sysroot: PathBuf,
    version: String,
}

impl Rust {
    /// The first `rustc` on `PATH`, if it is new enough.
    pub(super) fn on_path(host: &Host) -> Result<Option<Self>, TargetError> {
        host.find("rustc").map_or(Ok(None), |rustc| Self::ask(host, &rustc))
    }

    /// The system's compiler, if it is new enough.
    pub(super) fn of_system(host: &Host) -> Result<Option<Self>, TargetError> {
        let rustc = Path::new("/usr/bin/rustc");
        if rustc.is_file() { Self::ask(host, rustc) } else { Ok(None) }
    }

    fn ask(host: &Host, rustc: &Path) -> Result<Option<Self>, TargetError> {
        let answer = |rustc: &Path, args: &[&str]| {
            let output = host.ask(rustc, args, QUESTION)?;
            if output.success() {
                return Ok(output.stdout_text());
            }
            let said = format!("{} ({})", output.stderr_text().trim(), output.ending);
            Err(TargetError::Broken { program: rustc.to_owned(), said })
        };
        let sysroot = PathBuf::from(answer(rustc, &["--print", "sysroot"])?.trim());
        // What rustup puts on PATH is a proxy that chooses by folder and environment: beside the library is the compiler itself.
        let own = |program: &str| Some(sysroot.join("bin").join(program)).filter(|path| path.is_file());
        let beside = |program: &str| Some(rustc.with_file_name(program)).filter(|path| path.is_file());
        let Some(cargo) = own("cargo").or_else(|| beside("cargo")) else { return Ok(None) };
        let rustc = own("rustc").unwrap_or_else(|| rustc.to_owned());
        let version = answer(&rustc, &["-vV"])?;
        if release(&version).is_none_or(|release| release < MINIMUM_RUST) {
            return Ok(None);
        }
        Ok(Some(Self { cargo, rustc, sysroot, version }))
    }

    pub(super) fn host_triple(&self) -> &str {
        self.version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or("unknown")
    }

    /// Whether the standard library for a target is installed.
    pub(super) fn has_std_for(&self, triple: &str) -> bool {
        self.has_library_for(triple, "libstd-")
    }

    /// Whether the core library for a target without an operating system is installed.
    pub(super) fn has_core_for(&self, triple: &str) -> bool {
        self.has_library_for(triple, "libcore-")
    }

    /// Whether a linker came along with it.
    pub(super) fn has_linker(&self) -> bool {
        self.sysroot.join("lib/rustlib").join(self.host_triple()).join("bin/rust-lld").is_file()
    }

    /// Where the sources of the core library are, if they are installed.
    pub(super) fn core_sources(&self) -> Option<PathBuf> {
        let library = self.sysroot.join("lib/rustlib/src/rust/library");
        library.join("core/Cargo.toml").is_file().then_some(library)
    }

    fn has_library_for(&self, triple: &str, prefix: &str) -> bool {
        let Ok(entries) = self.sysroot.join("lib/rustlib").join(triple).join("lib").read_dir() else { return false };
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with(prefix) && name.ends_with(".rlib")
        })
    }

    pub(super) fn toolchain(
        &self,
        target: Target,
        triple: String,
        linker: Linker,
        emulator: Option<PathBuf>,
    ) -> Toolchain {
        let Self { cargo, rustc, sysroot, version } = self.clone();
        Toolchain { target, triple, cargo, rustc, sysroot, version, linker, emulator, core_sources: None }
    }
}

/// The release in `rustc -vV`, as major and minor.
fn release(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.lines().find_map(|line| line.strip_prefix("release: "))?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::release;

    #[test]
    fn reads_releases() {
        for (version, expected) in [
            ("rustc 1.95.0 (x)\nbinary: rustc\nrelease: 1.95.0\n", Some((1, 95))),
            ("release: 1.97.0-nightly\n", Some((1, 97))),
            ("release: one\n", None),
            ("", None),
        ] {
            assert_eq!(release(version), expected, "{version}");
        }
    }
}
