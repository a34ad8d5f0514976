//! Writing a file: packet by packet, then compared by its checksum.
use super::session::Talk;
use super::wire::{DATA, Opcode, Request};
use super::{Ftp, check_path, crc32};
use crate::capability::transfer::Progress;
use crate::error::RequestError;
use crate::shared::MaybeSend;
use alloc::format;

/// So often a file is written that the vehicle closes in the middle.
const ATTEMPTS: u8 = 3;

/// Writes `content` to the file at `path`.
pub(super) async fn upload(
    ftp: &Ftp,
    path: &str,
    content: &[u8],
    mut report: impl FnMut(Progress) + MaybeSend,
) -> Result<(), RequestError> {
    check_path(path)?;
    if u32::try_from(content.len()).is_err() {
        let (value, highest) = (content.len() as f64, f64::from(u32::MAX));
        return Err(RequestError::OutOfRange { what: "size of the file, bytes", value, lowest: 0.0, highest });
    }
    let mut talk = Talk::begin(ftp).await?;
    let mut attempt = 1;
    while let Err(error) = write(&mut talk, path, content, &mut report).await {
        // The vehicle has closed it in the middle, for idleness: from the beginning.
        let closed = matches!(error, RequestError::Failed { reason: "INVALID_SESSION", .. });
        if !closed || attempt == ATTEMPTS {
            return Err(error);
        }
        attempt += 1;
    }
    talk.close().await?;
    match checksum(&mut talk, path).await {
        Ok(found) if found == crc32(content) => Ok(()),
        Ok(found) => {
            let why = format!("the vehicle's checksum is {found:08x}, not {:08x}", crc32(content));
            Err(RequestError::Inconsistent { what: "the file written", why })
        }
        Err(RequestError::Unsupported { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Creates the file and writes all of it.
async fn write(
    talk: &mut Talk,
    path: &str,
    content: &[u8],
    report: &mut (impl FnMut(Progress) + MaybeSend),
) -> Result<(), RequestError> {
    let (session, _) = talk.open(Opcode::CreateFile, path).await?;
    let mut offset = 0;
    for part in content.chunks(DATA) {
        let request = Request { session, offset: offset as u32, ..Request::with_data(Opcode::WriteFile, part) };
        let reply = talk.do_once(&request, path).await?;
        // PX4 says how much it has written, ArduPilot nothing.
        if let Ok(told) = &reply.content
            && let Ok(written) = <[u8; 4]>::try_from(told.as_slice())
            && (u32::from_le_bytes(written) as usize) < part.len()
        {
            return Err(RequestError::Failed { what: Opcode::WriteFile.name(), reason: "not all was written" });
        }
        offset += part.len();
        report(Progress { done: offset as u32, total: content.len() as u32 });
    }
    Ok(())
}

/// The vehicle's checksum of the file at `path`.
pub(super) async fn checksum(talk: &mut Talk, path: &str) -> Result<u32, RequestError> {
    let reply = talk.do_once(&Request::with_data(Opcode::CalcFileCrc32, path.as_bytes()), path).await?;
    let told = reply.content.unwrap_or_default();
    <[u8; 4]>::try_from(told.as_slice()).map(u32::from_le_bytes).map_err(|_| {
        let why = format!("{} bytes where a checksum has 4", told.len());
        RequestError::Inconsistent { what: Opcode::CalcFileCrc32.name(), why }
    })
}
