//! What people teach and what runs teach changes what is done next, and nothing that must not be learned is: with the real program.
use flightsmith_tests::{Said, at_home};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A machine that has learned nothing, and a folder for its files.
struct Machine {
    home: tempfile::TempDir,
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let folder = || tempfile::tempdir().expect("a folder");
        Self { home: folder(), folder: folder() }
    }

    fn run(&self, args: &[&str]) -> Said {
        at_home(self.home.path(), self.folder.path(), args)
    }

    /// Runs to exit code `code`; what it says on both streams.
    fn ends(&self, args: &[&str], code: i32) -> String {
        let said = self.run(args);
        assert_eq!(said.code, code, "{args:?}: {}{}", said.stdout, said.stderr);
        assert!(!said.stderr.contains("panicked"), "{args:?}: {}", said.stderr);
        said.stdout + &said.stderr
    }

    fn json(&self, args: &[&str]) -> Value {
        let said = self.run(args);
        serde_json::from_str(&said.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}: {said:?}"))
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("made");
        fs::write(&path, text).expect("written");
        path
    }

    /// A crate of one file, in the folder `name`.
    fn project(&self, name: &str, text: &str) {
        let manifest = "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
        self.put(&format!("{name}/Cargo.toml"), manifest);
        self.put(&format!("{name}/src/lib.rs"), text);
    }

    /// What `fix` would do: its report.
    fn fix(&self, project: &str) -> Value {
        self.json(&["fix", project, "--check", "--json"])
    }

    /// What `fix` does, also where the project's own tests are to pass: its report. The project is broken again afterwards.
    fn mend(&self, project: &str, more: &[&str]) -> Value {
        let path = self.folder.path().join(project).join("src/lib.rs");
        let broken = fs::read_to_string(&path).expect("a project");
        let report = self.json(&[&["fix", project, "--allow-no-vcs", "--json"], more].concat());
        fs::write(&path, broken).expect("written");
        report
    }

    fn correct(&self, wrong: &str, right: &str) -> Said {
        self.put("wrong.rs", wrong);
        self.put("right.rs", right);
        self.run(&["kb", "correct", "wrong.rs", "right.rs"])
    }

    /// The learned fixes, as `kb review` lists them.
    fn records(&self) -> Vec<Value> {
        self.reviewed().into_iter().filter(|record| record.get("step").is_none()).collect()
    }

    /// What was counted of steps.
    fn steps(&self) -> Vec<Value> {
        self.reviewed().into_iter().filter(|record| record.get("step").is_some()).collect()
    }

    fn reviewed(&self) -> Vec<Value> {
        self.json(&["kb", "review", "--json"]).as_array().expect("a list").clone()
    }

    fn id(&self, number: usize) -> String {
        self.records()[number]["id"].as_str().expect("an id").to_owned()
    }
}

/// The rungs of a report's steps.
fn rungs(report: &Value) -> Vec<&str> {
    report["steps"].as_array().expect("steps").iter().map(|step| step["rung"].as_str().expect("a rung")).collect()
}

const WRONG: &str =
    "pub fn a() -> String {\n    let mut text = String::new();\n    text.add_line_of(\"a\");\n    text\n}\n";
const OTHER: &str = "pub fn b(lines: &[String]) -> String {\n    let mut report = String::new();\n    report.add_line_of(lines[0].trim());\n    report\n}\n";

