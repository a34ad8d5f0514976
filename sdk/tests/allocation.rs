//! Receiving allocates nothing: once a connection stands and its telemetry has come once, bytes are taken in without the allocator. A
//! microcontroller's heap is small and its link never rests.
use flightsmith_sdk::Connection;
use mavlink::dialects::ardupilotmega as mav;
use mavlink::{MAVLinkV2MessageRaw, MavHeader, MessageData};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[expect(unsafe_code, reason = "an allocator is unsafe by its trait")]
// SAFETY: everything is the system allocator's doing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(memory, layout) }
    }
}

fn frame<D: MessageData>(message: &D) -> Vec<u8> {
    let mut raw = MAVLinkV2MessageRaw::new();
    raw.serialize_message_data(MavHeader { system_id: 1, component_id: 1, sequence: 0 }, message);
    raw.raw_bytes().to_vec()
}

/// What a flight's telemetry is made of, texts excepted: those are kept for people, in the allocator's memory.
fn telemetry(seconds: u32) -> Vec<Vec<u8>> {
    let time_boot_ms = 1_000 * seconds;
    vec![
        frame(&mav::HEARTBEAT_DATA {
            mavtype: mav::MavType::MAV_TYPE_QUADROTOR,
            autopilot: mav::MavAutopilot::MAV_AUTOPILOT_ARDUPILOTMEGA,
            ..Default::default()
        }),
        frame(&mav::SYS_STATUS_DATA::default()),
        frame(&mav::SYSTEM_TIME_DATA { time_boot_ms, ..Default::default() }),
        frame(&mav::ATTITUDE_DATA { time_boot_ms, ..Default::default() }),
        frame(&mav::LOCAL_POSITION_NED_DATA { time_boot_ms, ..Default::default() }),
        frame(&mav::GLOBAL_POSITION_INT_DATA { time_boot_ms, ..Default::default() }),
        frame(&mav::GPS_RAW_INT_DATA::default()),
        frame(&mav::BATTERY_STATUS_DATA::default()),
        frame(&mav::EKF_STATUS_REPORT_DATA::default()),
        frame(&mav::EXTENDED_SYS_STATE_DATA::default()),
        frame(&mav::HOME_POSITION_DATA::default()),
        frame(&mav::SERVO_OUTPUT_RAW_DATA::default()),
        frame(&mav::RC_CHANNELS_DATA::default()),
        frame(&mav::VFR_HUD_DATA::default()),
        frame(&mav::COMMAND_ACK_DATA::default()),
        frame(&mav::PARAM_VALUE_DATA::default()),
        frame(&mav::TIMESYNC_DATA::default()),
    ]
}

#[test]
fn a_connection_that_stands_receives_without_allocating() {
    let connection = Connection::new();
    let mut buffer = Vec::with_capacity(1 << 16);
    let mut step = |second: u32, frames: &[Vec<u8>]| {
        for frame in frames {
            // In pieces, as a UART hands them over.
            for piece in frame.chunks(7) {
                connection.feed(piece);
            }
        }
        connection.feed(b"garbage");
        connection.set_wall_us(u64::from(second) * 1_000_000);
        connection.take_outgoing(|bytes| buffer.extend_from_slice(bytes));
        buffer.clear();
    };
    for second in 1..=3 {
        step(second, &telemetry(second));
    }
    let rounds: Vec<(u32, Vec<Vec<u8>>)> = (4..=200).map(|second| (second, telemetry(second))).collect();
    let before = ALLOCATIONS.with(Cell::get);
    for (second, frames) in &rounds {
        step(*second, frames);
    }
    assert_eq!(ALLOCATIONS.with(Cell::get) - before, 0, "allocations while receiving {} messages", 197 * 17);
    assert_eq!(connection.statistics().messages_received, 200 * 17);
}
