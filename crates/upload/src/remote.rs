//! What is done on a companion computer, one small POSIX script a step.
//!
//! Layout there, in the user's home: `flightsmith/versions/DIGEST/` (bundles, side by side), `current` and `previous` (links to two of
//! them), `state/` (`waiting`: a mission waits on the ground; `start`: it may begin; the mission takes `waiting` away before it goes,
//! an upload takes it away before it stops the unit: whoever has it goes on). Needs a POSIX shell, coreutils, tar and find.
//! Leaves to others: the order of the steps and what to do when one fails ([`crate::deployment`]).
use crate::archive::write_tar;
use crate::bundle::Bundle;
use crate::digest::Digest;
use crate::manifest::{MANIFEST, PUBLIC_KEY, SIGNATURE};
use crate::permit::VehicleId;
use crate::preflight::Preflight;
use crate::ssh::{Host, SshError};
use crate::unit::{self, UnitScope};
use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

/// For steps that only look or rename.
const QUICK: Duration = Duration::from_secs(30);
/// For copying and hashing a bundle over a slow radio link.
const COPY: Duration = Duration::from_secs(600);
/// For the mission program's own checks, s; it has to hear the autopilot first.
const PROGRAM_S: u32 = 45;

/// What was found on the companion computer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Found {
    /// `uname -m`.
    pub machine: String,
    /// `user`, `system` or `none`.
    pub scope: String,
    /// Tools that are not there.
    pub missing: Vec<String>,
    /// Free space, KiB.
    pub free_kib: Option<u64>,
    /// Where `current` points; empty if there is none.
    pub current: String,
    /// Where `previous` points; empty if there is none.
    pub previous: String,
    /// Why no unit can be installed; empty if one can.
    pub no_unit: String,
}

/// The computer at the other end, with the scope of its unit.
pub(crate) struct Companion<'a> {
    pub host: Host<'a>,
    pub scope: UnitScope,
}

macro_rules! script {
    ($name:literal) => {
        concat!(include_str!("scripts/manager.sh"), include_str!(concat!("scripts/", $name, ".sh")))
    };
}

