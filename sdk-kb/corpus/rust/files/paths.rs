//! # Build and take apart paths
//!
//! - join paths, get the file name or extension
//! - convert Path to String or &str
//! - keep a user's path inside a folder
//!
//! `Path` borrows and `PathBuf` owns, as `str` and `String`. `join`, `parent`, `file_name`, `file_stem`, `extension`, `with_extension` and
//! `components` do the work without string surgery. A path need not be UTF-8: show it with `display`, convert with `to_str`, which may
//! say `None`.
//!
//! Pitfalls:
//! - `join` with an absolute path throws the first part away: check names from outside for `..` and roots.

use std::path::{Component, Path, PathBuf};

/// `name` below `folder`, or `None` if it would lead out of it.
fn inside(folder: &Path, name: &str) -> Option<PathBuf> {
    let name = Path::new(name);
    let plain = name.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    (plain && name.file_name().is_some()).then(|| folder.join(name))
}

fn main() {
    let path = Path::new("runs/7/flight.tlog");
    assert_eq!(path.file_name().and_then(|name| name.to_str()), Some("flight.tlog"));
    assert_eq!(path.file_stem(), Some("flight".as_ref()));
    assert_eq!(path.extension(), Some("tlog".as_ref()));
    assert_eq!(path.parent(), Some(Path::new("runs/7")));
    assert_eq!(path.with_extension("json"), Path::new("runs/7/flight.json"));
    assert!(path.starts_with("runs") && path.ends_with("flight.tlog"));
    assert_eq!(path.strip_prefix("runs").ok(), Some(Path::new("7/flight.tlog")));
    assert_eq!(path.display().to_string(), "runs/7/flight.tlog");

    let folder = Path::new("/data");
    assert_eq!(inside(folder, "a/b.txt"), Some(PathBuf::from("/data/a/b.txt")));
    assert_eq!(inside(folder, "../secret"), None);
    assert_eq!(inside(folder, "/etc/passwd"), None);
    assert_eq!(inside(folder, ""), None);
    assert_eq!(folder.join("/etc"), Path::new("/etc"), "an absolute path wins");
}
