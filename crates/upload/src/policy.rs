//! The policy file: what may be uploaded where nobody is there to ask.
//!
//! ```
//! let policy = flightsmith_upload::policy::Policy::parse(r#"
//!     vehicles = ["quad"]                    # names of vehicle files
//!     hosts = ["drone-7.local", "*.fleet.example"]
//!     max_altitude_m = 60.0                  # above home; limits that are absent do not hold
//!     signers = []                           # public keys; empty: any
//! "#)?;
//! assert_eq!(policy.max_altitude_m, Some(60.0));
//! # Ok::<(), flightsmith_upload::policy::PolicyError>(())
//! ```
use crate::digest::Digest;
use crate::key::PublicKey;
use crate::permit::Request;
use serde::Deserialize;
use std::fmt;

/// What is allowed. Vehicles and hosts have to be named; the rest narrows it further.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Names of vehicle files.
    pub vehicles: Vec<String>,
    /// Host names, or `*.domain` for all below a domain; boards as `probe://CHIP`.
    pub hosts: Vec<String>,
    /// Rust targets; empty: any.
    #[serde(default)]
    pub targets: Vec<String>,
    /// Public keys that may have signed the bundle; empty: any.
    #[serde(default)]
    pub signers: Vec<PublicKey>,
    /// Digests of mission programs; empty: any.
    #[serde(default)]
    pub artifacts: Vec<Digest>,
    /// Highest point of the mission, metres above home.
    pub max_altitude_m: Option<f64>,
    /// Farthest point of the mission, metres from home.
    pub max_distance_m: Option<f64>,
    /// Highest speed limit of the mission, m/s.
    pub max_speed_m_s: Option<f64>,
}

/// A policy file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// Not TOML, unknown or missing fields, wrong types.
    #[error("the policy is not readable: {0}")]
    Malformed(#[from] toml::de::Error),
    /// A limit that no number can exceed.
    #[error("the policy's {0} is not a number")]
    NotANumber(&'static str),
}

/// One thing that a policy does not allow.
#[derive(Debug, Clone, PartialEq)]
pub enum Breach {
    /// The vehicle is not named.
    Vehicle(String),
    /// The host is not named.
    Host(String),
    /// The target is not named.
    Target(String),
    /// The bundle was signed by somebody else.
    Signer(PublicKey),
    /// The program is not one of those named.
    Artifact(Digest),
    /// The mission goes beyond a limit.
    Beyond {
        /// Which limit.
        limit: &'static str,
        /// What the mission does.
        mission: f64,
        /// What is allowed.
        allowed: f64,
        /// Unit of both.
        unit: &'static str,
    },
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vehicle(name) => write!(f, "vehicle `{name}` is not in it"),
            Self::Host(host) => write!(f, "host `{host}` is not in it"),
            Self::Target(target) => write!(f, "target `{target}` is not in it"),
            Self::Signer(key) => write!(f, "signed by {key}, which is not in it"),
            Self::Artifact(digest) => write!(f, "program {}.. is not in it", digest.short()),
            Self::Beyond { limit, mission, allowed, unit } => {
                write!(f, "{limit} {mission:.1} {unit} (allowed {allowed} {unit})")
            }
        }
    }
}

impl Policy {
    /// Reads a policy from the text of its TOML file.
    ///
    /// # Errors
    /// See [`PolicyError`].
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let policy: Self = toml::from_str(text)?;
        let limits = [
            ("max_altitude_m", policy.max_altitude_m),
            ("max_distance_m", policy.max_distance_m),
            ("max_speed_m_s", policy.max_speed_m_s),
        ];
        match limits.into_iter().find(|(_, limit)| limit.is_some_and(f64::is_nan)) {
            Some((name, _)) => Err(PolicyError::NotANumber(name)),
            None => Ok(policy),
        }
    }

    /// Everything about `request` that it does not allow.
    pub fn breaches(&self, request: &Request) -> Vec<Breach> {
        let mut breaches = Vec::new();
        let mut unless = |allowed: bool, breach: Breach| {
            if !allowed {
                breaches.push(breach);
            }
        };
        let any_or = |listed: bool, none: bool| listed || none;
        unless(self.vehicles.contains(&request.vehicle.name), Breach::Vehicle(request.vehicle.name.clone()));
        unless(self.hosts.iter().any(|host| covers(host, &request.host)), Breach::Host(request.host.clone()));
        unless(
            any_or(self.targets.contains(&request.target), self.targets.is_empty()),
            Breach::Target(request.target.clone()),
        );
        unless(
            any_or(self.signers.contains(&request.signed_by), self.signers.is_empty()),
            Breach::Signer(request.signed_by),
        );
        unless(
            any_or(self.artifacts.contains(&request.artifact_digest), self.artifacts.is_empty()),
            Breach::Artifact(request.artifact_digest),
        );
        let reach = &request.reach;
        for (limit, mission, allowed, unit) in [
            ("altitude", reach.max_altitude_m, self.max_altitude_m, "m"),
            ("distance", reach.max_distance_m, self.max_distance_m, "m"),
            ("speed", reach.max_speed_m_s, self.max_speed_m_s, "m/s"),
        ] {
            if let Some(allowed) = allowed {
                // A reach that is no number is beyond every limit.
                let within = mission <= allowed;
                unless(within, Breach::Beyond { limit, mission, allowed, unit });
            }
        }
        breaches
    }
}

