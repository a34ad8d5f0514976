//! Set-up and `cross`, with scripted programs in place of apt, rustup, cross and docker: what they are asked is compared whole.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use expect_test::{Expect, expect};
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::setup::{self, SetupError, Surroundings};
use flightsmith_toolchain::targets::{Cross, Target};

/// A machine whose PATH holds scripted programs that write down how they were called.
struct FakeMachine {
    folder: tempfile::TempDir,
}

impl FakeMachine {
    fn new(programs: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, script) in programs {
            let path = folder.path().join(name);
            let log = folder.path().join("log");
            fs::write(&path, format!("#!/bin/sh\necho {name} \"$@\" >> {}\n{script}\n", log.display())).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        Self { folder }
    }

    fn host(&self) -> Host {
        Host::new(vec![self.folder.path().to_owned()], self.folder.path())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

/// A rustc that knows where its library is, and that there is none for aarch64.
const RUSTC: &str = r#"case "$1" in --print) echo /nonexistent;; -vV) printf 'release: 1.97.0\nhost: x86_64-unknown-linux-gnu\n';; esac"#;

const DEBIAN: Surroundings = Surroundings { rustup_reachable: false, is_debian: true, knows_arm64: false };

fn check(programs: &[(&str, &str)], around: Surroundings, expected: &Expect) {
    check_for(Target::Aarch64, programs, around, expected);
}

fn check_for(target: Target, programs: &[(&str, &str)], around: Surroundings, expected: &Expect) {
    let machine = FakeMachine::new(programs);
    let told = match setup::plan(&machine.host(), &[target], false, || around) {
        // An ordinary user's steps begin with sudo.
        Ok(plan) => plan.to_string().replace(": sudo ", ": "),
        Err(error) => format!("{error}\n"),
    };
    expected.assert_eq(&told);
}

#[test]
fn lists_what_it_will_change() {
    // The system's own compiler may serve aarch64 on the machine that runs this test: then its library is not on the list.
    let has_std = Path::new("/usr/lib/rustlib/aarch64-unknown-linux-gnu").is_dir();
    let apt = [("apt-get", ""), ("dpkg", ""), ("rustc", RUSTC), ("cargo", "")];
    if has_std {
        check(
            &apt,
            DEBIAN,
            &expect![[r"
                refresh the package lists: apt-get update
                install packages: apt-get install -y --no-install-recommends bubblewrap gcc-aarch64-linux-gnu qemu-user
            "]],
        );
    } else {
        check(
            &apt,
            DEBIAN,
            &expect![[r"
                let dpkg know arm64 packages: dpkg --add-architecture arm64
                refresh the package lists: apt-get update
                install packages: apt-get install -y --no-install-recommends bubblewrap gcc-aarch64-linux-gnu qemu-user rustc-web cargo-web libstd-rust-web-dev:arm64
            "]],
        );
        // rustup's library brings its linker.
        check(
            &[&apt[..], &[("rustup", "")]].concat(),
            Surroundings { rustup_reachable: true, ..DEBIAN },
            &expect![[r"
                add Rust's library for aarch64: rustup target add aarch64-unknown-linux-musl
                refresh the package lists: apt-get update
                install packages: apt-get install -y --no-install-recommends bubblewrap qemu-user
            "]],
        );
    }
}

#[test]
fn with_a_container_only_the_emulator_is_missing() {
    check(
        &[("apt-get", ""), ("dpkg", ""), ("rustc", RUSTC), ("cargo", ""), ("cross", ""), ("docker", "")],
        DEBIAN,
        &expect![[r"
            refresh the package lists: apt-get update
            install packages: apt-get install -y --no-install-recommends bubblewrap qemu-user
        "]],
    );
}

#[test]
fn firmware_needs_a_core_library_and_a_machine() {
    let apt = [("apt-get", ""), ("dpkg", ""), ("rustc", RUSTC), ("cargo", ""), ("rustup", "")];
    let reachable = Surroundings { rustup_reachable: true, ..DEBIAN };
    check_for(
        Target::Thumbv7em,
        &apt,
        reachable,
        &expect![[r"
            add Rust's library for thumbv7em: rustup target add thumbv7em-none-eabihf
            refresh the package lists: apt-get update
            install packages: apt-get install -y --no-install-recommends bubblewrap qemu-system-arm
        "]],
    );
    check_for(
        Target::Thumbv7em,
        &apt,
        DEBIAN,
        &expect![[r"
            refresh the package lists: apt-get update
            install packages: apt-get install -y --no-install-recommends bubblewrap qemu-system-arm rustc-web cargo-web rust-web-src lld
        "]],
    );
}

#[test]
fn elsewhere_it_says_what_to_install() {
    let machine = FakeMachine::new(&[("rustc", RUSTC), ("cargo", "")]);
    let error = setup::plan(&machine.host(), &[Target::Aarch64], false, || DEBIAN).unwrap_err();
    assert!(matches!(error, SetupError::Unknown { .. }), "{error}");
    let told = error.to_string();
    for words in ["cannot install on this system", "bubblewrap", "qemu-user", "gcc-aarch64-linux-gnu"] {
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn steps_are_asked_for_then_run_in_order() {
    let machine =
        FakeMachine::new(&[("apt-get", ""), ("dpkg", ""), ("sudo", "exec \"$@\""), ("rustc", RUSTC), ("cargo", "")]);
    let plan = setup::plan(&machine.host(), &[], false, || DEBIAN).unwrap();
    let declined = setup::carry_out(&machine.host(), &plan, |_| false);
    assert!(matches!(declined, Err(SetupError::Declined)), "{declined:?}");
    assert_eq!(machine.log(), "");
    setup::carry_out(&machine.host(), &plan, |_| true).unwrap();
    let log = machine.log();
    let asked: Vec<&str> = log.lines().filter(|line| !line.starts_with("sudo")).collect();
    let sudoed = log.lines().filter(|line| line.starts_with("sudo ")).count();
    assert_eq!(sudoed, if machine.host().is_root() { 0 } else { 2 });
    assert_eq!(asked, ["apt-get update", "apt-get install -y --no-install-recommends bubblewrap"]);
}

#[test]
fn a_failed_step_is_named() {
    let machine = FakeMachine::new(&[("apt-get", "exit 100"), ("dpkg", ""), ("sudo", "exec \"$@\"")]);
    let plan = setup::plan(&machine.host(), &[], false, || DEBIAN).unwrap();
    let error = setup::carry_out(&machine.host(), &plan, |_| true).unwrap_err().to_string();
    assert!(error.contains("apt-get update` failed (exited with code 100)"), "{error}");
}

#[test]
fn the_survey_names_what_is_there_and_what_is_not() {
    let machine = FakeMachine::new(&[("cross", ""), ("podman", "")]);
    let findings = setup::survey(&machine.host());
    let shown: Vec<_> = findings.iter().map(|finding| (finding.what.as_str(), finding.state.is_ok())).collect();
    let targets = ["target host", "target aarch64", "target thumbv7em"].map(|target| (target, false));
    assert_eq!(shown, [&[("sandbox", false)], &targets[..], &[("cross-rs", true)]].concat());
    assert_eq!(findings[4].state.as_deref(), Ok("`cross` and a container engine work"));
    assert!(findings[1].state.as_ref().unwrap_err().contains("Rust 1.95 or later"));
}

#[test]
fn cross_is_told_what_to_build() {
    let message = r#"{"reason":"compiler-artifact","package_id":"m","target":{"name":"m","kind":["bin"]},"filenames":["/target/x/m"],"executable":"/target/x/m"}"#;
    let machine = FakeMachine::new(&[
        ("docker", ""),
        (
            "cross",
            &format!(
                "echo \"$CROSS_CONTAINER_OPTS ${{CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS%% *}}\" >> \"$HOME/log\"\necho '{message}'"
            ),
        ),
    ]);
    let cross = Cross::find(&machine.host()).unwrap();
    let (manifest, built) = (machine.folder.path().join("Cargo.toml"), machine.folder.path().join("built"));
    let program = cross.build(&machine.host(), Target::Aarch64, &manifest, &built, Duration::from_secs(20)).unwrap();
    assert_eq!(program, built.join("x/m"));
    let log = machine.log().replace(&machine.folder.path().to_string_lossy().into_owned(), "DIR");
    expect![[r#"
        docker info
        cross build --release --offline --message-format=json --target aarch64-unknown-linux-gnu --manifest-path DIR/Cargo.toml --target-dir DIR/built --config profile.release.opt-level="s" --config profile.release.lto="fat" --config profile.release.codegen-units=1 --config profile.release.strip="symbols"
        --network=none -Ctarget-feature=+crt-static
    "#]]
    .assert_eq(&log);
}

#[test]
fn cross_without_an_engine_says_so() {
    let check = |programs: &[(&str, &str)], expected: &str| {
        assert_eq!(Cross::find(&FakeMachine::new(programs).host()).unwrap_err().to_string(), expected);
    };
    check(&[("docker", "")], "`cross` is not installed (install with: cargo install cross@0.2.5 --locked)");
    check(
        &[("cross", ""), ("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1")],
        "`cross` is installed, and no container engine runs: docker: Cannot connect to the Docker daemon, podman is not installed; \
         start docker or podman, or use an installed toolchain",
    );
    let failing = FakeMachine::new(&[("podman", ""), ("cross", "echo 'no image' >&2; exit 125")]);
    let error = Cross::find(&failing.host())
        .unwrap()
        .build(
            &failing.host(),
            Target::Aarch64,
            &PathBuf::from("/Cargo.toml"),
            Path::new("/t"),
            Duration::from_secs(20),
        )
        .unwrap_err();
    assert_eq!(error.to_string(), "`cross build` failed (exited with code 125): no image");
}
