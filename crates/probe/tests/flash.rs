//! Whole flashes through probe-rs's own code, into a fake chip behind a fake probe: what is written where, and every way to fail.
mod fake_chip;

use fake_chip::{Condition, FLASH, FakeChip, FakeProbes, LOG_BLOCK, ProbeHandle, SRAM, SRAM_BYTES};
use flightsmith_probe::ProbeRs;
use flightsmith_upload::board::address::BoardAddress;
use flightsmith_upload::board::flash::{Flashing, NotFlashed, flash, plan};
use flightsmith_upload::board::flasher::{FlashError, Flasher, LogLimits};
use flightsmith_upload::board::scripted::{elf, program};
use flightsmith_upload::bundle::{Bundle, Item};
use flightsmith_upload::deployment::{Deployment, Outcome};
use flightsmith_upload::key::BundleKey;
use flightsmith_upload::manifest::Provenance;
use flightsmith_upload::permit::{MissionReach, Permit, Request, ask};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Long enough for what the fake says at once, short enough for what it never says.
const LOG: LogLimits = LogLimits { time: Duration::from_millis(300), lines: 2 };

fn to(address: &str) -> Flashing {
    Flashing { address: BoardAddress::parse(address).unwrap(), log: LOG }
}

fn image() -> Vec<u8> {
    elf(&[(FLASH, &program(20_001)), (FLASH + 0x10_000, &[0x5a; 33])], Some(LOG_BLOCK))
}

fn bundle_in(folder: &Path, artifact: &[u8]) -> Bundle {
    let from = folder.join("artifact");
    fs::write(&from, artifact).unwrap();
    let key = BundleKey::load_or_create(&folder.join("key")).unwrap();
    let (target, vehicle, autopilot) = ("thumbv7em-none-eabihf".into(), "quad".into(), "ardupilot".into());
    let provenance = Provenance { target, vehicle, autopilot, tools: Default::default() };
    Bundle::write(&folder.join("bundle"), &[Item { path: "mission".into(), from }], provenance, &key).unwrap()
}

fn permit(bundle: &Bundle, flashing: &Flashing) -> Permit {
    let request = Request {
        artifact_digest: bundle.manifest().artifact_sha256,
        vehicle: flashing.address.vehicle("quad"),
        host: flashing.address.host(),
        target: bundle.manifest().provenance.target.clone(),
        signed_by: bundle.signed_by(),
        reach: MissionReach { max_altitude_m: 10.0, max_distance_m: 60.0, max_speed_m_s: 5.0 },
        readback: "take off".into(),
    };
    ask(&request, &mut |_| true).unwrap()
}

fn flashed(probes: FakeProbes, address: &str) -> Result<Deployment, Box<NotFlashed>> {
    let folder = tempfile::tempdir().unwrap();
    let (bundle, flashing) = (bundle_in(folder.path(), &image()), to(address));
    let flasher = ProbeRs::with_lister(Box::new(probes));
    flash(&bundle, &permit(&bundle, &flashing), &flashing, &flasher, &mut |_| Ok(()))
}

fn one(chip: &Arc<Mutex<FakeChip>>) -> FakeProbes {
    FakeProbes(vec![ProbeHandle::new(chip, "A1")])
}

/// Flashes a chip in this condition; the chip afterwards too.
fn flashed_in(condition: Condition) -> (Result<Deployment, Box<NotFlashed>>, Arc<Mutex<FakeChip>>) {
    let chip = FakeChip::new(condition);
    (flashed(one(&chip), "probe://STM32F405RG"), chip)
}

fn flash_error(failed: Box<NotFlashed>) -> FlashError {
    match failed.source {
        flightsmith_upload::board::flash::BoardError::Flash(error) => error,
        other => panic!("{other}"),
    }
}

