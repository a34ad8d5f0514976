//! How far the mission has come: MISSION_CURRENT and MISSION_ITEM_REACHED, as latest value and as a stream of changes.
use super::MissionRaw;
use crate::command::{self, Repeat, Request};
use crate::error::RequestError;
use crate::inbox::Received;
use crate::pace::Pace;
use crate::telemetry::{Micros, Stamped};
use flightsmith_mission::units::Seconds;
use mavlink::MessageData;
use mavlink::dialects::ardupilotmega as mav;

const MISSION_CURRENT: u32 = mav::MISSION_CURRENT_DATA::ID;
const MISSION_ITEM_REACHED: u32 = mav::MISSION_ITEM_REACHED_DATA::ID;
/// What PX4 says where there is no mission.
const NO_TOTAL: u16 = u16::MAX;
const EVERY_US: f32 = 500_000.0;

/// MISSION_STATE.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::capability::mission_raw::MissionState;
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// if let Some((progress, _age)) = system.mission_raw().progress() {
///     match progress.state {
///         MissionState::Complete => println!("done"),
///         MissionState::Paused => system.mission_raw().start().await?,
///         state => println!("{state:?}"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum MissionState {
    /// The vehicle does not say.
    #[default]
    Unknown,
    /// There is no mission.
    NoMission,
    /// There is one, and it has not begun.
    NotStarted,
    /// It is being flown.
    Active,
    /// It has begun and waits.
    Paused,
    /// All items are done.
    Complete,
}

/// How far the mission has come; items count from 0 as they were uploaded.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let mut watch = system.mission_raw().watch().await?;
/// let progress = watch.next().await?;
/// println!("item {:?} of {:?}, last reached {:?}", progress.current, progress.total, progress.reached);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MissionProgress {
    /// The item being flown or to be flown next; `None` where the vehicle has not said, and before ArduPilot begins.
    pub current: Option<u16>,
    /// The item reached last; the vehicle tells of each once or a few times, so one may be missed.
    pub reached: Option<u16>,
    /// Number of items, where the vehicle says it.
    pub total: Option<u16>,
    /// What the vehicle says of its mission.
    pub state: MissionState,
}

/// What was heard last, with the vehicle's own numbers.
#[derive(Debug, Default)]
pub(crate) struct Latest {
    current: Option<Stamped<(u16, u16, u8)>>,
    reached: Option<u16>,
}

impl Latest {
    pub(crate) fn hear(&mut self, received: &Received, now: Micros) {
        let fields = received.fields();
        match received.id {
            MISSION_CURRENT => {
                self.current = Some(Stamped { value: (fields.u16(0), fields.u16(2), fields.u8(4)), at_us: now });
            }
            MISSION_ITEM_REACHED => self.reached = Some(fields.u16(0)),
            _ => {}
        }
    }

    /// With `ahead` items of the vehicle's in front of the user's.
    fn progress(&self, ahead: u16) -> MissionProgress {
        let (seq, total, state) = match self.current {
            Some(current) => current.value,
            None => {
                return MissionProgress {
                    reached: self.reached.and_then(|seq| seq.checked_sub(ahead)),
                    ..<_>::default()
                };
            }
        };
        let state = match state {
            1 => MissionState::NoMission,
            2 => MissionState::NotStarted,
            3 => MissionState::Active,
            4 => MissionState::Paused,
            5 => MissionState::Complete,
            _ => MissionState::Unknown,
        };
        // Senders without the extension leave both fields zero.
        let total = match total {
            NO_TOTAL => Some(0),
            0 if state == MissionState::Unknown => None,
            total => Some(total),
        };
        MissionProgress {
            current: seq.checked_sub(ahead),
            reached: self.reached.and_then(|seq| seq.checked_sub(ahead)),
            total,
            state,
        }
    }
}

impl MissionRaw {
    /// How far the mission has come and how long ago the vehicle said so (MISSION_CURRENT); `None` where it has not said.
    ///
    /// ```no_run
    /// # fn example(system: flightsmith_sdk::System) {
    /// if let Some((progress, age)) = system.mission_raw().progress() {
    ///     println!("item {:?}, {:.1} s ago", progress.current, age.0);
    /// }
    /// # }
    /// ```
    pub fn progress(&self) -> Option<(MissionProgress, Seconds)> {
        self.system.link().with(|core| {
            let age_s = core.mission.current?.age_s(core.clock.now_us());
            Some((core.mission.progress(self.dialect_ahead()), Seconds(age_s)))
        })
    }
    /// Asks for MISSION_CURRENT at 2 Hz and gives the progress whenever it changes.
    ///
    /// # Errors
    /// [`RequestError::LinkLost`]; a vehicle that does not know the rate request sends at its own rate.
    ///
    /// ```no_run
    /// use flightsmith_sdk::capability::mission_raw::MissionState;
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let mut watch = system.mission_raw().watch().await?;
    /// while watch.next().await?.state != MissionState::Complete {}
    /// # Ok(())
    /// # }
    /// ```
    pub async fn watch(&self) -> Result<ProgressWatch, RequestError> {
        let request =
            Request::new(command::SET_MESSAGE_INTERVAL, [MISSION_CURRENT as f32, EVERY_US, 0.0, 0.0, 0.0, 0.0, 0.0]);
        match self.system.command_outcome(request, Repeat::Freely).await {
            Ok(_) | Err(RequestError::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(ProgressWatch { mission: self.clone(), last: None })
    }

    pub(super) fn dialect_ahead(&self) -> u16 {
        self.rules().home_is_item.into()
    }
}

/// The changes of a mission's progress; made by [`MissionRaw::watch`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let mut watch = system.mission_raw().watch().await?;
/// while watch.next().await?.reached < Some(3) {}
/// println!("item 3 is reached");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ProgressWatch {
    mission: MissionRaw,
    last: Option<MissionProgress>,
}

impl ProgressWatch {
    /// The next progress that differs from the one before; the first one at once where the vehicle has said any.
    ///
    /// # Errors
    /// [`RequestError::LinkLost`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let mut watch = system.mission_raw().watch().await?;
    /// println!("{:?}", watch.next().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Result<MissionProgress, RequestError> {
        let mut waiter = self.mission.system.waiter();
        loop {
            let now = self.mission.progress().map(|(progress, _age)| progress);
            if let Some(progress) = now.filter(|progress| self.last != Some(*progress)) {
                self.last = Some(progress);
                return Ok(progress);
            }
            waiter.step().await?;
        }
    }
}
