//! Firmware for a Cortex-M4F: its compiler, its flags, and the emulated machine that it is flown in.
//!
//! It leaves to others: what the firmware is made of (`firmware-template/mcu`).

use super::rust::Rust;
use super::{Linker, MissingTool, Target, TargetError, Toolchain, apt};
use crate::host::Host;

/// rustc's name of the target: ARMv7E-M with a floating point unit for single precision.
pub(crate) const TRIPLE: &str = "thumbv7em-none-eabihf";

pub(super) const EMULATOR: &str = "qemu-system-arm";

pub(crate) const A_CORE: &str = "Rust's core library for thumbv7em";
pub(crate) const A_MACHINE: &str = "an emulator of a Cortex-M4 machine";

/// What firmware in lockstep sends once its UART listens; what is sent to it before is lost.
pub const READY: u8 = b'\n';

/// Debian's packages for a compiler that brings the core library's sources.
pub(crate) const APT_CORE: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// Finds what compiles firmware here: the user's toolchain if rustup has added the target, else Debian's compiler, which builds the core
/// library from its sources along with everything else.
pub(super) fn find(host: &Host, own: Option<Rust>) -> Result<Toolchain, TargetError> {
    let target = Target::Thumbv7em;
    let mut missing = Vec::new();
    let rust = match own.filter(|rust| rust.has_core_for(TRIPLE)) {
        Some(rust) => Some(rust),
        None => Rust::of_system(host)?.filter(|rust| rust.has_core_for(TRIPLE) || rust.core_sources().is_some()),
    };
    let sources = rust.as_ref().filter(|rust| !rust.has_core_for(TRIPLE)).and_then(Rust::core_sources);
    // rustup's toolchains bring a linker for such targets; Debian's compiler uses LLVM's.
    let linker = if sources.is_some() { host.find("ld.lld").map(Linker::Lld) } else { Some(Linker::Default) };
    if rust.is_none() || linker.is_none() {
        missing.push(MissingTool {
            what: A_CORE.to_owned(),
            install: match host.find("rustup") {
                None if host.has_apt() => vec![apt(host, APT_CORE)],
                _ => vec![format!("rustup target add {TRIPLE}")],
            },
        });
    }
    let emulator = super::emulator(target, host);
    if emulator.is_none() {
        missing.push(MissingTool { what: A_MACHINE.to_owned(), install: vec![apt(host, &["qemu-system-arm"])] });
    }
    match (rust, linker, emulator) {
        (Some(rust), Some(linker), Some(emulator)) => {
            let mut toolchain = rust.toolchain(target, TRIPLE.to_owned(), linker, Some(emulator));
            toolchain.core_sources = sources;
            Ok(toolchain)
        }
        _ => Err(TargetError::Missing { target, missing }),
    }
}

/// Small code, and libraries that the last step can still shrink: it sees the whole firmware at once.
pub(super) fn rustflags() -> Vec<String> {
    ["-Copt-level=z", "-Cpanic=abort", "-Cembed-bitcode=yes"].map(str::to_owned).into()
}

/// The memory map is `cortex-m-rt`'s with the board's `memory.x`; both lie beside the libraries.
pub(super) fn link_args() -> Vec<String> {
    // Functions that came out alike are one.
    vec!["-Tlink.x".to_owned(), "--icf=all".to_owned()]
}

/// The machine of the emulator: an STM32F405RG whose sixth UART is this process's stdin and stdout, whose console is its stderr, and that
/// ends with an exit code. The word in its memory tells the firmware that it stands in lockstep (`firmware-template/mcu`,
/// `chip/emulator.rs`).
pub(super) fn machine() -> Vec<String> {
    let mut words = "-M netduinoplus2 -nodefaults -display none -monitor none -accel tcg,tb-size=32 \
        -chardev stdio,id=link,signal=off -semihosting-config enable=on,target=native \
        -device loader,addr=0x2001fff8,data=0x4b434954,data-len=4"
        .to_owned();
    words.push_str(&" -serial null".repeat(5));
    words.push_str(" -serial chardev:link -kernel");
    words.split_whitespace().map(str::to_owned).collect()
}
