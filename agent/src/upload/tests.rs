//! Approvals and records; the way over SSH itself is tested in `flightsmith-upload`.
use super::*;
use crate::report::tests::synthetic::Run;
use flightsmith_toolchain::host::Host;
use flightsmith_upload::deployment::Outcome;
use flightsmith_upload::permit::MissionReach;
use flightsmith_upload::policy::Breach;
use flightsmith_upload::shell::{Command, Output, ShellError};
use flightsmith_upload::ssh::{Destination, SshOptions};
use flightsmith_upload::unit::UnitScope;
use std::fs;
use std::time::Duration;

/// A companion computer that refuses every login, as ssh reports it.
struct RefusingShell;

impl Shell for RefusingShell {
    fn run(&self, _: &Command<'_>) -> Result<Output, ShellError> {
        Ok(Output { code: Some(255), stdout: vec![], stderr: b"pi@drone: Permission denied (publickey).\n".to_vec() })
    }
}

fn to_drone() -> Upload {
    Upload {
        destination: Destination::parse("ssh://pi@drone-7.local").unwrap(),
        ssh: SshOptions::default(),
        link: "tcp://127.0.0.1:5760".into(),
        emulator: vec![],
        unit: UnitScope::Auto,
    }
}

fn recorded(run: &Run) -> Deployment {
    serde_json::from_str(&fs::read_to_string(run.path().join(names::DEPLOYMENT)).unwrap()).unwrap()
}

#[test]
fn a_person_sees_what_will_be_flown_and_a_no_is_recorded() {
    let run = Run::square().with_flights(1).with_papers_in_the_bundle();
    let mut shown = String::new();
    let mut person = |request: &Request| {
        shown = approval_text(request);
        false
    };
    let error = upload(run.path(), &[], &to_drone(), Approver::Person(&mut person), &RefusingShell).unwrap_err();
    assert!(matches!(error, UploadStageError::NotApproved(NotApproved::ByPerson)), "{error}");
    for needle in [
        "To fly on quad at ssh://pi@drone-7.local:",
        "  1. Take off to 10 m above home.",
        "highest 10.0 m above home, farthest 57 m from home, fastest 5.0 m/s",
        run.artifact_sha256().as_str(),
    ] {
        assert!(shown.contains(needle), "{needle} is not in: {shown}");
    }
    let record = recorded(&run);
    assert_eq!((record.outcome, record.error.as_str()), (Outcome::LeftAsItWas, "not approved"));
}

#[test]
fn a_policy_decides_where_nobody_is_asked() {
    let run = Run::square().with_flights(1).with_papers_in_the_bundle();
    let policy = |text: &str| Policy::parse(text).unwrap();
    let narrow = policy("vehicles = [\"quad\"]\nhosts = [\"drone-7.local\"]\nmax_distance_m = 50");
    let error = upload(run.path(), &[], &to_drone(), Approver::Policy(&narrow), &RefusingShell).unwrap_err();
    let UploadStageError::NotApproved(NotApproved::ByPolicy(breaches)) = error else { panic!("{error}") };
    assert!(matches!(breaches[..], [Breach::Beyond { limit: "distance", .. }]), "{breaches:?}");
    let wide = policy("vehicles = [\"quad\"]\nhosts = [\"*.local\"]");
    let error = upload(run.path(), &[], &to_drone(), Approver::Policy(&wide), &RefusingShell).unwrap_err();
    assert!(matches!(error, UploadStageError::Failed(_)), "{error}");
    assert!(recorded(&run).error.contains("does not let us in"));
}

#[test]
fn a_bundle_that_was_altered_or_is_signed_by_a_stranger_is_never_asked_about() {
    let run = Run::square().with_flights(1).with_papers_in_the_bundle();
    let mut person = |_: &Request| panic!("nobody must be asked");
    let keys = tempfile::tempdir().unwrap();
    let other = flightsmith_upload::key::BundleKey::load_or_create(&keys.path().join("key")).unwrap().public();
    let error = upload(run.path(), &[other], &to_drone(), Approver::Person(&mut person), &RefusingShell).unwrap_err();
    assert!(error.to_string().contains("which is not trusted here"), "{error}");
    run.put("70-bundle/readback.txt", "1. Something harmless.");
    let error = upload(run.path(), &[], &to_drone(), Approver::Person(&mut person), &RefusingShell).unwrap_err();
    assert!(error.to_string().contains("readback.txt was altered"), "{error}");
    let error = Package::open(&run.path().join("60-flights"), &[]).err().unwrap();
    assert!(matches!(error, PackageError::NoBundle(_)), "{error}");
}

#[test]
fn a_tar_is_a_bundle_too() {
    let run = Run::square().with_flights(1).with_papers_in_the_bundle();
    let tar = run.path().join("bundle.tar");
    Package::open(run.path(), &[]).unwrap().write_tar(&tar).unwrap();
    let package = Package::open(&tar, &[]).unwrap();
    assert_eq!(package.run, None);
    let to = to_drone();
    let request = package.request(to.vehicle("quad"), to.destination.host.clone()).unwrap();
    let reach = MissionReach { max_altitude_m: 10.0, max_distance_m: 40.0_f64.hypot(40.0), max_speed_m_s: 5.0 };
    assert!((request.reach.max_distance_m - reach.max_distance_m).abs() < 1e-9);
    run.put("bundle.tar", "not a tar");
    assert!(matches!(Package::open(&tar, &[]), Err(PackageError::Tar { .. })));
}

#[test]
fn programs_are_found_run_and_cut_off() {
    let host = Host::new(vec!["/usr/bin".into(), "/bin".into()], "/nonexistent");
    let shell = LocalPrograms { host: &host, env: vec![("GREETING".into(), "hello".into())] };
    let run = |program: &'static str, args: &[&str], stdin: &'static [u8], limit: Duration| {
        shell.run(&Command { program, args: args.iter().map(|arg| (*arg).to_owned()).collect(), stdin, limit })
    };
    let minute = Duration::from_secs(60);
    let output = run("sh", &["-c", "cat; echo $GREETING >&2; exit 3"], b"data", minute).unwrap();
    assert_eq!(output, Output { code: Some(3), stdout: b"data".to_vec(), stderr: b"hello\n".to_vec() });
    let error = run("no-such-program", &[], b"", minute).unwrap_err();
    assert_eq!(error, ShellError::Missing("no-such-program"));
    let error = run("sleep", &["60"], b"", Duration::from_millis(50)).unwrap_err();
    assert_eq!(error, ShellError::TimeLimit { program: "sleep", limit_s: 0 });
}

#[test]
fn firmware_is_no_companions() {
    let run = Run::square().with_flights(1).with_a_bundle_for_a_board(b"\x7fELF");
    let mut nobody = |_: &Request| panic!("nobody must be asked");
    let error = upload(run.path(), &[], &to_drone(), Approver::Person(&mut nobody), &RefusingShell).unwrap_err();
    let said =
        "the bundle's program is firmware for thumbv7em, and drone-7.local is a computer with an operating system";
    assert_eq!(error.to_string(), said);
    assert!(error.hints()[0].contains("probe://"), "{:?}", error.hints());
    assert!(!run.path().join(names::DEPLOYMENT).exists());
    let mut nobody = |_: &Request| panic!("nobody must be asked");
    let error = start(run.path(), &[], &to_drone(), Approver::Person(&mut nobody), &RefusingShell).unwrap_err();
    assert_eq!(error.to_string(), said);
}
