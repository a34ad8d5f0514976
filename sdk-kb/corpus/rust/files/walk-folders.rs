//! # Find files in a folder and its subfolders
//!
//! - list all files recursively
//! - filter by file extension
//! - total size of a directory
//!
//! `read_dir` lists one folder in no particular order, each entry a `Result`. Keep the folders to be visited in a `Vec`, which needs no
//! recursion, and sort the result so that it is the same everywhere.
//!
//! Pitfalls:
//! - `path.is_dir()` follows symbolic links and may go round in circles: `entry.file_type()` does not follow them.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn files_below(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            } else if entry.path().extension() == Some(OsStr::new(extension)) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn main() -> io::Result<()> {
    let root = std::env::temp_dir().join(format!("walk-folders-{}", std::process::id()));
    fs::create_dir_all(root.join("a/b"))?;
    for (name, content) in [("one.log", "1"), ("a/two.log", "22"), ("a/b/three.txt", "333")] {
        fs::write(root.join(name), content)?;
    }
    let logs = files_below(&root, "log")?;
    let names: Vec<_> = logs.iter().filter_map(|path| path.strip_prefix(&root).ok()).collect();
    assert_eq!(names, [Path::new("a/two.log"), Path::new("one.log")]);
    let bytes: u64 = logs.iter().filter_map(|path| path.metadata().ok()).map(|metadata| metadata.len()).sum();
    assert_eq!(bytes, 3);
    let missing = files_below(&root.join("none"), "log").expect_err("no such folder");
    assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    fs::remove_dir_all(&root)
}
