//! `fix`: small projects mended in the sandbox, and hostile ones that find nothing to do harm to.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use expect_test::expect;
use flightsmith::repair::project::{FixError, FixOptions, FixReport, FixTools, fix_project};
use flightsmith::repair::{Bounds, Limit, Proposer, Sources, Stuck, Workbench};
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::sandbox::Sandbox;
use flightsmith_toolchain::targets::{self, Target, Toolchain};

struct Machine {
    host: Host,
    sandbox: Sandbox,
    toolchain: Toolchain,
}

fn machine() -> &'static Machine {
    static MACHINE: OnceLock<Machine> = OnceLock::new();
    MACHINE.get_or_init(|| {
        let path = std::env::var_os("PATH").expect("a PATH");
        let host = Host::new(std::env::split_paths(&path).collect(), std::env::var_os("HOME").expect("a home"));
        let sandbox = Sandbox::probe(&host).unwrap_or_else(|error| panic!("{error}"));
        let toolchain = targets::find(Target::Host, &host).unwrap_or_else(|error| panic!("{error}"));
        Machine { host, sandbox, toolchain }
    })
}

/// A cargo project in a temporary folder.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        project.put("Cargo.toml", "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        for (path, text) in files {
            project.put(path, text);
        }
        project
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join(path)).unwrap()
    }

    fn fix_with(&self, options: &FixOptions, bench: &mut Workbench<'_>) -> Result<FixReport, FixError> {
        let Machine { host, sandbox, toolchain } = machine();
        fix_project(self.folder.path(), options, FixTools { host, sandbox, toolchain }, bench)
    }

    fn fix(&self, options: &FixOptions) -> FixReport {
        self.fix_with(options, &mut Workbench::default()).unwrap_or_else(|error| panic!("{error:#?}"))
    }
}

fn options() -> FixOptions {
    FixOptions {
        allow_dirty: false,
        allow_no_vcs: true,
        check_only: false,
        run_tests: false,
        bounds: Bounds { judged: 10, mender_calls: 3, wall: Duration::from_secs(600) },
    }
}

const BROKEN: &str = "pub fn double(values: Vec<i32>) -> Vec<i32> {\n    let doubled = Vec::new();\n    for value in &values {\n        doubled.push(value * 2);\n    }\n    doubled\n}\n";

