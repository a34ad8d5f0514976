//! Compares whole recordings of real autopilots, packed by `tests/data/pack.py all OUT ..`, with what is read from them:
//! `cargo run -p flightsmith-sdk --example recordings -- OUT`.
#![expect(clippy::print_stdout, reason = "an example prints what it finds")]
#[path = "../tests/recorded/mod.rs"]
mod recorded;
use flightsmith_sdk::Autopilot;
use recorded::quantities::Reader;
use recorded::{compare, incoming};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("which folder? (made by tests/data/pack.py all OUT ..)")?;
    let mut names: Vec<_> = fs::read_dir(&folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    names.sort();
    let (mut equal, mut fields) = (0, 0);
    let (mut differences, mut unknown) = (BTreeMap::new(), BTreeMap::new());
    for lines in &names {
        let compared = one(lines)?;
        println!("{}: {} messages, {} fields", lines.display(), compared.equal, compared.fields);
        equal += compared.equal;
        fields += compared.fields;
        for (difference, count) in compared.differences {
            *differences.entry(difference).or_insert(0) += count;
        }
        for (kind, count) in compared.unknown {
            *unknown.entry(kind).or_insert(0) += count;
        }
    }
    println!("\n{} recordings: {equal} messages equal in {fields} fields", names.len());
    println!("kinds that the dialect does not know: {unknown:?}");
    println!("{} differences", differences.values().sum::<usize>());
    for (difference, count) in differences.iter().take(60) {
        println!("  {count} times {difference}");
    }
    Ok(())
}

fn one(lines: &Path) -> Result<recorded::Compared, Box<dyn Error>> {
    let reader = BufReader::new(fs::File::open(lines)?);
    let recorded = reader.lines().map(|line| serde_json::from_str(&line.expect("text")).expect("JSON"));
    let session = lines.with_extension("tlog");
    if session.exists() {
        // As it is, with the timestamps between its frames; and quiet behind it, for the last ones.
        let mut bytes = fs::read(session)?;
        bytes.resize(bytes.len() + 300, 0);
        return Ok(compare(&bytes, recorded, incoming::check));
    }
    let px4 = lines.file_name().is_some_and(|name| name.to_string_lossy().starts_with("px4"));
    let telemetry = Reader::new(if px4 { Autopilot::Px4 } else { Autopilot::ArduPilot });
    Ok(compare(&fs::read(lines.with_extension("bin"))?, recorded, |frame, line| {
        incoming::check(frame, line).or_else(|| telemetry.check(frame, line))
    }))
}
