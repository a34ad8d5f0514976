//! Telemetry of the embedded simulator in both flavours, through a `System`: latest values, streams, rates, and silence explained.
mod simulator;
use flightsmith_sdk::capability::telemetry::*;
use flightsmith_sdk::{Attitude, Autopilot, RequestError, Silence, System, units::Seconds};
use simulator::with_system;

const FLAVOURS: [Autopilot; 2] = [Autopilot::ArduPilot, Autopilot::Px4];

#[test]
fn a_fresh_connection_tells_what_a_flight_needs() {
    for autopilot in FLAVOURS {
        with_system(autopilot, async |system: System| {
            let telemetry = system.telemetry();
            system.sleep(Seconds(5.0)).await.expect("a vehicle that talks");
            let position = telemetry.position().expect("a position");
            assert!((position.lat_deg - 47.397_742).abs() < 1e-4 && (position.altitude_amsl_m - 488.0).abs() < 2.0);
            assert!(position.age < Seconds(0.5), "{:?}", position.age);
            assert!(telemetry.local_position().expect("a local position").down_m.abs() < 1.0);
            assert!(telemetry.velocity().expect("a velocity").ground_speed_m_s() < 0.5);
            assert!(telemetry.attitude().expect("an attitude").roll_deg.abs() < 3.0);
            assert!(telemetry.angular_rate().expect("angular rates").yaw_deg_s.abs() < 5.0);
            assert_eq!(telemetry.armed().map(|armed| armed.0), Some(false));
            assert_eq!(telemetry.landed_state().expect("a landed state").value, flightsmith_sdk::LandedState::OnGround);
            assert!(telemetry.health().expect("its health").passes_prearm_checks());
            assert_eq!(telemetry.prearm_reasons(), Vec::<String>::new());
            assert!(telemetry.estimator().expect("an estimator").attitude);
            let battery = telemetry.battery().expect("a battery");
            assert!(battery.remaining_percent > Some(90.0) && battery.voltage_v > Some(10.0), "{battery:?}");
            assert_ne!(telemetry.mode().expect("a mode").name, "UNKNOWN");
            assert!(telemetry.home().is_some_and(|home| (home.lon_deg - 8.545_594).abs() < 1e-4));
            assert!(telemetry.servo_outputs().expect("outputs").pulse_us[0].is_some());
            assert!(telemetry.altitude().is_some() || autopilot == Autopilot::Px4);
        });
    }
}

#[test]
fn streams_come_at_the_rate_that_was_set() {
    for autopilot in FLAVOURS {
        with_system(autopilot, async |system: System| {
            let telemetry = system.telemetry();
            let granted_hz = telemetry.set_rate_hz::<Attitude>(25.0).await.expect("a rate");
            assert!((granted_hz - 25.0).abs() < 0.1, "{granted_hz}");
            let mut attitudes = telemetry.attitude_updates();
            let mut before = attitudes.next().await.expect("an attitude");
            for _ in 0..20 {
                let attitude = attitudes.next().await.expect("an attitude");
                let interval_s = attitude.at.0 - before.at.0;
                assert!((interval_s - 0.04).abs() < 0.021, "{interval_s} s");
                before = attitude;
            }
            let measured_hz = telemetry.measure_hz::<Attitude>(Seconds(2.0)).await.expect("a rate");
            assert!((measured_hz - 25.0).abs() < 1.0, "{measured_hz}");
            telemetry.set_rate_hz::<Gps>(5.0).await.expect("a rate");
            let gps = telemetry.gps_updates().next().await.expect("a receiver");
            assert!(gps.fix >= GpsFix::Fix3d && gps.satellites == Some(10) && gps.hdop < Some(2.0), "{gps:?}");
            telemetry.stop::<Gps>().await.expect("stops");
            let mut receivers = telemetry.gps_updates();
            let silent = receivers.next_within(Seconds(2.0)).await.expect_err("silence");
            assert!(silent.to_string().starts_with("no GPS within 2.0 s (GPS_RAW_INT)"), "{silent}");
        });
    }
}

