//! Turning message signing on at an autopilot (SETUP_SIGNING).
use crate::error::RequestError;
use crate::pace;
use crate::session::Core;
use crate::signing::Signing;
use crate::system::System;
use flightsmith_mission::units::Seconds;
use mavlink::dialects::ardupilotmega as mav;

/// The caller's word that nobody else can read this link: a USB cable, a wired network of one's own. The key goes over it in the clear.
///
/// ```
/// use flightsmith_sdk::capability::signing::NobodyElseReadsThisLink;
/// let usb = NobodyElseReadsThisLink;
/// # let _ = usb;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NobodyElseReadsThisLink;

const ATTEMPTS: u8 = 5;
const EACH: Seconds = Seconds(2.0);

impl System {
    /// Gives the autopilot the key of `signing` and waits until it signs what it sends. From then on it refuses on its other links
    /// what is not signed (ArduPilot excepts USB), so sign here too: [`Connection::set_signing`](crate::Connection::set_signing), or
    /// `Network::set_signing`.
    ///
    /// Seen with a real ArduCopter: its first serial port (USB) goes on taking unsigned frames, the others do not. It has no clock of its
    /// own, so on a port that was idle for more than a minute its first few frames are too old and counted as replayed, until it has
    /// heard a signed frame of ours. The key outlives its restart.
    ///
    /// Where it signs already, sign with its present key first: whether it took the new one shows only in what is refused afterwards.
    ///
    /// SETUP_SIGNING has no answer of its own: with an autopilot that cannot sign this ends with [`RequestError::NoAnswer`].
    ///
    /// ```no_run
    /// use flightsmith_sdk::{Connection, RequestError, driver, signing::Signing, units::Seconds};
    /// use flightsmith_sdk::capability::signing::NobodyElseReadsThisLink;
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let signing = Signing::from_files("mavlink.key", "mavlink.timestamp", 0)?;
    /// driver::run_as(Connection::ground_station(), "serial:///dev/ttyACM0:115200", |connection| async move {
    ///     let system = connection.system(Seconds(10.0)).await?;
    ///     system.set_up_signing(&signing, NobodyElseReadsThisLink).await?;
    ///     connection.set_signing(signing);
    ///     Ok::<_, RequestError>(())
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`RequestError::WrongState`] where the vehicle is armed, [`RequestError::Unsupported`] where MAVLink 1 is spoken,
    /// [`RequestError::NoAnswer`] where it does not begin to sign.
    pub async fn set_up_signing(&self, signing: &Signing, _link: NobodyElseReadsThisLink) -> Result<(), RequestError> {
        let started = self.link().now_us();
        for _ in 0..ATTEMPTS {
            let (secret_key, initial_timestamp) = (*signing.key().bytes(), signing.timestamp());
            self.link().with(|core| send_key(core, secret_key, initial_timestamp))?;
            let deadline = self.deadline_us(EACH);
            while self.link().now_us() < deadline {
                if self.link().with(|core| core.peer_signs) {
                    return Ok(());
                }
                pace::Pace::step(&mut self.waiter()).await?;
            }
        }
        let waited_s = (self.link().now_us() - started) as f64 * 1e-6;
        Err(RequestError::NoAnswer { what: "SETUP_SIGNING", attempts: ATTEMPTS, waited_s })
    }
}

fn send_key(core: &mut Core, secret_key: [u8; 32], initial_timestamp: u64) -> Result<(), RequestError> {
    if core.telemetry.armed() {
        return Err(RequestError::WrongState { what: "SETUP_SIGNING", needed: "disarmed" });
    }
    let Some(peer) = core.peer else { return Ok(()) };
    core.send(&mav::SETUP_SIGNING_DATA {
        initial_timestamp,
        target_system: peer.system,
        target_component: peer.component,
        secret_key,
    })
}
