//! Chips by name, from the descriptions that come with probe-rs: memory, core, and how the flash is erased.
//!
//! Flash is only what the chip boots from: the descriptions also list option bytes and one-time memory, which no mission may write.
use flightsmith_upload::board::flasher::{Chip, FlashError, Region, Sector};
use flightsmith_upload::board::image::Image;
use probe_rs::Target;
use probe_rs::config::{MemoryRange, MemoryRegion, NvmRegion, RawFlashAlgorithm, Registry};
use probe_rs::flashing::FlashAlgorithm;

/// Most names that an unknown one is answered with.
const NEAREST: usize = 5;

/// All chips that are described.
pub(crate) struct Chips {
    registry: Registry,
}

/// A chip found by its name.
pub(crate) struct Known {
    pub target: Target,
    /// Its maker's JEP106 code (number, continuation), where the description has it.
    pub manufacturer: Option<(u8, u8)>,
}

impl Chips {
    pub(crate) fn built_in() -> Self {
        Self { registry: Registry::from_builtin_families() }
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The chip called `name`, with or without its package, in any case.
    pub(crate) fn known(&self, name: &str) -> Result<Known, FlashError> {
        for family in self.registry.families() {
            for chip in family.variants() {
                if chip.package_variants().any(|called| called.eq_ignore_ascii_case(name)) {
                    let target = self.registry.get_target_by_name(&chip.name).map_err(|_| self.unknown(name))?;
                    let manufacturer = family.manufacturer.map(|code| (code.id, code.cc));
                    return Ok(Known { target, manufacturer });
                }
            }
        }
        Err(self.unknown(name))
    }

    fn unknown(&self, name: &str) -> FlashError {
        let wanted = name.to_ascii_uppercase();
        let chips = self.registry.families().iter().flat_map(|family| family.variants());
        let mut names: Vec<(bool, usize, &str)> = chips
            .map(|chip| {
                let upper = chip.name.to_ascii_uppercase();
                let is_longer = upper.starts_with(&wanted);
                (!is_longer, edits(wanted.as_bytes(), upper.as_bytes()), chip.name.as_str())
            })
            .filter(|(other, edits, _)| !other || *edits <= wanted.len() / 3)
            .collect();
        names.sort_unstable();
        names.dedup();
        let nearest = names.iter().take(NEAREST).map(|(_, _, name)| (*name).to_owned()).collect();
        FlashError::UnknownChip { name: name.to_owned(), nearest }
    }

    pub(crate) fn chip(&self, name: &str) -> Result<Chip, FlashError> {
        let target = self.known(name)?.target;
        let chip = target.name.clone();
        let Some(core) = target.cores.first() else { return Err(FlashError::NoFlash { chip }) };
        let region = |kind: &str, name: &Option<String>, range: &std::ops::Range<u64>| Region {
            name: name.clone().unwrap_or_else(|| kind.to_owned()),
            start: range.start,
            end: range.end,
        };
        let flash: Vec<Region> = boot_flash(&target).map(|found| region("flash", &found.name, &found.range)).collect();
        let all_writable = boot_flash(&target).all(|region| algorithm(&target, region).is_some());
        if flash.is_empty() || !all_writable {
            return Err(FlashError::NoFlash { chip });
        }
        let ram = target.memory_map.iter().filter_map(MemoryRegion::as_ram_region);
        let ram = ram.map(|found| region("RAM", &found.name, &found.range)).collect();
        Ok(Chip { name: chip, core: format!("{:?}", core.core_type), flash, ram })
    }

    pub(crate) fn sectors(&self, name: &str, image: &Image) -> Result<Vec<Sector>, FlashError> {
        let target = self.known(name)?.target;
        let mut sectors: Vec<Sector> = Vec::new();
        for segment in image.segments() {
            let mut address = u64::from(segment.address);
            while address < segment.end() {
                let sector = sector_at(&target, address).ok_or_else(|| FlashError::NoFlash { chip: name.into() })?;
                address = sector.address + sector.size_bytes;
                sectors.push(sector);
            }
        }
        sectors.sort_by_key(|sector| sector.address);
        sectors.dedup();
        Ok(sectors)
    }
}

/// The flash that the chip starts from.
fn boot_flash(target: &Target) -> impl Iterator<Item = &NvmRegion> {
    let nvm = target.memory_map.iter().filter_map(MemoryRegion::as_nvm_region);
    nvm.filter(|region| region.is_boot_memory() && !region.is_alias)
}

/// The program that erases and writes `region`, chosen as probe-rs chooses it.
fn algorithm<'a>(target: &'a Target, region: &NvmRegion) -> Option<&'a RawFlashAlgorithm> {
    let core = region.cores.first()?;
    let mut fitting = target.flash_algorithms.iter().filter(|algorithm| {
        let covers = algorithm.flash_properties.address_range.contains_range(&region.range);
        covers && (algorithm.cores.is_empty() || algorithm.cores.contains(core))
    });
    let first = fitting.next()?;
    let mut defaults = std::iter::once(first).chain(fitting.clone()).filter(|algorithm| algorithm.default);
    match (fitting.next(), defaults.next(), defaults.next()) {
        (None, _, _) => Some(first),
        (Some(_), Some(default), None) => Some(default),
        _ => None,
    }
}