#[test]
fn a_correction_mends_the_like_elsewhere_until_it_is_rejected() {
    let machine = Machine::new();
    machine.project("other", OTHER);
    assert_eq!(machine.fix("other")["mended"], false);
    let learned = machine.correct(WRONG, &WRONG.replace("add_line_of", "push_str"));
    assert_eq!(learned.code, 0, "{learned:?}");
    assert!(
        learned.stdout.contains("accepted") && learned.stdout.contains("`add_line_of` -> `push_str`"),
        "{learned:?}"
    );
    assert!(learned.stdout.contains("corrected by a person, file wrong.rs"), "{learned:?}");
    let mended = machine.fix("other");
    assert_eq!((&mended["mended"], &mended["builds"], rungs(&mended)), (&true.into(), &2.into(), vec!["learned"]));
    let after = mended["changes"][0]["after"].as_str();
    assert_eq!(after, Some(OTHER.replace("add_line_of", "push_str").as_str()));

    let id = machine.id(0);
    let rejected = machine.ends(&["kb", "review", "reject", &id], 0);
    assert!(rejected.contains("rejected"), "{rejected}");
    assert_eq!(machine.fix("other")["mended"], false);
    let change = rejected.split("review undo ").nth(1).and_then(|rest| rest.split('`').next()).expect("how to undo it");
    assert!(machine.ends(&["kb", "review", "undo", change], 0).contains("accepted"));
    assert_eq!(rungs(&machine.fix("other")), ["learned"]);

    // It was shown since, and what was done to it can be undone all the same; once.
    assert!(machine.ends(&["kb", "review", "undo", change], 3).contains("undo that first"));
    let accepted = machine.ends(&["kb", "review", "accept", &id], 0);
    assert!(accepted.contains("nothing changed"), "{accepted}");
    assert!(
        machine.ends(&["kb", "review", "undo", "3"], 0).contains("candidate"),
        "the third change was its acceptance"
    );
    assert!(machine.ends(&["kb", "review", "undo", "1"], 0).contains(&id));
    assert_eq!((machine.records().len(), &machine.fix("other")["mended"]), (0, &Value::from(false)));
    let changes = machine.ends(&["kb", "review", "changes"], 0);
    assert!(changes.contains("undo of 3") && changes.contains("reject"), "{changes}");
    // All of it was asked with `--check`: what was only shown teaches nothing, and counts nowhere.
    let stats = machine.json(&["kb", "stats", "--json"]);
    assert_eq!(stats["counters"], serde_json::json!({}), "{stats}");
}

#[test]
fn what_is_not_there_cannot_be_reviewed() {
    let machine = Machine::new();
    machine.correct(WRONG, &WRONG.replace("add_line_of", "push_str"));
    let table: [(&[&str], i32, &str); 7] = [
        (&["accept", "0123456789abcdef"], 2, "no learned record 0123456789abcdef; `flightsmith kb review` lists them"),
        (&["reject", ""], 2, "no learned record"),
        (&["undo", "99"], 2, "no change 99 in the journal; `flightsmith kb review changes` lists them"),
        (&["undo", "0"], 2, "no change 0"),
        (&["undo", "-1"], 2, "unexpected argument"),
        (&["undo", "first"], 2, "invalid digit"),
        (&["forget", "it"], 2, "unrecognized"),
    ];
    let before = machine.records();
    for (args, code, says) in table {
        let said = machine.ends(&[&["kb", "review"], args].concat(), code);
        assert!(said.contains(says), "{args:?}: {said}");
    }
    assert_eq!(machine.records(), before);
}

#[test]
fn corrections_that_teach_nothing_are_refused_with_the_reason() {
    let machine = Machine::new();
    let call = "pub fn f(v: &mut Vec<u8>) {\n    v.push_all_of(1);\n    v.push(2);\n}\n";
    let byte = "pub fn f(v: &[u8]) -> u8 {\n    v.get_at(0)\n}\n";
    let text = "pub fn f() -> String {\n    read_all_of(\"x\")\n}\n";
    let right = WRONG.replace("add_line_of", "push_str");
    let table: [(&str, String, &str); 9] = [
        (&right, right.clone(), "compiles as it is"),
        (WRONG, WRONG.to_owned(), "the correction does not compile: no method named `add_line_of`"),
        (WRONG, String::new(), "nothing of it can be used elsewhere"),
        (call, call.replace("    v.push_all_of(1);\n", ""), "it removes a call of `push_all_of`"),
        (byte, byte.replace("v.get_at(0)", "unsafe { *v.get_unchecked(0) }"), "brings in `unsafe`"),
        (byte, byte.replace("v.get_at(0)", "todo!()"), "brings in `todo`"),
        (text, text.replace("read_all_of(\"x\")", "std::fs::read_to_string(\"x\").unwrap()"), "brings in `fs`"),
        (text, text.replace("read_all_of(\"x\")", "std::env::var(\"x\").unwrap()"), "brings in `env`"),
        (text, text.replace("read_all_of(\"x\")", "format!(\"{}\", 17)"), "of this program alone"),
    ];
    for (wrong, right, says) in table {
        let said = machine.correct(wrong, &right);
        assert!(said.code == 3 && said.stderr.contains(says), "{wrong} -> {right}: {said:?}");
    }
    machine.put("bytes.rs", "");
    fs::write(machine.folder.path().join("bytes.rs"), b"fn caf\xe9() {}").expect("written");
    for (args, code, says) in [
        (&["none.rs", "right.rs"][..], 9, "none.rs: No such file"),
        (&["bytes.rs", "right.rs"], 9, "bytes.rs: is no text in UTF-8 (byte 7)"),
        (&[".", "right.rs"], 9, "Is a directory"),
        (&["/dev/zero", "right.rs"], 9, "/dev/zero: has more than"),
        (&["wrong.rs"], 2, "<RIGHT>"),
        (&["wrong.rs", "right.rs", "--diff", "x"], 2, "cannot be used with"),
    ] {
        let said = machine.ends(&[&["kb", "correct"], args].concat(), code);
        assert!(said.contains(says), "{args:?}: {said}");
    }
    assert!(machine.ends(&["kb", "review"], 0).contains("nothing learned yet"));
}

