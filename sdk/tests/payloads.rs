//! Cameras, gimbals, grippers, winches, RTK, shell, failures and sticks against a scripted system.
mod scripted;
use flightsmith_sdk::capability::{
    camera::Lens,
    failure::{FailureType, FailureUnit},
    gimbal::GimbalYaw,
    manual_control::{StickMode, Sticks},
};
use flightsmith_sdk::units::{Degrees, Metres, MetresPerSecond, Percent, Seconds};
use flightsmith_sdk::{Autopilot, RequestError};
use mavlink::dialects::ardupilotmega as mav;
use scripted::{Heard, Mouth, Script, run};

/// MAV_RESULT.
const ACCEPTED: u8 = 0;
const UNSUPPORTED: u8 = 3;
const REQUEST_MESSAGE: u16 = 512;
const GRIPPER: u16 = 211;
const WINCH: u16 = 42600;
const MOUNT_CONTROL: u16 = 205;
const PITCHYAW: u16 = 1000;
const CAPTURE: u16 = 2000;
const ZOOM: u16 = 531;
const SET_MODE: u16 = 176;
const INJECT: u16 = 420;

fn ardupilot() -> Script {
    Script::new(Autopilot::ArduPilot)
}
fn px4() -> Script {
    Script::new(Autopilot::Px4)
}
fn commands(heard: &[Heard], number: u16) -> Vec<[f32; 7]> {
    heard
        .iter()
        .filter_map(Heard::command)
        .filter(|(command, _)| *command == number)
        .map(|(_, params)| params)
        .collect()
}
fn accept_all(heard: &Heard, mouth: &mut Mouth) {
    if let Some((command, _)) = heard.command() {
        mouth.acknowledge(command, ACCEPTED);
    }
}

#[test]
fn a_camera_says_what_it_is_and_takes_one_photo() {
    let mut images = 7;
    let answer = |heard: &Heard, mouth: &mut Mouth| {
        mouth.component = 100;
        match heard.command() {
            Some((REQUEST_MESSAGE, params)) => {
                mouth.acknowledge(REQUEST_MESSAGE, ACCEPTED);
                match params[0] as u32 {
                    259 => {
                        let mut information = mav::CAMERA_INFORMATION_DATA::DEFAULT;
                        information.model_name[..4].copy_from_slice(b"Eyes");
                        information.resolution_h = 4000;
                        information.flags = mav::CameraCapFlags::from_bits_retain(2 | 64);
                        mouth.say(&information);
                    }
                    262 => {
                        let mut status = [0; 22];
                        status[18..].copy_from_slice(&i32::to_le_bytes(images));
                        mouth.say_bytes(262, &status);
                    }
                    _ => {}
                }
            }
            // The photo is taken, its acknowledgement and its confirmation are lost.
            Some((CAPTURE, _)) => images += 1,
            Some((command, _)) => mouth.acknowledge(command, ACCEPTED),
            None => {}
        }
        mouth.component = 1;
    };
    let (end, heard) = run(ardupilot(), answer, async |system| {
        let camera = system.camera_with_id(100);
        let information = camera.information().await?;
        assert_eq!((information.model.as_str(), information.resolution_px[0]), ("Eyes", 4000));
        assert!(information.takes_photos && information.zooms && !information.records_video);
        camera.take_photo().await?;
        camera.zoom(Lens::To(Percent(40.0))).await?;
        assert!(matches!(camera.zoom(Lens::To(Percent(140.0))).await, Err(RequestError::OutOfRange { .. })));
        camera.capture_status().await
    });
    assert_eq!(end.unwrap().image_count, 8);
    assert_eq!(commands(&heard, CAPTURE).len(), 1, "a photo is not taken twice");
    assert_eq!(commands(&heard, ZOOM)[0][..2], [2.0, 40.0]);
}

#[test]
fn no_camera_is_said_so() {
    let refuse = |heard: &Heard, mouth: &mut Mouth| {
        if let Some((command, _)) = heard.command() {
            mouth.acknowledge(command, UNSUPPORTED);
        }
    };
    let (end, _) = run(ardupilot(), refuse, async |system| system.camera().information().await);
    assert_eq!(end.unwrap_err(), RequestError::Unsupported { what: "CAMERA_INFORMATION" });
    let (end, _) = run(ardupilot(), |_, _| {}, async |system| system.camera().information().await);
    assert!(matches!(end.unwrap_err(), RequestError::NoAnswer { what: "CAMERA_INFORMATION", .. }));
}

