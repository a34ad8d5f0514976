//! Never a silent hang, never a bare "denied": whatever keeps a vehicle from flying ends within a limit, and says what it was.
mod fake;
use fake::{Answer, FakeVehicle, fly, fly_with};
use flightsmith_sdk::prelude::*;
use std::task::{Context, Poll, Waker};

const FLAVOURS: [Autopilot; 2] = [Autopilot::ArduPilot, Autopilot::Px4];
const SET_MODE: u16 = 176;
const SET_MESSAGE_INTERVAL: u16 = 511;
const ARM: u16 = 400;
const TAKE_OFF: u16 = 22;
const FAILED: u8 = 4;
const TEMPORARILY_REJECTED: u8 = 1;

fn to_ten_metres(vehicle: Vehicle<Grounded>) -> fake::Mission {
    Box::pin(async move { vehicle.arm_and_take_off(AboveHome(10.0)).await?.land().await })
}

/// What a program hears from a link that carries `bytes` in its first moment and nothing more.
fn from_a_link_with(bytes: &[u8]) -> String {
    let connection = Connection::new();
    let mut future = Box::pin(connection.connect(Seconds(5.0)));
    let mut context = Context::from_waker(Waker::noop());
    connection.feed(bytes);
    for tick in 0..600 {
        connection.set_wall_us(tick * 20_000);
        if let Poll::Ready(result) = future.as_mut().poll(&mut context) {
            assert!(tick * 20_000 <= 5_040_000, "ended after {tick} ticks");
            return result.map(drop).unwrap_err().to_string();
        }
    }
    panic!("no end");
}

#[test]
fn a_link_without_an_autopilot_says_what_it_carries() {
    let nothing = "no heartbeat from an autopilot within 5 s: nothing came over the link at all (wrong port or device, or the vehicle is off)";
    assert_eq!(from_a_link_with(b""), nothing);
    let garbage = "no heartbeat from an autopilot within 5 s: 300 bytes came, but no MAVLink (wrong baud rate, or another protocol)";
    assert_eq!(from_a_link_with(&[0x55; 300]), garbage);
    // A camera's heartbeat: MAVLink, but nobody who flies.
    let mut raw = mavlink::MAVLinkV2MessageRaw::new();
    let camera = mavlink::dialects::ardupilotmega::HEARTBEAT_DATA {
        mavtype: mavlink::dialects::ardupilotmega::MavType::MAV_TYPE_CAMERA,
        autopilot: mavlink::dialects::ardupilotmega::MavAutopilot::MAV_AUTOPILOT_INVALID,
        ..Default::default()
    };
    raw.serialize_message_data(mavlink::MavHeader { system_id: 1, component_id: 100, sequence: 0 }, &camera);
    let expected = "no heartbeat from an autopilot within 5 s: 1 MAVLink messages came, but no autopilot's HEARTBEAT (another component, or another system's link)";
    assert_eq!(from_a_link_with(raw.raw_bytes()), expected);
}

/// A fault of the vehicle, and what the flight ends with.
struct Fault {
    name: &'static str,
    arrange: fn(FakeVehicle) -> FakeVehicle,
    says: &'static str,
}