#[test]
fn a_diff_teaches_from_either_side_and_only_about_its_project() {
    let machine = Machine::new();
    let (wrong, right) = (
        "pub fn f(v: &[u32]) -> u32 {\n    v.total_of()\n}\n",
        "pub fn f(v: &[u32]) -> u32 {\n    v.iter().sum()\n}\n",
    );
    machine.put("ws/Cargo.toml", "[workspace]\nmembers = [\"core\"]\nresolver = \"3\"\n");
    machine.project("ws/core", wrong);
    let part = |path: &str| {
        format!(
            "--- a/{path}\n+++ b/{path}\n@@ -1,3 +1,3 @@\n pub fn f(v: &[u32]) -> u32 {{\n-    v.total_of()\n+    v.iter().sum()\n }}\n"
        )
    };
    machine.put("of-workspace.diff", &part("core/src/lib.rs"));
    machine.put("of-member.diff", &part("src/lib.rs"));
    let learn = |diff: &str, root: &str| machine.ends(&["kb", "correct", "--diff", diff, "--root", root], 0);
    assert!(learn("of-workspace.diff", "ws").contains("`total_of` -> `iter().sum`"));
    machine.put("ws/core/src/lib.rs", right);
    assert!(learn("of-member.diff", "ws/core").contains("`total_of` -> `iter().sum`"));
    assert_eq!(machine.records().len(), 1);
    machine.project("other", "pub fn g(all: &[u32]) -> u32 {\n    let sum: u32 = all.total_of();\n    sum + 1\n}\n");
    assert_eq!(rungs(&machine.fix("other")), ["learned"]);

    let secret = machine.put("secret.rs", wrong);
    std::os::unix::fs::symlink(&secret, machine.folder.path().join("ws/core/src/link.rs")).expect("linked");
    let bad = |name: &str, text: String, says: &str| {
        machine.put(name, &text);
        let said = machine.ends(&["kb", "correct", "--diff", name, "--root", "ws"], 9);
        assert!(said.contains(says), "{name}: {said}");
    };
    bad(
        "stale.diff",
        part("core/src/lib.rs").replace("total_of", "totals_of").replace("sum()", "sums()"),
        "stale.diff: does not apply",
    );
    bad("up.diff", part("../secret.rs"), "../secret.rs is not below the folder");
    bad("root.diff", part("x").replace("b/x", "/etc/x.rs"), "/etc/x.rs is not below the folder");
    bad("link.diff", part("core/src/link.rs"), "through a link");
    bad("none.diff", part("core/src/none.rs"), "none.rs: No such file");
    bad("empty.diff", String::new(), "it changes no file");
    bad("prose.diff", "It should be the sum.\n".into(), "it changes no file");
    bad("torn.diff", part("core/src/lib.rs").replace(" }\n", "!}\n"), "line 7 is none of a unified diff");
    bad("manifest.diff", part("core/Cargo.toml"), "it changes no Rust source");
    assert_eq!(machine.records().len(), 1);
}

#[test]
fn fixes_that_contradict_each_other_compete_on_their_record() {
    let machine = Machine::new();
    // The same error, and two who mended it for what each of them wanted.
    let wrong = |result: &str| format!("pub fn f(v: &[u32]) -> {result} {{\n    v.measure()\n}}\n");
    for (result, right) in [("usize", "len"), ("bool", "is_empty")] {
        let said = machine.correct(&wrong(result), &wrong(result).replace("measure", right));
        assert_eq!(said.code, 0, "{said:?}");
    }
    let records = machine.records();
    assert_eq!((records.len(), &records[0]["signature"]), (2, &records[1]["signature"]));
    let first = records.iter().position(|record| record["template"].to_string().contains("\"len\"")).expect("there");
    // Whichever is tried first: projects that want the other one teach that.
    let wants = if machine.tried_first("usize") { "bool" } else { "usize" };
    machine.project("wants", &wrong(wants));
    let builds = |report: &Value| report["builds"].as_u64().expect("a number");
    let shown = machine.fix("wants");
    assert_eq!(builds(&shown), 3);
    let before = machine.mend("wants", &[]);
    let after = machine.mend("wants", &[]);
    assert_eq!((&before["mended"], &after["mended"]), (&true.into(), &true.into()));
    assert_eq!((builds(&before), builds(&after)), (3, 2), "the one that failed goes on being tried first");
    let tried = machine.records();
    let of_len = (&tried[first]["worked"], &tried[first]["failed"]);
    let expected: (Value, Value) = if wants == "usize" { (3.into(), 0.into()) } else { (1.into(), 1.into()) };
    assert_eq!(of_len, (&expected.0, &expected.1), "{tried:?}");
}

