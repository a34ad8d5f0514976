//! Registers as chips have them: the right chip, others, and locked ones.
use super::*;
use flightsmith_upload::board::flasher::Region;
use flightsmith_upload::board::scripted::stm32f405rg;
use std::collections::BTreeMap;

const M4: u32 = 0x410f_c241;
const OPTCR: u64 = 0x4002_3c14;
const FLASH: u64 = 0x0800_0000;

/// A chip that has these registers and faults elsewhere.
struct Registers {
    words: BTreeMap<u64, u32>,
    maker: Option<(u8, u8)>,
}

impl Reads for Registers {
    fn word(&mut self, address: u64) -> Result<u32, String> {
        assert_eq!(address % 4, 0, "{address:#x}");
        self.words.get(&address).copied().ok_or_else(|| format!("fault at {address:#x}"))
    }
    fn maker(&mut self) -> Result<Option<(u8, u8)>, String> {
        Ok(self.maker)
    }
}

fn with(words: &[(u64, u32)]) -> Registers {
    Registers { words: words.iter().copied().collect(), maker: None }
}

/// An STM32F405RG as it comes from the factory: revision bits in the number, the size in the upper half of its word.
fn factory() -> Vec<(u64, u32)> {
    vec![(CPUID, M4), (0xe004_2000, 0x1007_6413), (0x1fff_7a20, 0x0400_c0c0), (OPTCR, 0x0fff_aaed), (FLASH, 0)]
}

fn altered(address: u64, word: u32) -> Registers {
    let mut registers = with(&factory());
    registers.words.insert(address, word);
    registers
}

fn called(name: &str, core: &str, flash_kib: u64) -> Chip {
    let flash = vec![Region { name: "flash".into(), start: FLASH, end: FLASH + flash_kib * 1024 }];
    Chip { name: name.into(), core: core.into(), flash, ram: vec![] }
}

#[test]
fn the_right_chip_proves_itself() {
    let identity = identify(&stm32f405rg(), Some((0x20, 0)), &mut with(&factory())).unwrap();
    let says = "Cortex-M4, ST device 0x413 (STM32F405/STM32F407/STM32F415/STM32F417), 1024 KiB of flash";
    assert_eq!(identity, Identity { says: says.into(), proves: true });
    assert_eq!(check_unlocked(&stm32f405rg(), &mut with(&factory())), Ok(()));
}

#[test]
fn another_chip_is_named() {
    let found = |registers: &mut Registers| match identify(&stm32f405rg(), None, registers).unwrap_err() {
        FlashError::WrongChip { named, found } if named == "STM32F405RG" => found,
        other => panic!("{other}"),
    };
    assert_eq!(
        found(&mut altered(0xe004_2000, 0x1000_6433)),
        "a Cortex-M4, ST device 0x433 (STM32F401xD/STM32F401xE), not 0x413"
    );
    assert!(found(&mut altered(0xe004_2000, 0x0000_0fff)).contains("none that is known here"));
    assert!(found(&mut altered(0x1fff_7a20, 0x0200_c0c0)).ends_with("512 KiB of flash, not 1024"));
    assert_eq!(found(&mut altered(CPUID, 0x412f_c231)), "a Cortex-M3 (CPUID 0x412fc231)");
}

#[test]
fn what_is_not_proved_is_not_called_proved() {
    let proves = |registers: &mut Registers| identify(&stm32f405rg(), None, registers).unwrap();
    let larger = proves(&mut altered(0x1fff_7a20, 0x0800_c0c0));
    assert!(!larger.proves && larger.says.contains("2048 KiB"), "{larger:?}");
    assert!(!proves(&mut altered(0x1fff_7a20, 0xffff_c0c0)).proves);
    let unknown = called("ATSAMD51J19A", "Armv7em", 512);
    let mut registers = with(&[(CPUID, M4)]);
    for (maker, proves) in [(None, "not found out"), (Some((0x1f, 0)), "right maker"), (Some(ARM), "not found out")] {
        registers.maker = maker;
        let identity = identify(&unknown, Some((0x1f, 0)), &mut registers).unwrap();
        assert!(!identity.proves && identity.says.contains(proves), "{identity:?}");
    }
    registers.maker = Some((0x20, 0));
    let error = identify(&unknown, Some((0x1f, 0)), &mut registers).unwrap_err();
    assert!(error.to_string().contains("made by JEP106 0x20/0, not 0x1f/0"), "{error}");
}

#[test]
fn nordic_parts_read_like_their_names() {
    let chip = called("nRF52840_xxAA", "Armv7em", 1024);
    let part = |part| identify(&chip, None, &mut with(&[(CPUID, M4), (FICR_PART, part)]));
    assert_eq!(part(0x52840), Ok(Identity { says: "Cortex-M4, nRF52840".into(), proves: true }));
    assert!(part(0x52833).unwrap_err().to_string().ends_with("found a Cortex-M4, Nordic part 52833"));
    assert!(!part(u32::MAX).unwrap().proves);
}

#[test]
fn locks_are_found_before_anything_is_erased() {
    let how = |registers: &mut Registers| match check_unlocked(&stm32f405rg(), registers).unwrap_err() {
        FlashError::Locked { chip, how } if chip == "STM32F405RG" => how,
        other => panic!("{other}"),
    };
    assert_eq!(how(&mut altered(OPTCR, 0x0fff_55ed)), "readout protection is at level 1");
    assert_eq!(how(&mut altered(OPTCR, 0x0fff_cced)), "readout protection is at level 2");
    assert_eq!(how(&mut altered(OPTCR, 0x0ffc_aaed)), "write protection is on for sectors 0, 1");
    let mut unreadable = with(&factory());
    unreadable.words.remove(&FLASH);
    assert_eq!(how(&mut unreadable), "it cannot be read (fault at 0x8000000)");
    let f3 = called("STM32F303RE", "Armv7em", 512);
    for (obr, expected) in [(0x0000_0000, true), (0x0000_0002, false), (0x0000_0006, false)] {
        let open = check_unlocked(&f3, &mut with(&[(0x4002_201c, obr), (FLASH, 0)])).is_ok();
        assert_eq!(open, expected, "{obr:#x}");
    }
}

#[test]
fn a_chip_that_goes_away_is_lost_and_not_another_chip() {
    let lost = FlashError::Lost { says: "fault at 0xe000ed00".into() };
    assert_eq!(identify(&stm32f405rg(), None, &mut with(&[])), Err(lost));
    let lost = FlashError::Lost { says: format!("fault at {OPTCR:#x}") };
    assert_eq!(check_unlocked(&stm32f405rg(), &mut with(&[])), Err(lost));
}

#[test]
fn every_line_leads_to_one_device_and_its_series() {
    for device in &DEVICES {
        for line in device.lines {
            let name = format!("{}RG", line.replace('x', "R"));
            let (series, found) = st(&name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(found.number, device.number, "{name}");
            assert!(line.starts_with(series.name));
        }
    }
    let cases = [("STM32F401CB", 0x423), ("STM32F401RE", 0x433), ("STM32F303K8", 0x438), ("STM32F303VC", 0x422)];
    for (name, number) in cases {
        assert_eq!(st(name).unwrap().1.number, number, "{name}");
    }
    assert!(st("STM32H7A3ZI").is_none() && st("STM32L152RE").is_none());
}
