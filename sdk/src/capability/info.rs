//! Who the vehicle is: versions, capabilities, identification, this flight.
use crate::error::RequestError;
use crate::inbox::Received;
use crate::request;
use crate::system::System;
use crate::wire::incoming::id;
use alloc::{format, string::String};
use core::fmt;

/// What a [`System`] says about itself when it is asked.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let version = system.info().version().await?;
/// println!("flies {} ({})", version.flight_software, version.flight_hash);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Info {
    system: System,
}

impl System {
    /// Its identity.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// println!("{}", system.info().version().await?.flight_software);
    /// # Ok(())
    /// # }
    /// ```
    pub fn info(&self) -> Info {
        Info { system: self.clone() }
    }
}

/// How far a piece of software has come (FIRMWARE_VERSION_TYPE), in rising order.
///
/// ```
/// use flightsmith_sdk::capability::info::Release;
/// assert!(Release::Official > Release::Candidate);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// In development.
    Dev,
    /// Alpha.
    Alpha,
    /// Beta.
    Beta,
    /// Release candidate.
    Candidate,
    /// Released.
    Official,
}

/// The version of a piece of software.
///
/// ```
/// use flightsmith_sdk::capability::info::{Release, SoftwareVersion};
/// let version = SoftwareVersion { major: 4, minor: 5, patch: 7, release: Release::Official };
/// assert!(version >= SoftwareVersion { minor: 3, ..version });
/// assert_eq!(version.to_string(), "4.5.7");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SoftwareVersion {
    /// Incompatible changes.
    pub major: u8,
    /// New features.
    pub minor: u8,
    /// Corrections.
    pub patch: u8,
    /// How far it has come.
    pub release: Release,
}

impl SoftwareVersion {
    fn from_wire(version: u32) -> Self {
        let [kind, patch, minor, major] = version.to_le_bytes();
        // Numbers between two kinds count up, as in the second release candidate.
        let release = match kind {
            0..64 => Release::Dev,
            64..128 => Release::Alpha,
            128..192 => Release::Beta,
            192..255 => Release::Candidate,
            255 => Release::Official,
        };
        Self { major, minor, patch, release }
    }
}

impl fmt::Display for SoftwareVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        f.write_str(match self.release {
            Release::Dev => "-dev",
            Release::Alpha => "-alpha",
            Release::Beta => "-beta",
            Release::Candidate => "-rc",
            Release::Official => "",
        })
    }
}

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident = $bit:literal,)+) => {
        /// What an autopilot's MAVLink can do (MAV_PROTOCOL_CAPABILITY).
        ///
        /// ```
        /// use flightsmith_sdk::capability::info::{Capability, Version};
        /// fn takes_files(version: &Version) -> bool {
        ///     version.capabilities.has(Capability::Ftp)
        /// }
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Capability {
            $($(#[$doc])* $name = $bit,)+
        }
        impl Capability {
            const ALL: &[Self] = &[$(Self::$name),+];
        }
    };
}
capabilities! {
    /// Missions with MISSION_ITEM.
    MissionFloat = 0,
    /// Parameters as floats.
    ParamFloat = 1,
    /// Missions with MISSION_ITEM_INT.
    MissionInt = 2,
    /// COMMAND_INT.
    CommandInt = 3,
    /// Integer parameters byte by byte in a float's place.
    ParamEncodeBytewise = 4,
    /// MAVLink FTP.
    Ftp = 5,
    /// Attitude set-points.
    SetAttitudeTarget = 6,
    /// Set-points in the local frame.
    SetPositionTargetLocalNed = 7,
    /// Set-points on the earth.
    SetPositionTargetGlobalInt = 8,
    /// Terrain data.
    Terrain = 9,
    /// Flight termination.
    FlightTermination = 11,
    /// Compass calibration on board.
    CompassCalibration = 12,
    /// MAVLink 2.
    Mavlink2 = 13,
    /// Geofences by the mission protocol.
    MissionFence = 14,
    /// Rally points by the mission protocol.
    MissionRally = 15,
    /// Integer parameters as floats of the same value.
    ParamEncodeCCast = 17,
    /// A gimbal manager.
    GimbalManager = 18,
    /// Handing control over between ground stations.
    GcsControl = 19,
    /// A gripper.
    Gripper = 20,
}

/// A set of [`Capability`].
///
/// ```
/// use flightsmith_sdk::capability::info::Capabilities;
/// let none = Capabilities::default();
/// assert_eq!(none.iter().count(), 0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities(pub u64);

impl Capabilities {
    /// Whether `capability` is among them.
    ///
    /// ```
    /// use flightsmith_sdk::capability::info::{Capabilities, Capability};
    /// // 1 << 5 is MAV_PROTOCOL_CAPABILITY_FTP.
    /// assert!(Capabilities(1 << 5).has(Capability::Ftp));
    /// assert!(!Capabilities(1 << 5).has(Capability::Gripper));
    /// ```
    pub fn has(self, capability: Capability) -> bool {
        self.0 & (1 << capability as u64) != 0
    }
    /// Those that have names.
    ///
    /// ```
    /// use flightsmith_sdk::capability::info::{Capabilities, Capability};
    /// let told = Capabilities(1 << 5 | 1 << 13);
    /// assert_eq!(told.iter().collect::<Vec<_>>(), [Capability::Ftp, Capability::Mavlink2]);
    /// ```
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.iter().copied().filter(move |capability| self.has(*capability))
    }
}