#[test]
fn a_chip_is_erased_written_read_back_restarted_and_heard() {
    let (result, chip) = flashed_in(Condition::default());
    let record = result.unwrap();
    let chip = chip.lock().unwrap();
    assert_eq!(chip.flash(FLASH, 20_001), program(20_001));
    assert_eq!(chip.flash(FLASH + 0x10_000, 34), [[0x5a; 33].as_slice(), &[0xff]].concat());
    let erased = ["erase 0x08000000", "erase 0x08004000", "erase 0x08010000"];
    assert_eq!(chip.history, [&["reset, halted"], erased.as_slice(), &["reset, runs"]].concat());
    assert!(chip.runs());
    assert_eq!(record.outcome, Outcome::Deployed);
    let board = record.board.unwrap();
    assert_eq!(board.log, ["mission waits on the ground", "no permission to start yet"]);
    assert_eq!(board.probe.unwrap().selector, "f1a6:0001:A1");
    assert!(board.identity.unwrap().proves && board.segments.iter().all(|segment| segment.verified));
}

#[test]
fn a_plan_names_the_real_sectors_and_needs_no_probe() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = bundle_in(folder.path(), &image());
    let flasher = ProbeRs::with_lister(Box::new(FakeProbes::default()));
    let plan = plan(&bundle, &to("probe://stm32f405rg"), &flasher).unwrap();
    let sectors: Vec<(u64, u64)> = plan.sectors.iter().map(|sector| (sector.address, sector.size_bytes)).collect();
    assert_eq!(sectors, [(0x0800_0000, 0x4000), (0x0800_4000, 0x4000), (0x0801_0000, 0x1_0000)]);
    assert_eq!((plan.chip.as_str(), plan.write_bytes, plan.flash_bytes), ("STM32F405RG", 20_034, 1 << 20));
}

#[test]
fn without_a_probe_or_with_several_nothing_is_touched_and_the_choice_is_listed() {
    let none = flash_error(flashed(FakeProbes::default(), "probe://STM32F405RG").unwrap_err());
    assert_eq!(none, FlashError::NoProbe);
    let chips = [FakeChip::new(Condition::default()), FakeChip::new(Condition::default())];
    let two = FakeProbes(vec![ProbeHandle::new(&chips[0], "A1"), ProbeHandle::new(&chips[1], "B2")]);
    let error = flash_error(flashed(two.clone(), "probe://STM32F405RG").unwrap_err());
    assert_eq!(
        error.to_string(),
        "2 debug probes are plugged in: f1a6:0001:A1 (Fake probe), f1a6:0001:B2 (Fake probe)"
    );
    assert!(error.hint().unwrap().contains("?probe=f1a6:0001:A1"));
    let error = flash_error(flashed(two.clone(), "probe://STM32F405RG?probe=f1a6:0001:C3").unwrap_err());
    assert!(matches!(&error, FlashError::NoSuchProbe { present, .. } if present.len() == 2), "{error}");
    assert!(chips.iter().all(|chip| chip.lock().unwrap().history.is_empty()));
    flashed(two, "probe://STM32F405RG?probe=f1a6:0001:B2&protocol=swd&speed_khz=4000").unwrap();
    assert!(chips[0].lock().unwrap().history.is_empty() && !chips[1].lock().unwrap().history.is_empty());
}

