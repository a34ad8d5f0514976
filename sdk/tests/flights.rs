//! Behaviour of whole flights against the scripted fake vehicle: answers, losses, refusals, takeovers.
mod fake;
use fake::{Answer, FakeVehicle, PX4_LOITER, fly, fly_with};
use flightsmith_sdk::prelude::*;

const ARM: u16 = 400;
const TAKE_OFF: u16 = 22;
const GRIPPER: u16 = 211;
const SERVO: u16 = 183;
const CAPTURE: u16 = 2000;
const FLAVOURS: [Autopilot; 2] = [Autopilot::ArduPilot, Autopilot::Px4];

macro_rules! mission {
    (|$vehicle:ident| $body:block) => {
        |vehicle: Vehicle<Grounded>| -> fake::Mission {
            Box::pin(async move {
                let mut $vehicle = vehicle.arm_and_take_off(AboveHome(5.0)).await?;
                $body
                $vehicle.land().await
            })
        }
    };
}

fn leg() -> impl FnOnce(Vehicle<Grounded>) -> fake::Mission {
    mission!(|vehicle| {
        vehicle.set_speed(MetresPerSecond(4.0));
        vehicle.go_to(PositionNed::at(North(30.0), East(0.0), AboveHome(5.0))).await?;
    })
}

#[test]
fn a_leg_is_flown_no_faster_than_its_limit_and_ends_at_its_place() {
    for autopilot in FLAVOURS {
        let mut fake = FakeVehicle::new(autopilot);
        fly(&mut fake, leg()).unwrap();
        assert!(!fake.armed);
        assert!((fake.position[0] - 30.0).abs() < 0.05, "{:?}", fake.position);
        for pair in fake.set_points.windows(2) {
            let ([(t0, from), (t1, to)], limit_m_s) = (pair.try_into().unwrap(), 4.0);
            let [north_m, east_m] = [to[0] - from[0], to[1] - from[1]];
            let speed_m_s = north_m.hypot(east_m) / (t1 - t0);
            assert!(speed_m_s < limit_m_s + 0.1, "{speed_m_s} m/s at {t1} s");
        }
        let rate_hz = fake.set_points.len() as f64 / (fake.set_points.last().unwrap().0 - fake.set_points[0].0);
        assert!(rate_hz > 15.0, "{autopilot:?}: set-points at {rate_hz} Hz");
    }
}

#[test]
fn a_lost_command_is_sent_again_with_a_growing_confirmation() {
    let mut lost = 2;
    let mut fake = FakeVehicle::new(Autopilot::ArduPilot).answering(move |heard| {
        if heard.command == ARM && lost > 0 {
            lost -= 1;
            return Answer::Lost;
        }
        Answer::Accept
    });
    fly(&mut fake, mission!(|_vehicle| {})).unwrap();
    let confirmations: Vec<u8> = fake.sent(ARM).iter().map(|heard| heard.confirmation).collect();
    assert_eq!(confirmations, [0, 1, 2]);
}

#[test]
fn an_answer_for_somebody_else_is_none() {
    let mut fake = FakeVehicle::new(Autopilot::ArduPilot).answering(|heard| match heard.command {
        ARM => Answer::ForAnother,
        _ => Answer::Accept,
    });
    let error = fly(&mut fake, mission!(|_vehicle| {})).unwrap_err();
    assert!(matches!(error, FlightError::NoAnswer { command: "COMPONENT_ARM_DISARM", attempts: 6, .. }), "{error}");
}

#[test]
fn a_refusal_brings_result_and_the_whole_text() {
    const TEXT: &str = "Gripper refused because the latch did not report that it is closed";
    let mut fake = FakeVehicle::new(Autopilot::ArduPilot).answering(|heard| match heard.command {
        GRIPPER => Answer::Refuse(4, TEXT),
        _ => Answer::Accept,
    });
    let error = fly(
        &mut fake,
        mission!(|vehicle| {
            vehicle.release(Payload::Gripper).await?;
        }),
    )
    .unwrap_err();
    assert_eq!(error, FlightError::Refused { command: "DO_GRIPPER", result: "FAILED", text: TEXT.to_owned() });
    assert_eq!(error.to_string(), format!("DO_GRIPPER refused: FAILED: {TEXT}"));
}

#[test]
fn progress_is_waited_for() {
    let mut fake = FakeVehicle::new(Autopilot::Px4).answering(|heard| match heard.command {
        GRIPPER => Answer::Later(3.0),
        _ => Answer::Accept,
    });
    fly(
        &mut fake,
        mission!(|vehicle| {
            vehicle.release(Payload::Gripper).await?;
        }),
    )
    .unwrap();
    assert_eq!(fake.sent(GRIPPER).len(), 1);
}

