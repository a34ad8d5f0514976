//! Libraries built once, missions compiled against them in the sandbox: with this machine's compilers, on a stand-in for the SDK.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use flightsmith_toolchain::diagnostics::{Applicability, edits_of};
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::prebuilt::{MissionCrate, Prebuilt};
use flightsmith_toolchain::process;
use flightsmith_toolchain::sandbox::{Bind, Confined, Sandbox};
use flightsmith_toolchain::targets::{self, Target};

fn host() -> Host {
    let home = PathBuf::from(std::env::var_os("HOME").expect("a home"));
    let path = std::env::var_os("PATH").expect("a PATH");
    Host::new(std::env::split_paths(&path).collect(), home)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

struct Bench {
    folder: tempfile::TempDir,
    prebuilt: Prebuilt,
    sandbox: Sandbox,
}

impl Bench {
    fn new(target: Target) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
        copy(&data.join("workspace"), &folder.path().join("workspace"));
        copy(&data.join("crate"), &folder.path().join("crate"));
        let toolchain = targets::find(target, &host()).unwrap_or_else(|error| panic!("{error}"));
        let cache = folder.path().join("cache");
        let prebuilt = Prebuilt::open(&host(), &toolchain, &folder.path().join("workspace"), &cache).unwrap();
        let sandbox = Sandbox::probe(&host()).unwrap_or_else(|error| panic!("{error}"));
        Self { folder, prebuilt, sandbox }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn mission(&self, source: &str) -> MissionCrate {
        fs::write(self.path("crate/src/mission.rs"), source).unwrap();
        MissionCrate::open(&self.path("crate")).unwrap()
    }

    /// Links a mission into a folder and hands back the program's bytes.
    fn program(&self, sandbox: &Sandbox, source: &str, out: &str) -> Vec<u8> {
        let linked = self.prebuilt.link(sandbox, &self.mission(source), &self.path(out)).unwrap();
        fs::read(linked.unwrap_or_else(|compilation| panic!("{compilation:#?}")).path).unwrap()
    }
}

const CLIMB: &str = include_str!("data/crate/src/mission.rs");

#[test]
fn a_mission_is_checked_linked_and_runs_on_the_host() {
    let bench = Bench::new(Target::Host);
    let verdict = bench.prebuilt.check(&bench.sandbox, &bench.mission(CLIMB), &bench.path("out")).unwrap();
    assert!(verdict.success(), "{verdict:#?}");

    let program = bench.program(&bench.sandbox, CLIMB, "out");
    assert_eq!(bench.program(&bench.sandbox, CLIMB, "elsewhere"), program, "the same sources, the same bytes");
    assert_eq!(bench.program(&Sandbox::none(), CLIMB, "unconfined"), program, "with or without sandbox");

    let confined = Confined::flight(&bench.path("out/a_mission"), &[], Duration::from_secs(20));
    let output = process::run(&bench.sandbox.invocation(&confined).unwrap()).unwrap();
    assert_eq!(output.stdout_text(), "10 {\"plan\": 1}\n", "{}", output.stderr_text());
    assert!(bench.prebuilt.is_intact().unwrap());
}

#[test]
fn a_mission_is_linked_statically_for_aarch64_and_runs_there() {
    let bench = Bench::new(Target::Aarch64);
    let program = bench.program(&bench.sandbox, CLIMB, "out");
    assert_eq!(bench.program(&bench.sandbox, CLIMB, "elsewhere"), program, "the same sources, the same bytes");
    let run_with = bench.prebuilt.toolchain().run_with();
    let confined = Confined::flight(&bench.path("out/a_mission"), &run_with, Duration::from_secs(20));
    let output = process::run(&bench.sandbox.invocation(&confined).unwrap()).unwrap();
    assert_eq!(output.stdout_text(), "10 {\"plan\": 1}\n", "{}", output.stderr_text());
}

#[test]
fn a_mistake_comes_back_with_its_place_and_correction() {
    let bench = Bench::new(Target::Host);
    let mistaken = CLIMB.replace("mut vehicle", "vehicle");
    let verdict = bench.prebuilt.check(&bench.sandbox, &bench.mission(&mistaken), &bench.path("out")).unwrap();
    let [error] = verdict.diagnostics.as_slice() else { panic!("{verdict:#?}") };
    let place = error.primary().unwrap();
    assert_eq!(
        (error.code.as_deref(), place.file_name.to_str(), place.line_start),
        (Some("E0596"), Some("src/mission.rs"), 4)
    );
    let edits = edits_of(error);
    assert_eq!(edits.iter().map(|edit| edit.applicability).collect::<Vec<_>>(), [Applicability::MachineApplicable]);
    let (mended, _) = flightsmith_toolchain::diagnostics::apply_edits(Path::new("src/mission.rs"), &mistaken, &edits);
    assert_eq!(mended, CLIMB);
}

#[test]
fn libraries_are_made_once_for_the_same_sources() {
    let bench = Bench::new(Target::Host);
    let open = || {
        Prebuilt::open(&host(), bench.prebuilt.toolchain(), &bench.path("workspace"), &bench.path("cache"))
            .unwrap()
            .folder()
            .to_owned()
    };
    let first = bench.prebuilt.folder().to_owned();
    fs::remove_dir_all(bench.path("cache/build")).unwrap();
    assert_eq!(open(), first);
    assert!(!bench.path("cache/build").exists(), "nothing was built");
    fs::write(bench.path("workspace/sdk/src/more.rs"), "").unwrap();
    assert_ne!(open(), first);
}

#[test]
fn code_in_the_sandbox_cannot_poison_what_others_link_against() {
    let bench = Bench::new(Target::Host);
    let out = bench.path("out");
    fs::create_dir(&out).unwrap();
    bench.sandbox.hand_over(&out).unwrap();
    let script = "cd /libraries || exit 1; for f in *; do chmod u+w $f; echo x >> $f; rm -f $f; mv /etc/ld.so.cache $f; ln -sf /out/x $f; done; \
                  touch new; mkdir folder; mount -o remount,rw /libraries; mv /libraries /out/moved; echo x >> /mission/src/lib.rs; echo done";
    let confined = Confined::new("/bin/sh", process::Limits::wall(Duration::from_secs(20)))
        .args(["-c", script])
        .read(Bind::at(bench.prebuilt.folder(), "/libraries"))
        .read(Bind::at(bench.path("crate"), "/mission"))
        .write(Bind::at(&out, "/out"));
    let output = process::run(&bench.sandbox.invocation(&confined).unwrap()).unwrap();
    assert_eq!(output.stdout_text(), "done\n", "{}", output.stderr_text());
    assert!(bench.prebuilt.is_intact().unwrap());
    assert_eq!(fs::read_to_string(bench.path("crate/src/lib.rs")).unwrap(), include_str!("data/crate/src/lib.rs"));
    // The check itself notices a changed byte.
    let mut files = fs::read_dir(bench.prebuilt.folder()).unwrap().map(|entry| entry.unwrap().path());
    let library = files.find(|path| path.extension().is_some_and(|extension| extension == "rlib")).unwrap();
    let mut bytes = fs::read(&library).unwrap();
    bytes[100] ^= 1;
    fs::write(&library, bytes).unwrap();
    assert!(!bench.prebuilt.is_intact().unwrap());
}

#[test]
fn a_link_in_place_of_the_program_is_not_followed() {
    let bench = Bench::new(Target::Host);
    let out = bench.path("out");
    fs::create_dir(&out).unwrap();
    std::os::unix::fs::symlink("/bin/sh", out.join("a_mission")).unwrap();
    // The linker puts a file of its own in the link's place, or the link is refused; /bin/sh is neither run nor written.
    match bench.prebuilt.link(&bench.sandbox, &bench.mission(CLIMB), &out) {
        Ok(linked) => assert!(linked.unwrap().path.symlink_metadata().unwrap().is_file()),
        Err(error) => assert!(error.to_string().ends_with("a_mission is no plain file"), "{error}"),
    }
}