#[test]
fn interfaces_of_one_probe_are_one_and_copies_of_a_probe_are_not() {
    let chip = FakeChip::new(Condition::default());
    let probe = |serial, interface| ProbeHandle { interface, ..ProbeHandle::new(&chip, serial) };
    let several = |probes: &[ProbeHandle], expected: &[&str]| {
        let result = flashed(FakeProbes(probes.to_vec()), "probe://STM32F405RG");
        let selectors: Vec<String> = match result.map_err(flash_error) {
            Ok(_) => vec![],
            Err(FlashError::SeveralProbes(found)) => found.into_iter().map(|probe| probe.selector).collect(),
            Err(other) => panic!("{other}"),
        };
        assert_eq!(selectors, expected);
    };
    several(&[probe("A1", Some(0)), probe("A1", Some(2))], &[]);
    let two_of_two = [probe("A1", Some(0)), probe("B2", Some(0)), probe("A1", Some(2)), probe("B2", Some(2))];
    several(&two_of_two, &["f1a6:0001:A1", "f1a6:0001:B2"]);
    several(&[probe("A1", None), probe("A1", None)], &["f1a6:0001:A1"; 2]);
    several(&[probe("", Some(0)), probe("", Some(2))], &["f1a6:0001-0", "f1a6:0001-2"]);
    // A serial number that cannot be typed is given, and taken, in hexadecimal.
    let odd = FakeProbes(vec![probe("\u{1}?", None), probe("B2", None)]);
    let found = flashed(odd.clone(), "probe://STM32F405RG").map_err(flash_error).unwrap_err();
    assert!(matches!(&found, FlashError::SeveralProbes(found) if found[0].selector == "f1a6:0001:013F"), "{found}");
    flashed(odd, "probe://STM32F405RG?probe=f1a6:0001:013F").unwrap();
}

#[test]
fn probes_that_cannot_be_used_say_why() {
    let chip = FakeChip::new(Condition::default());
    let with = |accessible, busy| FakeProbes(vec![ProbeHandle { accessible, busy, ..ProbeHandle::new(&chip, "A1") }]);
    let error = flash_error(flashed(with(false, false), "probe://STM32F405RG").unwrap_err());
    assert_eq!(error, FlashError::Permission { probe: "f1a6:0001:A1".into() });
    assert!(error.hint().unwrap().contains("udev"));
    let error = flash_error(flashed(with(true, true), "probe://STM32F405RG").unwrap_err());
    assert!(matches!(error, FlashError::Busy { .. }), "{error}");
    for setting in ["protocol=jtag", "speed_khz=90000"] {
        let address = format!("probe://STM32F405RG?{setting}");
        let error = flash_error(flashed(one(&chip), &address).unwrap_err());
        assert!(matches!(error, FlashError::Setting { .. }), "{error}");
    }
    assert!(chip.lock().unwrap().history.is_empty());
}

#[test]
fn chips_that_are_not_what_was_named_keep_their_program() {
    let cases: [(Condition, &str); 6] = [
        (Condition { idcode: 0x1000_6433, ..Default::default() }, "STM32F401xD/STM32F401xE"),
        (Condition { size_kib: 512, ..Default::default() }, "512 KiB of flash, not 1024"),
        (Condition { optcr: 0x0fff_55ed, ..Default::default() }, "readout protection is at level 1"),
        (Condition { optcr: 0x0ffe_aaed, ..Default::default() }, "write protection is on for sectors 0"),
        (Condition { absent: true, ..Default::default() }, "no chip answers the probe"),
        (Condition { supply_v: Some(0.2), ..Default::default() }, "no power (0.2 V)"),
    ];
    for (condition, says) in cases {
        let (result, chip) = flashed_in(condition);
        let failed = result.unwrap_err();
        assert!(failed.to_string().contains(says), "{says} is not in: {failed}");
        assert_eq!(failed.record.outcome, Outcome::LeftAsItWas, "{failed}");
        let chip = chip.lock().unwrap();
        assert_eq!((chip.flash(FLASH, 4), chip.runs()), (b"old!".as_slice(), true), "{failed}");
        assert!(chip.history.is_empty(), "{:?}", chip.history);
    }
}

#[test]
fn the_core_that_probe_rs_mocks_is_attached_to_and_found_to_be_no_such_chip() {
    // All its memory reads as zero, and it can only be read: this is as far as it carries.
    let chip = FakeChip::new(Condition::default());
    let stock = FakeProbes(vec![ProbeHandle { is_stock: true, ..ProbeHandle::new(&chip, "A1") }]);
    let failed = flashed(stock, "probe://STM32F405RG").unwrap_err();
    assert_eq!(failed.record.steps, ["the image fits the chip", "attached"]);
    assert_eq!(failed.record.outcome, Outcome::LeftAsItWas);
    let error = flash_error(failed);
    assert!(matches!(&error, FlashError::WrongChip { found, .. } if found.contains("ST device 0x000")), "{error}");
}

