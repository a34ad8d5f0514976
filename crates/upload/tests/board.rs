//! Flashing a board under a permit, with a scripted probe: the order of the steps, every failure, and what the record says of it.
use flightsmith_upload::board::address::BoardAddress;
use flightsmith_upload::board::flash::{BoardError, Flashing, NotFlashed, flash, plan};
use flightsmith_upload::board::flasher::{FlashError, Flasher, Log, LogLimits};
use flightsmith_upload::board::scripted::{ScriptedFlasher, Step, elf, program};
use flightsmith_upload::bundle::{Bundle, Item};
use flightsmith_upload::deployment::{Deployment, Outcome};
use flightsmith_upload::digest::Digest;
use flightsmith_upload::key::BundleKey;
use flightsmith_upload::manifest::Provenance;
use flightsmith_upload::permit::{MissionReach, Permit, Request, VehicleId, ask};
use std::fs;
use std::path::Path;

fn flashing() -> Flashing {
    Flashing { address: BoardAddress::parse("probe://STM32F405RG").unwrap(), log: LogLimits::default() }
}

/// A signed bundle around `artifact`, for `target`.
fn bundle_of(folder: &Path, artifact: &[u8], target: &str) -> Bundle {
    let from = folder.join("artifact");
    fs::write(&from, artifact).unwrap();
    let key = BundleKey::load_or_create(&folder.join("key")).unwrap();
    let provenance = Provenance {
        target: target.into(),
        vehicle: "quad".into(),
        autopilot: "ardupilot".into(),
        tools: Default::default(),
    };
    Bundle::write(&folder.join("bundle"), &[Item { path: "mission".into(), from }], provenance, &key).unwrap()
}

fn sound_image() -> Vec<u8> {
    elf(&[(0x0800_0000, &program(9000)), (0x0800_8000, &[7; 100])], Some(0x2000_0040))
}

fn permit_for(bundle: &Bundle, vehicle: VehicleId) -> Permit {
    let request = Request {
        artifact_digest: bundle.manifest().artifact_sha256,
        vehicle,
        host: "probe://STM32F405RG".into(),
        target: bundle.manifest().provenance.target.clone(),
        signed_by: bundle.signed_by(),
        reach: MissionReach { max_altitude_m: 10.0, max_distance_m: 60.0, max_speed_m_s: 5.0 },
        readback: "take off".into(),
    };
    ask(&request, &mut |_| true).unwrap()
}

/// Flashes a sound bundle; also what was kept before the erase.
fn flashed(flasher: &ScriptedFlasher) -> (Result<Deployment, Box<NotFlashed>>, Option<Deployment>) {
    let folder = tempfile::tempdir().unwrap();
    let bundle = bundle_of(folder.path(), &sound_image(), "thumbv7em-none-eabihf");
    let permit = permit_for(&bundle, flashing().address.vehicle("quad"));
    let mut kept = None;
    let result = flash(&bundle, &permit, &flashing(), flasher, &mut |record| {
        kept = Some(record.clone());
        Ok(())
    });
    (result, kept)
}

#[test]
fn a_flash_goes_step_by_step_and_is_recorded() {
    let log = Log { lines: vec!["mission waits".into(), "armed: no".into()], remark: String::new() };
    let flasher = ScriptedFlasher { log, ..Default::default() };
    let (result, kept) = flashed(&flasher);
    let record = result.unwrap();
    let steps = [
        "the image fits the chip",
        "attached",
        "the chip is the one named",
        "its flash is not locked",
        "erased and written",
        "read back as written",
        "restarted",
    ];
    assert_eq!((record.outcome, record.error.as_str()), (Outcome::Deployed, ""));
    assert_eq!(record.steps, steps);
    // 9000 bytes are read back in three pieces, 100 in one.
    let calls = ["attach", "identify", "check_unlocked", "erase_and_write", "read", "read", "read", "read", "restart"];
    assert_eq!(*flasher.calls.borrow(), calls);
    let board = record.board.as_ref().unwrap();
    assert_eq!(board.log, ["mission waits", "armed: no"]);
    let segments: Vec<(u32, u64, bool)> =
        board.segments.iter().map(|segment| (segment.address, segment.size_bytes, segment.verified)).collect();
    assert_eq!(segments, [(0x0800_0000, 9000, true), (0x0800_8000, 100, true)]);
    assert_eq!(board.segments[1].sha256, Digest::of(&[7; 100]));
    // Read back from its JSON it is the same.
    let text = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<Deployment>(&text).unwrap(), record);
    let kept = kept.unwrap();
    assert_eq!((kept.outcome, kept.steps.len()), (Outcome::NoFirmware, 4));
}

