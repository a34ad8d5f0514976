//! Writing a signed bundle and finding out whether a folder is still one.
//!
//! A bundle is a folder: the mission program, its source, plan, contract, readback, evidence, and the signed manifest over them.
//! Leaves to others: what goes into it (the caller lists it) and how it travels ([`crate::archive`], [`crate::remote`]).
use crate::digest::Digest;
use crate::key::{BundleKey, PublicKey};
use crate::manifest::{
    ARTIFACT, FORMAT, FileEntry, MANIFEST, Manifest, PUBLIC_KEY, Provenance, SIGNATURE, is_plain_path,
};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

/// Largest number of files in a bundle; a folder with more is no bundle.
const MAX_FILES: usize = 10_000;
/// Largest manifest that is read.
const MAX_MANIFEST_BYTES: u64 = 4 * 1024 * 1024;

/// A file that goes into a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its path in the bundle; see [`is_plain_path`].
    pub path: String,
    /// The file to copy.
    pub from: PathBuf,
}

/// Why a bundle was not written or not opened.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A path that may not stand in a bundle.
    #[error("`{0}` cannot be a path in a bundle (letters, digits and `._-+` only, relative, no `..`)")]
    Path(String),
    /// Two items with one path, or one with a name that the manifest takes.
    #[error("two files of the bundle would be called `{0}`")]
    Twice(String),
    /// No mission program among the items.
    #[error("a bundle needs the mission program as `{ARTIFACT}`")]
    NoArtifact,
    /// The folder is not what its manifest says.
    #[error("the bundle {} is not as it was signed: {}", folder.display(), list(mismatches))]
    Mismatch {
        /// The bundle.
        folder: PathBuf,
        /// All that differs.
        mismatches: Vec<Mismatch>,
    },
}

fn list(mismatches: &[Mismatch]) -> String {
    let texts: Vec<String> = mismatches.iter().map(Mismatch::to_string).collect();
    texts.join("; ")
}

/// One way in which a folder differs from what was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// A listed file is not there.
    Missing(String),
    /// A listed file has other bytes.
    Altered {
        /// Its path.
        path: String,
        /// Digest in the manifest.
        expected: Digest,
        /// Digest of what is there.
        found: Digest,
    },
    /// A file that the manifest does not list.
    Unlisted(String),
    /// A link, socket or the like, where only plain files may be.
    NotAFile(String),
    /// A path in the manifest that may not stand in one.
    BadPath(String),
    /// A file or folder could not be read.
    Unreadable {
        /// Its path.
        path: String,
        /// What the system said.
        says: String,
    },
    /// The manifest is missing or no manifest.
    BadManifest(String),
    /// The artifact's digest at the top of the manifest is not the one in its list.
    ArtifactDigest,
    /// The mission program may not be executed.
    NotExecutable,
    /// The signature is missing, malformed or not over this manifest.
    BadSignature(String),
    /// Well signed, but by none of the keys that are trusted here.
    UntrustedKey(PublicKey),
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "{path} is missing"),
            Self::Altered { path, expected, found } => {
                write!(f, "{path} was altered (sha256 {}.., signed {}..)", found.short(), expected.short())
            }
            Self::Unlisted(path) => write!(f, "{path} is not in the manifest"),
            Self::NotAFile(path) => write!(f, "{path} is not a plain file"),
            Self::BadPath(path) => {
                write!(f, "the manifest lists the path `{}`", path.escape_debug())
            }
            Self::Unreadable { path, says } => write!(f, "{path} cannot be read: {says}"),
            Self::BadManifest(why) => write!(f, "{MANIFEST}: {why}"),
            Self::ArtifactDigest => write!(f, "{MANIFEST} contradicts itself about {ARTIFACT}"),
            Self::NotExecutable => write!(f, "{ARTIFACT} is not executable"),
            Self::BadSignature(why) => write!(f, "{SIGNATURE}: {why}"),
            Self::UntrustedKey(key) => write!(f, "signed by {key}, which is not trusted here"),
        }
    }
}

/// A folder whose every file is what its signed manifest says.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    folder: PathBuf,
    manifest: Manifest,
    manifest_sha256: Digest,
    signed_by: PublicKey,
}

