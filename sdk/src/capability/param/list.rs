//! All parameters: PARAM_REQUEST_LIST, then what was lost by index, a window at a time.
use super::{Name, PARAM_VALUE, Param, ParamValue, Told, send_read};
use crate::capability::transfer::Progress;
use crate::error::RequestError;
use crate::inbox::Inbox;
use crate::pace::Pace;
use crate::session::{Core, Link};
use crate::shared::MaybeSend;
use crate::telemetry::Micros;
use alloc::{format, string::String, vec, vec::Vec};
use mavlink::dialects::ardupilotmega as mav;

/// How many lost ones are asked for at once: ArduPilot queues 20 such requests.
const WINDOW: usize = 16;
/// After this long without news the vehicle is taken to have stopped sending.
const QUIET_US: Micros = 1_000_000;
/// So often in a row it may stay silent.
const SILENT_ROUNDS: u8 = 10;
const TOTAL_LIMIT_US: Micros = 300_000_000;
/// So often the list may change while it is read.
const RESTARTS: u8 = 3;
/// A different number of parameters counts once it was told this often: it may be an old message.
const COUNT_TOLD: u8 = 3;
/// Parameters come as fast as the link carries them; unread ones wait here.
const UNREAD: usize = if cfg!(feature = "std") { 1024 } else { 48 };

/// One parameter of the list.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::capability::param::Parameter;
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let all: Vec<Parameter> = system.param().list().await?;
/// for Parameter { name, value } in all.iter().filter(|parameter| parameter.name.starts_with("BATT_")) {
///     println!("{name} {value}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Name, 1 to 16 characters.
    pub name: String,
    /// Value with its type.
    pub value: ParamValue,
}

impl Param {
    /// All parameters in the vehicle's order (PARAM_REQUEST_LIST; what was lost is asked for again by index).
    ///
    /// # Errors
    /// [`RequestError::NoAnswer`] where the vehicle stops answering (ten seconds without news, five minutes in all),
    /// [`RequestError::Inconsistent`] where the list keeps changing while it is read.
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// for parameter in system.param().list().await? {
    ///     println!("{} {}", parameter.name, parameter.value);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn list(&self) -> Result<Vec<Parameter>, RequestError> {
        self.list_reporting(|_progress| {}).await
    }
    /// As [`Param::list`]; `report` is told how many parameters are there.
    ///
    /// # Errors
    /// As [`Param::list`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let all = system.param().list_reporting(|progress| println!("{:.0} %", progress.percent())).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn list_reporting(
        &self,
        mut report: impl FnMut(Progress) + MaybeSend,
    ) -> Result<Vec<Parameter>, RequestError> {
        let link = self.system.link();
        let inbox = Inbox::open(link, &[PARAM_VALUE], UNREAD);
        let mut waiter = self.system.waiter();
        let mut listing = Listing::begin(link);
        loop {
            while let Some(received) = inbox.take() {
                if let Some(told) = Told::read(received.fields(), self.encoding()) {
                    listing.take(link, &told, &mut report);
                }
            }
            if listing.is_complete() && !listing.is_shifted() {
                return Ok(listing.finish(link));
            }
            listing.ask_on(link)?;
            waiter.step().await?;
        }
    }
}

struct Listing {
    names: Vec<Option<Name>>,
    have: usize,
    started: Micros,
    /// When something new came or was asked for last.
    stirred: Micros,
    /// What was asked for by index and has not come.
    asked: Vec<u16>,
    /// Lost ones are being asked for by index.
    in_windows: bool,
    silent_rounds: u8,
    restarts: u8,
    other_count: (u16, u8),
}

impl Listing {
    fn begin(link: &Link) -> Self {
        let now = link.now_us();
        Self {
            names: Vec::new(),
            have: 0,
            started: now,
            // The first request leaves at once.
            stirred: now.saturating_sub(QUIET_US),
            asked: Vec::with_capacity(WINDOW),
            in_windows: false,
            silent_rounds: 0,
            restarts: 0,
            other_count: (0, 0),
        }
    }

