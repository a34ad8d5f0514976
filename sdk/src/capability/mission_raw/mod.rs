//! Missions in MAVLink's item protocol: upload, download, clear; start, pause, current item, progress.
//!
//! Items are the user's on both autopilots: ArduPilot's item 0, which is home, is put in front when sending and taken off when reading,
//! and numbers of items (current, reached, jumps, errors) count from the user's first item as 0.
mod download;
mod flying;
mod item;
mod progress;
mod upload;
mod wire;

pub(crate) use download::{clear, download};
pub(crate) use item::{Fault, altitude_to_wire, degrees_e7};
pub use item::{MissionItem, Place};
pub(crate) use progress::Latest;
pub use progress::{MissionProgress, MissionState, ProgressWatch};
pub(crate) use upload::upload;
pub(crate) use wire::{List, WireItem};

use crate::autopilot::{self, MissionRules};
use crate::capability::transfer::Progress;
use crate::error::RequestError;
use crate::shared::MaybeSend;
use crate::system::System;
use alloc::vec::Vec;
use item::Dialect;

impl System {
    /// Its mission.
    ///
    /// ```no_run
    /// use flightsmith_sdk::capability::mission_raw::MissionItem;
    /// use flightsmith_sdk::frame::Altitude;
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let mission = system.mission_raw();
    /// mission.upload(&[
    ///     MissionItem::take_off(Altitude::AboveHome(15.0)),
    ///     MissionItem::waypoint(47.3981, 8.5456, Altitude::AboveHome(15.0)),
    ///     MissionItem::return_to_launch(),
    /// ]).await?;
    /// // Armed meanwhile.
    /// mission.start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn mission_raw(&self) -> MissionRaw {
        MissionRaw { system: self.clone() }
    }
}

/// The mission of a system; made by [`System::mission_raw`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::{capability::mission_raw::MissionItem, frame::Altitude};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let mission = system.mission_raw();
/// let there = MissionItem::waypoint(47.3981, 8.5456, Altitude::AboveHome(15.0));
/// mission.upload(&[MissionItem::take_off(Altitude::AboveHome(15.0)), there]).await?;
/// // ArduPilot's own item 0 (home) is not counted.
/// assert_eq!(mission.download().await?.len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct MissionRaw {
    system: System,
}

impl MissionRaw {
    /// Replaces the vehicle's mission by `items` (MISSION_COUNT, MISSION_ITEM_INT, MISSION_ACK). Dropped before its end, it tells the
    /// vehicle so.
    ///
    /// # Errors
    /// [`RequestError::ItemRefused`] with the item's index, by the vehicle or, before anything is sent, for a place that is none;
    /// [`RequestError::Failed`] with the vehicle's reason (`NO_SPACE`, ..); [`RequestError::NoAnswer`].
    ///
    /// ```no_run
    /// use flightsmith_sdk::{RequestError, capability::mission_raw::MissionItem};
    /// # async fn example(system: flightsmith_sdk::System, items: Vec<MissionItem>) {
    /// if let Err(RequestError::ItemRefused { item, result, .. }) = system.mission_raw().upload(&items).await {
    ///     println!("item {item} is not accepted: {result}");
    /// }
    /// # }
    /// ```
    pub async fn upload(&self, items: &[MissionItem]) -> Result<(), RequestError> {
        self.upload_reporting(items, |_progress| {}).await
    }
    /// As [`MissionRaw::upload`]; `report` is told how many items are there.
    ///
    /// # Errors
    /// As [`MissionRaw::upload`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, capability::mission_raw::MissionItem};
    /// # async fn example(system: flightsmith_sdk::System, items: Vec<MissionItem>) -> Result<(), RequestError> {
    /// system.mission_raw().upload_reporting(&items, |progress| println!("{:.0} %", progress.percent())).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn upload_reporting(
        &self,
        items: &[MissionItem],
        report: impl FnMut(Progress) + MaybeSend,
    ) -> Result<(), RequestError> {
        if items.is_empty() {
            return self.clear().await;
        }
        let dialect = self.dialect();
        let mut wire = Vec::with_capacity(items.len() + 1);
        if self.rules().home_is_item {
            wire.push(self.home());
        }
        for (index, item) in items.iter().enumerate() {
            let is_first = index == 0 && dialect.ahead == 0;
            wire.push(item.to_wire(&dialect, is_first).map_err(|fault| not_sent(List::Mission, index, fault))?);
        }
        upload(&self.system, List::Mission, &wire, dialect.ahead, report).await?;
        self.system.link().with(|core| core.mission = Latest::default());
        Ok(())
    }
    /// Reads the vehicle's mission (MISSION_REQUEST_LIST, MISSION_REQUEST_INT).
    ///
    /// # Errors
    /// [`RequestError::NoAnswer`]; [`RequestError::Inconsistent`] where it keeps changing while it is read; [`RequestError::Failed`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// for item in system.mission_raw().download().await? {
    ///     println!("{item:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn download(&self) -> Result<Vec<MissionItem>, RequestError> {
        self.download_reporting(|_progress| {}).await
    }
    /// As [`MissionRaw::download`]; `report` is told how many items are there (with ArduPilot, home is counted).
    ///
    /// # Errors
    /// As [`MissionRaw::download`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let items = system.mission_raw().download_reporting(|progress| println!("{:.0} %", progress.percent())).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn download_reporting(
        &self,
        report: impl FnMut(Progress) + MaybeSend,
    ) -> Result<Vec<MissionItem>, RequestError> {
        let wire = download(&self.system, List::Mission, report).await?;
        let dialect = self.dialect();
        Ok(wire.iter().skip(dialect.ahead.into()).map(|item| MissionItem::from_wire(item, &dialect)).collect())
    }
    /// Deletes the vehicle's mission (MISSION_CLEAR_ALL). ArduPilot keeps its home.
    ///
    /// # Errors
    /// [`RequestError::NoAnswer`]; [`RequestError::Failed`] with the vehicle's reason (ArduPilot does not clear a mission that it flies).
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.mission_raw().clear().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn clear(&self) -> Result<(), RequestError> {
        clear(&self.system, List::Mission).await?;
        self.system.link().with(|core| core.mission = Latest::default());
        Ok(())
    }

    fn rules(&self) -> MissionRules {
        autopilot::mission_rules(self.system.autopilot())
    }
    fn dialect(&self) -> Dialect {
        let rules = self.rules();
        let here = self.system.link().with(|core| core.telemetry.global.map(|global| global.value));
        Dialect {
            ahead: rules.home_is_item.into(),
            wants_numbers: rules.wants_numbers,
            take_off_at_deg: here.map(|here| (here.lat_deg, here.lon_deg)),
            zero_is_here: rules.zero_is_here,
        }
    }
    /// ArduPilot's item 0; it puts its own home there whatever it is sent.
    fn home(&self) -> WireItem {
        let home = self.system.link().with(|core| core.telemetry.home.map(|home| home.value));
        let place = home.and_then(|home| {
            let (x, y) = degrees_e7(home.lat_deg, home.lon_deg).ok()?;
            Some((x, y, home.altitude_amsl_m as f32))
        });
        let (x, y, z) = place.unwrap_or_default();
        WireItem { params: [0.0; 4], x, y, z, command: 16, frame: 0, current: 0, autocontinue: 1 }
    }
}

/// An item that cannot be sent.
pub(crate) fn not_sent(list: List, index: usize, fault: Fault) -> RequestError {
    RequestError::ItemRefused { what: list.name(), item: u16::try_from(index).unwrap_or(u16::MAX), result: fault }
}
