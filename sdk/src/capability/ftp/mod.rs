//! Files on the vehicle by MAVLink FTP (FILE_TRANSFER_PROTOCOL): list, download in bursts, upload, remove, rename, checksum.
//!
//! Paths are the vehicle's: ArduPilot has its SD card at `/` and generated files such as `@PARAM/param.pck` and `@SYS/threads.txt`, PX4 has
//! `/fs/microsd`. One transfer at a time: further calls wait for their turn.
mod directory;
mod download;
mod session;
mod upload;
mod wire;

pub use directory::{DirectoryEntry, EntryKind};

use crate::capability::transfer::Progress;
use crate::error::RequestError;
use crate::shared::MaybeSend;
use crate::system::System;
use alloc::vec::Vec;
use session::Talk;
use wire::{DATA, Opcode, Request};

/// What [`Ftp::download`] reads at most, bytes.
const DOWNLOAD_AT_MOST: u32 = 64 * 1024 * 1024;

impl System {
    /// Its files.
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let files = system.ftp();
    /// for entry in files.list_directory("/").await? {
    ///     println!("{entry:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn ftp(&self) -> Ftp {
        Ftp { system: self.clone(), component: None }
    }
}

/// The files of a system; made by [`System::ftp`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let files = system.ftp();
/// files.upload("/scripts/hello.lua", b"gcs:send_text(6, 'hello')").await?;
/// assert_eq!(files.download("/scripts/hello.lua").await?, b"gcs:send_text(6, 'hello')");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Ftp {
    system: System,
    component: Option<u8>,
}

