//! The permit: one artifact, one vehicle, granted by a person or by a policy file, and by nothing else.
//!
//! [`Permit`] has no public constructor but the two approvals here, so that code which uploads or flies cannot be reached without one.
use crate::board::address::BoardAddress;
use crate::digest::Digest;
use crate::key::PublicKey;
use crate::policy::{Breach, Policy};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which vehicle: what it is and where it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VehicleId {
    /// The vehicle file's name.
    pub name: String,
    /// Where it is reached: `ssh://user@host`, a board's `probe://CHIP`, or a link URL.
    pub at: String,
}

impl VehicleId {
    /// Whether it is a board behind a debug probe.
    pub fn is_board(&self) -> bool {
        BoardAddress::is_meant_by(&self.at)
    }
}

impl fmt::Display for VehicleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.name, self.at)
    }
}

/// How far, high and fast a mission goes by its plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MissionReach {
    /// Highest point, metres above home.
    pub max_altitude_m: f64,
    /// Farthest point, metres from home, horizontally.
    pub max_distance_m: f64,
    /// Highest ground speed limit of a leg, m/s.
    pub max_speed_m_s: f64,
}

/// What is to be approved.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Digest of the mission program.
    pub artifact_digest: Digest,
    /// The vehicle that it is for.
    pub vehicle: VehicleId,
    /// The host name within [`VehicleId::at`], or a board's `probe://CHIP`, for the policy.
    pub host: String,
    /// Rust target of the program.
    pub target: String,
    /// Who signed the bundle.
    pub signed_by: PublicKey,
    /// How far, high and fast it goes.
    pub reach: MissionReach,
    /// The readback: what will be flown, in plain words.
    pub readback: String,
}

/// Why there is no permit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NotApproved {
    /// A person was shown the readback and said no.
    #[error("not approved")]
    ByPerson,
    /// The policy does not allow it.
    #[error("the policy does not allow it: {}", list(.0))]
    ByPolicy(Vec<Breach>),
}

fn list(breaches: &[Breach]) -> String {
    let texts: Vec<String> = breaches.iter().map(Breach::to_string).collect();
    texts.join("; ")
}

/// Who granted a permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grantor {
    /// Somebody who was shown the readback.
    Person,
    /// A policy file.
    Policy,
}

/// Leave to bring one artifact to one vehicle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    artifact_digest: Digest,
    vehicle: VehicleId,
    granted_by: Grantor,
}

impl Permit {
    /// The mission program that it is for.
    pub fn artifact_digest(&self) -> Digest {
        self.artifact_digest
    }
    /// The vehicle that it is for.
    pub fn vehicle(&self) -> &VehicleId {
        &self.vehicle
    }
    /// Who granted it.
    pub fn granted_by(&self) -> Grantor {
        self.granted_by
    }

    /// Whether it is for this very program on this very vehicle.
    ///
    /// # Errors
    /// [`WrongPermit`], which says both.
    pub fn check(&self, artifact_digest: Digest, vehicle: &VehicleId) -> Result<(), WrongPermit> {
        if self.artifact_digest == artifact_digest && self.vehicle == *vehicle {
            return Ok(());
        }
        let say = |digest: Digest, vehicle: &VehicleId| format!("program {}.. on {vehicle}", digest.short());
        Err(WrongPermit { permitted: say(self.artifact_digest, &self.vehicle), wanted: say(artifact_digest, vehicle) })
    }
}

/// A permit for something else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the permit is for {permitted}, not for {wanted}")]
pub struct WrongPermit {
    /// Program and vehicle of the permit.
    pub permitted: String,
    /// Program and vehicle of this upload.
    pub wanted: String,
}

/// Asks a person: `person` shows the request with its readback and returns whether they approve.
///
/// # Errors
/// [`NotApproved::ByPerson`] if they do not.
pub fn ask(request: &Request, person: &mut dyn FnMut(&Request) -> bool) -> Result<Permit, NotApproved> {
    if person(request) { Ok(grant(request, Grantor::Person)) } else { Err(NotApproved::ByPerson) }
}

/// Asks the policy of an unattended station.
///
/// # Errors
/// [`NotApproved::ByPolicy`] with everything that it does not allow.
pub fn by_policy(request: &Request, policy: &Policy) -> Result<Permit, NotApproved> {
    let breaches = policy.breaches(request);
    if breaches.is_empty() { Ok(grant(request, Grantor::Policy)) } else { Err(NotApproved::ByPolicy(breaches)) }
}

fn grant(request: &Request, granted_by: Grantor) -> Permit {
    Permit { artifact_digest: request.artifact_digest, vehicle: request.vehicle.clone(), granted_by }
}
