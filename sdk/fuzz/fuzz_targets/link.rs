//! Any bytes over a link while everything listens and asks; the first bytes choose recorded frames to damage.
#![no_main]
#[path = "../../tests/hostile/mod.rs"]
mod hostile;
use hostile::{Piece, talk};
use libfuzzer_sys::fuzz_target;

/// What the next bytes of the input say comes next.
fn piece(input: &mut &[u8]) -> Option<Piece> {
    let take = |input: &mut &[u8]| {
        let (first, rest) = input.split_first()?;
        *input = rest;
        Some(*first)
    };
    let kind = take(input)?;
    let pair = |input: &mut &[u8]| Some(u16::from_le_bytes([take(input)?, take(input)?]));
    let flips = |input: &mut &[u8]| {
        let count = take(input)? % 8;
        (0..count).map(|_| Some((take(input)?, take(input)?))).collect::<Option<Vec<_>>>()
    };
    Some(match kind % 8 {
        0 => Piece::Recorded(pair(input)?),
        1 => Piece::Flipped(pair(input)?, flips(input)?),
        2 => Piece::Resealed(pair(input)?, flips(input)?),
        3 => Piece::Truncated(pair(input)?, take(input)?),
        4 => Piece::AsVersion1(pair(input)?),
        5 => Piece::WithFlags(pair(input)?, take(input)?),
        6 => {
            let length = usize::from(take(input)?).min(input.len());
            let (garbage, rest) = input.split_at(length);
            *input = rest;
            Piece::Garbage(garbage.to_vec())
        }
        _ => Piece::Acknowledged(pair(input)?, take(input)?),
    })
}

fuzz_target!(|input: &[u8]| {
    let Some((&[choice, portion], mut rest)) = input.split_first_chunk::<2>() else { return };
    let pieces: Vec<Piece> = std::iter::from_fn(|| piece(&mut rest)).collect();
    talk(choice % 2 == 0, &pieces, usize::from(portion) * 2 + 1);
});