#[test]
fn after_a_takeover_nothing_is_sent_but_heartbeats() {
    for (autopilot, mode, name) in [(Autopilot::ArduPilot, 5, "LOITER"), (Autopilot::Px4, PX4_LOITER, "AUTO.LOITER")] {
        let mut fake = FakeVehicle::new(autopilot);
        let mut taken_at_s = None;
        let error = fly_with(&mut fake, 60.0, leg(), |fake| {
            if taken_at_s.is_none() && fake.position[0] > 10.0 {
                taken_at_s = Some(fake.time_s);
                fake.change_mode(mode);
            }
        })
        .unwrap_err();
        assert_eq!(error, FlightError::PilotTookOver { mode: name });
        let taken_at_s = taken_at_s.unwrap();
        // One tick is on its way when the mode changes.
        let after = |at_s: f64| at_s > taken_at_s + 2.5 * fake::TICK_S;
        assert_eq!(fake.set_points.iter().filter(|(at_s, _)| after(*at_s)).count(), 0);
        assert_eq!(fake.commands.iter().filter(|heard| after(heard.at_s)).count(), 0);
        assert!(fake.heartbeats.iter().any(|at_s| after(*at_s)));
    }
}

#[test]
fn a_failsafe_is_no_takeover() {
    let mut fake = FakeVehicle::new(Autopilot::ArduPilot);
    let mut done = false;
    let error = fly_with(&mut fake, 60.0, leg(), |fake| {
        if !done && fake.position[0] > 10.0 {
            done = true;
            fake.system_status = 5;
            fake.change_mode(6);
            fake.say(4, "Battery Failsafe");
        }
    })
    .unwrap_err();
    assert!(matches!(error, FlightError::Failsafe { mode: "RTL", .. }), "{error}");
}

#[test]
fn a_take_off_is_repeated_only_while_the_vehicle_stands() {
    for (answer, expected) in [(Answer::Lost, 2), (Answer::Unheard, 1)] {
        let mut first = true;
        let given = answer.clone();
        let mut fake = FakeVehicle::new(Autopilot::ArduPilot).answering(move |heard| {
            if heard.command == TAKE_OFF && std::mem::take(&mut first) { given.clone() } else { Answer::Accept }
        });
        fly(&mut fake, mission!(|_vehicle| {})).unwrap();
        assert_eq!(fake.sent(TAKE_OFF).len(), expected, "{answer:?}");
    }
}

#[test]
fn a_photo_without_any_evidence_is_unknown_and_not_repeated() {
    let mut fake = FakeVehicle::new(Autopilot::ArduPilot).answering(|heard| match heard.command {
        512 => Answer::Refuse(4, ""),
        _ => Answer::Accept,
    });
    fake.confirms_images = false;
    let error = fly(
        &mut fake,
        mission!(|vehicle| {
            vehicle.take_photo().await?;
        }),
    )
    .unwrap_err();
    assert!(matches!(error, FlightError::OutcomeUnknown { command: "IMAGE_START_CAPTURE", .. }), "{error}");
    assert_eq!((fake.sent(CAPTURE).len(), fake.images), (1, 1));
}

#[test]
fn the_cameras_count_tells_whether_there_is_a_photo() {
    for (answer, sent) in [(Answer::Lost, 2), (Answer::Unheard, 1)] {
        let mut first = true;
        let given = answer.clone();
        let mut fake = FakeVehicle::new(Autopilot::ArduPilot).answering(move |heard| {
            if heard.command == CAPTURE && std::mem::take(&mut first) { given.clone() } else { Answer::Accept }
        });
        fake.confirms_images = false;
        fake.camera_count = Some(3);
        fly(
            &mut fake,
            mission!(|vehicle| {
                vehicle.take_photo().await?;
            }),
        )
        .unwrap();
        assert_eq!((fake.sent(CAPTURE).len(), fake.images), (sent, 1), "{answer:?}");
    }
}

#[test]
fn a_release_is_repeated_only_where_outputs_show_that_it_did_not_happen() {
    for (reports_outputs, answer, sent, known) in [
        (true, Answer::Lost, 2, true),
        (true, Answer::Unheard, 1, true),
        (false, Answer::Lost, 1, false),
        (false, Answer::Unheard, 1, false),
    ] {
        let mut first = true;
        let given = answer.clone();
        let mut fake = FakeVehicle::new(Autopilot::ArduPilot).answering(move |heard| {
            if heard.command == SERVO && std::mem::take(&mut first) { given.clone() } else { Answer::Accept }
        });
        fake.reports_outputs = reports_outputs;
        let result = fly(
            &mut fake,
            mission!(|vehicle| {
                vehicle.release(Payload::Servo { channel: 9, release_us: 1900 }).await?;
            }),
        );
        assert_eq!(fake.sent(SERVO).len(), sent, "{answer:?}, outputs {reports_outputs}");
        let unknown = matches!(result, Err(FlightError::OutcomeUnknown { command: "DO_SET_SERVO", .. }));
        assert_eq!((result.is_ok(), unknown), (known, !known), "{answer:?}, outputs {reports_outputs}");
    }
}

