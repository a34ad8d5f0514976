//! Makes `data/mavlink.json`: the messages, commands and enumerations that the SDK and the simulator touch, from MAVLink's
//! definition files. Run it as `cargo run -p flightsmith-kb --example mavlink_subset -- FOLDER > sdk-kb/data/mavlink.json`.
#![expect(clippy::print_stdout, reason = "its output is the file")]
use flightsmith_kb::corpus::mavlink::{Definition, DefinitionKind};
use roxmltree::{Document, Node};
use std::error::Error;

const FILES: [&str; 4] = ["minimal.xml", "standard.xml", "common.xml", "ardupilotmega.xml"];
const MESSAGES: &str = "HEARTBEAT PROTOCOL_VERSION SYS_STATUS SYSTEM_TIME PING PARAM_REQUEST_READ PARAM_REQUEST_LIST \
    PARAM_VALUE PARAM_SET GPS_RAW_INT ATTITUDE ATTITUDE_QUATERNION LOCAL_POSITION_NED GLOBAL_POSITION_INT RC_CHANNELS \
    SERVO_OUTPUT_RAW MISSION_ITEM_INT MISSION_REQUEST MISSION_REQUEST_INT MISSION_COUNT MISSION_ACK MISSION_CURRENT \
    MISSION_ITEM_REACHED MISSION_CLEAR_ALL MISSION_REQUEST_LIST SET_GPS_GLOBAL_ORIGIN GPS_GLOBAL_ORIGIN VFR_HUD COMMAND_INT \
    COMMAND_LONG COMMAND_ACK SET_ATTITUDE_TARGET SET_POSITION_TARGET_LOCAL_NED POSITION_TARGET_LOCAL_NED \
    SET_POSITION_TARGET_GLOBAL_INT POSITION_TARGET_GLOBAL_INT REQUEST_DATA_STREAM SET_MODE MANUAL_CONTROL TIMESYNC \
    CAMERA_TRIGGER BATTERY_STATUS AUTOPILOT_VERSION ESTIMATOR_STATUS WIND_COV HOME_POSITION SET_HOME_POSITION MESSAGE_INTERVAL \
    EXTENDED_SYS_STATE STATUSTEXT CAMERA_INFORMATION CAMERA_CAPTURE_STATUS CAMERA_IMAGE_CAPTURED DISTANCE_SENSOR VIBRATION \
    ALTITUDE CURRENT_MODE AVAILABLE_MODES FENCE_STATUS WIND CAMERA_FEEDBACK EKF_STATUS_REPORT ODOMETRY EVENT";
const COMMANDS: &str = "NAV_WAYPOINT NAV_LOITER_UNLIM NAV_LOITER_TURNS NAV_LOITER_TIME NAV_RETURN_TO_LAUNCH NAV_LAND NAV_TAKEOFF \
    NAV_DELAY NAV_PAYLOAD_PLACE CONDITION_DELAY CONDITION_DISTANCE CONDITION_YAW DO_SET_MODE DO_JUMP DO_CHANGE_SPEED DO_SET_HOME \
    DO_SET_SERVO DO_REPEAT_SERVO DO_CHANGE_ALTITUDE DO_REPOSITION DO_PAUSE_CONTINUE DO_SET_ROI_LOCATION DO_SET_ROI_NONE \
    DO_DIGICAM_CONTROL DO_MOUNT_CONTROL DO_FENCE_ENABLE DO_PARACHUTE DO_GRIPPER DO_ORBIT DO_FLIGHTTERMINATION DO_LAND_START \
    INJECT_FAILURE MISSION_START COMPONENT_ARM_DISARM RUN_PREARM_CHECKS REQUEST_MESSAGE SET_MESSAGE_INTERVAL \
    GET_MESSAGE_INTERVAL IMAGE_START_CAPTURE IMAGE_STOP_CAPTURE SET_CAMERA_MODE GET_HOME_POSITION REQUEST_PROTOCOL_VERSION \
    PREFLIGHT_REBOOT_SHUTDOWN PREFLIGHT_CALIBRATION";