impl Bundle {
    /// Writes `items` into `folder` (made anew: what was there is replaced), lists and signs them.
    ///
    /// # Errors
    /// See [`BundleError`]. On an error `folder` is as it was before.
    pub fn write(folder: &Path, items: &[Item], provenance: Provenance, key: &BundleKey) -> Result<Self, BundleError> {
        let parent = match folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(at(parent))?;
        let staging = tempfile::Builder::new().prefix(".bundle-").tempdir_in(parent).map_err(at(parent))?;
        let mut files = BTreeMap::new();
        for item in items {
            if !is_plain_path(&item.path) {
                return Err(BundleError::Path(item.path.clone()));
            }
            let taken = [MANIFEST, SIGNATURE, PUBLIC_KEY].contains(&item.path.as_str());
            if taken || files.contains_key(&item.path) {
                return Err(BundleError::Twice(item.path.clone()));
            }
            let entry = copy(item, &staging.path().join(&item.path))?;
            files.insert(item.path.clone(), entry);
        }
        let artifact = files.get(ARTIFACT).ok_or(BundleError::NoArtifact)?;
        let manifest = Manifest { format: FORMAT, artifact_sha256: artifact.sha256, provenance, files };
        let mut bytes = serde_json::to_vec_pretty(&manifest).map_err(|why| at(folder)(io::Error::other(why)))?;
        bytes.push(b'\n');
        write_file(staging.path(), MANIFEST, &bytes)?;
        write_file(staging.path(), SIGNATURE, format!("{}\n", key.sign(&bytes)).as_bytes())?;
        write_file(staging.path(), PUBLIC_KEY, format!("{}\n", key.public()).as_bytes())?;
        fs::set_permissions(staging.path(), fs::Permissions::from_mode(0o755)).map_err(at(staging.path()))?;
        if fs::symlink_metadata(folder).is_ok() {
            fs::remove_dir_all(folder).map_err(at(folder))?;
        }
        fs::rename(staging.path(), folder).map_err(at(folder))?;
        Ok(Self { folder: folder.to_owned(), manifest, manifest_sha256: Digest::of(&bytes), signed_by: key.public() })
    }

    /// Opens the bundle in `folder` after checking every file and the signature; see [`verify`].
    ///
    /// # Errors
    /// [`BundleError::Mismatch`] with all that differs.
    pub fn open(folder: &Path, trusted: &[PublicKey]) -> Result<Self, BundleError> {
        let mismatches = match examine(folder, trusted) {
            (Some(bundle), mismatches) if mismatches.is_empty() => return Ok(bundle),
            (_, mismatches) => mismatches,
        };
        Err(BundleError::Mismatch { folder: folder.to_owned(), mismatches })
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
    /// What it claims, every file found to be as listed.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
    /// Digest of the manifest's bytes.
    pub fn manifest_sha256(&self) -> Digest {
        self.manifest_sha256
    }
    /// Who signed it.
    pub fn signed_by(&self) -> PublicKey {
        self.signed_by
    }
    /// Every file of it by path, the manifest, its signature and the key included.
    pub fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = self.manifest.files.keys().cloned().collect();
        paths.extend([MANIFEST, PUBLIC_KEY, SIGNATURE].map(str::to_owned));
        paths.sort();
        paths
    }
}

/// Every way in which `folder` differs from what was signed; empty for a sound bundle.
///
/// `trusted` are the keys that may have signed it; none means that any key will do, which protects against damage but not against
/// a stranger.
pub fn verify(folder: &Path, trusted: &[PublicKey]) -> Vec<Mismatch> {
    examine(folder, trusted).1
}

fn examine(folder: &Path, trusted: &[PublicKey]) -> (Option<Bundle>, Vec<Mismatch>) {
    let bytes = match read_limited(&folder.join(MANIFEST)) {
        Ok(bytes) => bytes,
        Err(why) => return (None, vec![Mismatch::BadManifest(why.to_string())]),
    };
    let mut found = Vec::new();
    let signed_by = check_signature(folder, &bytes, trusted, &mut found);
    let manifest: Manifest = match serde_json::from_slice(&bytes) {
        Ok(manifest) => manifest,
        Err(why) => {
            found.push(Mismatch::BadManifest(why.to_string()));
            return (None, found);
        }
    };
    if manifest.format != FORMAT {
        let why = format!("format {}, this version reads {FORMAT}", manifest.format);
        found.push(Mismatch::BadManifest(why));
    }
    let listed = manifest.files.get(ARTIFACT).map(|entry| entry.sha256);
    if listed != Some(manifest.artifact_sha256) {
        found.push(Mismatch::ArtifactDigest);
    }
    check_files(folder, &manifest, &mut found);
    let bundle = signed_by.map(|signed_by| Bundle {
        folder: folder.to_owned(),
        manifest,
        manifest_sha256: Digest::of(&bytes),
        signed_by,
    });
    (bundle, found)
}