fn sector_at(target: &Target, address: u64) -> Option<Sector> {
    let region = boot_flash(target).find(|region| region.range.contains(&address))?;
    let raw = algorithm(target, region)?;
    let algorithm = FlashAlgorithm::assemble_from_raw_with_core(raw, region.cores.first()?, target).ok()?;
    let sector = algorithm.sector_info(address)?;
    Some(Sector { address: sector.base_address, size_bytes: sector.size })
}

/// How many characters have to be changed, added, taken away or swapped with their neighbour to make one of the other.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let first: Vec<usize> = (0..=b.len()).collect();
    let mut rows = [vec![], first.clone(), first];
    for i in 1..=a.len() {
        rows.rotate_left(1);
        let [before_last, last, row] = &mut rows;
        row.clear();
        row.push(i);
        for j in 1..=b.len() {
            let mut least = (last[j - 1] + usize::from(a[i - 1] != b[j - 1])).min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before_last[j - 2] + 1);
            }
            row.push(least);
        }
    }
    rows[2][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightsmith_upload::board::scripted::{elf, program};

    #[test]
    fn the_description_of_the_board_that_the_template_is_for() {
        let chip = Chips::built_in().chip("stm32f405rg").unwrap();
        let places = |regions: &[Region]| -> Vec<(String, u64, u64)> {
            regions.iter().map(|region| (region.name.clone(), region.start, region.size_bytes())).collect()
        };
        assert_eq!((chip.name.as_str(), chip.core.as_str()), ("STM32F405RG", "Armv7em"));
        // One-time memory at 0x1fff7800 and option bytes are described too, and must not appear.
        assert_eq!(places(&chip.flash), [("BANK_1".into(), 0x0800_0000, 1 << 20)]);
        assert!(places(&chip.ram).contains(&("SRAM".into(), 0x2000_0000, 112 * 1024)), "{:?}", chip.ram);
    }

    #[test]
    fn chips_are_found_with_or_without_their_package() {
        let chips = Chips::built_in();
        let cases = [
            ("STM32F405RGTx", "STM32F405RG"),
            ("STM32F401CB", "STM32F401CB"),
            ("stm32h743zitx", "STM32H743ZI"),
            ("nrf52840_xxaa", "nRF52840_xxAA"),
        ];
        for (asked, name) in cases {
            assert_eq!(chips.known(asked).unwrap().target.name, name);
        }
        assert_eq!(chips.known("STM32F405RG").unwrap().manufacturer, Some((0x20, 0)));
    }

    #[test]
    fn unknown_names_are_answered_with_those_nearest() {
        let nearest = |name: &str| match Chips::built_in().chip(name).unwrap_err() {
            FlashError::UnknownChip { name: asked, nearest } if asked == name => nearest,
            other => panic!("{other}"),
        };
        assert_eq!(nearest("STM32F405RX").first().map(String::as_str), Some("STM32F405RG"));
        assert_eq!(nearest("STM32F405"), ["STM32F405OE", "STM32F405OG", "STM32F405RG", "STM32F405VG", "STM32F405ZG"]);
        assert_eq!(nearest("STM32F450RG").first().map(String::as_str), Some("STM32F405RG"));
        assert!(nearest("toaster").is_empty());
    }

    #[test]
    fn a_chip_without_a_way_to_write_it_is_refused() {
        let error = Chips::built_in().chip("Cortex-M4").unwrap_err();
        assert_eq!(error, FlashError::NoFlash { chip: "Cortex-M4".into() });
    }

    #[test]
    fn sectors_are_those_of_the_reference_manual() {
        // RM0090: four sectors of 16 KiB, one of 64, seven of 128.
        let image = |segments: &[(u32, &[u8])]| Image::parse(&elf(segments, None)).unwrap();
        let sectors = |image: &Image| -> Vec<(u64, u64)> {
            let sectors = Chips::built_in().sectors("STM32F405RG", image).unwrap();
            sectors.iter().map(|sector| (sector.address, sector.size_bytes / 1024)).collect()
        };
        assert_eq!(sectors(&image(&[(0x0800_0000, &program(100))])), [(0x0800_0000, 16)]);
        assert_eq!(
            sectors(&image(&[(0x0800_0000, &program(66_000)), (0x0801_0800, &[1; 8]), (0x080e_0000, &[1])])),
            [
                (0x0800_0000, 16),
                (0x0800_4000, 16),
                (0x0800_8000, 16),
                (0x0800_c000, 16),
                (0x0801_0000, 64),
                (0x080e_0000, 128)
            ]
        );
    }

    #[test]
    fn edits_count_changes() {
        let cases = [
            ("", "", 0),
            ("a", "", 1),
            ("", "ab", 2),
            ("abc", "abd", 1),
            ("abc", "bc", 1),
            ("abc", "acb", 1),
            ("kitten", "sitting", 3),
        ];
        for (a, b, expected) in cases {
            assert_eq!(edits(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
        }
    }
}