#[test]
fn each_failure_leaves_the_board_in_the_state_that_the_record_says() {
    let lost = || FlashError::Lost { says: "USB".into() };
    let cases = [
        (Step::Attach, FlashError::NoProbe, Outcome::LeftAsItWas, 1),
        (
            Step::Identify,
            FlashError::WrongChip { named: "STM32F405RG".into(), found: "0x433".into() },
            Outcome::LeftAsItWas,
            2,
        ),
        (
            Step::Unlock,
            FlashError::Locked { chip: "STM32F405RG".into(), how: "RDP level 1".into() },
            Outcome::LeftAsItWas,
            3,
        ),
        (Step::Write, FlashError::Write { says: "sector 0".into() }, Outcome::NoFirmware, 4),
        (Step::Read, lost(), Outcome::NoFirmware, 5),
        (Step::Restart, FlashError::Reset { says: "no".into() }, Outcome::Uncertain, 6),
    ];
    for (step, error, outcome, steps_done) in cases {
        let flasher = ScriptedFlasher::failing(step, error.clone());
        let failed = flashed(&flasher).0.unwrap_err();
        let record = &failed.record;
        assert_eq!((record.outcome, record.steps.len()), (outcome, steps_done), "{step:?}");
        assert_eq!(record.error, error.to_string());
        assert!(failed.source.hint().is_some(), "{step:?}");
        let loud = failed.to_string().contains("THE BOARD HOLDS NO VALID PROGRAM");
        assert_eq!(loud, outcome == Outcome::NoFirmware, "{failed}");
        let touched = !flasher.flash.borrow().is_empty();
        assert_eq!(touched, steps_done >= 5, "{step:?}");
    }
}

#[test]
fn a_bit_that_does_not_stick_is_found_by_its_address_and_the_program_is_not_started() {
    let flasher = ScriptedFlasher { stuck_at: Some(0x0800_1001), ..Default::default() };
    let failed = flashed(&flasher).0.unwrap_err();
    let BoardError::Flash(FlashError::Differs { address, expected, found }) = failed.source else { panic!("{failed}") };
    assert_eq!((address, expected ^ found), (0x0800_1001, 0x10));
    assert_eq!(failed.record.outcome, Outcome::NoFirmware);
    assert!(!flasher.calls.borrow().contains(&"restart"));
    assert!(failed.record.board.unwrap().segments.iter().all(|segment| !segment.verified));
}

#[test]
fn without_the_right_permit_no_probe_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = bundle_of(folder.path(), &sound_image(), "thumbv7em-none-eabihf");
    let other = BoardAddress::parse("probe://STM32F405RG?probe=0483:3748").unwrap();
    for vehicle in [other.vehicle("quad"), flashing().address.vehicle("hexa")] {
        let flasher = ScriptedFlasher::default();
        let permit = permit_for(&bundle, vehicle);
        let failed = flash(&bundle, &permit, &flashing(), &flasher, &mut |_| Ok(())).unwrap_err();
        assert!(matches!(failed.source, BoardError::Permit(_)), "{failed}");
        assert_eq!(failed.record.outcome, Outcome::LeftAsItWas);
        assert!(flasher.calls.borrow().is_empty());
    }
}