const ENUMS: &str = "MAV_AUTOPILOT MAV_TYPE MAV_MODE_FLAG MAV_STATE MAV_COMPONENT MAV_FRAME MAV_RESULT MAV_SEVERITY \
    MAV_LANDED_STATE MAV_VTOL_STATE POSITION_TARGET_TYPEMASK MAV_MISSION_RESULT MAV_MISSION_TYPE GPS_FIX_TYPE \
    MAV_SYS_STATUS_SENSOR MAV_BATTERY_CHARGE_STATE ESTIMATOR_STATUS_FLAGS EKF_STATUS_FLAGS ORBIT_YAW_BEHAVIOUR GRIPPER_ACTIONS \
    FENCE_BREACH MAV_PARAM_TYPE COPTER_MODE SPEED_TYPE MAV_ROI CAMERA_MODE MAV_PROTOCOL_CAPABILITY \
    FAILURE_UNIT FAILURE_TYPE MAV_DO_REPOSITION_FLAGS";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("give the folder with the definition files")?;
    let mut definitions = Vec::new();
    for file in FILES {
        let xml = std::fs::read_to_string(std::path::Path::new(&folder).join(file))?;
        let document = Document::parse(&xml)?;
        for node in document.descendants() {
            let Some(name) = node.attribute("name") else {
                continue;
            };
            let wanted = |list: &str, name: &str| list.split_whitespace().any(|word| word == name);
            let made = match node.tag_name().name() {
                "message" if wanted(MESSAGES, name) => message(&node, name),
                "entry" if name.strip_prefix("MAV_CMD_").is_some_and(|short| wanted(COMMANDS, short)) => {
                    command(&node, name)
                }
                "enum" if wanted(ENUMS, name) => values(&node, name),
                _ => continue,
            };
            definitions.push(Definition { file: file.into(), ..made });
        }
    }
    for list in [MESSAGES, COMMANDS, ENUMS] {
        for word in list.split_whitespace() {
            let known = definitions.iter().any(|definition| {
                definition.name.trim_start_matches("MAV_CMD_") == word.trim_start_matches("MAV_CMD_")
            });
            if !known {
                return Err(format!("{word} is not defined").into());
            }
        }
    }
    let lines: Result<Vec<_>, _> = definitions.iter().map(serde_json::to_string).collect();
    println!("[\n{}\n]", lines?.join(",\n"));
    Ok(())
}

fn message(node: &Node, name: &str) -> Definition {
    let lines = node.children().filter(|child| child.has_tag_name("field")).map(|field| {
        let unit = field.attribute("units").map_or(String::new(), |unit| format!(" [{unit}]"));
        let of = field.attribute("enum").map_or(String::new(), |of| format!(" ({of})"));
        let (kind, name) = (field.attribute("type").unwrap_or(""), field.attribute("name").unwrap_or(""));
        line(&format!("{kind} {name}{unit}{of}"), &words(&field))
    });
    Definition {
        kind: DefinitionKind::Message,
        name: name.into(),
        number: node.attribute("id").and_then(|id| id.parse().ok()),
        file: String::new(),
        description: description(node, name),
        lines: lines.collect(),
    }
}

fn command(node: &Node, name: &str) -> Definition {
    let lines = node.children().filter(|child| child.has_tag_name("param")).filter_map(|param| {
        let said = words(&param);
        let label = param.attribute("label").unwrap_or("");
        if matches!(said.as_str(), "" | "Empty" | "Empty." | "Reserved" | "Reserved (set to 0)") && label.is_empty() {
            return None;
        }
        let unit = param.attribute("units").map_or(String::new(), |unit| format!(" [{unit}]"));
        let of = param.attribute("enum").map_or(String::new(), |of| format!(" ({of})"));
        Some(line(&format!("param{} {label}{unit}{of}", param.attribute("index").unwrap_or("?")), &said))
    });
    Definition {
        kind: DefinitionKind::Command,
        name: name.into(),
        number: node.attribute("value").and_then(|value| value.parse().ok()),
        file: String::new(),
        description: description(node, name),
        lines: lines.collect(),
    }
}

fn values(node: &Node, name: &str) -> Definition {
    let lines = node.children().filter(|child| child.has_tag_name("entry")).map(|entry| {
        let (name, value) = (entry.attribute("name").unwrap_or(""), entry.attribute("value").unwrap_or("?"));
        line(&format!("{name} = {value}"), &description(&entry, ""))
    });
    Definition {
        kind: DefinitionKind::Enum,
        name: name.into(),
        number: None,
        file: String::new(),
        description: description(node, name),
        lines: lines.collect(),
    }
}

fn line(head: &str, said: &str) -> String {
    let head = head.split_whitespace().collect::<Vec<_>>().join(" ");
    if said.is_empty() { head } else { format!("{head}: {said}") }
}

fn description(node: &Node, otherwise: &str) -> String {
    let said = node.children().find(|child| child.has_tag_name("description")).map(|child| words(&child));
    match said {
        Some(said) if !said.is_empty() => said,
        _ => otherwise.replace('_', " ").to_lowercase(),
    }
}

fn words(node: &Node) -> String {
    node.text().unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ")
}