#[test]
fn silence_is_explained_within_its_limit() {
    with_system(Autopilot::ArduPilot, async |system: System| {
        let telemetry = system.telemetry();
        let before_s = telemetry.time().0;
        let error =
            telemetry.rc_updates().next_within(Seconds(2.0)).await.expect_err("ArduPilot sends nothing unasked");
        assert!(matches!(error, RequestError::NotReported { why: Silence::NeverAskedFor, .. }), "{error}");
        assert!((telemetry.time().0 - before_s - 2.0).abs() < 0.1);
        // PX4's message, which ArduPilot does not have.
        let error = telemetry.set_rate_hz::<ActuatorOutputs>(5.0).await.expect_err("a refusal");
        assert_eq!(error, RequestError::Unsupported { what: "ACTUATOR_OUTPUT_STATUS" });
        let error = telemetry.actuator_output_updates().next_within(Seconds(1.0)).await.expect_err("silence");
        assert!(matches!(error, RequestError::NotReported { why: Silence::Refused, .. }), "{error}");
        // Offered, but there is no such sensor on this vehicle.
        telemetry.set_rate_hz::<DistanceSensor>(10.0).await.expect("granted");
        let error = telemetry.distance_updates().next_within(Seconds(1.0)).await.expect_err("silence");
        assert!(matches!(error, RequestError::NotReported { why: Silence::NothingToSay, .. }), "{error}");
        let error = telemetry.set_rate_hz::<Position>(f64::NAN).await.expect_err("no rate");
        assert!(matches!(error, RequestError::OutOfRange { .. }), "{error}");
    });
}

#[test]
fn every_quantity_can_be_asked_for_at_once() {
    for autopilot in FLAVOURS {
        with_system(autopilot, async |system: System| {
            let telemetry = system.telemetry();
            let outcomes = telemetry.set_every_rate_hz(10.0).await.expect("answers");
            let granted = outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).count();
            assert!(granted >= 16, "{outcomes:?}");
            system.sleep(Seconds(2.0)).await.expect("a vehicle that talks");
            assert!(telemetry.rc().is_some() && telemetry.hud().is_some() && telemetry.system_time().is_some());
            assert!(telemetry.attitude_quaternion().is_some_and(|q| (q.w * q.w + q.z * q.z - 1.0).abs() < 0.01));
        });
    }
}

#[test]
fn the_vehicle_says_who_it_is() {
    use flightsmith_sdk::capability::info::{Capability, Release};
    for autopilot in FLAVOURS {
        with_system(autopilot, async |system: System| {
            let version = system.info().version().await.expect("a version");
            let expected = match autopilot {
                Autopilot::ArduPilot => ("4.8.0-dev", "531699d6"),
                Autopilot::Px4 => ("1.18.0-alpha", ""),
            };
            assert_eq!((version.flight_software.to_string().as_str(), version.flight_hash.as_str()), expected);
            assert!(version.flight_software.release < Release::Official);
            assert!(version.capabilities.has(Capability::Mavlink2), "{:?}", version.capabilities);
            match (autopilot, system.info().protocol_version().await) {
                (Autopilot::ArduPilot, answer) => {
                    assert_eq!(answer, Err(RequestError::Unsupported { what: "PROTOCOL_VERSION" }));
                }
                (Autopilot::Px4, answer) => assert_eq!(answer.expect("a version").most, 203),
            }
            assert!(
                matches!(system.info().flight().await, Err(RequestError::Unsupported { .. })),
                "no simulator keeps it"
            );
        });
    }
}

#[test]
fn raw_messages_pass_in_and_out() {
    use flightsmith_sdk::capability::raw::dialect as mav;
    with_system(Autopilot::ArduPilot, async |system: System| {
        let raw = system.raw();
        let stated_hz = raw.set_rate_hz::<mav::VIBRATION_DATA>(5.0).await.expect("a rate");
        assert_eq!(stated_hz, Some(5.0));
        let mut vibrations = raw.subscribe::<mav::VIBRATION_DATA>();
        assert!(vibrations.next().await.expect("a message").vibration_z > 0.0);
        let position = raw.request::<mav::GPS_RAW_INT_DATA>().await.expect("a message");
        assert_eq!(
            (position.component, position.satellites_visible, position.h_acc),
            (1, 10, 300),
            "with its extension"
        );
        let error = raw.request::<mav::WIND_COV_DATA>().await.expect_err("ArduPilot has none");
        assert_eq!(error, RequestError::Unsupported { what: "WIND_COV" });
        let mut frames = raw.subscribe_ids(&[0, 30]);
        let frame = frames.next_within(Seconds(2.0)).await.expect("one of them");
        assert!([0, 30].contains(&frame.id));
        // A command of one's own making is answered as any other.
        let mut acks = raw.subscribe::<mav::COMMAND_ACK_DATA>();
        let command = mav::COMMAND_LONG_DATA {
            command: mav::MavCmd::MAV_CMD_REQUEST_MESSAGE,
            param1: 148.0,
            target_system: 1,
            target_component: 1,
            ..Default::default()
        };
        raw.send(&command).expect("passes the gate");
        let ack = acks.next().await.expect("an answer");
        assert_eq!((ack.command, ack.target_system), (mav::MavCmd::MAV_CMD_REQUEST_MESSAGE, 255));
        let error = raw.subscribe::<mav::RPM_DATA>().next_within(Seconds(1.0)).await.expect_err("silence");
        assert!(matches!(error, RequestError::NotReported { what: "RPM", why: Silence::NeverAskedFor, .. }), "{error}");
    });
}
