//! What is prebuilt for a target: which sources, which package brings them, under which profile.

use crate::targets::Target;

/// The libraries of one kind of target.
#[derive(Debug)]
pub(super) struct Kit {
    /// The folder of their workspace, from the sources' root.
    pub workspace: &'static str,
    /// The parts of the sources that they are made of.
    pub sources: &'static [&'static str],
    /// The package whose build brings all of them.
    pub package: &'static str,
    /// The crates that a mission crate names.
    pub named: &'static [&'static str],
    /// `release` with these settings, whatever the workspace says of it.
    pub profile: &'static [(&'static str, &'static str)],
    /// Files beside the libraries that the linker reads, from the sources' root.
    pub linker_files: &'static [&'static str],
}

/// Where a core library that was built along lies among the libraries.
pub(super) const SYSROOT: &str = "sysroot";

/// What a mission is linked against on this machine, for every attempt at it: fast to link, fast to run. Unwinding stays on, because
/// the runner catches a mission's panic and brings the vehicle home.
const HOST: Kit = Kit {
    workspace: "",
    sources: COMPANION_SOURCES,
    package: "flightsmith-runner",
    named: COMPANION_CRATES,
    profile: &[
        ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "2"),
        ("CARGO_PROFILE_RELEASE_PANIC", "unwind"),
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
        ("CARGO_PROFILE_RELEASE_INCREMENTAL", "false"),
    ],
    linker_files: &[],
};

/// The same for the vehicle: linked once, so the last step may take its time to make it small.
const COMPANION: Kit = Kit {
    workspace: "",
    sources: COMPANION_SOURCES,
    package: "flightsmith-runner",
    named: COMPANION_CRATES,
    profile: &[
        ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s"),
        ("CARGO_PROFILE_RELEASE_PANIC", "unwind"),
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
        ("CARGO_PROFILE_RELEASE_INCREMENTAL", "false"),
    ],
    linker_files: &[],
};

const COMPANION_SOURCES: &[&str] = &["Cargo.toml", "Cargo.lock", "crates/mission", "sdk", "firmware-template/runner"];
const COMPANION_CRATES: &[&str] = &["flightsmith_mission", "flightsmith_runner", "flightsmith_sdk"];

/// A panic resets the chip. The last step's optimisation over all crates needs each as one unit.
const FIRMWARE: Kit = Kit {
    workspace: "firmware-template/mcu",
    sources: &[
        "Cargo.toml",
        "crates/mission",
        "sdk",
        "firmware-template/mcu/Cargo.toml",
        "firmware-template/mcu/Cargo.lock",
        "firmware-template/mcu/memory.x",
        "firmware-template/mcu/runner",
    ],
    package: "flightsmith-mcu",
    named: &["flightsmith_mcu", "flightsmith_sdk"],
    profile: &[
        ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "z"),
        ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
        ("CARGO_PROFILE_RELEASE_INCREMENTAL", "false"),
    ],
    linker_files: &["firmware-template/mcu/memory.x"],
};

/// The kit of a target.
pub(super) fn of(target: Target) -> &'static Kit {
    match target {
        Target::Host => &HOST,
        Target::Aarch64 => &COMPANION,
        Target::Thumbv7em => &FIRMWARE,
    }
}