/// Whether `pattern` names `host`: the same, or below the domain after `*.`.
fn covers(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(domain) => host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.') && rest.len() > 1),
        None => pattern.eq_ignore_ascii_case(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permit::{Grantor, MissionReach, NotApproved, VehicleId, ask, by_policy};

    fn request() -> Request {
        Request {
            artifact_digest: Digest::of(b"mission"),
            vehicle: VehicleId { name: "quad".into(), at: "ssh://pi@drone-7.local".into() },
            host: "drone-7.local".into(),
            target: "aarch64-unknown-linux-gnu".into(),
            signed_by: PublicKey::parse(&format!("58{}", "66".repeat(31))).unwrap(),
            reach: MissionReach { max_altitude_m: 20.0, max_distance_m: 60.0, max_speed_m_s: 5.0 },
            readback: "take off to 20 m".into(),
        }
    }

    #[test]
    fn a_policy_grants_what_it_covers_and_names_all_that_it_does_not() {
        let policy = |text: &str| Policy::parse(text).unwrap();
        let wide = policy("vehicles = [\"quad\"]\nhosts = [\"*.local\"]\nmax_altitude_m = 20");
        let permit = by_policy(&request(), &wide).unwrap();
        assert_eq!(
            (permit.artifact_digest(), permit.vehicle(), permit.granted_by()),
            (request().artifact_digest, &request().vehicle, Grantor::Policy)
        );
        let narrow = policy(&format!(
            "vehicles = [\"hexa\"]\nhosts = [\"drone-8.local\"]\ntargets = [\"x\"]\nartifacts = [\"{}\"]\nmax_altitude_m = 19.5\nmax_distance_m = 100\nmax_speed_m_s = 4",
            Digest::of(b"other")
        ));
        let beyond = |limit, mission, allowed, unit| Breach::Beyond { limit, mission, allowed, unit };
        let expected = vec![
            Breach::Vehicle("quad".into()),
            Breach::Host("drone-7.local".into()),
            Breach::Target("aarch64-unknown-linux-gnu".into()),
            Breach::Artifact(request().artifact_digest),
            beyond("altitude", 20.0, 19.5, "m"),
            beyond("speed", 5.0, 4.0, "m/s"),
        ];
        assert_eq!(by_policy(&request(), &narrow), Err(NotApproved::ByPolicy(expected)));
    }

    #[test]
    fn hosts_match_whole_labels() {
        let cases = [
            ("a.local", "a.local", true),
            ("A.local", "a.local", true),
            ("*.local", "a.local", true),
            ("*.local", "a.b.local", true),
            ("*.local", "local", false),
            ("*.local", "evil-local", false),
            ("*.local", ".local", false),
            ("*", "a.local", false),
        ];
        for (pattern, host, expected) in cases {
            assert_eq!(covers(pattern, host), expected, "{pattern} {host}");
        }
    }

    #[test]
    fn a_policy_with_unknown_or_missing_fields_is_refused() {
        for text in [
            "",
            "vehicles = []",
            "vehicles = []\nhosts = []\nmax_altitude = 5",
            "vehicles = []\nhosts = []\nmax_speed_m_s = nan",
            "vehicles = []\nhosts = []\nsigners = [\"x\"]",
        ] {
            assert!(Policy::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_person_sees_the_readback_and_decides() {
        let mut seen = String::new();
        let permit = ask(&request(), &mut |request| {
            seen = request.readback.clone();
            true
        });
        assert_eq!(permit.map(|permit| permit.granted_by()), Ok(Grantor::Person));
        assert_eq!(seen, "take off to 20 m");
        assert_eq!(ask(&request(), &mut |_| false), Err(NotApproved::ByPerson));
    }
}