    fn take(&mut self, link: &Link, told: &Told, report: &mut impl FnMut(Progress)) {
        link.with(|core| {
            let now = core.clock.now_us();
            core.params.keep(told.name, told.value, now);
        });
        if self.names.is_empty() {
            self.names = vec![None; usize::from(told.count)];
        } else if usize::from(told.count) != self.names.len() {
            self.notice_count(link, told.count);
            return;
        }
        // PX4's hash and answers to reading by name carry no index of the list.
        let Some(slot) = self.names.get_mut(usize::from(told.index)) else { return };
        self.asked.retain(|index| *index != told.index);
        if slot.replace(told.name).is_none() {
            self.have += 1;
            self.silent_rounds = 0;
            self.stirred = link.now_us();
            report(Progress { done: self.have as u32, total: self.names.len() as u32 });
        }
    }

    /// Another number of parameters: the indices mean something else now.
    fn notice_count(&mut self, link: &Link, count: u16) {
        let (seen, times) = self.other_count;
        self.other_count = (count, if seen == count { times + 1 } else { 1 });
        if self.other_count.1 >= COUNT_TOLD {
            self.restart(link, usize::from(count));
        }
    }

    fn restart(&mut self, link: &Link, count: usize) {
        self.restarts += 1;
        self.names = vec![None; count];
        self.have = 0;
        self.asked.clear();
        self.in_windows = false;
        self.other_count = (0, 0);
        self.stirred = link.now_us();
    }

    fn is_complete(&self) -> bool {
        !self.names.is_empty() && self.have == self.names.len()
    }

    /// One name at two indices: the list has moved while it was read.
    fn is_shifted(&self) -> bool {
        let mut names: Vec<Name> = self.names.iter().flatten().copied().collect();
        names.sort_unstable();
        names.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// Asks for what is missing when it is time to.
    fn ask_on(&mut self, link: &Link) -> Result<(), RequestError> {
        let now = link.now_us();
        if self.is_complete() {
            self.restart(link, self.names.len());
        }
        let window_came = self.in_windows && self.asked.is_empty();
        if !window_came && now < self.stirred + QUIET_US {
            return Ok(());
        }
        if self.restarts > RESTARTS {
            let why = format!("the list changed {} times while it was read", self.restarts);
            return Err(RequestError::Inconsistent { what: "PARAM_REQUEST_LIST", why });
        }
        if self.silent_rounds >= SILENT_ROUNDS || now > self.started + TOTAL_LIMIT_US {
            let waited_s = (now - self.started) as f64 * 1e-6;
            return Err(RequestError::NoAnswer { what: "PARAM_REQUEST_LIST", attempts: self.silent_rounds, waited_s });
        }
        self.stirred = now;
        self.silent_rounds += 1;
        self.in_windows = !self.names.is_empty() && 2 * self.have >= self.names.len();
        if !self.in_windows {
            return link.with(send_list);
        }
        let missing = self.names.iter().enumerate().filter(|(_, name)| name.is_none());
        self.asked.clear();
        self.asked.extend(missing.map(|(index, _)| index as u16).take(WINDOW));
        link.with(|core| self.asked.iter().try_for_each(|index| send_read(core, "", *index as i16)))
    }

    fn finish(self, link: &Link) -> Vec<Parameter> {
        link.with(|core| {
            core.params.set_complete();
            // From memory, not from the list's messages: a parameter that was set meanwhile is given as it is now.
            let named = self.names.iter().flatten();
            let found = named.filter_map(|name| {
                let (value, _) = core.params.get(name)?;
                Some(Parameter { name: name.text(), value })
            });
            found.collect()
        })
    }
}

fn send_list(core: &mut Core) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    core.send(&mav::PARAM_REQUEST_LIST_DATA { target_system: peer.system, target_component: peer.component })
}
