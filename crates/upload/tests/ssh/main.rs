//! Uploads over a real OpenSSH server on loopback: good ones, refused ones, and ones that fail on the way.
//!
//! The server belongs to the test (own port, host key, authorised keys, home). The mission program and systemd there are scripts,
//! told by files in that home what to say. Needs Debian's openssh-server and openssh-client.
mod companion;

use companion::{Companion, LocalShell};
use flightsmith_upload::deployment::{Failed, Outcome, UploadError, deploy, roll_back, start};
use flightsmith_upload::permit::Grantor;
use flightsmith_upload::shell::{Command, Output, Shell, ShellError};
use flightsmith_upload::ssh::SshError;
use flightsmith_upload::unit::UnitScope;

fn failed<T: std::fmt::Debug>(result: Result<T, Box<Failed>>) -> Failed {
    *result.expect_err("the upload must fail")
}

#[test]
fn the_first_upload_waits_as_a_unit_that_is_never_restarted() {
    let there = Companion::new();
    let bundle = there.bundle("first");
    let digest = bundle.manifest().artifact_sha256;
    let record = deploy(&bundle, &there.permit(&bundle), &there.upload(), &LocalShell).unwrap();
    assert_eq!(record.outcome, Outcome::Deployed);
    assert_eq!(
        record.steps,
        [
            "connected",
            "copied",
            "verified there",
            "placed beside the other versions",
            "the program runs there",
            "the vehicle is disarmed and healthy",
            "switched",
            "installed the unit",
            "passed the health check",
        ]
    );
    assert_eq!(
        (record.approved_by, record.version_before, record.unit),
        (Some(Grantor::Person), None, Some("user".into()))
    );
    assert_eq!(there.link("current"), Some(format!("versions/{digest}")));
    assert_eq!(there.link("previous"), None);
    assert_eq!(there.versions(), [digest.to_string()]);
    let unit = there.read(".config/systemd/user/flightsmith.service");
    assert!(unit.contains("Restart=no\n"), "{unit}");
    assert!(
        unit.contains(
            "ExecStart=%h/flightsmith/current/mission --wait --start-file %h/flightsmith/state/start --link tcp://127.0.0.1:5760\n"
        ),
        "{unit}"
    );
    assert!(!there.has("flightsmith/state/start"), "an upload must not start a flight");
    assert_eq!(there.systemctl_log(), ["daemon-reload", "enable flightsmith.service", "start flightsmith.service"]);
}

#[test]
fn versions_lie_side_by_side_and_the_one_before_can_be_rolled_back_to() {
    let there = Companion::new();
    let (first, second) = (there.bundle("first"), there.bundle("second"));
    let version =
        |bundle: &flightsmith_upload::bundle::Bundle| format!("versions/{}", bundle.manifest().artifact_sha256);
    deploy(&first, &there.permit(&first), &there.upload(), &LocalShell).unwrap();
    let record = deploy(&second, &there.permit(&second), &there.upload(), &LocalShell).unwrap();
    assert_eq!(record.version_before, Some(first.manifest().artifact_sha256.to_string()));
    assert_eq!((there.link("current"), there.link("previous")), (Some(version(&second)), Some(version(&first))));
    assert_eq!(there.versions().len(), 2);

    let record = roll_back("quad", &there.upload(), &LocalShell).unwrap();
    assert_eq!(record.outcome, Outcome::RolledBack);
    assert_eq!((there.link("current"), there.link("previous")), (Some(version(&first)), Some(version(&second))));

    let again = deploy(&second, &there.permit(&second), &there.upload(), &LocalShell).unwrap();
    assert_eq!(again.steps[..2], ["connected", "found the same version there"]);
    assert_eq!(there.link("current"), Some(version(&second)));
}

