//! What telemetry makes of a recorded message, against the message's fields and their units as MAVLink defines them.
use super::number;
use flightsmith_sdk::capability::telemetry::{GpsFix, Telemetry};
use flightsmith_sdk::wire::decoder::{Decoder, Frame};
use flightsmith_sdk::{Autopilot, Connection, System, units::Seconds};
use mavlink::dialects::ardupilotmega as mav;
use mavlink::{MAVLinkV2MessageRaw, MavHeader, MessageData};
use serde_json::Value;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// A system whose vehicle is nothing but recorded frames.
pub struct Reader {
    connection: Connection,
    telemetry: Telemetry,
}

fn frame_of<D: MessageData>(message: &D) -> Vec<u8> {
    let mut raw = MAVLinkV2MessageRaw::new();
    raw.serialize_message_data(MavHeader { system_id: 1, component_id: 1, sequence: 0 }, message);
    raw.raw_bytes().to_vec()
}

impl Reader {
    /// Connects: says one heartbeat and grants every rate.
    pub fn new(autopilot: Autopilot) -> Self {
        let connection = Connection::ground_station();
        let kind = match autopilot {
            Autopilot::ArduPilot => mav::MavAutopilot::MAV_AUTOPILOT_ARDUPILOTMEGA,
            Autopilot::Px4 => mav::MavAutopilot::MAV_AUTOPILOT_PX4,
        };
        connection.feed(&frame_of(&mav::HEARTBEAT_DATA { autopilot: kind, ..Default::default() }));
        let system = connect(&connection);
        Self { connection, telemetry: system.telemetry() }
    }

    /// What telemetry makes of `frame` and should not; `None` where all is well.
    pub fn check(&self, frame: &Frame<'_>, line: &Value) -> Option<String> {
        self.connection.feed_frame(frame);
        let name = line["m"].as_str().expect("a name");
        let wrong =
            pairs(name, line, &self.telemetry).into_iter().find(|(_, read, expected)| match (read, expected) {
                (None, None) => false,
                // Half the resolution of what single precision carries.
                (Some(read), Some(expected)) => (read - expected).abs() > 1e-6 * (1.0 + expected.abs()),
                _ => true,
            })?;
        Some(format!("{name}: {} is {:?}, recorded {:?}", wrong.0, wrong.1, wrong.2))
    }
}

fn connect(connection: &Connection) -> System {
    let mut future = pin!(connection.system(Seconds(10.0)));
    let mut context = Context::from_waker(Waker::noop());
    let mut decoder = Decoder::default();
    for wall_us in (0..).step_by(20_000) {
        if let Poll::Ready(system) = future.as_mut().poll(&mut context) {
            return system.expect("a heartbeat was fed");
        }
        let mut acks = Vec::new();
        connection.take_outgoing(|bytes| {
            super::decode(&mut decoder, bytes, usize::MAX, |frame| {
                if frame.id == mav::COMMAND_LONG_DATA::ID {
                    let command = mav::MavCmd::MAV_CMD_SET_MESSAGE_INTERVAL;
                    acks.push(frame_of(&mav::COMMAND_ACK_DATA { command, ..Default::default() }));
                }
            });
        });
        acks.iter().for_each(|ack| connection.feed(ack));
        connection.set_wall_us(wall_us);
    }
    unreachable!("the loop has no end")
}