/// Versions and identity of an autopilot (AUTOPILOT_VERSION).
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System, capability::info::Release};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let version = system.info().version().await?;
/// if version.flight_software.release < Release::Official {
///     println!("this is {}, not a release", version.flight_software);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The flight software.
    pub flight_software: SoftwareVersion,
    /// The commit that it was built from, as far as it was told; empty where it was not.
    pub flight_hash: String,
    /// The operating system.
    pub os: SoftwareVersion,
    /// The board, in its maker's numbers; ArduPilot has its board type in the upper half.
    pub board_version: u32,
    /// USB vendor id of the board; 0 where not told.
    pub vendor_id: u16,
    /// USB product id of the board; 0 where not told.
    pub product_id: u16,
    /// The hardware's number; 0 where not told.
    pub uid: u64,
    /// The hardware's number in its longer form; zeros where not told.
    pub uid2: [u8; 18],
    /// What its MAVLink can do.
    pub capabilities: Capabilities,
}

impl Version {
    fn read(received: &Received) -> Self {
        let p = received.fields();
        Self {
            flight_software: SoftwareVersion::from_wire(p.u32(16)),
            flight_hash: hash(p.bytes(36)),
            os: SoftwareVersion::from_wire(p.u32(24)),
            board_version: p.u32(28),
            vendor_id: p.u16(32),
            product_id: p.u16(34),
            uid: p.u64(8),
            uid2: p.bytes(60),
            capabilities: Capabilities(p.u64(0)),
        }
    }
}

/// A commit as ArduPilot (its first letters as text) and PX4 (its first bytes, last one first) tell it.
fn hash(bytes: [u8; 8]) -> String {
    let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    if length > 0 && bytes[..length].iter().all(u8::is_ascii_hexdigit) {
        return String::from_utf8_lossy(&bytes[..length]).into();
    }
    let told = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    bytes[told..].iter().rev().map(|byte| format!("{byte:02x}")).collect()
}

/// Versions of MAVLink that the autopilot speaks (PROTOCOL_VERSION), times 100: 200 is MAVLink 2.0.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let speaks_mavlink_2 = system.info().protocol_version().await?.most >= 200;
/// # let _ = speaks_mavlink_2;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProtocolVersion {
    /// What it speaks now.
    pub current: u16,
    /// The oldest that it speaks.
    pub least: u16,
    /// The newest that it speaks.
    pub most: u16,
}

