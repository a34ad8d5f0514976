//! The firmware: the mission of `mission.rs`, run by `flightsmith-mcu` on the board that is named here.
#![no_std]
#![no_main]

/// Where `cortex-m-rt` goes when memory is set up.
#[expect(unsafe_code, reason = "the reset handler knows this function by its name only")]
#[unsafe(export_name = "main")]
extern "C" fn main() -> ! {
    const LIMITS: flightsmith_mcu::Limits = flightsmith_mcu::Limits::read(include_str!("../limits.json"));
    flightsmith_mcu::run(flightsmith_mcu_mission::fly, &flightsmith_mcu::boards::NETDUINO_PLUS_2, &LIMITS)
}