#[test]
fn a_gimbal_points_by_whichever_protocol_the_vehicle_knows() {
    let old = |heard: &Heard, mouth: &mut Mouth| match heard.command() {
        Some((PITCHYAW, _)) => mouth.acknowledge(PITCHYAW, UNSUPPORTED),
        Some((command, _)) => mouth.acknowledge(command, ACCEPTED),
        None => {}
    };
    let down = (Degrees(-90.0), GimbalYaw::FromNose(Degrees(200.0)));
    let (end, heard) = run(ardupilot(), old, async move |system| system.gimbal().point(down.0, down.1).await);
    end.unwrap();
    assert_eq!(commands(&heard, MOUNT_CONTROL), [[-90.0, 0.0, -160.0, 0.0, 0.0, 0.0, 2.0]]);
    let (end, _) = run(ardupilot(), old, async |system| {
        system.gimbal().point(Degrees(0.0), GimbalYaw::Heading(Degrees(10.0))).await
    });
    assert!(matches!(end, Err(RequestError::Refused { result: "UNSUPPORTED", .. })), "old mounts know no headings");
    let (end, heard) = run(px4(), accept_all, async |system| {
        let gimbal = system.gimbal();
        gimbal.take_control().await?;
        gimbal.point(Degrees(-30.0), GimbalYaw::Heading(Degrees(350.0))).await
    });
    end.unwrap();
    let params = commands(&heard, PITCHYAW)[0];
    assert_eq!((params[0], params[1], params[4]), (-30.0, -10.0, 28.0));
    assert_eq!(commands(&heard, 1001)[0][..2], [255.0, 190.0], "control is taken in our own name");
}