/// Outputs that do not move say nothing about a gripper that hangs elsewhere.
#[test]
fn a_grippers_release_is_repeated_only_where_its_own_output_shows_that_it_did_not_happen() {
    for (reports_outputs, function, sent, known) in [
        (true, Some(28.0), 2, true),
        (true, Some(0.0), 1, false),
        (true, None, 1, false),
        (false, Some(28.0), 1, false),
    ] {
        let mut first = true;
        let mut fake = FakeVehicle::new(Autopilot::ArduPilot).answering(move |heard| {
            if heard.command == GRIPPER && std::mem::take(&mut first) { Answer::Lost } else { Answer::Accept }
        });
        fake.reports_outputs = reports_outputs;
        fake.params = function.map(|function| ("SERVO9_FUNCTION", function)).into_iter().collect();
        let result = fly(
            &mut fake,
            mission!(|vehicle| {
                vehicle.release(Payload::Gripper).await?;
            }),
        );
        let what = format!("outputs {reports_outputs}, SERVO9_FUNCTION {function:?}");
        assert_eq!(fake.sent(GRIPPER).len(), sent, "{what}");
        let unknown = matches!(result, Err(FlightError::OutcomeUnknown { command: "DO_GRIPPER", .. }));
        assert_eq!((result.is_ok(), unknown), (known, !known), "{what}");
    }
}

#[test]
fn nobody_there_is_said_so() {
    let mut fake = FakeVehicle::new(Autopilot::ArduPilot);
    fake.silent = true;
    let error = fly(&mut fake, leg()).unwrap_err();
    assert!(matches!(error, FlightError::NoHeartbeat { bytes_received: 0, .. }), "{error}");
}

#[test]
fn not_ready_says_why() {
    let mut fake = FakeVehicle::new(Autopilot::ArduPilot);
    fake.ready = false;
    let error = fly_with(&mut fake, 60.0, leg(), |fake| {
        if (5.0..5.01).contains(&fake.time_s) {
            fake.say(2, "PreArm: Compass not calibrated");
        }
    })
    .unwrap_err();
    let reason = "pre-arm checks not passed; the autopilot says: PreArm: Compass not calibrated".to_owned();
    assert_eq!(error, FlightError::NotReady { waited_s: 20.0, reason });
}

#[test]
fn places_outside_the_envelope_are_refused_before_anything_moves() {
    let mut fake = FakeVehicle::new(Autopilot::ArduPilot);
    let error = fly(
        &mut fake,
        mission!(|vehicle| {
            vehicle.go_to(PositionNed::at(North(0.0), East(600.0), AboveHome(5.0))).await?;
        }),
    )
    .unwrap_err();
    let expected = FlightError::OutsideEnvelope {
        what: "distance from home in metres",
        value: 600.0,
        lowest: 0.0,
        highest: 500.0,
    };
    assert_eq!(error, expected);
    assert!(fake.position[1].abs() < 0.01);
}

#[test]
fn a_silent_vehicle_is_a_lost_link() {
    let mut fake = FakeVehicle::new(Autopilot::Px4);
    let error = fly_with(&mut fake, 60.0, leg(), |fake| fake.silent |= fake.position[0] > 10.0).unwrap_err();
    assert!(matches!(error, FlightError::LinkLost { limit_s: 5.0, .. }), "{error}");
}

#[test]
fn a_rule_ends_the_flight_safely_and_says_so() {
    for autopilot in FLAVOURS {
        let mut fake = FakeVehicle::new(autopilot);
        let mission = mission!(|vehicle| {
            vehicle.set_rule(Rule::battery_below(Percent(40.0), SafeEnd::ReturnToLaunch));
            vehicle.go_to(PositionNed::at(North(30.0), East(0.0), AboveHome(5.0))).await?;
        });
        let error = fly_with(&mut fake, 120.0, mission, |fake| {
            if fake.position[0] > 10.0 {
                fake.battery_percent = 39;
            }
        })
        .unwrap_err();
        let expected =
            FlightError::RuleEnded { what: "battery percent", value: 39.0, limit: 40.0, end: SafeEnd::ReturnToLaunch };
        assert_eq!(error, expected);
        assert!(!fake.armed, "the safe end was flown to its end");
    }
}
