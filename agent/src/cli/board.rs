//! `upload --to probe://CHIP`: into a microcontroller through a debug probe, approved as any upload.
use super::approval::{approved, not_uploaded, policy, trusted};
use super::args::UploadArgs;
use super::runs::{print_json, workshop};
use crate::exit::{RunError, VERIFIED};
use crate::upload::approval_text;
use crate::upload::board::{self, flash, plan};
use crate::workshop::Workshop;
use flightsmith_upload::board::address::BoardAddress;
use flightsmith_upload::board::flash::Flashing;
use flightsmith_upload::board::flasher::{Flasher, LogLimits};
use flightsmith_upload::permit::by_policy;
use std::io::Write;

/// `upload` to a board.
pub(super) fn upload(args: &UploadArgs) -> Result<u8, RunError> {
    let flashing = flashing(args)?;
    let shop = workshop(args.json, args.yes, false)?;
    let flasher =
        board::flasher().ok_or_else(|| RunError::NotBuiltIn { what: "debug probes", build: build_command(&shop) })?;
    upload_with(args, &flashing, &shop, flasher.as_ref())
}

/// What builds a program with debug probes.
pub(super) fn build_command(shop: &Workshop) -> String {
    format!("cargo install --path {}/agent --features probe", shop.source_root.display())
}

/// Where to, and refusal of what means nothing there: a flag that is ignored is a flag that somebody relied on.
fn flashing(args: &UploadArgs) -> Result<Flashing, RunError> {
    let address = BoardAddress::parse(&args.to).map_err(|error| RunError::Usage(error.to_string()))?;
    let companion = &args.companion;
    let meaningless = [
        ("--rollback", args.rollback, "a chip holds one program; upload the bundle from before instead"),
        ("--link", args.link.is_some(), "the board's UART is built into its program"),
        ("--emulator", !companion.emulator.is_empty(), "there is nothing to run there"),
        ("--unit", companion.unit != "auto", "a microcontroller has no systemd"),
        ("--ssh-config", companion.ssh_config.is_some(), "no ssh is used"),
    ];
    match meaningless.into_iter().find(|(_, given, _)| *given) {
        Some((flag, _, why)) => Err(RunError::Usage(format!("{flag} means nothing for a board: {why}"))),
        None => Ok(Flashing { address, log: LogLimits::default() }),
    }
}

