//! Files that a person names: read within a limit, so that none of them, be it a device without an end, costs the machine its memory.
use crate::exit::RunError;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The bytes of a file that has at most `limit` of them.
///
/// # Errors
/// [`RunError::Files`] where it cannot be read, or is larger.
pub fn bytes(path: &Path, limit: u64) -> Result<Vec<u8>, RunError> {
    let failed = |error: std::io::Error| RunError::files(path, error);
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(RunError::files(
            path,
            format!("has more than {limit} bytes, the most that is read of such a file"),
        ));
    }
    Ok(bytes)
}

/// As [`bytes`], for a text.
///
/// # Errors
/// As there, and where it is not UTF-8.
pub fn text(path: &Path, limit: u64) -> Result<String, RunError> {
    String::from_utf8(bytes(path, limit)?).map_err(|error| {
        RunError::files(path, format!("is no text in UTF-8 (byte {})", error.utf8_error().valid_up_to() + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_or_is_no_text_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, b"caf\xe9").unwrap();
        assert_eq!(bytes(&path, 4).unwrap(), b"caf\xe9");
        assert!(text(&path, 4).unwrap_err().to_string().ends_with("file: is no text in UTF-8 (byte 4)"));
        assert!(bytes(&path, 3).unwrap_err().to_string().contains("has more than 3 bytes"));
        assert!(bytes(Path::new("/dev/zero"), 1 << 20).is_err());
        assert!(matches!(bytes(folder.path(), 9), Err(RunError::Files { .. })));
    }
}
