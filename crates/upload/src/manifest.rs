//! What a bundle claims: every file with its digest, what it was built for and with what.
//!
//! No times and no machine names, so that the same run gives the same manifest.
use crate::digest::Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The mission program in a bundle.
pub const ARTIFACT: &str = "mission";
/// The manifest's own file.
pub const MANIFEST: &str = "manifest.json";
/// The signature over the manifest's bytes, ed25519, hexadecimal.
pub const SIGNATURE: &str = "manifest.sig";
/// The public key that belongs to the signature, hexadecimal.
pub const PUBLIC_KEY: &str = "manifest.pub";
/// The layout that this version writes and reads.
pub const FORMAT: u32 = 1;

/// What the makers of a bundle say about the whole of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Rust target of the artifact, for example `aarch64-unknown-linux-gnu`.
    pub target: String,
    /// The vehicle file's name.
    pub vehicle: String,
    /// `ardupilot` or `px4`.
    pub autopilot: String,
    /// Tool names with versions: flightsmith, rustc, linker, simulator ..
    pub tools: BTreeMap<String, String>,
}

/// A file of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Its size in bytes.
    pub size_bytes: u64,
}

/// The manifest of a bundle: [`MANIFEST`] as typed data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Layout version; [`FORMAT`].
    pub format: u32,
    /// Digest of the mission program, the same as in `files`: what a permit names.
    pub artifact_sha256: Digest,
    /// What it was built for and with what.
    pub provenance: Provenance,
    /// Every file by its path in the bundle, `/` between folders, but for the manifest, its signature and the key.
    pub files: BTreeMap<String, FileEntry>,
}

/// Whether `path` may stand in a bundle: relative, no `.` or `..`, and only characters that every tool on the way leaves alone.
pub fn is_plain_path(path: &str) -> bool {
    let plain_part = |part: &str| {
        !matches!(part, "" | "." | "..")
            && !part.starts_with('-')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+".contains(&b))
    };
    path.len() <= 240 && path.split('/').all(plain_part)
}

#[cfg(test)]
mod tests {
    use super::is_plain_path;

    #[test]
    fn paths_that_leave_the_bundle_or_trouble_a_shell_are_refused() {
        let cases = [
            ("mission", true),
            ("source/src/mission.rs", true),
            ("evidence/0001/verdict.json", true),
            ("", false),
            ("/etc/passwd", false),
            ("source/../../x", false),
            ("source//x", false),
            ("./mission", false),
            ("a b", false),
            ("-rf", false),
            ("a\nb", false),
            ("a'b", false),
        ];
        for (path, expected) in cases {
            assert_eq!(is_plain_path(path), expected, "{path:?}");
        }
    }
}
