//! Lines for people: over the debug probe (RTT) from the chip, on the emulator's stderr from there.
use super::emulator;
use core::fmt;

/// Bytes that wait for a probe; older ones give way to none, so a board without a probe loses lines and no time.
const RTT_BYTES: usize = 512;

/// Makes the buffer that a probe looks for.
pub(crate) fn begin() {
    let channels = rtt_target::rtt_init! { up: { 0: { size: RTT_BYTES, mode: rtt_target::ChannelMode::NoBlockTrim, name: "Terminal" } } };
    rtt_target::set_print_channel(channels.up.0);
}

/// Writes one line.
pub(crate) fn line(text: fmt::Arguments<'_>) {
    if emulator::is_here() {
        emulator::line(text);
    } else {
        rtt_target::rprintln!("{}", text);
    }
}
