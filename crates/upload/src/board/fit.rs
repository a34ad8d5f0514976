//! Whether an image belongs into a chip: it lies in the flash that the chip boots from, and the chip would find its start there.
use super::flasher::{Chip, FlashError, Region};
use super::image::{Image, Segment};

/// Checks an image, built for `target`, against the chip's description.
///
/// # Errors
/// [`FlashError::OtherCore`], [`FlashError::TooLarge`], [`FlashError::Elsewhere`], [`FlashError::NoStart`].
pub fn check(chip: &Chip, image: &Image, target: &str) -> Result<(), FlashError> {
    check_core(chip, target)?;
    let flash = joined(&chip.flash);
    for segment in image.segments() {
        check_segment(chip, &flash, segment)?;
    }
    check_start(chip, image)
}

/// A program for a Cortex-M0 runs on all of them; the others only on their own kind.
fn check_core(chip: &Chip, target: &str) -> Result<(), FlashError> {
    let runs = match chip.core.as_str() {
        "Armv6m" => target.starts_with("thumbv6m"),
        "Armv7m" => target.starts_with("thumbv6m") || target.starts_with("thumbv7m"),
        "Armv7em" => ["thumbv6m", "thumbv7m", "thumbv7em"].iter().any(|known| target.starts_with(known)),
        "Armv8m" => target.starts_with("thumbv8m"),
        _ => false,
    };
    let other = || FlashError::OtherCore { chip: chip.name.clone(), core: chip.core.clone(), target: target.into() };
    if runs { Ok(()) } else { Err(other()) }
}

/// The regions with neighbours made one: a segment may cross from bank to bank.
fn joined(regions: &[Region]) -> Vec<Region> {
    let mut regions = regions.to_vec();
    regions.sort_by_key(|region| region.start);
    let mut joined: Vec<Region> = Vec::new();
    for region in regions {
        match joined.last_mut() {
            Some(last) if last.end == region.start => {
                last.end = region.end;
                last.name = format!("{}+{}", last.name, region.name);
            }
            _ => joined.push(region),
        }
    }
    joined
}

fn check_segment(chip: &Chip, flash: &[Region], segment: &Segment) -> Result<(), FlashError> {
    let (start, need_bytes) = (u64::from(segment.address), segment.bytes.len() as u64);
    let Some(region) = flash.iter().find(|region| (region.start..region.end).contains(&start)) else {
        let flash: Vec<String> = flash
            .iter()
            .map(|region| format!("{} {:#010x}..{:#010x}", region.name, region.start, region.end))
            .collect();
        return Err(FlashError::Elsewhere {
            chip: chip.name.clone(),
            address: start,
            size_bytes: need_bytes,
            flash: flash.join(", "),
        });
    };
    if segment.end() > region.end {
        let (chip, region, size_bytes) = (chip.name.clone(), region.name.clone(), region.end - start);
        return Err(FlashError::TooLarge { chip, region, start, size_bytes, need_bytes });
    }
    Ok(())
}