#[test]
fn there_must_be_something_sound_to_roll_back_to() {
    let there = Companion::new();
    let error = failed(roll_back("quad", &there.upload(), &LocalShell));
    assert!(matches!(error.source, UploadError::NothingBefore), "{error}");
    let (first, second) = (there.bundle("first"), there.bundle("second"));
    deploy(&first, &there.permit(&first), &there.upload(), &LocalShell).unwrap();
    deploy(&second, &there.permit(&second), &there.upload(), &LocalShell).unwrap();
    there.put("flightsmith/previous/mission", "#!/bin/sh\nexit 0\n");
    let error = failed(roll_back("quad", &there.upload(), &LocalShell));
    assert!(matches!(error.source, UploadError::DamagedBefore(_)), "{error}");
    assert_eq!(there.link("current"), Some(format!("versions/{}", second.manifest().artifact_sha256)));
}

#[test]
fn an_unknown_or_changed_host_key_ends_the_upload_before_it_begins() {
    let there = Companion::new();
    let bundle = there.bundle("first");
    let mut upload = there.upload();
    for (known_hosts, expected) in [
        (there.empty_known_hosts(), SshError::UnknownHostKey(upload.destination.to_string())),
        (there.other_known_hosts(), SshError::ChangedHostKey(upload.destination.to_string())),
    ] {
        upload.ssh.known_hosts = Some(known_hosts);
        let error = failed(deploy(&bundle, &there.permit(&bundle), &upload, &LocalShell));
        assert!(matches!(&error.source, UploadError::Ssh(ssh) if *ssh == expected), "{error}");
        assert_eq!((error.record.outcome, error.record.steps.len()), (Outcome::LeftAsItWas, 0));
    }
    assert!(!there.has("flightsmith"));
}

#[test]
fn a_key_that_is_not_authorised_and_a_closed_port_are_told_apart() {
    let there = Companion::new();
    let bundle = there.bundle("first");
    let mut upload = there.upload();
    upload.ssh.identity = Some(there.unauthorised_key());
    let error = failed(deploy(&bundle, &there.permit(&bundle), &upload, &LocalShell));
    assert!(matches!(error.source, UploadError::Ssh(SshError::PermissionDenied { .. })), "{error}");
    let mut upload = there.upload();
    upload.destination.port = Some(1);
    let permit = there.permit_for(&bundle, upload.vehicle("quad"));
    let error = failed(deploy(&bundle, &permit, &upload, &LocalShell));
    assert!(matches!(error.source, UploadError::Ssh(SshError::Unreachable { .. })), "{error}");
}

#[test]
fn a_copy_that_differs_is_named_and_removed() {
    let there = Companion::new();
    there.put_program(
        "tar",
        "#!/bin/sh\n/bin/tar \"$@\" && echo x >>\"$4/plan.json\" && rm \"$4/readback.txt\" && echo >\"$4/stranger\"\n",
    );
    let bundle = there.bundle("first");
    let error = failed(deploy(&bundle, &there.permit(&bundle), &there.upload(), &LocalShell));
    let expected = "the copy differs from the bundle: plan.json has another SHA-256; readback.txt is missing; stranger does not belong there";
    assert_eq!(error.to_string(), expected);
    assert_eq!((there.link("current"), there.versions()), (None, vec![]));
}

#[test]
fn a_full_disk_is_noticed_before_and_while_copying() {
    let there = Companion::new();
    let bundle = there.bundle("first");
    there.put_program(
        "tar",
        "#!/bin/sh\necho 'tar: mission: Wrote only 512 of 10240 bytes: No space left on device' >&2\nexit 2\n",
    );
    let error = failed(deploy(&bundle, &there.permit(&bundle), &there.upload(), &LocalShell));
    assert!(error.to_string().contains("copying the bundle failed"), "{error}");
    assert!(error.to_string().contains("No space left on device"), "{error}");
    assert_eq!(there.versions(), [""; 0]);
    there.put_program(
        "df",
        "#!/bin/sh\necho Filesystem 1024-blocks Used Available Capacity Mounted on\necho tmp 100 90 10 90% /\n",
    );
    let error = failed(deploy(&bundle, &there.permit(&bundle), &there.upload(), &LocalShell));
    assert!(matches!(error.source, UploadError::NoSpace { free_kib: 10, .. }), "{error}");
}