fn check_signature(
    folder: &Path,
    manifest: &[u8],
    trusted: &[PublicKey],
    found: &mut Vec<Mismatch>,
) -> Option<PublicKey> {
    let mut part = |name: &str| match read_limited(&folder.join(name)) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(why) => {
            found.push(Mismatch::BadSignature(format!("{name}: {why}")));
            None
        }
    };
    let (key, signature) = (part(PUBLIC_KEY)?, part(SIGNATURE)?);
    let Some(key) = PublicKey::parse(&key) else {
        let why = format!("{PUBLIC_KEY} holds no public key");
        found.push(Mismatch::BadSignature(why));
        return None;
    };
    if !key.has_signed(manifest, &signature) {
        let why = format!("does not match {MANIFEST}");
        found.push(Mismatch::BadSignature(why));
    } else if !trusted.is_empty() && !trusted.contains(&key) {
        found.push(Mismatch::UntrustedKey(key));
    }
    Some(key)
}

fn check_files(folder: &Path, manifest: &Manifest, found: &mut Vec<Mismatch>) {
    let mut present = BTreeMap::new();
    walk(folder, "", &mut present, found);
    for (path, entry) in &manifest.files {
        if !is_plain_path(path) {
            found.push(Mismatch::BadPath(path.clone()));
            continue;
        }
        match present.get(path) {
            None => found.push(Mismatch::Missing(path.clone())),
            Some(Kind::Other) => found.push(Mismatch::NotAFile(path.clone())),
            Some(Kind::File { mode }) => {
                if path == ARTIFACT && mode & 0o100 == 0 {
                    found.push(Mismatch::NotExecutable);
                }
                match Digest::of_file(&folder.join(path)) {
                    Ok((sha256, _)) if sha256 == entry.sha256 => {}
                    Ok((sha256, _)) => {
                        found.push(Mismatch::Altered { path: path.clone(), expected: entry.sha256, found: sha256 })
                    }
                    Err(why) => found.push(Mismatch::Unreadable { path: path.clone(), says: why.to_string() }),
                }
            }
        }
    }
    let own = [MANIFEST, SIGNATURE, PUBLIC_KEY];
    for path in present.keys() {
        if !manifest.files.contains_key(path) && !own.contains(&path.as_str()) {
            found.push(Mismatch::Unlisted(path.clone()));
        }
    }
}

enum Kind {
    File { mode: u32 },
    Other,
}

/// Lists what is under `folder`, never following a link.
fn walk(folder: &Path, prefix: &str, present: &mut BTreeMap<String, Kind>, found: &mut Vec<Mismatch>) {
    let here = if prefix.is_empty() { "." } else { prefix };
    let mut unreadable = |says: io::Error| {
        found.push(Mismatch::Unreadable { path: here.to_owned(), says: says.to_string() });
    };
    let entries = match fs::read_dir(folder.join(prefix)) {
        Ok(entries) => entries,
        Err(why) => return unreadable(why),
    };
    let mut folders = Vec::new();
    for entry in entries {
        if present.len() > MAX_FILES {
            return unreadable(io::Error::other(format!("more than {MAX_FILES} files")));
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(why) => return unreadable(why),
        };
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => folders.push(path),
            Ok(metadata) if metadata.is_file() => {
                let mode = metadata.permissions().mode();
                present.insert(path, Kind::File { mode });
            }
            Ok(_) => {
                present.insert(path, Kind::Other);
            }
            Err(why) => unreadable(why),
        }
    }
    for path in folders {
        walk(folder, &path, present, found);
    }
}

fn copy(item: &Item, to: &Path) -> Result<FileEntry, BundleError> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(at(folder))?;
    }
    fs::copy(&item.from, to).map_err(at(&item.from))?;
    let mode = if item.path == ARTIFACT { 0o755 } else { 0o644 };
    fs::set_permissions(to, fs::Permissions::from_mode(mode)).map_err(at(to))?;
    let (sha256, size_bytes) = Digest::of_file(to).map_err(at(to))?;
    Ok(FileEntry { sha256, size_bytes })
}

fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), BundleError> {
    let path = folder.join(name);
    fs::write(&path, bytes).map_err(at(&path))
}

fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::symlink_metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("not a plain file"));
    }
    if metadata.len() > MAX_MANIFEST_BYTES {
        let why = format!("{} bytes (limit {MAX_MANIFEST_BYTES})", metadata.len());
        return Err(io::Error::other(why));
    }
    fs::read(path)
}

fn at(path: &Path) -> impl Fn(io::Error) -> BundleError + '_ {
    move |source| BundleError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests;