#[test]
fn a_gripper_is_closed_as_often_as_needed_and_opened_once() {
    let mut lost = 3;
    let answer = move |heard: &Heard, mouth: &mut Mouth| {
        if let Some((GRIPPER, _)) = heard.command() {
            lost -= 1;
            if lost < 0 {
                mouth.acknowledge(GRIPPER, ACCEPTED);
            }
        }
    };
    let (end, heard) = run(px4(), answer, async |system| system.gripper().grab().await);
    end.unwrap();
    assert_eq!(commands(&heard, GRIPPER), [[1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]; 4]);
    let (end, heard) = run(px4(), |_, _| {}, async |system| system.gripper().release().await);
    assert!(matches!(end, Err(RequestError::OutcomeUnknown { command: "DO_GRIPPER", .. })), "{end:?}");
    assert_eq!(commands(&heard, GRIPPER), [[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
}

#[test]
fn a_length_of_line_is_let_out_once() {
    /// What the winch hears, does and reports.
    fn winch(hears: impl Fn(u32) -> bool, reports: bool) -> (Result<(), RequestError>, f32, usize) {
        let mut line_m = 0.0;
        let mut commanded = 0;
        let answer = |heard: &Heard, mouth: &mut Mouth| {
            if let Some((WINCH, params)) = heard.command() {
                commanded += 1;
                if hears(commanded) {
                    line_m += params[2];
                }
            }
            if let Some((REQUEST_MESSAGE, _)) = heard.command() {
                mouth.acknowledge(REQUEST_MESSAGE, if reports { ACCEPTED } else { UNSUPPORTED });
            }
            if let (Some((REQUEST_MESSAGE, _)), true) = (heard.command(), reports) {
                let mut status = mav::WINCH_STATUS_DATA::DEFAULT;
                status.line_length = line_m;
                mouth.say(&status);
            }
        };
        let (end, heard) =
            run(ardupilot(), answer, async |system| system.winch().let_out(Metres(4.0), MetresPerSecond(0.5)).await);
        (end, line_m, commands(&heard, WINCH).len())
    }
    // Every acknowledgement is lost.
    assert_eq!(winch(|_| true, true), (Ok(()), 4.0, 1));
    assert_eq!(winch(|number| number == 3, true), (Ok(()), 4.0, 3));
    let (end, line_m, sent) = winch(|_| true, false);
    assert!(matches!(end, Err(RequestError::OutcomeUnknown { .. })), "{end:?}");
    assert_eq!((line_m, sent), (4.0, 1));
}

fn rtcm(payload_length: usize) -> Vec<u8> {
    let mut frame = vec![0xD3, (payload_length >> 8) as u8, payload_length as u8];
    frame.extend((0..payload_length).map(|n| n as u8));
    let mut crc: u32 = 0;
    for byte in &frame {
        crc ^= u32::from(*byte) << 16;
        for _ in 0..8 {
            crc <<= 1;
            if crc & 0x0100_0000 != 0 {
                crc ^= 0x0186_4CFB;
            }
        }
    }
    frame.extend_from_slice(&crc.to_be_bytes()[1..]);
    frame
}

#[test]
fn corrections_are_cut_as_the_autopilots_expect() {
    // Length of a frame, and of the fragments that it becomes.
    let cases: [(usize, &[u8]); 5] =
        [(100, &[100]), (180, &[180]), (181, &[180, 1]), (360, &[180, 180, 0]), (720, &[180, 180, 180, 180])];
    for (length, fragments) in cases {
        let frame = rtcm(length - 6);
        let mut stream = b"noise".to_vec();
        stream.extend_from_slice(&frame);
        let (end, heard) = run(
            px4(),
            |_, _| {},
            async |system| {
                let mut rtk = system.rtk();
                // In portions, as they come from a base station.
                let mut sent = 0;
                for portion in stream.chunks(7) {
                    sent += rtk.send(portion)?;
                }
                assert_eq!((sent, rtk.bytes_skipped()), (1, 5));
                Ok(())
            },
        );
        end.unwrap();
        let sent: Vec<mav::GPS_RTCM_DATA_DATA> = heard.iter().filter_map(Heard::decode).collect();
        let lengths: Vec<u8> = sent.iter().map(|fragment| fragment.len).collect();
        assert_eq!(lengths, fragments, "a frame of {length} bytes");
        let joined: Vec<u8> = sent.iter().flat_map(|f| f.data[..usize::from(f.len)].to_vec()).collect();
        assert_eq!(joined, frame);
        for (number, fragment) in sent.iter().enumerate() {
            assert_eq!(fragment.flags & 0x07, u8::from(length > 180) | (number as u8) << 1);
        }
    }
}

#[test]
fn the_shell_is_for_a_disarmed_px4() {
    let answer = |heard: &Heard, mouth: &mut Mouth| {
        let Some(input) = heard.decode::<mav::SERIAL_CONTROL_DATA>() else { return };
        let line = String::from_utf8_lossy(&input.data[..usize::from(input.count)]).into_owned();
        for part in [format!("{}\r\n", line.trim()), "HW arch: PX4_SITL\r\n".to_owned(), "pxh> ".to_owned()] {
            let mut output = mav::SERIAL_CONTROL_DATA::DEFAULT;
            output.device = mav::SerialControlDev::SERIAL_CONTROL_DEV_SHELL;
            output.count = part.len() as u8;
            output.data[..part.len()].copy_from_slice(part.as_bytes());
            mouth.say(&output);
        }
    };
    let version = async |system: flightsmith_sdk::System| system.shell().run("ver hw", Seconds(3.0)).await;
    assert_eq!(run(px4(), answer, version).0.unwrap(), "HW arch: PX4_SITL");
    assert!(matches!(run(px4(), |_, _| {}, version).0, Err(RequestError::NoAnswer { .. })));
    let armed = Script { armed: true, ..px4() };
    assert!(matches!(run(armed, answer, version).0, Err(RequestError::WrongState { needed: "disarmed", .. })));
    assert!(matches!(run(ardupilot(), answer, version).0, Err(RequestError::Unsupported { .. })));
}

#[test]
fn failures_are_injected_only_where_the_simulation_allows_them() {
    for (allowed, expected) in [(1_i32, 1), (0, 0)] {
        let answer = |heard: &Heard, mouth: &mut Mouth| {
            if let Some(asked) = heard.decode::<mav::PARAM_REQUEST_READ_DATA>() {
                let mut value = mav::PARAM_VALUE_DATA::DEFAULT;
                value.param_id = asked.param_id;
                value.param_value = f32::from_bits(allowed as u32);
                value.param_type = mav::MavParamType::MAV_PARAM_TYPE_INT32;
                mouth.say(&value);
            }
            accept_all(heard, mouth);
        };
        let (end, heard) =
            run(px4(), answer, async |system| system.failure().inject(FailureUnit::Gps, FailureType::Off, 0).await);
        assert_eq!(end.is_ok(), allowed == 1, "{end:?}");
        assert_eq!(commands(&heard, INJECT).len(), expected);
    }
}

const PX4_POSCTL: u32 = 3 << 16;
const PX4_HOLD: u32 = 4 << 16 | 3 << 24;

#[test]
fn sticks_are_sent_evenly_and_let_go_in_the_middle() {
    let script = Script { mode: PX4_POSCTL, ..px4() };
    let (end, heard) = run(script, accept_all, async |system| {
        let mut sticks = system.manual_control();
        sticks.begin(StickMode::Position).await?;
        sticks.hold(Sticks { pitch: 0.5, yaw: -1.0, ..Sticks::default() }, Seconds(4.0)).await?;
        sticks.end();
        Ok(())
    });
    end.unwrap();
    assert_eq!(commands(&heard, SET_MODE)[0][..3], [1.0, 3.0, 0.0]);
    let sent: Vec<(f64, mav::MANUAL_CONTROL_DATA)> =
        heard.iter().filter_map(|heard| Some((heard.at_s, heard.decode()?))).collect();
    let forward: Vec<f64> = sent.iter().filter(|(_, m)| m.x == 500).map(|(at_s, _)| *at_s).collect();
    let rate_hz = (forward.len() - 1) as f64 / (forward.last().unwrap() - forward[0]);
    assert!(rate_hz > 20.0, "sticks at {rate_hz} Hz");
    let last = &sent.last().unwrap().1;
    assert_eq!((last.x, last.y, last.z, last.r), (0, 0, 500, 0), "let go in the middle");
}

#[test]
fn a_pilot_gets_the_sticks_at_once() {
    let taken_s = 5.0;
    let script = Script { armed: true, mode: PX4_POSCTL, mode_later: Some((taken_s, PX4_HOLD)), ..px4() };
    let mut ended_s = f64::INFINITY;
    let (end, heard) = run(script, accept_all, async |system| {
        let mut sticks = system.manual_control();
        sticks.begin(StickMode::Position).await?;
        let end = sticks.hold(Sticks { pitch: 0.5, ..Sticks::default() }, Seconds(60.0)).await;
        assert!(matches!(end, Err(RequestError::PilotTookOver { mode: "AUTO.LOITER" })), "{end:?}");
        ended_s = 0.0;
        // The program goes on, and can neither steer nor command.
        let again = sticks.hold(Sticks::default(), Seconds(1.0)).await;
        assert!(matches!(again, Err(RequestError::PilotTookOver { .. })), "{again:?}");
        let command = system.gripper().grab().await;
        assert!(matches!(command, Err(RequestError::PilotTookOver { .. })), "{command:?}");
        system.sleep(Seconds(2.0)).await
    });
    end.unwrap();
    let last_stick_s = heard.iter().rfind(|heard| heard.decode::<mav::MANUAL_CONTROL_DATA>().is_some()).unwrap().at_s;
    assert!(last_stick_s <= taken_s + 0.02, "sticks until {last_stick_s} s");
    assert!(heard.iter().any(|heard| heard.id == 0 && heard.at_s > taken_s + 1.5), "heartbeats go on");
    assert!(heard.iter().all(|heard| heard.command().is_none() || heard.at_s <= taken_s), "no command after it");
    assert_eq!(ended_s, 0.0);
}

#[test]
fn one_lost_command_delays_itself_and_none_behind_it() {
    let mut gripper = 0;
    let answer = |heard: &Heard, mouth: &mut Mouth| {
        if let Some((GRIPPER, _)) = heard.command() {
            gripper += 1;
            if gripper > 1 {
                mouth.acknowledge(GRIPPER, ACCEPTED);
            }
        }
    };
    let (ended, heard) = run(ardupilot(), answer, |system| async move {
        for _ in 0..5 {
            system.gripper().grab().await?;
        }
        Ok(())
    });
    ended.expect("grabbed");
    assert_eq!(commands(&heard, GRIPPER).len(), 6, "one of them twice");
}
