//! What is around a mission on a microcontroller: chip, link, checks before the flight, the way home when the mission fails. The
//! mission itself knows none of it; it is the same `mission.rs` that flies on a companion computer.
//!
//! Reading order: [`run`], then `mission_run` (one mission from link to end), `black_box` (what survives a reset: here it takes the
//! place of the companion's supervisor process), `chip` (everything that touches hardware).
//!
//! ```text
//! limits, json   vehicle and envelope, read from `limits.json` by the compiler: no parser in the firmware
//! boards         chip, crystal and UART pins of each board
//! mission_run    from the link to the end
//! checks         parameters before arming
//! permission     the pilot's switch, without which nothing starts on a real board
//! way_home       return to launch where the mission cannot go on
//! ending         how a run ended, as a line in the log
//! black_box      what the next life must know of this one
//! chip           clocks, pins, UART, time, watchdog, memory, emulator
//! ```
//!
//! What a companion's runner does and this one does not: the plan is not checked again at the vehicle's actual home (the envelope holds on
//! every call all the same), and there is no start file: the pilot's switch is the only permission.
#![cfg_attr(target_os = "none", no_std)]
extern crate alloc;

pub mod boards;
#[cfg_attr(not(target_os = "none"), expect(dead_code, reason = "on the machine that builds it only its tests use it"))]
mod ending;
mod json;
mod limits;

#[cfg(target_os = "none")]
mod black_box;
#[cfg(target_os = "none")]
mod checks;
#[cfg(target_os = "none")]
mod chip;
#[cfg(target_os = "none")]
mod mission_run;
#[cfg(target_os = "none")]
mod permission;
#[cfg(target_os = "none")]
mod way_home;

pub use limits::{Limits, ParamRule, Rules};

#[cfg(target_os = "none")]
pub use firmware::run;

#[cfg(target_os = "none")]
mod firmware {
    use crate::boards::Board;
    use crate::limits::Limits;
    use crate::mission_run::{self, Mission};
    use crate::{black_box, chip};
    use alloc::boxed::Box;
    use flightsmith_sdk::{FlightError, Grounded, Landed, Vehicle};

    /// Runs a mission on `board` until it has landed or failed; the chip is left running, silent, until the next power-on.
    ///
    /// `fly` is the mission, `limits` the vehicle and the envelope that it was verified for. On a real board nothing starts until the pilot
    /// switches to the mode in which missions fly; in the emulator's lockstep the flight starts at once.
    pub fn run<F, Fut>(fly: F, board: &'static Board, limits: &'static Limits) -> !
    where
        F: FnOnce(Vehicle<Grounded>) -> Fut + 'static,
        Fut: Future<Output = Result<Vehicle<Landed>, FlightError>> + 'static,
    {
        let place = chip::begin(board);
        let last_life = black_box::open(chip::was_powered_on());
        // Boxed at once: whatever follows is compiled once, here, and not again with each mission.
        let mission: Mission = Box::new(move |vehicle| Box::pin(fly(vehicle)));
        chip::executor::run(|spawner| {
            let task = flight(mission, limits, place, last_life);
            spawner.spawn(task.expect("the first task finds room"));
        })
    }

    #[embassy_executor::task]
    async fn flight(
        mission: Mission,
        limits: &'static Limits,
        place: chip::Place,
        last_life: Option<black_box::LastLife>,
    ) {
        let ending = mission_run::run(mission, limits, place, last_life).await;
        black_box::close();
        chip::end(place, &ending).await
    }
}
