//! The knowledge base from the command line: damage, other versions, no space, files and queries out of measure, two writers, exports
//! that meet. Always a clear error that says what to do, and nothing lost that was learned.
use flightsmith_tests::{Said, at_home, flightsmith, lives_in, said};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

struct Machine {
    home: tempfile::TempDir,
}

const WRONG: &str =
    "pub fn a() -> String {\n    let mut text = String::new();\n    text.add_line_of(\"a\");\n    text\n}\n";

impl Machine {
    fn new() -> Self {
        Self { home: tempfile::tempdir().expect("a folder") }
    }

    /// One that has learned what `right` is.
    fn that_knows(right: &str) -> Self {
        let machine = Self::new();
        machine.learn(right);
        machine
    }

    fn learn(&self, right: &str) {
        self.learn_that(WRONG, ("add_line_of", right));
    }

    fn learn_that(&self, text: &str, (wrong, right): (&str, &str)) {
        fs::write(self.file("wrong.rs"), text).expect("written");
        fs::write(self.file("right.rs"), text.replace(wrong, right)).expect("written");
        self.ends(&["kb", "correct", "wrong.rs", "right.rs"], 0, "learned");
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn kb(&self, name: &str) -> PathBuf {
        self.home.path().join("flightsmith/kb").join(name)
    }

    fn run(&self, args: &[&str]) -> Said {
        at_home(self.home.path(), self.home.path(), args)
    }

    /// Runs to exit code `code`, and says `says`.
    fn ends(&self, args: &[&str], code: i32, says: &str) {
        let said = self.run(args);
        assert!(said.code == code && (said.stdout.clone() + &said.stderr).contains(says), "{args:?}: {said:?}");
        assert!(!said.stderr.contains("panicked"), "{args:?}: {}", said.stderr);
    }

    fn records(&self) -> Vec<Value> {
        let listed = self.run(&["kb", "review", "--json"]);
        serde_json::from_str(&listed.stdout).unwrap_or_else(|error| panic!("{error}: {listed:?}"))
    }

    fn export(&self) -> String {
        let exported = self.run(&["kb", "export"]);
        assert_eq!(exported.code, 0, "{exported:?}");
        exported.stdout
    }
}

fn overwrite(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    change(&mut bytes);
    fs::write(path, bytes).expect("written");
}

#[test]
fn a_damaged_store_is_named_and_kb_build_brings_back_what_was_learned() {
    type Damage = fn(&Machine);
    let damages: [(&str, Damage); 4] = [
        // Where sled has put what was learned into the first half, half a store is whole enough to review it: so less is left.
        ("cut", |machine| overwrite(&machine.kb("store/db"), |bytes| bytes.truncate(4_096))),
        ("emptied", |machine| overwrite(&machine.kb("store/db"), Vec::clear)),
        ("noise", |machine| {
            overwrite(&machine.kb("store/db"), |bytes| bytes.iter_mut().for_each(|byte| *byte = byte.wrapping_mul(31)));
        }),
        ("a file", |machine| {
            fs::remove_dir_all(machine.kb("store")).expect("removed");
            fs::write(machine.kb("store"), "no store").expect("written");
        }),
    ];
    for (name, damage) in damages {
        let machine = Machine::that_knows("push_str");
        machine.ends(&["kb", "build"], 0, "items");
        let (known, id) = (machine.records(), machine.records()[0]["id"].as_str().expect("an id").to_owned());
        damage(&machine);
        // Who reads goes on with what was published; who writes is told what to do.
        assert_eq!(machine.records(), known, "{name}");
        machine.ends(&["kb", "search", "land", "-k", "1"], 0, "land");
        machine.ends(&["kb", "review", "reject", &id], 9, "is damaged");
        machine.ends(&["kb", "review", "reject", &id], 9, "run `flightsmith kb build`");
        machine.ends(&["kb", "build"], 0, "it is kept in");
        assert_eq!(machine.records(), known, "{name}");
        machine.ends(&["kb", "review", "reject", &id], 0, "rejected");
    }
}

#[test]
fn damaged_and_foreign_publications_are_made_again_or_named() {
    let machine = Machine::that_knows("push_str");
    machine.ends(&["kb", "build"], 0, "items");
    let known = machine.records();
    let newer = |bytes: &mut Vec<u8>| bytes[8] = 99;
    for change in [|bytes: &mut Vec<u8>| bytes.truncate(100_000), newer, Vec::clear] {
        overwrite(&machine.kb("snapshot.kb"), change);
        machine.ends(&["kb", "search", "land", "-k", "1"], 0, "land");
    }
    for (change, says) in [(Vec::clear as fn(&mut Vec<u8>), "is damaged"), (newer, "update this one")] {
        overwrite(&machine.kb("learned.kb"), change);
        machine.ends(&["kb", "review"], 9, says);
        machine.ends(&["kb", "stats"], 9, says);
        machine.ends(&["kb", "build"], 0, "items");
        assert_eq!(machine.records(), known);
    }
}

#[test]
fn a_disk_that_is_full_is_named_and_what_was_learned_stays() {
    let machine = Machine::that_knows("push_str");
    let (known, id) = (machine.records(), machine.records()[0]["id"].as_str().expect("an id").to_owned());
    // No file of ours may grow beyond 51 kB; the store's is larger. Children have limits of their own.
    let limited = |which: &str, args: &[&str]| {
        let mut command = std::process::Command::new("sh");
        let script = format!("ulimit {which} -f 100; exec \"$0\" \"$@\"");
        command.args(["-c", &script]).arg(flightsmith_tests::program()).args(args);
        lives_in(&mut command, machine.home.path());
        said(command.current_dir(machine.home.path()).output().expect("sh"))
    };
    for args in [&["kb", "build"][..], &["kb", "review", "reject", &id], &["kb", "correct", "wrong.rs", "right.rs"]] {
        let said = limited("-S", args);
        assert!(said.code == 9 && said.stderr.contains("no space left"), "{args:?}: {said:?}");
        assert!(!said.stderr.contains("panicked"), "{args:?}: {said:?}");
        assert_eq!(machine.records(), known, "{args:?}");
    }
    // Where children are limited as well, it is said what they could not do.
    let said = limited("", &["kb", "correct", "wrong.rs", "right.rs"]);
    assert!([3, 4, 9].contains(&said.code) && !said.stderr.contains("could not start"), "{said:?}");
    machine.ends(&["kb", "review", "reject", &id], 0, "rejected");
}

#[test]
fn what_is_no_export_is_refused_whole_and_exports_of_two_machines_meet_once() {
    let (one, other) = (Machine::that_knows("push_str"), Machine::that_knows("push_str"));
    other.learn_that("pub fn f(v: &[u32]) -> u32 {\n    v.total_of()\n}\n", ("total_of", "iter().sum"));
    let merged = |exports: &[&Machine]| {
        let machine = Machine::new();
        for from in exports {
            fs::write(machine.file("from.jsonl"), from.export()).expect("written");
            machine.ends(&["kb", "import", "from.jsonl"], 0, "learned records");
        }
        machine
    };
    let (third, fourth) = (merged(&[&one, &other, &one, &other]), merged(&[&other, &one]));
    assert_eq!(third.export(), fourth.export());
    let worked: Vec<_> = third.records().iter().map(|record| record["worked"].as_u64().expect("a number")).collect();
    assert_eq!(worked, [2, 1], "two machines have seen the first, one the second");

    let export = other.export();
    for (name, bytes, says) in [
        ("binary", b"\x7fELF\x02\x01\x01\0\0\xff\xfe".to_vec(), "line 1: no export of a knowledge base: not UTF-8"),
        ("newer", export.replace("\"format\":2", "\"format\":3").into(), "update this one"),
        ("torn", export.as_bytes()[..export.len() - 9].to_vec(), "no export of a knowledge base"),
        ("long", [export.as_bytes(), &vec![b'x'; 3 << 20]].concat(), "3145728 bytes (limit"),
    ] {
        let machine = Machine::new();
        fs::write(machine.file(name), bytes).expect("written");
        machine.ends(&["kb", "import", name], 9, says);
        assert_eq!(machine.records().len(), 0, "{name}");
    }
    third.ends(&["kb", "import", "/dev/zero"], 9, "has more than 268435456 bytes");
    third.ends(&["kb", "import", "nowhere"], 9, "nowhere: No such file");
    third.ends(&["kb", "import", "."], 9, "Is a directory");
    assert_eq!(third.export(), fourth.export());
}

#[test]
fn several_who_write_at_once_all_write() {
    let machine = Machine::new();
    let calls = ["first_of", "second_of", "third_of", "fourth_of"];
    let writers = calls.map(|call| {
        let (wrong, right) = (format!("{call}.rs"), format!("{call}-right.rs"));
        fs::write(machine.file(&wrong), WRONG.replace("add_line_of", call)).expect("written");
        fs::write(machine.file(&right), WRONG.replace("add_line_of", "push_str")).expect("written");
        let mut command = flightsmith(machine.home.path(), &["kb", "correct", &wrong, &right]);
        command.env("XDG_DATA_HOME", machine.home.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("started")
    });
    for writer in writers {
        let said = said(writer.wait_with_output().expect("ended"));
        assert_eq!(said.code, 0, "{said:?}");
    }
    assert_eq!(machine.records().len(), calls.len());
}

#[test]
fn queries_out_of_measure_are_answered_or_refused() {
    let machine = Machine::new();
    let (words, one) = ("land ".repeat(20_000), "a".repeat(100_000));
    machine.ends(&["kb", "search", &words, "-k", "1"], 0, "land");
    machine.ends(&["kb", "search", &one, "-k", "1"], 0, "");
    machine.ends(&["kb", "search", ""], 0, "nothing is found");
    machine.ends(&["kb", "search", "\u{2603}"], 0, "nothing is found");
    machine.ends(&["ask", &words], 0, "Sources:");
    machine.ends(&["ask", " "], 2, "the question is empty");
    for args in [["kb", "search"], ["kb", "import"]] {
        let mut command = flightsmith(machine.home.path(), &args);
        command.arg(OsStr::from_bytes(b"\xff\xfe land")).env("XDG_DATA_HOME", machine.home.path());
        let said = said(command.output().expect("it runs"));
        assert!([2, 9].contains(&said.code) && !said.stderr.contains("panicked"), "{args:?}: {said:?}");
    }
}