#[test]
fn the_compilers_suggestions_mend_a_project_in_place() {
    let project = Project::new(&[("src/lib.rs", BROKEN)]);
    let report = project.fix(&options());
    assert_eq!((report.mended, report.written, report.builds, report.exit_code()), (true, true, 2, 0));
    expect![[r"
        --- a/src/lib.rs
        +++ b/src/lib.rs
        @@ -1,5 +1,5 @@
         pub fn double(values: Vec<i32>) -> Vec<i32> {
        -    let doubled = Vec::new();
        +    let mut doubled = Vec::new();
             for value in &values {
                 doubled.push(value * 2);
             }
    "]]
    .assert_eq(&report.diff());
    assert_eq!(project.text("src/lib.rs"), BROKEN.replace("let doubled", "let mut doubled"));
    assert!(!project.folder.path().join("target").exists() && !project.folder.path().join("Cargo.lock").exists());
}

#[test]
fn dependencies_come_from_what_cargo_has_downloaded() {
    // These are dependencies of ours, so they are downloaded wherever this test was built; one is a procedural macro.
    let manifest = "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nitoa = \"1\"\nthiserror = \"2\"\n";
    let lib = "#[derive(Debug, thiserror::Error)]\n#[error(\"no\")]\npub struct No;\npub fn text(number: u64) -> String {\n    let buffer = itoa::Buffer::new();\n    buffer.format(number).to_owned()\n}\n";
    let project = Project::new(&[("Cargo.toml", manifest), ("src/lib.rs", lib)]);
    let report = project.fix(&options());
    assert!(report.mended, "{report:#?}");
    assert_eq!(project.text("src/lib.rs"), lib.replace("let buffer", "let mut buffer"));
}

#[test]
fn what_features_switch_on_is_mended_too() {
    let manifest = "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[features]\nextra = []\n";
    let lib = format!("pub fn ok() {{}}\n#[cfg(feature = \"extra\")]\n{BROKEN}");
    let project = Project::new(&[("Cargo.toml", manifest), ("src/lib.rs", &lib)]);
    assert!(project.fix(&options()).mended);
    assert_eq!(project.text("src/lib.rs"), lib.replace("let doubled", "let mut doubled"));
    // Features that exclude each other are nothing to mend.
    let exclusive = "#[cfg(feature = \"extra\")]\ncompile_error!(\"extra is for another machine\");\n";
    let project = Project::new(&[("Cargo.toml", manifest), ("src/lib.rs", exclusive)]);
    let report = project.fix(&options());
    assert_eq!((report.mended, report.changes.len()), (true, 0), "{report:#?}");
}

#[test]
fn check_only_writes_nothing() {
    let project = Project::new(&[("src/lib.rs", BROKEN)]);
    let report = project.fix(&FixOptions { check_only: true, ..options() });
    assert_eq!((report.mended, report.written, report.changes.len()), (true, false, 1));
    assert_eq!(project.text("src/lib.rs"), BROKEN);
}

#[test]
fn what_cannot_be_mended_is_reported_and_left_as_it_was() {
    let source = "pub fn f() -> i32 {\n    undefined_thing()\n}\n";
    let project = Project::new(&[("src/lib.rs", source)]);
    let report = project.fix(&options());
    let left = report.left.as_ref().unwrap();
    assert_eq!((report.mended, report.exit_code(), report.limit, left.faults), (false, 4, Some(Limit::NoIdeas), 1));
    assert!(left.told.contains("E0425"), "{}", left.told);
    assert_eq!(left.files.keys().collect::<Vec<_>>(), [Path::new("src/lib.rs")]);
    assert_eq!(project.text("src/lib.rs"), source);
}

/// Answers with fixed texts.
struct ScriptedMender(Vec<Sources>, Vec<(usize, Vec<String>)>);

impl ScriptedMender {
    fn bench(&mut self) -> Workbench<'_> {
        Workbench { model: Some(self), ..Workbench::default() }
    }
}

impl Proposer for ScriptedMender {
    fn propose(&mut self, stuck: &Stuck<'_>) -> Result<Option<Sources>, String> {
        self.1.push((stuck.errors.len(), stuck.refused.to_vec()));
        Ok(if self.0.is_empty() { None } else { Some(self.0.remove(0)) })
    }
}

#[test]
fn the_mender_comes_last_and_may_take_nothing_from_what_no_error_names() {
    let project = Project::new(&[
        ("src/lib.rs", "mod part;\npub use part::f;\n"),
        ("src/part.rs", "pub fn f() -> i32 {\n    thing()\n}\n"),
    ]);
    let answer = |text: &str| Sources::from([("src/part.rs".into(), text.to_owned())]);
    let elsewhere = Sources::from([("src/lib.rs".into(), "mod part;\npub fn f() {}\n".to_owned())]);
    let stub = answer("pub fn f() -> i32 {\n    todo!()\n}\n");
    let worse = answer("pub fn f() -> i32 {\n    thing() + thing()\n}\n");
    let mended = "pub fn f() -> i32 {\n    i32::abs(-7)\n}\n";
    let mut mender = ScriptedMender(vec![elsewhere, stub, worse, answer(mended)], Vec::new());
    let report = project
        .fix_with(
            &FixOptions { bounds: Bounds { mender_calls: 4, ..options().bounds }, ..options() },
            &mut mender.bench(),
        )
        .unwrap();
    assert!(report.mended, "{report:#?}");
    assert_eq!(project.text("src/part.rs"), mended);
    assert_eq!(project.text("src/lib.rs"), "mod part;\npub use part::f;\n");
    // It was asked about the best state each time, and told why its answers were refused.
    assert_eq!(mender.1.iter().map(|(errors, _)| *errors).collect::<Vec<_>>(), [1, 1, 1, 1]);
    let told = &mender.1[3].1;
    assert!(told[0].contains("src/lib.rs line 2: `pub use part::f;` -> `pub fn f() {}`: refused: "), "{told:?}");
    assert!(told[0].ends_with("in this file an edit that only adds is taken"), "{told:?}");
    assert!(
        told[1].contains(": refused: src/part.rs: it adds `todo`; an edit that brings in no `todo` is taken"),
        "{told:?}"
    );
    assert!(told[2].contains("`thing() + thing()`: it did not become better"), "{told:?}");
}

#[test]
fn failing_tests_count_where_asked() {
    let lib = "pub fn double(x: i32) -> i32 {\n    x + 2\n}\n";
    let test = "#[test]\nfn doubles() {\n    assert_eq!(small::double(3), 6);\n}\n";
    let project = Project::new(&[("src/lib.rs", lib), ("tests/doubles.rs", test)]);
    assert!(project.fix(&options()).mended, "it compiles");
    let with_tests = FixOptions { run_tests: true, ..options() };
    let report = project.fix(&with_tests);
    assert!(!report.mended && report.left.as_ref().unwrap().told.contains("left: 5"), "{report:#?}");
    let right = Sources::from([("src/lib.rs".into(), lib.replace("x + 2", "x * 2"))]);
    let deleted = Sources::from([("tests/doubles.rs".into(), "#[test]\nfn doubles() {}\n".to_owned())]);
    let mut mender = ScriptedMender(vec![deleted, right], Vec::new());
    assert!(project.fix_with(&with_tests, &mut mender.bench()).unwrap().mended);
    assert_eq!(project.text("tests/doubles.rs"), test);
}

#[test]
fn uncommitted_work_is_not_written_over() {
    let project = Project::new(&[("src/lib.rs", BROKEN)]);
    let guarded = FixOptions { allow_no_vcs: false, ..options() };
    assert!(matches!(project.fix_with(&guarded, &mut Workbench::default()), Err(FixError::NoVcs { .. })));
    let git = |args: &[&str]| {
        let identity =
            ["-c", "user.name=t", "-c", "user.email=t@example.org", "-C", project.folder.path().to_str().unwrap()];
        let status =
            std::process::Command::new("git").args(identity).args(args).stdout(std::process::Stdio::null()).status();
        assert!(status.unwrap().success(), "git {args:?}");
    };
    git(&["init", "-q"]);
    // A repository can name a program that git runs at every `status`; it must not run outside the sandbox.
    let harm = project.folder.path().join("harm");
    git(&["config", "core.fsmonitor", &format!("touch {}", harm.display())]);
    match project.fix_with(&guarded, &mut Workbench::default()) {
        Err(FixError::Dirty { files }) => assert_eq!(files, ["Cargo.toml", "src/"]),
        other => panic!("{other:#?}"),
    }
    git(&["-c", "core.fsmonitor=false", "add", "Cargo.toml", "src"]);
    git(&["-c", "core.fsmonitor=false", "commit", "-q", "-m", "x"]);
    let _ = fs::remove_file(&harm);
    assert!(project.fix(&guarded).written);
    assert!(!harm.exists(), "the repository's program ran outside the sandbox");
}

/// What hostile code of a project tries, as an expression that is `true` when it got through.
fn attempts(secret: &Path, port: u16, victim: &Path) -> Vec<(&'static str, String)> {
    let home = machine().host.home.display().to_string();
    let cargo = machine().host.cargo_home.display().to_string();
    let sysroot = machine().toolchain.sysroot.display().to_string();
    let write = |path: String| format!("std::fs::write({path:?}, \"x\").is_ok()");
    vec![
        ("read a secret", format!("std::fs::read({:?}).is_ok()", secret)),
        ("read /etc/passwd", "std::fs::read(\"/etc/passwd\").is_ok()".to_owned()),
        ("list the home", format!("std::fs::read_dir({home:?}).is_ok_and(|e| e.flatten().any(|e| e.file_name() != \".rustup\"))")),
        ("read cargo's credentials", format!("std::fs::read({:?}).is_ok()", format!("{cargo}/credentials.toml"))),
        ("see the caller's variables", "std::env::var_os(\"SSH_AUTH_SOCK\").is_some()".to_owned()),
        ("connect to loopback", format!("std::net::TcpStream::connect((\"127.0.0.1\", {port})).is_ok()")),
        ("write beside the project", write(victim.join("beside").display().to_string())),
        ("write into the project", write("/project/src/lib.rs".to_owned())),
        ("poison the registry", write("/cargo/registry/poison".to_owned())),
        ("poison the compiler", write(format!("{sysroot}/lib/poison"))),
        ("poison the system", write("/usr/bin/poison".to_owned())),
        ("see processes outside", "std::fs::read_dir(\"/proc\").unwrap().flatten().filter(|e| e.file_name().to_string_lossy().parse::<u32>().is_ok()).count() > 40".to_owned()),
    ]
}

/// Code that panics with the names of the attempts that got through.
fn hostile(attempts: &[(&str, String)]) -> String {
    let mut body = String::from("let mut through: Vec<&str> = Vec::new();\n");
    for (name, code) in attempts {
        body.push_str(&format!("if {code} {{ through.push({name:?}); }}\n"));
    }
    body + "assert!(through.is_empty(), \"GOT THROUGH: {through:?}\");\n"
}

#[test]
fn build_scripts_macros_and_tests_of_a_hostile_project_are_contained() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret");
    fs::write(&secret, "secret").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let harm = hostile(&attempts(&secret, listener.local_addr().unwrap().port(), outside.path()));

    let manifest = "[workspace]\nmembers = [\"macros\"]\n[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nmacros = { path = \"macros\" }\n";
    let project = Project::new(&[
        ("Cargo.toml", manifest),
        ("build.rs", &format!("fn main() {{\n{harm}\n}}\n")),
        ("src/lib.rs", "macros::attack!();\n#[test]\nfn attack() {\nTEST\n}\n".replace("TEST", &harm).as_str()),
        (
            "macros/Cargo.toml",
            "[package]\nname = \"macros\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\nproc-macro = true\n",
        ),
        (
            "macros/src/lib.rs",
            &format!(
                "#[proc_macro]\npub fn attack(_: proc_macro::TokenStream) -> proc_macro::TokenStream {{\n{harm}\nproc_macro::TokenStream::new()\n}}\n"
            ),
        ),
        // cargo's configuration can name a compiler wrapper: it must not run outside the sandbox either.
        (
            ".cargo/config.toml",
            &format!("[build]\nrustc-wrapper = \"/project/wrapper.sh\"\n# {}\n", outside.path().display()),
        ),
        ("wrapper.sh", &format!("#!/bin/sh\ntouch {}/wrapped\nexec \"$@\"\n", outside.path().display())),
    ]);
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(project.folder.path().join("wrapper.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    let report = project.fix(&FixOptions { run_tests: true, ..options() });
    assert!(report.mended, "{}", report.left.unwrap().told);
    let left: Vec<_> = fs::read_dir(outside.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["secret"]);
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "someone connected");
}

#[test]
fn a_hostile_build_that_succeeds_outside_is_seen_to_do_so() {
    // The same code without the sandbox gets through: the test above can fail.
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret");
    fs::write(&secret, "secret").unwrap();
    let harm = hostile(&attempts(&secret, 1, outside.path())[..2]);
    let project = Project::new(&[("build.rs", &format!("fn main() {{\n{harm}\n}}\n")), ("src/lib.rs", "")]);
    let Machine { host, toolchain, .. } = machine();
    let tools = FixTools { host, sandbox: &Sandbox::none(), toolchain };
    let error =
        fix_project(project.folder.path(), &options(), tools, &mut Workbench::default()).unwrap_err().to_string();
    assert!(error.contains("GOT THROUGH: [\"read a secret\", \"read /etc/passwd\"]"), "{error}");
}

#[test]
fn links_in_a_project_lead_nowhere() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.rs");
    fs::write(&secret, "pub fn f() -> i32 { let x = 1; x = 2; x }\n").unwrap();
    let project = Project::new(&[(
        "src/lib.rs",
        "pub mod linked;\n#[path = \"/etc/passwd\"]\npub mod other;\npub const P: &str = include_str!(\"/etc/passwd\");\n",
    )]);
    std::os::unix::fs::symlink(&secret, project.folder.path().join("src/linked.rs")).unwrap();
    let report = project.fix(&options());
    let told = report.left.unwrap().told;
    assert!(!report.mended && !told.contains("root:") && !told.contains("x = 2"), "{told}");
    assert_eq!(fs::read_to_string(&secret).unwrap(), "pub fn f() -> i32 { let x = 1; x = 2; x }\n");
}

#[test]
fn what_is_no_project_is_refused() {
    let empty = tempfile::tempdir().unwrap();
    let Machine { host, sandbox, toolchain } = machine();
    let error = fix_project(empty.path(), &options(), FixTools { host, sandbox, toolchain }, &mut Workbench::default())
        .unwrap_err();
    assert!(matches!(error, FixError::NoProject { .. }), "{error}");
    let project = Project::new(&[("src/lib.rs", "")]);
    project.put("Cargo.toml", "not a manifest");
    let error = project.fix_with(&options(), &mut Workbench::default()).unwrap_err().to_string();
    assert!(error.contains("cargo cannot build the project") && error.contains("Cargo.toml"), "{error}");
}
