//! # Read and write binary records in files and streams
//!
//! - parse a binary file with a header and records
//! - read_exact, unexpected end of file
//! - generic over Read and Write
//!
//! Take `impl Read` and `impl Write`, so that a file, a socket or a slice will do. `read_exact` fills a buffer or fails with
//! `UnexpectedEof`. Check every length before allocating for it: the file may be damaged or hostile.
//!
//! Pitfalls:
//! - One `read` may return fewer bytes than asked for, which is no error.

use std::io::{self, ErrorKind, Read, Write};

const MAGIC: [u8; 4] = *b"TRK1";
const MOST_POINTS: u32 = 100_000;

fn write_track(mut into: impl Write, points: &[(f32, f32)]) -> io::Result<()> {
    into.write_all(&MAGIC)?;
    let count = u32::try_from(points.len()).map_err(|_| ErrorKind::InvalidInput)?;
    into.write_all(&count.to_le_bytes())?;
    for (north_m, east_m) in points {
        into.write_all(&north_m.to_le_bytes())?;
        into.write_all(&east_m.to_le_bytes())?;
    }
    into.flush()
}

fn array<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn read_track(mut from: impl Read) -> io::Result<Vec<(f32, f32)>> {
    let broken = |what: &str| io::Error::new(ErrorKind::InvalidData, what.to_owned());
    if array(&mut from)? != MAGIC {
        return Err(broken("this is no track"));
    }
    let count = u32::from_le_bytes(array(&mut from)?);
    if count > MOST_POINTS {
        return Err(broken("more points than a track may have"));
    }
    (0..count).map(|_| Ok((f32::from_le_bytes(array(&mut from)?), f32::from_le_bytes(array(&mut from)?)))).collect()
}

fn main() -> io::Result<()> {
    let points = [(1.0, 2.0), (-3.5, 0.0)];
    let mut file = Vec::new();
    write_track(&mut file, &points)?;
    assert_eq!(file.len(), 8 + 2 * 8);
    assert_eq!(read_track(&file[..])?, points);

    let kind = |bytes: &[u8]| read_track(bytes).expect_err("damaged").kind();
    assert_eq!(kind(&file[..20]), ErrorKind::UnexpectedEof);
    assert_eq!(kind(b"PNG\0\0\0\0\0"), ErrorKind::InvalidData);
    assert_eq!(kind(b"TRK1\xFF\xFF\xFF\xFF"), ErrorKind::InvalidData);
    Ok(())
}