#[test]
fn each_fault_before_take_off_is_named() {
    let faults = [
        Fault {
            name: "telemetry refused",
            arrange: |mut fake| {
                fake.heartbeats_only = true;
                fake.answering(|heard| match heard.command {
                    SET_MESSAGE_INTERVAL => Answer::Refuse(FAILED, ""),
                    _ => Answer::Accept,
                })
            },
            says: "not ready to arm after 20 s: nothing but heartbeats comes; LOCAL_POSITION_NED: the autopilot refused to send it",
        },
        Fault {
            name: "telemetry granted, and none comes",
            arrange: |mut fake| {
                fake.heartbeats_only = true;
                fake
            },
            says: "not ready to arm after 20 s: nothing but heartbeats comes; LOCAL_POSITION_NED: its rate was granted, but the autopilot \
                   sends none: the sensor is absent, or the autopilot has restarted",
        },
        Fault {
            name: "nobody answers",
            arrange: |mut fake| {
                fake.heartbeats_only = true;
                fake.answering(|_| Answer::Lost)
            },
            // PX4's CURRENT_MODE comes unasked.
            says: "answered",
        },
        Fault {
            name: "pre-arm checks",
            arrange: |mut fake| {
                fake.ready = false;
                fake
            },
            says: "not ready to arm after 20 s: pre-arm checks not passed; the autopilot says: PreArm: Compass not calibrated",
        },
        Fault {
            name: "the mode is refused",
            arrange: |mut fake| {
                fake.mode = if fake.autopilot == Autopilot::Px4 { 1 << 16 } else { 0 };
                fake.answering(|heard| match heard.command {
                    SET_MODE => Answer::Refuse(FAILED, "Mode change to Guided failed: requires position"),
                    _ => Answer::Accept,
                })
            },
            says: "DO_SET_MODE refused: FAILED: Mode change to Guided failed: requires position",
        },
        Fault {
            name: "arming is refused",
            arrange: |fake| {
                fake.answering(|heard| match heard.command {
                    ARM => Answer::Refuse(TEMPORARILY_REJECTED, "Arming denied: Resolve system health failures first"),
                    _ => Answer::Accept,
                })
            },
            says: "COMPONENT_ARM_DISARM refused: TEMPORARILY_REJECTED: Arming denied: Resolve system health failures first",
        },
        Fault {
            name: "the take-off is refused",
            arrange: |fake| {
                fake.answering(|heard| match heard.command {
                    TAKE_OFF => Answer::Refuse(FAILED, "Takeoff: motors not ready"),
                    _ => Answer::Accept,
                })
            },
            says: "NAV_TAKEOFF refused: FAILED: Takeoff: motors not ready",
        },
    ];
    for autopilot in FLAVOURS {
        for fault in &faults {
            let mut fake = (fault.arrange)(FakeVehicle::new(autopilot));
            let mut told = false;
            let error = fly_with(&mut fake, 120.0, to_ten_metres, |fake| {
                if fault.name == "pre-arm checks" && !told && fake.time_s > 5.0 {
                    told = true;
                    fake.say(2, "PreArm: Compass not calibrated");
                }
            })
            .unwrap_err();
            if fault.name == "nobody answers" {
                let said = error.to_string();
                assert!(
                    said.ends_with("never answered") || said.contains("not answered after"),
                    "{autopilot:?}: {said}"
                );
            } else {
                assert_eq!(error.to_string(), fault.says, "{autopilot:?}: {}", fault.name);
            }
            assert!(fake.time_s < 90.0, "{autopilot:?}: {} took {} s", fault.name, fake.time_s);
            assert!(!fake.armed || fault.name == "the take-off is refused", "{autopilot:?}: {}", fault.name);
        }
    }
}

/// A vehicle that accepts the take-off and stays where it is.
#[test]
fn a_take_off_that_does_not_happen_ends() {
    for autopilot in FLAVOURS {
        let mut fake = FakeVehicle::new(autopilot).answering(|heard| match heard.command {
            TAKE_OFF => Answer::Later(1e9),
            _ => Answer::Accept,
        });
        // In progress for ever, and the motors turn without lift.
        let error = fly_with(&mut fake, 200.0, to_ten_metres, |fake| fake.position = [0.0; 3]).unwrap_err();
        assert!(matches!(error, FlightError::NotArrived { what: "take-off", .. }), "{autopilot:?}: {error}");
        assert!(fake.time_s < 120.0, "{autopilot:?}: {} s", fake.time_s);
    }
}

#[test]
fn connecting_asks_for_everything_at_once() {
    for autopilot in FLAVOURS {
        let mut fake = FakeVehicle::new(autopilot);
        fly(&mut fake, to_ten_metres).unwrap();
        let asked = fake.sent(SET_MESSAGE_INTERVAL);
        let (first, last) = (asked.first().expect("asked"), asked.last().expect("asked"));
        assert!(
            asked.len() >= 10 && last.at_s - first.at_s < 0.01,
            "{autopilot:?}: from {} to {} s",
            first.at_s,
            last.at_s
        );
        let armed_s = fake.sent(ARM)[0].at_s;
        assert!(armed_s - first.at_s < 0.4, "{autopilot:?}: armed {} s after the heartbeat", armed_s - first.at_s);
    }
}

/// Half of the requests for rates are lost: those whose messages do not come are asked for again, the others are not.
#[test]
fn a_lost_request_for_a_rate_is_sent_again() {
    let mut count = 0;
    let mut fake = FakeVehicle::new(Autopilot::ArduPilot).answering(move |heard| {
        if heard.command == SET_MESSAGE_INTERVAL && heard.at_s < 0.3 {
            count += 1;
            return if count % 2 == 0 { Answer::Lost } else { Answer::Accept };
        }
        Answer::Accept
    });
    fly(&mut fake, to_ten_metres).unwrap();
    let asked = fake.sent(SET_MESSAGE_INTERVAL);
    let again = asked.iter().filter(|heard| heard.at_s > 0.5).count();
    // The fake sends some of them whatever is asked.
    assert!(again > 0 && again < asked.len() - again && asked.len() < 30, "{again} of {}", asked.len());
}