#[test]
fn an_armed_or_unhealthy_vehicle_is_left_as_it_was() {
    let there = Companion::new();
    let (first, second) = (there.bundle("first"), there.bundle("second"));
    deploy(&first, &there.permit(&first), &there.upload(), &LocalShell).unwrap();
    let version = Some(format!("versions/{}", first.manifest().artifact_sha256));
    for (preflight, expected) in [
        ("{\"disarmed\":false,\"healthy\":true}", "the vehicle is armed; nothing was changed"),
        (
            "{\"disarmed\":true,\"healthy\":false,\"reasons\":[\"no GPS fix\"]}",
            "the vehicle is not healthy (no GPS fix); nothing was changed",
        ),
        ("connecting ..", "the preflight check gave no readable answer"),
    ] {
        there.put("preflight.json", preflight);
        there.clear_systemctl_log();
        let error = failed(deploy(&second, &there.permit(&second), &there.upload(), &LocalShell));
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.record.outcome, Outcome::LeftAsItWas);
        assert_eq!((there.link("current"), there.link("previous")), (version.clone(), None));
        assert_eq!(there.systemctl_log(), ["stop flightsmith.service", "start flightsmith.service"]);
        assert!(there.has("flightsmith/state/waiting"), "the old mission waits again");
    }
}

#[test]
fn a_mission_under_way_is_not_disturbed() {
    let there = Companion::new();
    let (first, second) = (there.bundle("first"), there.bundle("second"));
    deploy(&first, &there.permit(&first), &there.upload(), &LocalShell).unwrap();
    there.remove("flightsmith/state/waiting");
    there.clear_systemctl_log();
    let error = failed(deploy(&second, &there.permit(&second), &there.upload(), &LocalShell));
    assert!(error.to_string().contains("a flight may be under way"), "{error}");
    assert_eq!(error.record.outcome, Outcome::LeftAsItWas);
    assert_eq!(there.systemctl_log(), [""; 0]);
}

#[test]
fn a_version_that_fails_its_health_check_gives_way_to_the_one_before() {
    let there = Companion::new();
    let (first, second) = (there.bundle("first"), there.bundle("second"));
    deploy(&first, &there.permit(&first), &there.upload(), &LocalShell).unwrap();
    let unit = there.read(".config/systemd/user/flightsmith.service");
    there.put("second-does-not-wait", "");
    let mut upload = there.upload();
    upload.link = "udpin://0.0.0.0:14540".into();
    let error = failed(deploy(&second, &there.permit(&second), &upload, &LocalShell));
    assert!(error.to_string().contains("the mission unit ended instead of waiting"), "{error}");
    assert_eq!(error.record.outcome, Outcome::LeftAsItWas);
    assert_eq!(error.record.steps.last().unwrap(), "undid the changes");
    assert_eq!(there.link("current"), Some(format!("versions/{}", first.manifest().artifact_sha256)));
    assert_eq!(there.link("previous"), None);
    assert_eq!(there.read(".config/systemd/user/flightsmith.service"), unit);
    assert!(there.has("flightsmith/state/waiting"), "the old mission waits again");
}

#[test]
fn a_program_that_does_not_run_there_is_never_switched_to() {
    let there = Companion::new();
    let bundle = there.bundle("broken");
    let error = failed(deploy(&bundle, &there.permit(&bundle), &there.upload(), &LocalShell));
    assert!(error.to_string().starts_with("the program's self-check failed"), "{error}");
    assert_eq!(there.link("current"), None);
    let other = there.bundle_for("first", "riscv64gc-unknown-linux-gnu");
    let error = failed(deploy(&other, &there.permit(&other), &there.upload(), &LocalShell));
    assert!(matches!(error.source, UploadError::WrongMachine { .. }), "{error}");
}