type Pair = (&'static str, Option<f64>, Option<f64>);

/// (what, as telemetry says it, as the recorded fields mean it)
fn pairs(name: &str, line: &Value, t: &Telemetry) -> Vec<Pair> {
    // A field, an element of one, and a field unless it is one of the values that say "unknown".
    let f = |key: &str| number(&line[key]).unwrap_or(0.0);
    let element = |key: &str, n: usize| line[key].get(n).and_then(number).unwrap_or(0.0);
    let unless = |key: &str, unknown: &[f64]| Some(f(key)).filter(|v| v.is_finite() && !unknown.contains(v));
    let scaled = |key: &str, unknown: &[f64], by: f64| unless(key, unknown).map(|v| v * by);
    let degrees = |key: &str| scaled(key, &[], 57.295_779_513_082_32);
    let flag = |is: bool| Some(f64::from(u8::from(is)));
    let bit = |key: &str, bit: u32| flag(f(key) as u32 & (1 << bit) != 0);
    match name {
        "HEARTBEAT" => vec![
            ("armed", t.armed().and_then(|armed| flag(armed.0)), bit("base_mode", 7)),
            ("state", t.system_state().map(|s| s.value as u8 as f64 + 1.0), unless("system_status", &[0.0])),
        ],
        "CURRENT_MODE" => vec![("mode", t.mode().map(|mode| mode.custom_mode.into()), Some(f("custom_mode")))],
        "EXTENDED_SYS_STATE" => {
            vec![("landed", t.landed_state().map(|s| s.value as u8 as f64), unless("landed_state", &[0.0]))]
        }
        "SYS_STATUS" => vec![
            ("present", t.health().map(|h| h.present.into()), Some(f("onboard_control_sensors_present"))),
            ("enabled", t.health().map(|h| h.enabled.into()), Some(f("onboard_control_sensors_enabled"))),
            ("healthy", t.health().map(|h| h.healthy.into()), Some(f("onboard_control_sensors_health"))),
            (
                "pre-arm",
                t.health().and_then(|h| flag(h.passes_prearm_checks())),
                bit("onboard_control_sensors_health", 28),
            ),
            ("load", t.health().map(|h| h.load_percent), scaled("load", &[], 0.1)),
            ("voltage", t.health().and_then(|h| h.voltage_v), scaled("voltage_battery", &[65535.0], 1e-3)),
            ("current", t.health().and_then(|h| h.current_a), scaled("current_battery", &[-1.0], 0.01)),
            ("battery", t.health().and_then(|h| h.battery_percent), unless("battery_remaining", &[-1.0])),
        ],
        "SYSTEM_TIME" => vec![
            // Before the vehicle's GPS has told it the date it counts from 1970.
            (
                "unix",
                t.system_time().and_then(|s| s.unix_us).map(|us| us as f64),
                unless("time_unix_usec", &[]).filter(|us| *us > 1.26e15),
            ),
            ("boot", t.system_time().map(|s| s.since_boot_ms.into()), Some(f("time_boot_ms"))),
        ],
        "GLOBAL_POSITION_INT" => {
            let known = (f("lat"), f("lon")) != (0.0, 0.0);
            let scaled = |key, by| scaled(key, &[], by).filter(|_| known);
            let p = t.position();
            vec![
                ("latitude", p.map(|p| p.lat_deg), scaled("lat", 1e-7)),
                ("longitude", p.map(|p| p.lon_deg), scaled("lon", 1e-7)),
                ("altitude", p.map(|p| p.altitude_amsl_m), scaled("alt", 1e-3)),
                ("height", p.map(|p| p.altitude_above_home_m), scaled("relative_alt", 1e-3)),
                ("north", p.map(|p| p.velocity.north_m_s), scaled("vx", 0.01)),
                ("east", p.map(|p| p.velocity.east_m_s), scaled("vy", 0.01)),
                ("down", p.map(|p| p.velocity.down_m_s), scaled("vz", 0.01)),
                (
                    "heading",
                    p.and_then(|p| p.heading_deg),
                    unless("hdg", &[65535.0]).map(|h| h * 0.01 % 360.0).filter(|_| known),
                ),
            ]
        }
        "LOCAL_POSITION_NED" => {
            let (p, v) = (t.local_position(), t.velocity());
            vec![
                ("north", p.map(|p| p.north_m), Some(f("x"))),
                ("east", p.map(|p| p.east_m), Some(f("y"))),
                ("down", p.map(|p| p.down_m), Some(f("z"))),
                ("velocity north", v.map(|v| v.north_m_s), Some(f("vx"))),
                ("velocity east", v.map(|v| v.east_m_s), Some(f("vy"))),
                ("velocity down", v.map(|v| v.down_m_s), Some(f("vz"))),
            ]
        }
        "ATTITUDE" => vec![
            ("roll", t.attitude().map(|a| a.roll_deg), degrees("roll")),
            ("pitch", t.attitude().map(|a| a.pitch_deg), degrees("pitch")),
            ("heading", t.attitude().map(|a| a.heading_deg), degrees("yaw").map(|yaw| yaw.rem_euclid(360.0))),
            ("roll rate", t.angular_rate().map(|r| r.roll_deg_s), degrees("rollspeed")),
            ("pitch rate", t.angular_rate().map(|r| r.pitch_deg_s), degrees("pitchspeed")),
            ("yaw rate", t.angular_rate().map(|r| r.yaw_deg_s), degrees("yawspeed")),
        ],
        "ATTITUDE_QUATERNION" => vec![
            ("w", t.attitude_quaternion().map(|q| q.w), Some(f("q1"))),
            ("x", t.attitude_quaternion().map(|q| q.x), Some(f("q2"))),
            ("y", t.attitude_quaternion().map(|q| q.y), Some(f("q3"))),
            ("z", t.attitude_quaternion().map(|q| q.z), Some(f("q4"))),
        ],
        "GPS_RAW_INT" => {
            let (g, fix) = (t.gps(), f("fix_type"));
            let with_fix =
                |least: f64, v: Option<f64>| v.filter(|_| fix >= least && (f("lat"), f("lon")) != (0.0, 0.0));
            vec![
                ("fix", g.map(|g| if let GpsFix::Other(n) = g.fix { n.into() } else { fix_number(g.fix) }), Some(fix)),
                ("satellites", g.and_then(|g| g.satellites).map(f64::from), unless("satellites_visible", &[255.0])),
                ("hdop", g.and_then(|g| g.hdop), scaled("eph", &[65535.0, 9999.0], 0.01)),
                ("vdop", g.and_then(|g| g.vdop), scaled("epv", &[65535.0, 9999.0], 0.01)),
                ("latitude", g.and_then(|g| g.lat_lon_deg).map(|at| at.0), with_fix(2.0, scaled("lat", &[], 1e-7))),
                ("longitude", g.and_then(|g| g.lat_lon_deg).map(|at| at.1), with_fix(2.0, scaled("lon", &[], 1e-7))),
                ("altitude", g.and_then(|g| g.altitude_amsl_m), with_fix(3.0, scaled("alt", &[], 1e-3))),
                ("speed", g.and_then(|g| g.ground_speed_m_s), scaled("vel", &[65535.0], 0.01).filter(|_| fix >= 2.0)),
                ("course", g.and_then(|g| g.course_deg), scaled("cog", &[65535.0], 0.01).filter(|_| fix >= 2.0)),
                ("accuracy", g.and_then(|g| g.horizontal_accuracy_m), scaled("h_acc", &[0.0], 1e-3)),
                ("its height's", g.and_then(|g| g.vertical_accuracy_m), scaled("v_acc", &[0.0], 1e-3)),
                ("its speed's", g.and_then(|g| g.speed_accuracy_m_s), scaled("vel_acc", &[0.0], 1e-3)),
                (
                    "heading",
                    g.and_then(|g| g.heading_deg),
                    unless("yaw", &[0.0, 65535.0]).map(|yaw| yaw % 36000.0 * 0.01),
                ),
            ]
        }
        "BATTERY_STATUS" => {
            let cells = (0..10).map(|n| element("voltages", n)).filter(|mv| *mv != 65535.0);
            let all = cells.chain((0..4).map(|n| element("voltages_ext", n)).filter(|mv| ![0.0, 65535.0].contains(mv)));
            let voltage = all.reduce(|sum, mv| sum + mv).map(|mv| mv * 1e-3);
            let b =
                t.batteries().into_iter().find(|battery| f64::from(battery.id) == f("id")).map(|battery| battery.value);
            vec![
                ("voltage", b.and_then(|b| b.voltage_v), voltage),
                ("current", b.and_then(|b| b.current_a), scaled("current_battery", &[-1.0], 0.01)),
                ("consumed", b.and_then(|b| b.consumed_mah), unless("current_consumed", &[-1.0])),
                ("energy", b.and_then(|b| b.consumed_j), scaled("energy_consumed", &[-1.0], 100.0)),
                ("remaining", b.and_then(|b| b.remaining_percent), unless("battery_remaining", &[-1.0])),
                ("time", b.and_then(|b| b.remaining_s), unless("time_remaining", &[0.0])),
                ("temperature", b.and_then(|b| b.temperature_c), scaled("temperature", &[32767.0], 0.01)),
                (
                    "charge",
                    b.and_then(|b| b.charge_state).map(|c| c as u8 as f64 + 1.0),
                    unless("charge_state", &[0.0]),
                ),
                ("faults", b.map(|b| b.faults.into()), Some(f("fault_bitmask"))),
            ]
        }
        "EKF_STATUS_REPORT" | "ESTIMATOR_STATUS" => estimator(name, t, &unless, &bit),
        "RC_CHANNELS" => {
            let present = |n: usize| n < f("chancount") as usize;
            let mut all: Vec<Pair> = (0..18)
                .map(|n| {
                    let expected = unless(&format!("chan{}_raw", n + 1), &[0.0, 65535.0]).filter(|_| present(n));
                    ("a channel", t.rc().and_then(|rc| rc.pulse_us[n]).map(f64::from), expected)
                })
                .collect();
            all.push(("strength", t.rc().and_then(|rc| rc.rssi).map(f64::from), unless("rssi", &[255.0])));
            all
        }
        "SERVO_OUTPUT_RAW" => (0..16)
            .map(|n| {
                let outputs = t.latest_of_each::<flightsmith_sdk::capability::telemetry::ServoOutputs>();
                let of_port = outputs.iter().find(|outputs| f64::from(outputs.port) == f("port"));
                let read = of_port.and_then(|outputs| outputs.pulse_us[n]).map(f64::from);
                ("an output", read, unless(&format!("servo{}_raw", n + 1), &[0.0, 65535.0]))
            })
            .collect(),
        "VFR_HUD" => vec![
            ("air speed", t.hud().and_then(|h| h.air_speed_m_s), unless("airspeed", &[])),
            ("ground speed", t.hud().and_then(|h| h.ground_speed_m_s), unless("groundspeed", &[])),
            ("altitude", t.hud().and_then(|h| h.altitude_amsl_m), unless("alt", &[])),
            ("climb", t.hud().and_then(|h| h.climb_m_s), unless("climb", &[])),
            ("heading", t.hud().map(|h| h.heading_deg), unless("heading", &[])),
            ("throttle", t.hud().map(|h| h.throttle_percent), unless("throttle", &[])),
        ],
        "WIND" => vec![
            ("speed", t.wind().map(|w| w.speed_m_s), unless("speed", &[])),
            ("from", t.wind().map(|w| w.from_deg), unless("direction", &[]).map(|d| d.rem_euclid(360.0))),
            ("vertical", t.wind().and_then(|w| w.down_m_s), unless("speed_z", &[])),
        ],
        "DISTANCE_SENSOR" => {
            let d = t.distances().into_iter().find(|d| f64::from(d.id) == f("id")).map(|d| d.value);
            let (low, high, here) = (f("min_distance"), f("max_distance"), f("current_distance"));
            let valid = f("signal_quality") != 1.0 && (low..=high).contains(&here);
            vec![
                ("distance", d.and_then(|d| d.distance_m), valid.then_some(here * 0.01)),
                ("nearest", d.map(|d| d.nearest_m), Some(low * 0.01)),
                ("farthest", d.map(|d| d.farthest_m), Some(high * 0.01)),
            ]
        }
        "HOME_POSITION" => vec![
            ("latitude", t.home().map(|h| h.lat_deg), scaled("latitude", &[], 1e-7)),
            ("longitude", t.home().map(|h| h.lon_deg), scaled("longitude", &[], 1e-7)),
            ("altitude", t.home().map(|h| h.altitude_amsl_m), scaled("altitude", &[], 1e-3)),
        ],
        "ALTITUDE" => vec![
            ("amsl", t.altitude().and_then(|a| a.amsl_m), unless("altitude_amsl", &[])),
            ("local", t.altitude().and_then(|a| a.local_m), unless("altitude_local", &[])),
            ("above home", t.altitude().and_then(|a| a.above_home_m), unless("altitude_relative", &[])),
            (
                "terrain",
                t.altitude().and_then(|a| a.terrain_amsl_m),
                unless("altitude_terrain", &[]).filter(|m| *m > -1000.0),
            ),
            (
                "clearance",
                t.altitude().and_then(|a| a.above_terrain_m),
                unless("bottom_clearance", &[]).filter(|m| *m >= 0.0),
            ),
        ],
        _ => Vec::new(),
    }
}

fn estimator(
    name: &str,
    t: &Telemetry,
    unless: &dyn Fn(&str, &[f64]) -> Option<f64>,
    bit: &dyn Fn(&str, u32) -> Option<f64>,
) -> Vec<Pair> {
    let e = t.estimator();
    let ratios = match name {
        "EKF_STATUS_REPORT" => ["velocity_variance", "pos_horiz_variance", "pos_vert_variance", "compass_variance"],
        _ => ["vel_ratio", "pos_horiz_ratio", "pos_vert_ratio", "mag_ratio"],
    };
    let flag = |is: Option<bool>| is.map(|is| f64::from(u8::from(is)));
    vec![
        ("attitude", flag(e.map(|e| e.attitude)), bit("flags", 0)),
        ("velocity", flag(e.map(|e| e.velocity_horizontal)), bit("flags", 1)),
        ("climb", flag(e.map(|e| e.velocity_vertical)), bit("flags", 2)),
        ("relative", flag(e.map(|e| e.position_relative)), bit("flags", 3)),
        ("absolute", flag(e.map(|e| e.position_absolute)), bit("flags", 4)),
        ("altitude", flag(e.map(|e| e.altitude_absolute)), bit("flags", 5)),
        ("above ground", flag(e.map(|e| e.altitude_above_ground)), bit("flags", 6)),
        ("constant", flag(e.map(|e| e.constant_position)), bit("flags", 7)),
        ("predicted relative", flag(e.map(|e| e.predicted_relative)), bit("flags", 8)),
        ("predicted absolute", flag(e.map(|e| e.predicted_absolute)), bit("flags", 9)),
        ("velocity ratio", e.and_then(|e| e.velocity_ratio), unless(ratios[0], &[])),
        ("position ratio", e.and_then(|e| e.position_ratio), unless(ratios[1], &[])),
        ("altitude ratio", e.and_then(|e| e.altitude_ratio), unless(ratios[2], &[])),
        ("compass ratio", e.and_then(|e| e.compass_ratio), unless(ratios[3], &[])),
        (
            "accuracy",
            e.and_then(|e| e.horizontal_accuracy_m),
            unless("pos_horiz_accuracy", &[]).filter(|_| name == "ESTIMATOR_STATUS"),
        ),
        (
            "altitude accuracy",
            e.and_then(|e| e.vertical_accuracy_m),
            unless("pos_vert_accuracy", &[]).filter(|_| name == "ESTIMATOR_STATUS"),
        ),
    ]
}

fn fix_number(fix: GpsFix) -> f64 {
    let all = [
        GpsFix::NoGps,
        GpsFix::NoFix,
        GpsFix::Fix2d,
        GpsFix::Fix3d,
        GpsFix::Dgps,
        GpsFix::RtkFloat,
        GpsFix::RtkFixed,
        GpsFix::Static,
        GpsFix::Ppp,
    ];
    all.iter().position(|known| *known == fix).map_or(f64::NAN, |n| n as f64)
}