#[test]
fn failures_after_the_erase_began_are_called_what_they_are() {
    let (result, chip) = flashed_in(Condition { stuck_at: Some(FLASH + 0x0007), ..Default::default() });
    let failed = result.unwrap_err();
    assert_eq!(failed.record.outcome, Outcome::NoFirmware);
    let expected = FlashError::Differs { address: 0x0800_0007, expected: 0x08, found: 0x18 };
    assert_eq!(flash_error(failed), expected);
    // A program that is not what was approved is not started.
    assert!(!chip.lock().unwrap().runs());

    let (result, _) = flashed_in(Condition { bad_sector: Some(FLASH + 0x4000), ..Default::default() });
    let failed = result.unwrap_err();
    assert_eq!(failed.record.outcome, Outcome::NoFirmware);
    assert!(failed.to_string().contains("0x08004000"), "{failed}");

    let (result, _) = flashed_in(Condition { dies_after_flash_reads: Some(1100), ..Default::default() });
    let failed = result.unwrap_err();
    assert_eq!(failed.record.outcome, Outcome::NoFirmware);
    assert!(failed.to_string().contains("THE BOARD HOLDS NO VALID PROGRAM"), "{failed}");
    assert!(matches!(flash_error(failed), FlashError::Lost { .. }));
}

#[test]
fn a_program_without_a_log_is_flashed_with_a_remark_and_finds_nothing_of_the_one_before() {
    let chip = FakeChip::new(Condition { log: None, ..Default::default() });
    {
        let mut chip = chip.lock().unwrap();
        chip.say("the program before\n");
        // What a program leaves that was in flight when it was reset.
        chip.ram_mut(SRAM + 0x5000, 8).copy_from_slice(b"WYLFbox!");
        chip.ram_mut(SRAM + SRAM_BYTES as u32 - 4, 4).fill(0xff);
    }
    let record = flashed(one(&chip), "probe://STM32F405RG").unwrap();
    let board = record.board.unwrap();
    assert_eq!(record.outcome, Outcome::Deployed);
    assert!(board.log.is_empty(), "{:?}", board.log);
    assert!(board.log_remark.starts_with("no RTT log was found"), "{}", board.log_remark);
    assert!(chip.lock().unwrap().ram_mut(SRAM, SRAM_BYTES).iter().all(|byte| *byte == 0));

    let (result, _) = flashed_in(Condition { log: Some(""), ..Default::default() });
    assert_eq!(result.unwrap().board.unwrap().log_remark, "the program said nothing within 0.3 s");
}

#[test]
fn a_log_is_found_without_its_symbol() {
    let chip = FakeChip::new(Condition::default());
    let folder = tempfile::tempdir().unwrap();
    let bundle = bundle_in(folder.path(), &elf(&[(FLASH, &program(64))], None));
    let flashing = to("probe://STM32F405RG");
    let flasher = ProbeRs::with_lister(Box::new(one(&chip)));
    let record = flash(&bundle, &permit(&bundle, &flashing), &flashing, &flasher, &mut |_| Ok(())).unwrap();
    assert_eq!(record.board.unwrap().log.len(), 2);
}

#[test]
fn the_probes_of_this_machine_are_listed_without_any_system_library() {
    // Whether one is plugged in here or not, a wrong selector must be answered with what is there.
    let flasher = ProbeRs::new();
    let chip = flasher.chip("STM32F405RG").unwrap();
    let address = BoardAddress::parse("probe://STM32F405RG?probe=f1a6:ffff:none").unwrap();
    let error = flasher.attach(&address, &chip).err().unwrap();
    assert!(matches!(error, FlashError::NoSuchProbe { .. }), "{error}");
}