#[test]
fn programs_for_computers_and_for_other_chips_touch_no_probe() {
    let large = elf(&[(0x0800_0000, &program(1024 * 1024 + 4))], None);
    let sizes = "1048580 bytes from 0x08000000, BANK_1 holds 1048576";
    let cases: [(&[u8], &str, &str); 4] = [
        (b"\x7fELF\x02\x01", "aarch64", "for aarch64, a computer"),
        (&large, "thumbv7em-none-eabihf", sizes),
        (b"#!/bin/sh", "thumbv7em-none-eabihf", "not a readable ELF file"),
        (&sound_image(), "thumbv8m.main-none-eabihf", "core of type Armv7em"),
    ];
    for (artifact, target, says) in cases {
        let folder = tempfile::tempdir().unwrap();
        let bundle = bundle_of(folder.path(), artifact, target);
        let flasher = ScriptedFlasher::default();
        let permit = permit_for(&bundle, flashing().address.vehicle("quad"));
        let failed = flash(&bundle, &permit, &flashing(), &flasher, &mut |_| Ok(())).unwrap_err();
        assert!(failed.to_string().contains(says), "{says} is not in: {failed}");
        assert!(failed.source.hint().is_some(), "{failed}");
        assert_eq!(failed.record.outcome, Outcome::LeftAsItWas);
        assert!(flasher.calls.borrow().is_empty());
        assert_eq!(plan(&bundle, &flashing(), &flasher).unwrap_err().to_string(), failed.to_string());
    }
}

#[test]
fn a_plan_says_what_would_be_erased_and_written_and_touches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = bundle_of(folder.path(), &sound_image(), "thumbv7em-none-eabihf");
    let flasher = ScriptedFlasher::default();
    let plan = plan(&bundle, &flashing(), &flasher).unwrap();
    assert_eq!((plan.chip.as_str(), plan.write_bytes, plan.flash_bytes), ("STM32F405RG", 9100, 1 << 20));
    assert_eq!(plan.sectors, flasher.sectors(&flasher.chip("stm32f405rg").unwrap(), &image()).unwrap());
    assert_eq!(plan.log_block, Some(0x2000_0040));
    assert!(flasher.calls.borrow().is_empty());
}

fn image() -> flightsmith_upload::board::image::Image {
    flightsmith_upload::board::image::Image::parse(&sound_image()).unwrap()
}

#[test]
fn nothing_is_erased_while_the_record_cannot_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = bundle_of(folder.path(), &sound_image(), "thumbv7em-none-eabihf");
    let permit = permit_for(&bundle, flashing().address.vehicle("quad"));
    let flasher = ScriptedFlasher::default();
    let full = &mut |_: &Deployment| Err(std::io::Error::other("no space left"));
    let failed = flash(&bundle, &permit, &flashing(), &flasher, full).unwrap_err();
    assert!(matches!(failed.source, BoardError::Record(_)), "{failed}");
    assert_eq!(failed.record.outcome, Outcome::LeftAsItWas);
    assert!(!flasher.calls.borrow().contains(&"erase_and_write"));
}

#[test]
fn a_program_that_is_exchanged_after_the_bundle_was_opened_is_not_flashed() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = bundle_of(folder.path(), &sound_image(), "thumbv7em-none-eabihf");
    fs::write(bundle.folder().join("mission"), elf(&[(0x0800_0000, &program(64))], None)).unwrap();
    let permit = permit_for(&bundle, flashing().address.vehicle("quad"));
    let flasher = ScriptedFlasher::default();
    let failed = flash(&bundle, &permit, &flashing(), &flasher, &mut |_| Ok(())).unwrap_err();
    assert!(matches!(failed.source, BoardError::Changed { .. }), "{failed}");
    assert!(flasher.calls.borrow().is_empty());
}