fn upload_with(args: &UploadArgs, flashing: &Flashing, shop: &Workshop, flasher: &dyn Flasher) -> Result<u8, RunError> {
    let trusted = trusted(&args.companion)?;
    if args.dry_run {
        let (request, plan) = plan(&args.bundle, &trusted, flashing, flasher).map_err(not_uploaded)?;
        let approval = match &args.policy {
            Some(path) => by_policy(&request, &policy(path)?).map(|_| "the policy approves it"),
            None => Ok("a person would be asked"),
        };
        let approval = approval.map_err(|error| not_uploaded(error.into()))?;
        let _ = writeln!(
            std::io::stderr(),
            "{}\ndry run: no probe was touched and nothing recorded; {approval}",
            approval_text(&request)
        );
        print_json(&plan);
        return Ok(VERIFIED);
    }
    let deployment = approved(shop, args.policy.as_deref(), |approver| {
        flash(&args.bundle, &trusted, flashing, approver, flasher).map_err(not_uploaded)
    })?;
    print_json(&deployment);
    Ok(VERIFIED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::synthetic::Run;
    use crate::run_dir::names;
    use crate::upload::Approver;
    use flightsmith_upload::board::flasher::{FlashError, ProbeFound};
    use flightsmith_upload::board::scripted::{ScriptedFlasher, Step, elf, program};
    use flightsmith_upload::deployment::{Deployment, Outcome};
    use flightsmith_upload::permit::Request;
    use flightsmith_upload::policy::Policy;

    fn run(image_bytes: usize) -> Run {
        Run::square().with_flights(1).with_a_bundle_for_a_board(&elf(&[(0x0800_0000, &program(image_bytes))], None))
    }

    fn to_board(text: &str) -> Flashing {
        Flashing { address: BoardAddress::parse(text).unwrap(), log: LogLimits::default() }
    }

    /// Flashes under a policy: how the program would end, and what it recorded.
    fn ends(run: &Run, to: &Flashing, flasher: &ScriptedFlasher) -> (Result<Deployment, RunError>, Option<Deployment>) {
        let policy = Policy::parse("vehicles = [\"quad\"]\nhosts = [\"probe://STM32F405RG\"]").unwrap();
        let result = flash(run.path(), &[], to, Approver::Policy(&policy), flasher).map_err(not_uploaded);
        let record = std::fs::read_to_string(run.path().join(names::DEPLOYMENT)).ok();
        (result, record.map(|text| serde_json::from_str(&text).unwrap()))
    }

    #[test]
    fn a_flash_under_a_policy_is_recorded_in_the_run() {
        let run = run(5000);
        let (result, record) = ends(&run, &to_board("probe://STM32F405RG"), &ScriptedFlasher::default());
        let record = record.unwrap();
        assert_eq!(result.unwrap(), record);
        assert_eq!((record.outcome, record.host.as_str()), (Outcome::Deployed, "probe://STM32F405RG"));
        assert_eq!(record.artifact_sha256.unwrap().to_string(), run.artifact_sha256());
    }

    #[test]
    fn every_failure_has_its_exit_code_a_hint_and_an_honest_record() {
        let chip = || "STM32F405RG".to_owned();
        let says = || "says".to_owned();
        let probe = |serial: &str| ProbeFound { selector: format!("0483:3748:{serial}"), name: "ST-Link".into() };
        let untouched = [
            (Step::Attach, FlashError::NoProbe),
            (Step::Attach, FlashError::SeveralProbes(vec![probe("A"), probe("B")])),
            (Step::Attach, FlashError::NoSuchProbe { wanted: says(), present: vec![probe("A")] }),
            (Step::Attach, FlashError::Permission { probe: says() }),
            (Step::Attach, FlashError::Busy { probe: says(), says: says() }),
            (Step::Attach, FlashError::Setting { says: says() }),
            (Step::Attach, FlashError::NoChip { says: says() }),
            (Step::Identify, FlashError::WrongChip { named: chip(), found: says() }),
            (Step::Unlock, FlashError::Locked { chip: chip(), how: says() }),
        ];
        let erased =
            [(Step::Write, FlashError::Write { says: says() }), (Step::Read, FlashError::Lost { says: says() })];
        let cases = untouched.map(|case| (case, Outcome::LeftAsItWas)).into_iter();
        for ((step, error), outcome) in cases.chain(erased.map(|case| (case, Outcome::NoFirmware))) {
            let flasher = ScriptedFlasher::failing(step, error);
            let (result, record) = ends(&run(5000), &to_board("probe://STM32F405RG"), &flasher);
            let (error, record) = (result.unwrap_err(), record.unwrap());
            assert_eq!((error.exit_code(), record.outcome), (7, outcome), "{error}");
            assert!(!error.hints().is_empty(), "{error}");
            let loud = error.to_string().contains("NO VALID PROGRAM");
            assert_eq!(loud, outcome == Outcome::NoFirmware, "{error}");
        }
        let stuck = ScriptedFlasher { stuck_at: Some(0x0800_0123), ..Default::default() };
        let (result, record) = ends(&run(5000), &to_board("probe://STM32F405RG"), &stuck);
        let error = result.unwrap_err();
        assert!(error.exit_code() == 7 && error.to_string().contains("0x08000123"), "{error}");
        assert_eq!(record.unwrap().outcome, Outcome::NoFirmware);
    }

    #[test]
    fn what_does_not_fit_is_refused_before_anybody_is_asked() {
        let mut never = |request: &Request| -> bool { panic!("asked about {request:?}") };
        let too_large = run(1024 * 1024 + 4);
        let for_linux = Run::square().with_flights(1).with_papers_in_the_bundle();
        let cases = [
            (&too_large, "STM32F405RG", 7, "1048580 bytes from 0x08000000, BANK_1 holds 1048576"),
            (&for_linux, "STM32F405RG", 7, "a computer with an operating system"),
            (&too_large, "STM32F406RG", 2, "nearest: STM32F405RG"),
        ];
        for (run, chip, code, says) in cases {
            let flasher = ScriptedFlasher::default();
            let to = to_board(&format!("probe://{chip}"));
            let result = flash(run.path(), &[], &to, Approver::Person(&mut never), &flasher);
            let error = not_uploaded(result.unwrap_err());
            assert_eq!(error.exit_code(), code, "{error}");
            assert!(error.to_string().contains(says), "{says} is not in: {error}");
            assert!(flasher.calls.borrow().is_empty());
        }
    }

    #[test]
    fn the_permit_is_for_that_very_board() {
        let run = run(5000);
        let flasher = ScriptedFlasher::default();
        let mut shown = String::new();
        let mut person = |request: &Request| {
            shown = approval_text(request);
            false
        };
        let to = to_board("probe://STM32F405RG?probe=0483:3748:A&speed_khz=100");
        let error = flash(run.path(), &[], &to, Approver::Person(&mut person), &flasher).map_err(not_uploaded);
        assert_eq!(error.unwrap_err().exit_code(), 7);
        for needle in ["To fly on quad at probe://STM32F405RG?probe=0483:3748:A:", "erased", "pilot's switch"] {
            assert!(shown.contains(needle), "{needle} is not in: {shown}");
        }
        assert!(flasher.calls.borrow().is_empty());
        // A policy that names a computer of that name does not name the board.
        let policy = Policy::parse("vehicles = [\"quad\"]\nhosts = [\"STM32F405RG\"]").unwrap();
        let error = flash(run.path(), &[], &to, Approver::Policy(&policy), &flasher).map_err(not_uploaded).unwrap_err();
        assert!(error.to_string().contains("host `probe://STM32F405RG` is not in it"), "{error}");
    }
}