impl Companion<'_> {
    fn run(&self, what: &'static str, script: &str, args: &[&str], stdin: &[u8]) -> Result<String, SshError> {
        let limit = if stdin.is_empty() { QUICK } else { COPY };
        self.run_for(what, script, args, stdin, limit)
    }

    fn run_for(
        &self,
        what: &'static str,
        script: &str,
        args: &[&str],
        stdin: &[u8],
        limit: Duration,
    ) -> Result<String, SshError> {
        let mut all = vec![self.scope.word()];
        all.extend(args);
        self.host.run(what, script, &all, stdin, limit)
    }

    pub(crate) fn probe(&self) -> Result<Found, SshError> {
        let text = self.run("looking around", script!("probe"), &[], &[])?;
        let mut found = Found::default();
        for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
            match key {
                "machine" => found.machine = value.into(),
                "scope" => found.scope = value.into(),
                "missing" => found.missing.push(value.into()),
                "free_kib" => found.free_kib = value.parse().ok(),
                "current" => found.current = value.into(),
                "previous" => found.previous = value.into(),
                "no_unit" => found.no_unit = value.into(),
                _ => {}
            }
        }
        Ok(found)
    }

    /// Copies the bundle into a new folder and returns its name there.
    pub(crate) fn receive(&self, bundle: &Bundle) -> Result<Result<String, SshError>, io::Error> {
        let mut tar = Vec::new();
        write_tar(bundle, &mut tar)?;
        Ok(self.run("copying the bundle", script!("receive"), &[], &tar).map(|text| text.trim().to_owned()))
    }

    /// The digests of all files in the folder `folder` there; `None` where there is no such folder.
    pub(crate) fn hashes(&self, folder: &str) -> Result<Option<BTreeMap<String, String>>, SshError> {
        let text = self.run_for("hashing the copy", script!("hashes"), &[folder], &[], COPY)?;
        if text.trim() == "absent" {
            return Ok(None);
        }
        let files = text.lines().filter_map(|line| {
            let (sum, path) = line.split_once(' ')?;
            let path = path.trim_start_matches([' ', '*']);
            Some((path.strip_prefix("./").unwrap_or(path).to_owned(), sum.to_owned()))
        });
        Ok(Some(files.collect()))
    }

    pub(crate) fn place(&self, incoming: &str, digest: Digest) -> Result<(), SshError> {
        self.run("placing the version", script!("place"), &[incoming, &digest.to_string()], &[]).map(drop)
    }

    pub(crate) fn discard(&self, incoming: &str) -> Result<(), SshError> {
        self.run("removing the copy", script!("discard"), &[incoming], &[]).map(drop)
    }

    /// Runs the mission program of a version with `flag`.
    fn mission(
        &self,
        what: &'static str,
        digest: Digest,
        flag: &str,
        emulator: &[String],
        args: &[&str],
    ) -> Result<String, SshError> {
        let (digest, limit_s) = (digest.to_string(), PROGRAM_S.to_string());
        let mut all = vec![digest.as_str(), flag, limit_s.as_str()];
        all.extend(emulator.iter().map(String::as_str));
        all.push("--");
        all.extend(args);
        let limit = Duration::from_secs(u64::from(PROGRAM_S) + 15);
        self.run_for(what, script!("mission"), &all, &[], limit)
    }

    pub(crate) fn self_check(&self, digest: Digest, emulator: &[String]) -> Result<(), SshError> {
        self.mission("the program's self-check", digest, "--self-check", emulator, &[]).map(drop)
    }

    pub(crate) fn preflight(
        &self,
        digest: Digest,
        emulator: &[String],
        link: &str,
    ) -> Result<Option<Preflight>, SshError> {
        let text = self.mission("the preflight check", digest, "--preflight", emulator, &["--link", link])?;
        Ok(Preflight::parse(&text))
    }

    /// Stops the unit where it waits; whether it did.
    pub(crate) fn stand_down(&self) -> Result<bool, SshError> {
        Ok(self.run("standing the unit down", script!("stand_down"), &[], &[])?.contains("stood_down"))
    }

    pub(crate) fn links(&self, current: &str, previous: &str) -> Result<(), SshError> {
        self.run("switching versions", script!("links"), &[current, previous], &[]).map(drop)
    }

    /// Installs and starts the unit; a remark about it, if there is one.
    pub(crate) fn install_unit(
        &self,
        scope: &str,
        vehicle: &VehicleId,
        emulator: &[String],
        link: &str,
    ) -> Result<String, SshError> {
        let text = unit::text(scope, vehicle, emulator, link);
        let says = self.run("installing the unit", script!("install_unit"), &[], text.as_bytes())?;
        Ok(says.trim().to_owned())
    }

    pub(crate) fn restore_unit(&self, stood_down: bool, installed: bool) -> Result<(), SshError> {
        let stood_down = if stood_down { "stood_down" } else { "" };
        let installed = if installed { "installed" } else { "" };
        self.run("restoring the unit", script!("restore_unit"), &[stood_down, installed], &[]).map(drop)
    }

    pub(crate) fn health(&self, digest: Digest, has_unit: bool) -> Result<(), SshError> {
        let unit = if has_unit { "unit" } else { "" };
        self.run("the health check", script!("health"), &[&digest.to_string(), unit], &[]).map(drop)
    }

    pub(crate) fn start(&self, digest: Digest) -> Result<(), SshError> {
        self.run("starting the mission", script!("start"), &[&digest.to_string()], &[]).map(drop)
    }
}

/// Every difference between the bundle and the digests of its copy, in words.
pub(crate) fn differences(bundle: &Bundle, copy: &BTreeMap<String, String>) -> Vec<String> {
    let mut expected: BTreeMap<String, String> =
        bundle.manifest().files.iter().map(|(path, entry)| (path.clone(), entry.sha256.to_string())).collect();
    expected.insert(MANIFEST.into(), bundle.manifest_sha256().to_string());
    // The signature and its key prove themselves with the manifest; that they are there is all that counts here.
    let own = [SIGNATURE, PUBLIC_KEY];
    let mut differences = Vec::new();
    for (path, sum) in &expected {
        match copy.get(path) {
            None => differences.push(format!("{path} is missing")),
            Some(found) if found != sum => differences.push(format!("{path} has another SHA-256")),
            Some(_) => {}
        }
    }
    let missing = own.iter().filter(|path| !copy.contains_key(**path));
    differences.extend(missing.map(|path| format!("{path} is missing")));
    let strangers = copy.keys().filter(|path| !expected.contains_key(*path) && !own.contains(&path.as_str()));
    differences.extend(strangers.map(|path| format!("{path} does not belong there")));
    differences
}
