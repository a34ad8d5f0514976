//! Puts a digest of the repair ladder's rules into the program: what was learned about steps holds for the rules that were tried.
use std::fs;
use std::path::{Path, PathBuf};

/// What decides which steps are proposed and which are let through.
const RULES: [&str; 4] = ["src/repair/rungs", "src/repair/guard", "src/repair/climb.rs", "src/repair/errors.rs"];

fn main() {
    let mut files = Vec::new();
    for rules in RULES {
        println!("cargo::rerun-if-changed={rules}");
        collect(Path::new(rules), &mut files);
    }
    files.sort();
    let mut digest = Fnv::default();
    for path in files {
        digest.add(path.to_string_lossy().as_bytes());
        digest.add(&fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
    }
    println!("cargo::rustc-env=FLIGHTSMITH_LADDER={:016x}", digest.0);
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for entry in entries {
            collect(&entry.expect("an entry of a folder of ours").path(), files);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        files.push(path.to_owned());
    }
}

/// FNV-1a: a digest that needs no crate, and that nobody has a reason to forge.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain([&0]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
