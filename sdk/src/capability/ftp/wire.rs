//! MAVLink FTP's packet inside FILE_TRANSFER_PROTOCOL: request, reply, codes by name.
use crate::error::RequestError;
use crate::inbox::Received;
use crate::session::Core;
use crate::wire::composed::Composed;
use alloc::{string::ToString, vec::Vec};
use mavlink::MessageData;
use mavlink::dialects::ardupilotmega as mav;

pub(super) const FILE_TRANSFER_PROTOCOL: u32 = mav::FILE_TRANSFER_PROTOCOL_DATA::ID;
/// Most bytes of data in a packet.
pub(super) const DATA: usize = 239;
/// The packet follows network, system and component of its addressee.
const PACKET: usize = 3;
const HEADER: usize = 12;
const ACK: u8 = 128;
const NAK: u8 = 129;

/// What is asked for (MAV_FTP_OPCODE).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    TerminateSession = 1,
    ResetSessions = 2,
    ListDirectory = 3,
    OpenFileRo = 4,
    ReadFile = 5,
    CreateFile = 6,
    WriteFile = 7,
    RemoveFile = 8,
    CreateDirectory = 9,
    RemoveDirectory = 10,
    Rename = 13,
    CalcFileCrc32 = 14,
    BurstReadFile = 15,
}

impl Opcode {
    pub(super) fn name(self) -> &'static str {
        match self {
            Opcode::TerminateSession => "FTP TerminateSession",
            Opcode::ResetSessions => "FTP ResetSessions",
            Opcode::ListDirectory => "FTP ListDirectory",
            Opcode::OpenFileRo => "FTP OpenFileRO",
            Opcode::ReadFile => "FTP ReadFile",
            Opcode::CreateFile => "FTP CreateFile",
            Opcode::WriteFile => "FTP WriteFile",
            Opcode::RemoveFile => "FTP RemoveFile",
            Opcode::CreateDirectory => "FTP CreateDirectory",
            Opcode::RemoveDirectory => "FTP RemoveDirectory",
            Opcode::Rename => "FTP Rename",
            Opcode::CalcFileCrc32 => "FTP CalcFileCRC32",
            Opcode::BurstReadFile => "FTP BurstReadFile",
        }
    }
}

/// A request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub opcode: Opcode,
    pub session: u8,
    pub offset: u32,
    /// How many bytes are wanted, or the length of `data`.
    pub size: u8,
    pub data: &'a [u8],
}

impl<'a> Request<'a> {
    pub(super) fn new(opcode: Opcode, session: u8) -> Self {
        Self { opcode, session, offset: 0, size: 0, data: &[] }
    }
    pub(super) fn with_data(opcode: Opcode, data: &'a [u8]) -> Self {
        Self { opcode, session: 0, offset: 0, size: data.len() as u8, data }
    }
}

pub(super) fn send(core: &mut Core, component: u8, seq: u16, request: &Request<'_>) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    let message = Composed::<mav::FILE_TRANSFER_PROTOCOL_DATA>::new().u8(0).u8(peer.system).u8(component);
    let message = message.u16(seq).u8(request.session).u8(request.opcode as u8).u8(request.size);
    // Opcode of the request (replies only), burst complete (replies only), padding.
    let message = message.u8(0).u8(0).u8(0).u32(request.offset).bytes(request.data);
    core.send(&message)
}

/// A reply.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reply {
    pub seq: u16,
    pub session: u8,
    pub request: u8,
    pub burst_complete: bool,
    pub offset: u32,
    /// The data, or why not.
    pub content: Result<Vec<u8>, Nak>,
}

/// Why a request was not done (MAV_FTP_ERR).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Nak {
    pub code: u8,
    pub errno: u8,
}

impl Nak {
    pub(super) const FAIL: u8 = 1;
    pub(super) const FAIL_ERRNO: u8 = 2;
    pub(super) const INVALID_SESSION: u8 = 4;
    pub(super) const NO_SESSIONS: u8 = 5;
    pub(super) const END_OF_FILE: u8 = 6;
    pub(super) const UNKNOWN_COMMAND: u8 = 7;
    pub(super) const FILE_NOT_FOUND: u8 = 10;
    const ENOENT: u8 = 2;

    pub(super) fn is(self, code: u8) -> bool {
        self.code == code
    }
    /// As an error of `opcode` about `path`.
    pub(super) fn error(self, opcode: Opcode, path: &str) -> RequestError {
        match (self.code, self.errno) {
            (Self::FILE_NOT_FOUND, _) | (Self::FAIL_ERRNO, Self::ENOENT) => {
                RequestError::Missing { what: "file or directory", name: path.to_string() }
            }
            (Self::UNKNOWN_COMMAND, _) => RequestError::Unsupported { what: opcode.name() },
            _ => RequestError::Failed { what: opcode.name(), reason: self.name() },
        }
    }
    fn name(self) -> &'static str {
        match (self.code, self.errno) {
            (1, _) => "FAIL",
            (2, 1) => "FAIL_ERRNO: not permitted",
            (2, 5) => "FAIL_ERRNO: input/output error",
            (2, 13) => "FAIL_ERRNO: permission denied",
            (2, 17) | (8, _) => "FILE_EXISTS",
            (2, 20) => "FAIL_ERRNO: not a directory",
            (2, 21) => "FAIL_ERRNO: is a directory",
            (2, 22) => "FAIL_ERRNO: invalid argument",
            (2, 28) => "FAIL_ERRNO: no space left",
            (2, 30) => "FAIL_ERRNO: read-only file system",
            (2, 39) => "FAIL_ERRNO: directory not empty",
            (2, _) => "FAIL_ERRNO",
            (3, _) => "INVALID_DATA_SIZE",
            (4, _) => "INVALID_SESSION",
            (5, _) => "NO_SESSIONS_AVAILABLE",
            (6, _) => "EOF",
            (7, _) => "UNKNOWN_COMMAND",
            (9, _) => "FILE_PROTECTED",
            (10, _) => "FILE_NOT_FOUND",
            _ => "UNKNOWN_ERROR",
        }
    }
}

/// The reply that `received` carries, where it is one to us.
pub(super) fn read(received: &Received, component: u8, core: &Core) -> Option<Reply> {
    let f = received.fields();
    if received.component != component || !core.is_us(f.u8(1), f.u8(2)) {
        return None;
    }
    let size = usize::from(f.u8(PACKET + 4)).min(DATA);
    let mut data = f.bytes::<DATA>(PACKET + HEADER);
    let data = &mut data[..size];
    let content = match f.u8(PACKET + 3) {
        ACK => Ok(data.to_vec()),
        NAK => {
            let byte = |at: usize| data.get(at).copied().unwrap_or(0);
            Err(Nak { code: byte(0), errno: byte(1) })
        }
        _ => return None,
    };
    Some(Reply {
        seq: f.u16(PACKET),
        session: f.u8(PACKET + 2),
        request: f.u8(PACKET + 5),
        burst_complete: f.u8(PACKET + 6) != 0,
        offset: f.u32(PACKET + 8),
        content,
    })
}
