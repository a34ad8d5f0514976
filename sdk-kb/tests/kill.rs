//! Writers killed in the middle of their work, 200 times: what a call had returned from is there afterwards, nothing is half there, and
//! readers always find a whole published file.
//!
//! Not under the test harness, because it is its own writer: `kill --writer DIR FIRST`.
#![expect(clippy::print_stdout, reason = "the parent reads what the child says, and the figures are wanted")]
use flightsmith_kb::{Deed, Outcome, Published, Record, Store, learned_path};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const KILLS: u64 = 200;
/// Stores that are killed while they are made, each a tenth of a millisecond later than the one before.
const BIRTHS: u64 = 150;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, dir, first] = &arguments[..]
        && flag == "--writer"
    {
        write(Path::new(dir), first.parse().expect("a number"));
    }
    let filtered_out = arguments[1..].iter().any(|word| !word.starts_with('-') && !"kill".contains(word.as_str()));
    if arguments.iter().any(|word| word == "--list") || filtered_out {
        return;
    }
    let started = Instant::now();
    let written = kill_and_look();
    kill_at_birth();
    println!("{KILLS} kills, {written} records, in {:.1} s", started.elapsed().as_secs_f64());
    println!("1 passed, 0 failed");
}

fn signature(number: u64) -> String {
    format!("E0599 no method {number}")
}

/// Writes records from number `first` on until it is killed, and says each that is committed.
fn write(dir: &Path, first: u64) -> ! {
    let store = Store::open_within(dir, Duration::from_secs(5)).expect("opened");
    let learned = store.learned().expect("there");
    let mut stdout = std::io::stdout();
    for number in first.. {
        let filler = "x".repeat((number as usize * 37) % 3_000);
        let record = learned.put(&signature(number), &json!({ "by": filler }), &[json!(number)]).expect("put");
        learned.count(&record.id(), Outcome::Worked, 1).expect("counted");
        store.statistics().expect("there").add(&[("written", 1)]).expect("counted");
        writeln!(stdout, "{number}").and_then(|()| stdout.flush()).expect("the parent listens");
        if number % 3 == 0 {
            store.publish_learned().expect("published");
        }
    }
    unreachable!("numbers do not end")
}

/// What the writers have said, and what was in the works when they were killed.
#[derive(Default)]
struct Told {
    committed: Vec<u64>,
    in_the_works: Vec<u64>,
}

fn kill_and_look() -> usize {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut told, mut first, mut random) = (Told::default(), 0_u64, 0x9e37_79b9_7f4a_7c15_u64);
    for kill in 0..KILLS {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut writer = Command::new(std::env::current_exe().expect("this test"))
            .args(["--writer", &dir.path().display().to_string(), &first.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let mut said = BufReader::new(writer.stdout.take().expect("piped"));
        let mut text = String::new();
        // Some are killed while they open the store, the others after a few records, in the middle of the next.
        if kill % 8 != 0 {
            for _ in 0..(random >> 20) % 4 {
                said.read_line(&mut text).expect("it works");
            }
        }
        std::thread::sleep(Duration::from_micros((random >> 33) % 6_000));
        writer.kill().expect("killed");
        said.read_to_string(&mut text).expect("its last words");
        writer.wait().expect("ended");
        let complete = text.rsplit_once('\n').map_or("", |(complete, _)| complete);
        told.committed.extend(complete.lines().map(|line| line.parse::<u64>().expect("a number")));
        let next = first + complete.lines().count() as u64;
        told.in_the_works.push(next);
        first = next + 1;
        Published::open(&learned_path(dir.path())).expect("readers find a whole file");
        if kill % 10 == 9 {
            look(dir.path(), &told);
        }
    }
    assert!(told.committed.len() > KILLS as usize, "killed before they wrote: {}", told.committed.len());
    told.committed.len()
}

/// Kills writers while they make their store: each is there whole or not at all.
fn kill_at_birth() {
    for kill in 0..BIRTHS {
        let dir = tempfile::tempdir().expect("a folder");
        let mut writer = Command::new(std::env::current_exe().expect("this test"))
            .args(["--writer", &dir.path().display().to_string(), "0"])
            .stdout(Stdio::null())
            .spawn()
            .expect("started");
        std::thread::sleep(Duration::from_micros(kill * 100));
        writer.kill().expect("killed");
        writer.wait().expect("ended");
        Store::open(dir.path()).unwrap_or_else(|error| panic!("killed {} us after its start: {error}", kill * 100));
    }
}

/// Checks the store against what was told.
fn look(dir: &Path, told: &Told) {
    let store = Store::open(dir).expect("opens after a kill");
    let learned = store.learned().expect("there");
    let records = learned.list().expect("readable");
    let by_signature: BTreeMap<&str, &Record> =
        records.iter().map(|record| (record.signature.as_str(), record)).collect();
    for number in &told.committed {
        let record = by_signature.get(signature(*number).as_str()).unwrap_or_else(|| panic!("record {number} is lost"));
        assert_eq!(record.worked(), 1, "the count of record {number}");
        assert_eq!(record.template["by"].as_str().map(str::len), Some((*number as usize * 37) % 3_000));
    }
    let unfinished = told.in_the_works.iter().filter(|number| by_signature.contains_key(signature(**number).as_str()));
    assert_eq!(records.len(), told.committed.len() + unfinished.count());
    let counted = store.statistics().expect("there").all().expect("readable");
    let counted = counted.get("written").map_or(0, |counter| counter.values().sum::<u64>()) as usize;
    let most = told.committed.len() + told.in_the_works.len();
    assert!((told.committed.len()..=most).contains(&counted), "{counted} of {}", told.committed.len());
    let journal = learned.journal(1).expect("readable");
    assert!(journal.iter().enumerate().all(|(place, change)| change.number == place as u64 + 1));
    let puts = journal.iter().filter(|change| change.deed == Deed::Put).count();
    assert_eq!(puts, records.len(), "each record has its entry in the journal and none has two");
    let (told_worked, worked) = (journal.iter().map(|change| change.worked), records.iter().map(Record::worked));
    assert_eq!(told_worked.sum::<i64>() as u64, worked.sum::<u64>());
}
