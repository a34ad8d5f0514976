//! # Write a file so that it is whole or not there
//!
//! - atomic file write
//! - do not lose the old file when the program crashes while writing
//! - append to a log file
//!
//! Write to a temporary file beside the target, flush it to disk (`sync_all`), then `rename` it over the target: readers see the old or
//! the new content, never half of it. For logs open with `append(true)`, so that writers do not overwrite each other.
//!
//! Pitfalls:
//! - A rename is atomic within one file system only: keep the temporary file in the same folder.
//! - A dropped `BufWriter` ignores errors: call `flush` yourself.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("partial");
    let mut file = File::create(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

fn append(path: &Path, lines: &[&str]) -> io::Result<()> {
    let mut log = BufWriter::new(OpenOptions::new().create(true).append(true).open(path)?);
    for line in lines {
        writeln!(log, "{line}")?;
    }
    log.flush()
}

fn main() -> io::Result<()> {
    let folder = std::env::temp_dir().join(format!("write-safely-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let settings = folder.join("settings.txt");
    write_whole(&settings, b"speed = 5")?;
    write_whole(&settings, b"speed = 7")?;
    assert_eq!(fs::read(&settings)?, b"speed = 7");
    assert_eq!(fs::read_dir(&folder)?.count(), 1, "no temporary file is left");

    let log = folder.join("flight.log");
    append(&log, &["armed", "up"])?;
    append(&log, &["landed"])?;
    assert_eq!(fs::read_to_string(&log)?, "armed\nup\nlanded\n");
    fs::remove_dir_all(&folder)
}