#[test]
fn a_fix_that_compiles_and_that_the_projects_tests_refuse_has_failed() {
    let machine = Machine::new();
    let text = |result: &str| format!("pub fn f(v: &[u32]) -> u32 {{\n    v.measure()\n}}\n{result}");
    let said = machine.correct(&text(""), &text("").replace("v.measure()", "v.iter().sum()"));
    assert_eq!(said.code, 0, "{said:?}");
    let record = || {
        let record = machine.records().pop().expect("one");
        (record["worked"].as_u64().expect("a number"), record["failed"].as_u64().expect("a number"))
    };
    assert_eq!(record(), (1, 0));
    let test = |expected: u32| {
        text(&format!("#[test]\nfn it_is_right() {{\n    assert_eq!(f(&[2, 3, 2]), {expected});\n}}\n"))
    };
    // As far as the compiler can tell it is mended; that is a success.
    machine.project("greatest", &test(3));
    let compiled = machine.mend("greatest", &[]);
    assert_eq!((&compiled["mended"], rungs(&compiled), record()), (&true.into(), vec!["learned"], (2, 0)));
    // Its tests know better.
    let refused = machine.mend("greatest", &["--test"]);
    assert_eq!((&refused["mended"], rungs(&refused), record()), (&false.into(), vec!["learned"], (2, 5)));
    // Where it is what was wanted it is a success again.
    machine.project("sum", &test(7));
    assert_eq!((&machine.mend("sum", &["--test"])["mended"], record()), (&true.into(), (3, 5)));
}

#[test]
fn what_is_always_in_vain_is_not_tried_for_ever() {
    let machine = Machine::new();
    // Several steps are proposed for this and none of them is right; nothing but a person knows what was meant.
    machine.project("hopeless", "pub fn f(n: u8) -> u32 {\n    let all: Vec<u32> = n;\n    all[0]\n}\n");
    let builds = || machine.mend("hopeless", &[])["builds"].as_u64().expect("a number");
    let first = builds();
    assert!(first > 1, "nothing was tried");
    assert_eq!([builds(), builds()], [first, first]);
    assert_eq!(builds(), 1, "what failed three times is tried again");
    let told = machine.ends(&["kb", "review"], 0);
    assert!(told.contains("step, never helped in 3 repairs: goes last, or is left out"), "{told}");
    assert!(machine.ends(&["kb", "stats"], 0).contains("are left out where nothing ever helped"));
    assert_eq!((machine.records().len(), machine.ends(&["kb", "review", "changes"], 0).as_str()), (0, ""));
    // Another machine that is told so does not try either; told twice it knows no more.
    machine.ends(&["kb", "export", "learned.jsonl"], 0);
    let file = machine.folder.path().join("learned.jsonl").display().to_string();
    machine.ends(&["kb", "import", &file], 0);
    let known = machine.steps();
    assert!(known.iter().all(|step| step["failed"] == 3 && step["standing"] == "left out"), "{known:?}");
    // A person who rejects what was counted has it tried again.
    for step in &known {
        machine.ends(&["kb", "review", "reject", step["id"].as_str().expect("an id")], 0);
    }
    assert_eq!(builds(), first);
}

impl Machine {
    /// Whether the fix for this result is the one that is tried first: on a copy of what was learned, so that the trial counts nowhere.
    fn tried_first(&self, result: &str) -> bool {
        let export = self.run(&["kb", "export", "learned.jsonl"]);
        assert_eq!(export.code, 0, "{export:?}");
        let other = Machine::new();
        let file = self.folder.path().join("learned.jsonl").display().to_string();
        other.ends(&["kb", "import", &file], 0);
        other.project("p", &format!("pub fn f(v: &[u32]) -> {result} {{\n    v.measure()\n}}\n"));
        other.fix("p")["builds"] == 2
    }
}