impl Ftp {
    /// The files of another component than the autopilot (a camera is 100).
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let definition = system.ftp().of_component(100).download("/camera.xml").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn of_component(mut self, component: u8) -> Self {
        self.component = Some(component);
        self
    }
    /// What is in a directory.
    ///
    /// # Errors
    /// [`RequestError::Missing`] where there is none; [`RequestError::Failed`] with the vehicle's reason; [`RequestError::NoAnswer`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let logs = system.ftp().list_directory("/fs/microsd/log").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn list_directory(&self, path: &str) -> Result<Vec<DirectoryEntry>, RequestError> {
        directory::list(self, path).await
    }
    /// The content of a file of at most 64 MiB.
    ///
    /// # Errors
    /// [`RequestError::Missing`] where there is none; [`RequestError::OutOfRange`] where it is larger; [`RequestError::Failed`] with the
    /// vehicle's reason; [`RequestError::NoAnswer`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let threads = system.ftp().download("@SYS/threads.txt").await?;
    /// println!("{}", String::from_utf8_lossy(&threads));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn download(&self, path: &str) -> Result<Vec<u8>, RequestError> {
        self.download_reporting(path, DOWNLOAD_AT_MOST, |_progress| {}).await
    }
    /// As [`Ftp::download`] with a limit of one's own in bytes; `report` is told how many are there.
    ///
    /// # Errors
    /// As [`Ftp::download`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let report = |progress: flightsmith_sdk::capability::transfer::Progress| println!("{:.0} %", progress.percent());
    /// let log = system.ftp().download_reporting("/APM/LOGS/00000001.BIN", 200_000_000, report).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn download_reporting(
        &self,
        path: &str,
        at_most_bytes: u32,
        report: impl FnMut(Progress) + MaybeSend,
    ) -> Result<Vec<u8>, RequestError> {
        download::download(self, path, at_most_bytes, report).await
    }
    /// Writes a file, replacing what is there, and compares the checksum that the vehicle finds (where it can).
    ///
    /// # Errors
    /// [`RequestError::Failed`] with the vehicle's reason; [`RequestError::Inconsistent`] where another content arrived;
    /// [`RequestError::NoAnswer`]. A part of the file may be there then.
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.ftp().upload("/scripts/hello.lua", b"gcs:send_text(6, 'hello')").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn upload(&self, path: &str, content: &[u8]) -> Result<(), RequestError> {
        self.upload_reporting(path, content, |_progress| {}).await
    }
    /// As [`Ftp::upload`]; `report` is told how many bytes are there.
    ///
    /// # Errors
    /// As [`Ftp::upload`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System, content: Vec<u8>) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.ftp().upload_reporting("/terrain/N47E008.DAT", &content, |progress| println!("{}", progress.done)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn upload_reporting(
        &self,
        path: &str,
        content: &[u8],
        report: impl FnMut(Progress) + MaybeSend,
    ) -> Result<(), RequestError> {
        upload::upload(self, path, content, report).await
    }
    /// Removes a file.
    ///
    /// # Errors
    /// [`RequestError::Missing`]; [`RequestError::Failed`] with the vehicle's reason; [`RequestError::NoAnswer`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.ftp().remove_file("/scripts/hello.lua").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove_file(&self, path: &str) -> Result<(), RequestError> {
        self.about(Opcode::RemoveFile, path).await
    }
    /// Makes a directory.
    ///
    /// # Errors
    /// As [`Ftp::remove_file`]; `FILE_EXISTS` where there is one.
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.ftp().create_directory("/scripts").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_directory(&self, path: &str) -> Result<(), RequestError> {
        self.about(Opcode::CreateDirectory, path).await
    }
    /// Removes an empty directory.
    ///
    /// # Errors
    /// As [`Ftp::remove_file`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.ftp().remove_directory("/scripts").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove_directory(&self, path: &str) -> Result<(), RequestError> {
        self.about(Opcode::RemoveDirectory, path).await
    }
    /// Renames or moves a file.
    ///
    /// # Errors
    /// As [`Ftp::remove_file`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.ftp().rename("/scripts/new.lua", "/scripts/main.lua").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn rename(&self, from: &str, to: &str) -> Result<(), RequestError> {
        check_path(from)?;
        let mut both = Vec::from(from.as_bytes());
        both.push(0);
        both.extend_from_slice(to.as_bytes());
        check_length(both.len())?;
        let mut talk = Talk::begin(self).await?;
        talk.do_once(&Request::with_data(Opcode::Rename, &both), from).await.map(drop)
    }
    /// The checksum of a file as the vehicle finds it; compare it with [`crc32`].
    ///
    /// # Errors
    /// As [`Ftp::remove_file`].
    ///
    /// ```no_run
    /// use flightsmith_sdk::capability::ftp::crc32;
    /// # async fn example(system: flightsmith_sdk::System, mine: Vec<u8>) -> Result<(), flightsmith_sdk::RequestError> {
    /// let is_the_same = system.ftp().checksum("/scripts/main.lua").await? == crc32(&mine);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn checksum(&self, path: &str) -> Result<u32, RequestError> {
        check_path(path)?;
        let mut talk = Talk::begin(self).await?;
        upload::checksum(&mut talk, path).await
    }
    /// Closes whatever files anybody has open on the vehicle: after a client that died in the middle.
    ///
    /// # Errors
    /// [`RequestError::NoAnswer`]; [`RequestError::Failed`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.ftp().reset_sessions().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn reset_sessions(&self) -> Result<(), RequestError> {
        let mut talk = Talk::begin(self).await?;
        talk.do_once(&Request::new(Opcode::ResetSessions, 0), "").await.map(drop)
    }

    async fn about(&self, opcode: Opcode, path: &str) -> Result<(), RequestError> {
        check_path(path)?;
        let mut talk = Talk::begin(self).await?;
        talk.do_once(&Request::with_data(opcode, path.as_bytes()), path).await.map(drop)
    }
}

/// The checksum that MAVLink FTP uses: CRC-32 (0xEDB88320) from 0, without a final complement.
///
/// ```
/// use flightsmith_sdk::capability::ftp::crc32;
/// assert_eq!(crc32(b"123456789"), 0x2DFD_2D88);
/// ```
pub fn crc32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |rest, _| (rest >> 1) ^ if rest & 1 == 1 { 0xEDB8_8320 } else { 0 })
    })
}

fn check_path(path: &str) -> Result<(), RequestError> {
    check_length(path.len())
}
/// A path must fit a packet, with a zero behind it.
fn check_length(length: usize) -> Result<(), RequestError> {
    if length == 0 || length >= DATA {
        let what = "length of a path, bytes";
        return Err(RequestError::OutOfRange { what, value: length as f64, lowest: 1.0, highest: (DATA - 1) as f64 });
    }
    Ok(())
}
