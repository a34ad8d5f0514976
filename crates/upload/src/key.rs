//! The key that signs bundles: made on first use, kept for its user alone.
//!
//! Where it lies is the caller's business (a path in the user's configuration folder). The file holds the 32-byte ed25519 seed in
//! hexadecimal, one line, mode 0600; a file that others may read is refused, as ssh refuses such keys.
use crate::digest::{from_hex, to_hex};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

/// Why there is no signing key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file or its folder cannot be read or made.
    #[error("the signing key {} cannot be read or made", path.display())]
    Io {
        /// Where the key is meant to lie.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{} holds no signing key (expected 64 hexadecimal characters); move it away and a new key is made", .0.display())]
    Malformed(PathBuf),
    /// Other users may read or write the file.
    #[error("the signing key {} is open to others (mode {mode:04o}); run `chmod 600` on it, or move it away if it may have been read", path.display())]
    OpenToOthers {
        /// The key's file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

/// The key of the person or machine that vouches for a bundle.
pub struct BundleKey(SigningKey);

impl BundleKey {
    /// The key at `path`; made there first, mode 0600, where there is none.
    ///
    /// # Errors
    /// See [`KeyError`]. Two processes that make it at once end up with the same key.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::Io { path: path.to_owned(), source };
        if !path.try_exists().map_err(failed)? {
            create(path).map_err(failed)?;
        }
        let mode = fs::metadata(path).map_err(failed)?.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(KeyError::OpenToOthers { path: path.to_owned(), mode });
        }
        let text = fs::read_to_string(path).map_err(failed)?;
        let seed = from_hex(text.trim()).ok_or_else(|| KeyError::Malformed(path.to_owned()))?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs `bytes`; the signature in hexadecimal.
    pub(crate) fn sign(&self, bytes: &[u8]) -> String {
        to_hex(&self.0.sign(bytes).to_bytes())
    }
}

/// Writes a new key beside `path` and links it into place, so that a key that another process made meanwhile stays.
fn create(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?; // mode 0600
    let key = SigningKey::generate(&mut rand_core::OsRng);
    writeln!(file, "{}", to_hex(&key.to_bytes()))?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(refused) => Err(refused.error),
    }
}

/// The public half of a [`BundleKey`]; as text, 64 hexadecimal characters.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// The key that `text` spells, if it spells one.
    pub fn parse(text: &str) -> Option<Self> {
        VerifyingKey::from_bytes(&from_hex(text.trim())?).ok().map(Self)
    }
    /// Whether `signature` (hexadecimal) is this key's over `bytes`.
    pub(crate) fn has_signed(&self, bytes: &[u8], signature: &str) -> bool {
        from_hex::<64>(signature.trim()).is_some_and(|signature| {
            let signature = Signature::from_bytes(&signature);
            self.0.verify_strict(bytes, &signature).is_ok()
        })
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(self.0.as_bytes()))
    }
}
impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
impl TryFrom<String> for PublicKey {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is not a public key"))
    }
}
impl From<PublicKey> for String {
    fn from(key: PublicKey) -> String {
        key.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_user_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config/flightsmith/signing.key");
        let first = BundleKey::load_or_create(&path).unwrap().public();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(BundleKey::load_or_create(&path).unwrap().public(), first);
        assert_eq!(PublicKey::parse(&first.to_string()), Some(first));
    }

    #[test]
    fn an_open_or_foreign_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing.key");
        BundleKey::load_or_create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let open = BundleKey::load_or_create(&path).err().unwrap();
        assert!(matches!(open, KeyError::OpenToOthers { mode: 0o644, .. }), "{open}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "not a key").unwrap();
        let foreign = BundleKey::load_or_create(&path).err().unwrap();
        assert!(matches!(foreign, KeyError::Malformed(_)), "{foreign}");
    }
}