/// This flight (FLIGHT_INFORMATION).
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let flight = system.info().flight().await?;
/// println!("flight {} armed at {:?}", flight.number, flight.armed_at_us);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlightInformation {
    /// A number that this flight alone has on this vehicle; also in the name of its log.
    pub number: u64,
    /// When it was armed, in microseconds: UTC by the message's definition, since its start from PX4. `None` before.
    pub armed_at_us: Option<u64>,
    /// When it took off, counted as `armed_at_us`.
    pub took_off_at_us: Option<u64>,
    /// When it landed, in milliseconds since its start.
    pub landed_at_ms: Option<u32>,
}

impl Info {
    /// Versions, identity and capabilities (AUTOPILOT_VERSION).
    ///
    /// # Errors
    /// [`RequestError::NoAnswer`]; [`RequestError::Unsupported`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::capability::info::{Release, SoftwareVersion};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let oldest = SoftwareVersion { major: 4, minor: 5, patch: 0, release: Release::Official };
    /// if system.info().version().await?.flight_software < oldest {
    ///     println!("too old: {oldest} is needed");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn version(&self) -> Result<Version, RequestError> {
        Ok(Version::read(&self.ask(id::AUTOPILOT_VERSION, "AUTOPILOT_VERSION").await?))
    }
    /// Versions of MAVLink (PROTOCOL_VERSION).
    ///
    /// # Errors
    /// [`RequestError::Unsupported`] from ArduPilot; [`RequestError::NoAnswer`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// match system.info().protocol_version().await {
    ///     Ok(version) => println!("speaks MAVLink {:.1}", f32::from(version.most) / 100.0),
    ///     Err(RequestError::Unsupported { .. }) => println!("does not say"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn protocol_version(&self) -> Result<ProtocolVersion, RequestError> {
        let received = self.ask(id::PROTOCOL_VERSION, "PROTOCOL_VERSION").await?;
        let p = received.fields();
        Ok(ProtocolVersion { current: p.u16(0), least: p.u16(2), most: p.u16(4) })
    }
    /// This flight's number and times (FLIGHT_INFORMATION).
    ///
    /// # Errors
    /// [`RequestError::Unsupported`] where the autopilot keeps none; [`RequestError::NoAnswer`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// println!("flight {}", system.info().flight().await?.number);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn flight(&self) -> Result<FlightInformation, RequestError> {
        let received = self.ask(id::FLIGHT_INFORMATION, "FLIGHT_INFORMATION").await?;
        let p = received.fields();
        let time = |at| Some(p.u64(at)).filter(|us| *us != 0);
        Ok(FlightInformation {
            number: p.u64(16),
            armed_at_us: time(0),
            took_off_at_us: time(8),
            landed_at_ms: Some(p.u32(28)).filter(|ms| *ms != 0),
        })
    }

    async fn ask(&self, message_id: u32, name: &'static str) -> Result<Received, RequestError> {
        let mut waiter = self.system.waiter();
        let from = self.system.link().with(|core| core.peer.map(|peer| peer.component));
        request::request_message(&mut waiter, message_id, name, from, |_| true).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_versions_are_read() {
        let cases = [
            (67_633_152, *b"531699d6", "4.8.0-dev", "531699d6"),
            (17_956_928, [0, 0, 0, 205, 55, 198, 89, 187], "1.18.0-alpha", "bb59c637cd"),
            (0x0405_07FF, *b"2a3dc4b7", "4.5.7", "2a3dc4b7"),
            (0x0405_00C2, [0; 8], "4.5.0-rc", ""),
        ];
        for (version, bytes, text, commit) in cases {
            assert_eq!((format!("{}", SoftwareVersion::from_wire(version)), hash(bytes)), (text.into(), commit.into()));
        }
        assert!(
            Capabilities(64_495).has(Capability::Ftp) && !Capabilities(64_495).has(Capability::ParamEncodeBytewise)
        );
        assert!(Capabilities(59_647).has(Capability::ParamEncodeBytewise));
    }
}
