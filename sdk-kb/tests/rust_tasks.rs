//! Every general Rust task is what its reader takes it for, compiles without a warning, and does what it claims: all of them as modules
//! of one program whose `main` runs theirs, and once more as tests, for the tests that some of them show.
use flightsmith_kb::corpus::tasks::Task;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Topics that must be there, each with at least this many tasks.
const LEAST_IN_EACH_TOPIC: usize = 3;
const LEAST_IN_ALL: usize = 150;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/rust")
}

/// Topic and name of each task, in order, with its source.
fn tasks() -> BTreeMap<(String, String), String> {
    let names = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
    };
    let mut found = BTreeMap::new();
    for topic in names(&corpus()) {
        for path in names(&topic) {
            let part = |path: &Path| path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
            found.insert((part(&topic), part(&path)), fs::read_to_string(&path).expect("a task"));
        }
    }
    found
}

fn run(program: &Path, arguments: &[&str], what: &str) -> String {
    let said = Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{what}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success(), "{what} failed:\n{out}\n{err}");
    out.into_owned()
}

#[test]
fn tasks_are_told_apart_and_spread_over_the_topics() {
    let tasks = tasks();
    assert!(tasks.len() >= LEAST_IN_ALL, "{} tasks", tasks.len());
    let mut in_topic: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut titles, mut questions) = (BTreeSet::new(), BTreeSet::new());
    for ((topic, name), source) in &tasks {
        *in_topic.entry(topic).or_default() += 1;
        let task = Task::parse(source).unwrap_or_else(|reason| panic!("{topic}/{name}: {reason}"));
        assert!((2..=5).contains(&task.questions.len()), "{topic}/{name} answers {} questions", task.questions.len());
        assert!(task.explanation.contains("Pitfalls:"), "{topic}/{name} names no pitfalls");
        assert!(task.code.contains("assert"), "{topic}/{name} asserts nothing");
        assert!(titles.insert(task.title.clone()), "{topic}/{name}: another task is called {:?}", task.title);
        for question in task.questions {
            assert!(questions.insert(question.clone()), "{topic}/{name}: another task answers {question:?}");
        }
    }
    assert!(in_topic.len() >= 20, "{in_topic:?}");
    assert!(in_topic.values().all(|count| *count >= LEAST_IN_EACH_TOPIC), "{in_topic:?}");
}

/// The tasks as modules of one program in `folder`; gives its main file.
fn one_program(folder: &Path) -> PathBuf {
    let (mut modules, mut calls) = (String::new(), String::new());
    for ((topic, name), source) in tasks() {
        let module = format!("{topic}_{name}").replace('-', "_");
        // A module may not begin with inner documentation behind other text, so the header becomes a plain comment: lines stay.
        let body = source.replace("\n//!", "\n//").replacen("//!", "//", 1);
        let path = folder.join(&module).with_extension("rs");
        fs::write(path, format!("{body}\npub fn run_main() {{\n    let _ = main();\n}}\n")).expect("written");
        modules.push_str(&format!("mod {module};\n"));
        calls.push_str(&format!("    run({:?}, {module}::run_main, &mut failed);\n", format!("{topic}/{name}")));
    }
    let main = format!(
        "{modules}
fn run(name: &'static str, task: fn(), failed: &mut Vec<&'static str>) {{
    if std::panic::catch_unwind(task).is_err() {{
        failed.push(name);
    }}
}}

fn main() {{
    let mut failed = Vec::new();
{calls}    assert!(failed.is_empty(), \"these do not do what they claim: {{failed:?}}\");
    println!(\"all ran\");
}}
"
    );
    let path = folder.join("main.rs");
    fs::write(&path, main).expect("written");
    path
}

#[test]
fn every_task_compiles_without_a_warning_and_does_what_it_claims() {
    let dir = tempfile::tempdir().expect("a folder");
    let main = one_program(dir.path());
    let rustc = PathBuf::from(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let (source, program) = (main.to_string_lossy(), dir.path().join("tasks"));
    let output = program.to_string_lossy();
    let common = ["--edition=2024", "-Cdebuginfo=0", &*source, "-o", &*output];
    run(&rustc, &[&common[..], &["-Dwarnings"]].concat(), "compiling the tasks");
    assert_eq!(run(&program, &[], "running the tasks"), "all ran\n");

    // What only `main` uses is unused there.
    run(&rustc, &[&common[..], &["--test", "-Adead_code", "-Aunused"]].concat(), "compiling the tasks' tests");
    let said = run(&program, &[], "the tasks' tests");
    let passed: usize =
        said.split("test result: ok. ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok()).expect("a count");
    assert!(passed >= 7, "{said}");
}

#[test]
fn the_code_is_laid_out_by_rustfmt() {
    let tasks: Vec<String> = tasks()
        .keys()
        .map(|(topic, name)| corpus().join(topic).join(name).with_extension("rs").to_string_lossy().into_owned())
        .collect();
    let mut arguments = vec!["--edition=2024", "--check"];
    arguments.extend(tasks.iter().map(String::as_str));
    run(Path::new("rustfmt"), &arguments, "rustfmt --check of the tasks (rustfmt --edition 2024 FILES mends it)");
}
