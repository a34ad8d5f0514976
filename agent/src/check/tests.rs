//! Check and cross on a stand-in for the SDK: a crate's way from text to programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::check::{self, CheckedCrate, Feedback, Workshop};
use crate::cross::{self, ArtifactError, Builder};
use crate::repair::{Bounds, Fixer, NoMender, ladder};
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::prebuilt::Prebuilt;
use flightsmith_toolchain::process;
use flightsmith_toolchain::sandbox::{Confined, Sandbox};
use flightsmith_toolchain::targets::{self, Target};

struct Bench {
    folder: tempfile::TempDir,
    host: Host,
    sandbox: Sandbox,
    prebuilt: Prebuilt,
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = std::env::var_os("PATH").expect("a PATH");
        let host = Host::new(std::env::split_paths(&path).collect(), std::env::var_os("HOME").expect("a home"));
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/toolchain/tests/data");
        copy(&data, &folder.path().join("data"));
        let sandbox = Sandbox::probe(&host).unwrap_or_else(|error| panic!("{error}"));
        let prebuilt = Self::libraries(&host, Target::Host, folder.path());
        Self { folder, host, sandbox, prebuilt }
    }

    fn libraries(host: &Host, target: Target, folder: &Path) -> Prebuilt {
        let toolchain = targets::find(target, host).unwrap_or_else(|error| panic!("{error}"));
        Prebuilt::open(host, &toolchain, &folder.join("data/workspace"), &folder.join("cache"))
            .unwrap_or_else(|error| panic!("{error}"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn check(&self, source: &str) -> Result<CheckedCrate, Feedback> {
        fs::write(self.path("data/crate/src/mission.rs"), source).unwrap();
        let workshop = Workshop { sandbox: &self.sandbox, prebuilt: &self.prebuilt };
        let checked = check::check(&self.path("data/crate"), &self.path("out"), workshop).unwrap();
        let verdict = check::verdict(&self.path("data/crate"), &self.path("scratch"), workshop).unwrap();
        assert_eq!(verdict, checked.as_ref().map(|_| ()).map_err(Clone::clone), "both ways judge alike");
        checked
    }
}

const CLIMB: &str = include_str!("../../../crates/toolchain/tests/data/crate/src/mission.rs");

#[test]
fn a_crate_is_checked_then_built_for_the_vehicle() {
    let bench = Bench::new();
    let checked = bench.check(CLIMB).unwrap();
    let libraries = Bench::libraries(&bench.host, Target::Aarch64, bench.folder.path());
    let builder = Builder::Prebuilt { sandbox: &bench.sandbox, prebuilt: &libraries };
    let artifact = cross::build_checked(&checked, &bench.path("arm"), builder).unwrap();
    assert_eq!((artifact.target(), artifact.triple()), ("aarch64", libraries.toolchain().triple.as_str()));
    assert_eq!(cross::build_checked(&checked, &bench.path("again"), builder).unwrap().sha256(), artifact.sha256());

    let confined = Confined::flight(artifact.path(), artifact.run_with(), Duration::from_secs(20));
    let output = process::run(&bench.sandbox.invocation(&confined).unwrap()).unwrap();
    assert_eq!(output.stdout_text(), "10 {\"plan\": 1}\n", "{}", output.stderr_text());

    fs::write(checked.folder().join("src/mission.rs"), "// another").unwrap();
    let changed = cross::build_checked(&checked, &bench.path("arm"), builder);
    assert!(matches!(changed, Err(ArtifactError::Changed { .. })), "{changed:?}");
}

#[test]
fn feedback_says_what_and_where() {
    let bench = Bench::new();
    let feedback = |source: &str| bench.check(source).unwrap_err();

    let policy = feedback(&format!("{CLIMB}\nconst P: &str = include_str!(\"/etc/passwd\");\n"));
    assert_eq!(
        (policy.to_string().as_str(), policy.lines()),
        ("src/mission.rs:7:17: `include_str!` is not allowed: a mission reads no files\n", vec![7])
    );

    let not_awaited = feedback(
        &CLIMB.replace("vehicle.climb_to(Metres(10.0)).await\n", "vehicle.climb_to(Metres(10.0));\n    1.0\n"),
    );
    assert!(not_awaited.to_string().contains("futures do nothing unless you `.await`"), "{not_awaited}");
    assert_eq!(not_awaited.lines(), [4]);

    let std = feedback(&format!("{CLIMB}\nfn f() {{ Path::new(\"x\"); }}\n"));
    assert!(matches!(std, Feedback::Compiler(_)), "no_std: {std}");
    let no_rust = feedback("pub async fn fly(");
    assert!(matches!(&no_rust, Feedback::Compiler(diagnostics) if !diagnostics.is_empty()), "{no_rust}");
}

#[test]
fn the_ladder_mends_with_the_real_compiler() {
    let bench = Bench::new();
    let bounds = Bounds { judged: 5, mender_calls: 0, wall: Duration::from_secs(600) };
    // Two rounds: the compiler looks at borrows only when the types are right.
    let broken = CLIMB.replace("mut vehicle", "vehicle").replace("Metres(10.0)", "Metres(10)");
    let judge = |source: &str, _: Fixer| Ok::<_, std::convert::Infallible>(bench.check(source));
    let Ok(outcome) = ladder(broken, Path::new("src/mission.rs"), bounds, judge, &mut NoMender);
    let mended = outcome.unwrap_or_else(|gave_up| panic!("{gave_up:#?}"));
    assert_eq!(mended.fixer, Fixer::Compiler);
    assert!(mended.source.contains("mut vehicle"), "{}", mended.source);
    assert_eq!(mended.failed.len(), 2);
}

#[test]
fn sources_that_would_exhaust_the_compiler_are_feedback_too() {
    let bench = Bench::new();
    let many: String = (0..300).map(|index| format!("fn f{index}(){{x}}\n")).collect();
    for (bomb, expected) in [
        ("pub const X: [u64; 1 << 31] = [1; 1 << 31];", "tried to allocate more memory than available to compiler"),
        (
            "pub const X: u64 = { let mut i = 0_u64; while i < u64::MAX { i += 1; } i };",
            "constant evaluation is taking a long time",
        ),
        (
            "pub const X: u64 = f(1); const fn f(n: u64) -> u64 { f(n) + 1 }",
            "reached the configured maximum number of stack frames",
        ),
        (many.as_str(), "cannot find value `x`"),
    ] {
        let feedback = bench.check(&format!("{CLIMB}\n{bomb}\n")).expect_err(expected);
        assert!(feedback.to_string().contains(expected) && feedback.faults() <= 100, "{expected}: {feedback}");
    }
}
