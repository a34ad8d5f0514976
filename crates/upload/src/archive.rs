//! A bundle as one file: a tar whose bytes depend on the bundle alone.
//!
//! Sorted, owner 0, time 0, fixed modes. Reading one back gives a folder that still has to be opened (and so checked) as a bundle.
use crate::bundle::Bundle;
use crate::manifest::{ARTIFACT, is_plain_path};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Largest bundle that is read from a tar.
const MAX_UNPACKED_BYTES: u64 = 1024 * 1024 * 1024;

/// Writes `bundle` as a tar to `out`.
///
/// # Errors
/// A file that cannot be read, or `out` that cannot be written.
pub fn write_tar(bundle: &Bundle, out: impl Write) -> io::Result<()> {
    let mut tar = tar::Builder::new(out);
    for path in bundle.paths() {
        let file = File::open(bundle.folder().join(&path))?;
        let mut header = tar::Header::new_ustar();
        header.set_path(&path)?;
        header.set_size(file.metadata()?.len());
        header.set_mode(if path == ARTIFACT { 0o755 } else { 0o644 });
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        tar.append(&header, file)?;
    }
    tar.into_inner()?.flush()
}

/// Unpacks a tar of a bundle from `input` into the empty `folder`.
///
/// # Errors
/// Anything in it but plain files with plain relative paths; more than 1 GiB; what the system refuses.
pub fn read_tar(input: impl Read, folder: &Path) -> io::Result<()> {
    let refused = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
    let mut unpacked_bytes: u64 = 0;
    for entry in tar::Archive::new(input).entries()? {
        let mut entry = entry?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.header().entry_type() != tar::EntryType::Regular || !is_plain_path(&path) {
            let path = path.escape_debug();
            return Err(refused(format!("`{path}` may not stand in a bundle")));
        }
        unpacked_bytes = unpacked_bytes.saturating_add(entry.size());
        if unpacked_bytes > MAX_UNPACKED_BYTES {
            return Err(refused(format!("more than {MAX_UNPACKED_BYTES} bytes")));
        }
        let to = folder.join(&path);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        io::copy(&mut entry, &mut File::create_new(&to)?)?;
        let mode = if path == ARTIFACT { 0o755 } else { 0o644 };
        fs::set_permissions(&to, fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}
