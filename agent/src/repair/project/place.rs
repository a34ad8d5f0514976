//! Where a project is: the folder that cargo needs to see, and the package below it that was asked for.
//!
//! It leaves to others: copying and building it.
use super::FixError;
use std::path::{Path, PathBuf};

/// A project's folder, as cargo would find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The workspace's folder; the package's own where it belongs to none.
    pub(super) root: PathBuf,
    /// The member that was asked for, below it; empty for all of it.
    pub(super) member: PathBuf,
}

impl Place {
    /// Of a folder, or of a manifest.
    pub(super) fn of(path: &Path) -> Result<Self, FixError> {
        let folder = match path.parent() {
            Some(folder) if path.ends_with("Cargo.toml") && path.is_file() => Path::new(".").join(folder),
            _ if path.is_file() => return Err(FixError::NoManifest { path: path.to_owned() }),
            _ => path.to_owned(),
        };
        let folder = folder.canonicalize().map_err(super::at(path))?;
        let manifest = folder.join("Cargo.toml");
        match manifest.symlink_metadata() {
            Ok(metadata) if metadata.is_symlink() => return Err(FixError::LinkedManifest { path: manifest }),
            Ok(metadata) if metadata.is_file() => {}
            _ => return Err(FixError::NoProject { path: folder }),
        }
        let root = workspace_of(&folder).unwrap_or_else(|| folder.clone());
        let member = folder.strip_prefix(&root).unwrap_or(Path::new("")).to_owned();
        Ok(Self { root, member })
    }
}

/// The folder of the workspace that a package belongs to, by cargo's rules: what its manifest names, else the nearest manifest above it
/// that is a workspace's and does not exclude it.
fn workspace_of(folder: &Path) -> Option<PathBuf> {
    // What is no manifest is told by cargo, which says more about it.
    let own = manifest_in(folder)?;
    if own.contains_key("workspace") {
        return None;
    }
    if let Some(named) = own.get("package").and_then(|package| package.get("workspace")?.as_str()) {
        let named = folder.join(named).canonicalize().ok()?;
        return folder.starts_with(&named).then_some(named);
    }
    let (above, manifest) =
        folder.ancestors().skip(1).find_map(|above| Some((above, manifest_in(above)?.remove("workspace")?)))?;
    let excluded = manifest.get("exclude").and_then(toml::Value::as_array).into_iter().flatten();
    let is_excluded = excluded.filter_map(toml::Value::as_str).any(|path| folder.starts_with(above.join(path)));
    (!is_excluded).then(|| above.to_owned())
}

fn manifest_in(folder: &Path) -> Option<toml::Table> {
    let path = folder.join("Cargo.toml");
    // A link is not copied, so that it is nobody's manifest here.
    let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    std::fs::read_to_string(path).ok().filter(|_| is_file)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_member_is_found_with_its_workspace() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let put = |path: &str, text: &str| {
            fs::create_dir_all(root.join(path)).unwrap();
            fs::write(root.join(path).join("Cargo.toml"), text).unwrap();
        };
        put("", "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"fuzz\"]\n");
        put("crates/a", "[package]\nname = \"a\"\n");
        put("fuzz", "[package]\nname = \"fuzz\"\n");
        put("own", "[package]\nname = \"own\"\n[workspace]\n");
        put("far/b", "[package]\nname = \"b\"\nworkspace = \"../..\"\n");
        put("broken", "not a manifest");
        let place = |path: &str| Place::of(&root.join(path)).map(|place| (place.root, place.member)).unwrap();
        let whole = |path: &str| (root.join(path), PathBuf::new());
        assert_eq!(place(""), (root.clone(), PathBuf::new()));
        assert_eq!(place("crates/a"), (root.clone(), "crates/a".into()));
        assert_eq!(place("crates/a/Cargo.toml"), (root.clone(), "crates/a".into()));
        assert_eq!(place("far/b"), (root.clone(), "far/b".into()));
        assert_eq!((place("fuzz"), place("own"), place("broken")), (whole("fuzz"), whole("own"), whole("broken")));
        assert!(matches!(Place::of(&root.join("crates")), Err(FixError::NoProject { .. })));
        std::os::unix::fs::symlink(root.join("own/Cargo.toml"), root.join("crates/Cargo.toml")).unwrap();
        for linked in ["crates", "crates/Cargo.toml"] {
            assert!(matches!(Place::of(&root.join(linked)), Err(FixError::LinkedManifest { .. })), "{linked}");
        }
        fs::write(root.join("notes.md"), "").unwrap();
        assert!(matches!(Place::of(&root.join("notes.md")), Err(FixError::NoManifest { .. })));
    }
}
