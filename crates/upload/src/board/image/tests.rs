//! Images from hand-made ELF files, sound and broken.
use super::super::scripted::{elf, vectors};
use super::*;

fn sound() -> Vec<u8> {
    let code = [vectors(0x2002_0000, 0x0800_0009).as_slice(), &[0xfe, 0xe7, 0xfe, 0xe7]].concat();
    elf(&[(0x0800_0400, &[1, 2, 3]), (0x0800_0000, &code)], Some(0x2000_0040))
}

#[test]
fn segments_come_by_address_with_words_and_the_log() {
    let image = Image::parse(&sound()).unwrap();
    let places: Vec<(u32, usize)> =
        image.segments().iter().map(|segment| (segment.address, segment.bytes.len())).collect();
    assert_eq!(places, [(0x0800_0000, 12), (0x0800_0400, 3)]);
    assert_eq!((image.size_bytes(), image.log_block()), (15, Some(0x2000_0040)));
    let words = [0x0800_0000, 0x0800_0004, 0x0800_0008, 0x0800_000a, 0x0800_0400].map(|at| image.word(at));
    assert_eq!(words, [Some(0x2002_0000), Some(0x0800_0009), Some(0xe7fe_e7fe), None, None]);
    assert_eq!(Image::parse(&elf(&[(0, &[1])], None)).unwrap().log_block(), None);
}

#[test]
fn programs_for_other_machines_and_for_systems_are_named() {
    let with = |at: usize, bytes: &[u8]| {
        let mut elf = sound();
        elf[at..at + bytes.len()].copy_from_slice(bytes);
        Image::parse(&elf).unwrap_err().to_string()
    };
    assert_eq!(with(0, b"MZ"), "the program is not a readable ELF file: it does not begin with the ELF magic");
    // ELF class and machine of a companion computer's program.
    let mut aarch64 = sound();
    (aarch64[4], aarch64[18]) = (2, 183);
    assert_eq!(
        Image::parse(&aarch64).unwrap_err().to_string(),
        "the program is built for 64-bit ARM (aarch64), not for a Cortex-M microcontroller"
    );
    assert!(with(5, &[2]).contains("big-endian ARM"));
    assert!(with(18, &[243, 0]).contains("RISC-V"));
    assert!(with(16, &[3, 0]).contains("placed by a loader"));
    assert!(with(16, &[1, 0]).contains("no linked program"));
    // The first program header becomes one that only a system's loader understands.
    assert!(with(52, &[3, 0, 0, 0]).contains("names a program interpreter"));
    assert!(with(52, &[2, 0, 0, 0]).contains("linked dynamically"));
}

#[test]
fn nothing_to_store_and_overlaps_are_refused() {
    assert_eq!(Image::parse(&elf(&[], None)), Err(NotAnImage::Empty));
    assert_eq!(Image::parse(&elf(&[(0x0800_0000, &[])], None)), Err(NotAnImage::Empty));
    let overlap = elf(&[(0x0800_0000, &[0; 8]), (0x0800_0004, &[0; 4])], None);
    assert_eq!(Image::parse(&overlap), Err(NotAnImage::Overlap(0x0800_0004)));
    assert!(matches!(Image::parse(&elf(&[(0xffff_fffe, &[0; 4])], None)), Err(NotAnImage::Unreadable(_))));
}

#[test]
fn no_cut_or_altered_file_is_read_past_its_end() {
    let whole = sound();
    for length in 0..whole.len() {
        let _ = Image::parse(&whole[..length]);
    }
    for at in 0..whole.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut altered = whole.clone();
            altered[at] = value;
            let _ = Image::parse(&altered);
        }
    }
}