/// A Cortex-M starts from two words: where its stack begins, and where its program does.
fn check_start(chip: &Chip, image: &Image) -> Result<(), FlashError> {
    let no = |why: String| Err(FlashError::NoStart { chip: chip.name.clone(), why });
    let Some(boot) = chip.flash.iter().map(|region| region.start).min() else {
        return Err(FlashError::NoFlash { chip: chip.name.clone() });
    };
    let (Some(stack), Some(reset)) = (image.word(boot), image.word(boot + 4)) else {
        return no(format!("it has nothing at {boot:#010x}, where the chip looks for its vector table"));
    };
    // The stack grows downwards, so its top may be the address after the RAM's last.
    let in_ram = |region: &Region| u64::from(stack) > region.start && u64::from(stack) <= region.end;
    if !chip.ram.iter().any(in_ram) {
        return no(format!(
            "its stack begins at {stack:#010x}, where the chip has no RAM: it was built for another chip"
        ));
    }
    // Bit 0 marks Thumb code, the only kind that a Cortex-M runs.
    let code = u64::from(reset & !1);
    let stored = image.segments().iter().any(|segment| (u64::from(segment.address)..segment.end()).contains(&code));
    if reset & 1 == 0 || !stored {
        return no(format!("its reset vector {reset:#010x} is no Thumb code of the image"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::scripted::{elf, stm32f405rg, vectors};
    use super::*;

    fn checked(segments: &[(u32, Vec<u8>)]) -> Result<(), FlashError> {
        let segments: Vec<(u32, &[u8])> =
            segments.iter().map(|(address, bytes)| (*address, bytes.as_slice())).collect();
        check(&stm32f405rg(), &Image::parse(&elf(&segments, None)).unwrap(), "thumbv7em-none-eabihf")
    }

    fn program(stack: u32, reset: u32, size: usize) -> Vec<u8> {
        let mut bytes = vectors(stack, reset).to_vec();
        bytes.resize(size, 0xaa);
        bytes
    }

    #[test]
    fn an_image_that_fills_the_flash_to_the_last_byte_fits() {
        assert_eq!(checked(&[(0x0800_0000, program(0x2002_0000, 0x0800_0009, 1024 * 1024))]), Ok(()));
    }

    #[test]
    fn one_byte_more_is_too_large_and_both_sizes_are_said() {
        let error = checked(&[(0x0800_0000, program(0x2002_0000, 0x0800_0009, 1024 * 1024 + 1))]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the image is too large for STM32F405RG: 1048577 bytes from 0x08000000, BANK_1 holds 1048576 there"
        );
        let late = checked(&[(0x0800_0000, program(0x2002_0000, 0x0800_0009, 64)), (0x080f_fff0, vec![1; 32])]);
        assert!(matches!(late, Err(FlashError::TooLarge { size_bytes: 16, need_bytes: 32, .. })), "{late:?}");
    }

    #[test]
    fn option_bytes_one_time_memory_and_ram_are_no_program_flash() {
        let start = (0x0800_0000, program(0x2002_0000, 0x0800_0009, 64));
        for address in [0x1fff_7800, 0x1fff_c000, 0x2000_0000, 0x0900_0000, 0x0000_0000] {
            let error = checked(&[start.clone(), (address, vec![0; 4])]).unwrap_err();
            assert!(matches!(error, FlashError::Elsewhere { address: at, .. } if at == u64::from(address)), "{error}");
        }
    }

    #[test]
    fn what_the_chip_would_not_start_is_refused() {
        let cases: [(u32, Vec<u8>, &str); 5] = [
            (0x0800_4000, program(0x2002_0000, 0x0800_4009, 64), "nothing at 0x08000000"),
            (0x0800_0000, program(0x2003_0000, 0x0800_0009, 64), "built for another chip"),
            (0x0800_0000, program(0x2002_0000, 0x0800_0008, 64), "no Thumb code"),
            (0x0800_0000, program(0x2002_0000, 0x0800_0041, 64), "no Thumb code"),
            (0x0800_0000, vec![0xff; 6], "nothing at"),
        ];
        for (address, bytes, needle) in cases {
            let error = checked(&[(address, bytes)]).unwrap_err().to_string();
            assert!(error.contains(needle), "{needle} is not in: {error}");
        }
    }

    #[test]
    fn programs_run_on_their_own_core_and_those_that_include_it() {
        let runs = |core: &str, target: &str| {
            let chip = Chip { core: core.into(), ..stm32f405rg() };
            check_core(&chip, target).is_ok()
        };
        let cases = [
            ("Armv7em", "thumbv7em-none-eabihf", true),
            ("Armv7em", "thumbv7em", true),
            ("Armv7em", "thumbv6m-none-eabi", true),
            ("Armv6m", "thumbv7em-none-eabi", false),
            ("Armv7m", "thumbv7em-none-eabi", false),
            ("Armv8m", "thumbv7em-none-eabi", false),
            ("Armv7em", "armv7-unknown-linux-gnueabihf", false),
            ("Riscv", "thumbv7em-none-eabi", false),
        ];
        for (core, target, expected) in cases {
            assert_eq!(runs(core, target), expected, "{target} on {core}");
        }
    }

    #[test]
    fn banks_that_touch_are_one() {
        let region = |name: &str, start, end| Region { name: name.into(), start, end };
        let regions = [region("B", 0x20, 0x30), region("A", 0x10, 0x20), region("C", 0x40, 0x50)];
        assert_eq!(joined(&regions), [region("A+B", 0x10, 0x30), region("C", 0x40, 0x50)]);
    }
}