/// A model that always writes the same slip, and mends it at its second try, as small ones do. Notes each question in `questions`.
fn model_with_a_slip(folder: &Path) -> String {
    let answer = |content: String| serde_json::json!({ "content": content }).to_string();
    let mission = "```rust\nuse flightsmith_sdk::prelude::*;\n\npub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, \
                   FlightError> {\n    let mut vehicle = vehicle.arm_and_take_off(AboveHome(5.0)).await?;\n    \
                   vehicle.pause_in_place_for(3.0).await?;\n    vehicle.land().await\n}\n```\n";
    let edit = |old: &str, new: &str| {
        let line = |call: &str| format!("    vehicle.{call}.await?;");
        answer(serde_json::json!({ "edits": [{ "first_line": 5, "last_line": 5, "old": line(old), "replacement": line(new) }] }).to_string())
    };
    for (name, text) in [
        ("mission.json", answer(mission.to_owned())),
        ("worse.json", edit("pause_in_place_for(3.0)", "wait_without_moving(Seconds(3.0))")),
        ("right.json", edit("pause_in_place_for(3.0)", "hold(Seconds(3.0))")),
        ("later.json", edit("wait_without_moving(Seconds(3.0))", "hold(Seconds(3.0))")),
    ] {
        fs::write(folder.join(name), text).expect("written");
    }
    let script = "cd \"$(dirname \"$0\")\"\ncat > asked\nif ! grep -q 'You mend Rust' asked; then echo write >> questions; cat mission.json\n\
                  elif ! grep -q wait_without_moving asked; then echo mend >> questions; cat worse.json\n\
                  elif grep -q 'no method named `wait_without_moving' asked; then echo mend >> questions; cat later.json\n\
                  else echo mend >> questions; cat right.json; fi\n";
    fs::write(folder.join("model.sh"), script).expect("written");
    format!("cmd:sh {}", folder.join("model.sh").display())
}

#[test]
fn a_mission_that_was_mended_and_flown_teaches_the_next_run() {
    let machine = Machine::new();
    let llm = model_with_a_slip(machine.folder.path());
    let fly = |out: &str| {
        let words = "take off to 5 m, hold for 3 s and land";
        machine.ends(&["run", words, "--llm", &llm, "--target", "host", "--flights", "2", "--yes", "--out", out], 0);
        let asked = fs::read_to_string(machine.folder.path().join("questions")).expect("asked");
        fs::remove_file(machine.folder.path().join("questions")).expect("removed");
        let report = flightsmith_tests::report(&machine.folder.path().join(out));
        let attempts = report["attempts"].as_array().expect("attempts");
        let last = attempts.last().and_then(|attempt| attempt["fixer"].as_str()).expect("an attempt").to_owned();
        let compiles = machine.json(&["kb", "stats", "--json"])["counters"]["repair compiles"].as_u64();
        (last, asked.lines().collect::<Vec<_>>().join(" "), compiles.expect("counted"))
    };
    let (fixer, asked, first) = fly("first");
    assert_eq!((fixer.as_str(), asked.as_str()), ("model, mending", "write mend mend"));
    // What did not compile taught nothing: each of its two slips is answered by what flew.
    let learned = machine.records();
    let listed = machine.ends(&["kb", "review"], 0);
    assert!(listed.contains("`pause_in_place_for ( <0> )` -> `hold(Seconds(<0>))`"), "{listed}");
    assert!(!listed.contains("-> `wait_without_moving"), "{listed}");
    for record in &learned {
        let evidence = &record["evidence"][0];
        assert_eq!(
            (&record["state"], &evidence["run"], &evidence["flights"]),
            (&"candidate".into(), &"first".into(), &2.into())
        );
    }
    assert!(listed.contains("flights 2") && listed.contains("run first"), "{listed}");

    let (fixer, asked, both) = fly("second");
    assert_eq!((fixer.as_str(), asked.as_str()), ("learned fixes", "write"));
    assert!(both - first < first, "{first} compiles, then {}", both - first);
    let again = machine.records();
    let used = again.iter().find(|record| record["worked"] == 2).expect("counted");
    assert_eq!((again.len(), &used["failed"]), (learned.len(), &0.into()));
    // Rejected, it is the model's turn again (its second slip is still known), and it is not learned again.
    machine.ends(&["kb", "review", "reject", used["id"].as_str().expect("an id")], 0);
    assert_eq!(fly("third").1, "write mend");
    assert_eq!(machine.records().iter().filter(|record| record["state"] == "rejected").count(), 1);
}
