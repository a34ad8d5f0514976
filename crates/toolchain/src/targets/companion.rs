//! Programs for a companion computer: small, and static where the C library lets itself be carried along.
//!
//! It leaves to others: choosing compiler and linker.

use super::Linker;

/// Libraries that the last step can still shrink, because it sees the whole program at once.
pub(super) fn rustflags(linker: &Linker) -> Vec<String> {
    // Where it is loaded does not matter to a static program, and tables that would let it be moved are left out.
    let how: &[&str] = match linker {
        Linker::Zig(_) => &[],
        _ => &["-Ctarget-feature=+crt-static", "-Crelocation-model=static"],
    };
    ["-Copt-level=s", "-Cembed-bitcode=yes"].iter().chain(how).map(|&flag| flag.to_owned()).collect()
}