#[test]
fn a_foreign_program_runs_through_its_emulator() {
    let there = Companion::new();
    let bundle = there.bundle_for("first", "riscv64gc-unknown-linux-gnu");
    there.put_program(
        "emulate",
        "#!/bin/sh\necho \"$@\" >>\"$HOME/emulated\"\n[ \"$1\" = -L ] && shift 2\nexec \"$@\"\n",
    );
    let mut upload = there.upload();
    upload.emulator = ["emulate", "-L", "/sysroot"].map(str::to_owned).to_vec();
    let record = deploy(&bundle, &there.permit(&bundle), &upload, &LocalShell).unwrap();
    assert_eq!(record.outcome, Outcome::Deployed);
    assert_eq!(there.read("emulated").lines().count(), 3, "two self-checks and a preflight");
}

#[test]
fn a_computer_without_systemd_is_told_why_it_has_no_unit() {
    let there = Companion::new();
    let bundle = there.bundle("first");
    there.put_program("systemctl", "#!/bin/sh\necho offline\n");
    let record = deploy(&bundle, &there.permit(&bundle), &there.upload(), &LocalShell).unwrap();
    assert_eq!(record.unit, None);
    assert_eq!(record.unit_says, "no unit was installed: systemd (user) does not run there (it says: offline)");
    let mut upload = there.upload();
    upload.unit = UnitScope::None;
    let record = deploy(&bundle, &there.permit(&bundle), &upload, &LocalShell).unwrap();
    assert_eq!(record.unit_says, "no unit was installed: none was wanted");
}

#[test]
fn a_start_needs_the_permit_of_the_version_that_waits() {
    let there = Companion::new();
    let (first, second) = (there.bundle("first"), there.bundle("second"));
    deploy(&first, &there.permit(&first), &there.upload(), &LocalShell).unwrap();
    let error = start(&there.permit(&second), &there.upload(), &LocalShell).unwrap_err();
    assert!(error.to_string().contains("is not the current one"), "{error}");
    assert!(!there.has("flightsmith/state/start"));
    start(&there.permit(&first), &there.upload(), &LocalShell).unwrap();
    assert_eq!(there.read("flightsmith/state/start").trim(), first.manifest().artifact_sha256.to_string());
}

#[test]
fn a_unit_waits_is_replaced_while_it_waits_and_flies_once_when_told_to() {
    let there = Companion::new();
    there.run_units();
    let (first, second) = (there.bundle("first"), there.bundle("second"));
    deploy(&first, &there.permit(&first), &there.upload(), &LocalShell).unwrap();
    let record = deploy(&second, &there.permit(&second), &there.upload(), &LocalShell).unwrap();
    assert!(record.steps.contains(&"stood the waiting mission down".to_owned()), "{:?}", record.steps);
    assert!(there.has("flightsmith/state/waiting") && !there.has("flown"));
    start(&there.permit(&second), &there.upload(), &LocalShell).unwrap();
    there.until(|| there.has("flown"));
    assert_eq!(there.read("flown"), "second over tcp://127.0.0.1:5760\n");
    assert!(!there.has("flightsmith/state/start"), "the permission is used up");
    let again = start(&there.permit(&second), &there.upload(), &LocalShell).unwrap_err();
    assert!(again.to_string().contains("starting the mission failed"), "{again}");
}

#[test]
fn a_permit_for_something_else_or_a_hostile_link_never_reaches_ssh() {
    struct Unused;
    impl Shell for Unused {
        fn run(&self, command: &Command<'_>) -> Result<Output, ShellError> {
            panic!("{} was run", command.program)
        }
    }
    let there = Companion::new();
    let (first, second) = (there.bundle("first"), there.bundle("second"));
    let elsewhere = flightsmith_upload::permit::VehicleId { name: "quad".into(), at: "ssh://other".into() };
    for permit in [there.permit(&second), there.permit_for(&first, elsewhere)] {
        let error = failed(deploy(&first, &permit, &there.upload(), &Unused));
        assert!(matches!(error.source, UploadError::Permit(_)), "{error}");
    }
    let mut upload = there.upload();
    upload.link = "tcp://x$(reboot)".into();
    let error = failed(deploy(&first, &there.permit(&first), &upload, &Unused));
    assert!(matches!(error.source, UploadError::Word(_)), "{error}");
}
