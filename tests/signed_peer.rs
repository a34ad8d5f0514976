//! Signing against pymavlink at the other end of a UDP link: both ways, a wrong key, no key, old frames, and the key handed over.
use flightsmith_sdk::capability::signing::NobodyElseReadsThisLink;
use flightsmith_sdk::network::{LinkReport, Network};
use flightsmith_sdk::signing::{SecretKey, Signing};
use flightsmith_sdk::{RequestError, driver, units::Seconds};
use flightsmith_tests::{python, root};
use serde_json::Value;
use std::fs::{self, Permissions};
use std::net::UdpSocket;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

const KEY_HEX: &str = "6b65792d6f66-not-a-secret";

struct Keys {
    folder: TempDir,
    hex: String,
}

impl Keys {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hex: String = KEY_HEX.bytes().cycle().take(32).map(|byte| format!("{byte:02x}")).collect();
        let path = folder.path().join("key");
        fs::write(&path, &hex).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        assert_eq!(SecretKey::from_file(&path).unwrap(), SecretKey::from_hex(&hex).unwrap());
        Self { folder, hex }
    }
    fn signing(&self) -> Signing {
        Signing::from_files(self.folder.path().join("key"), self.folder.path().join("timestamp"), 0).unwrap()
    }
    fn vehicle(&self, port: u16, mode: &str) -> Child {
        let script = root().join("tests/peers/signed_vehicle.py");
        let args = [port.to_string(), mode.to_owned(), self.hex.clone()];
        Command::new(python()).arg(script).args(args).stdout(Stdio::piped()).spawn().expect("python starts")
    }
}

fn free_port() -> u16 {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn said(vehicle: Child) -> Value {
    let output = vehicle.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A signing network that meets a vehicle which speaks as `mode` says: what the vehicle says, what our link counted, how many we met.
fn meet(mode: &str) -> (Value, LinkReport, usize) {
    let (keys, port) = (Keys::new(), free_port());
    let network =
        Network::builder().link(&format!("udpin://127.0.0.1:{port}")).signing(keys.signing()).spawn().unwrap();
    let said = said(keys.vehicle(port, mode));
    (said, network.links().remove(0), network.systems().len())
}

#[test]
fn the_right_key_both_ways() {
    let (said, link, met) = meet("right");
    assert_eq!(met, 1);
    assert!(
        link.received.messages_signed > 10 && link.received.messages_signed == link.received.messages_received,
        "{link:?}"
    );
    assert_eq!(link.received.signatures_wrong + link.received.messages_replayed + link.received.messages_unsigned, 0);
    assert!(said["good"].as_u64() > Some(8), "our heartbeats are believed: {said}");
    assert_eq!((&said["bad"], &said["unsigned"]), (&Value::from(0), &Value::from(0)), "{said}");
}

#[test]
fn a_wrong_key_and_none_are_not_heard() {
    let (said, link, met) = meet("wrong");
    assert_eq!((met, link.received.messages_received), (0, 0));
    assert!(link.received.signatures_wrong > 10, "{link:?}");
    assert_eq!(said["good"], 0, "nor does it believe us: {said}");
    let (_, link, met) = meet("unsigned");
    assert_eq!((met, link.received.messages_received), (0, 0));
    assert!(link.received.messages_unsigned > 10, "{link:?}");
}

#[test]
fn old_frames_are_refused_while_new_ones_are_heard() {
    let (_, link, met) = meet("replay");
    assert_eq!(met, 1);
    assert!(link.received.messages_replayed >= 50, "{link:?}");
    assert!(link.received.messages_received >= 15, "{link:?}");
}

#[test]
fn the_key_is_handed_over() {
    let (keys, port) = (Keys::new(), free_port());
    let vehicle = keys.vehicle(port, "setup");
    let url = format!("udpin://127.0.0.1:{port}");
    let statistics = driver::run_as(flightsmith_sdk::Connection::ground_station(), &url, |connection| {
        let signing = keys.signing();
        async move {
            let system = connection.system(Seconds(10.0)).await?;
            assert!(!connection.peer_signs());
            system.set_up_signing(&signing, NobodyElseReadsThisLink).await?;
            connection.set_signing(signing);
            system.sleep(Seconds(1.0)).await?;
            Ok::<_, RequestError>(connection.statistics())
        }
    });
    let statistics = statistics.unwrap();
    assert!(statistics.messages_signed >= 3 && statistics.signatures_wrong == 0, "{statistics:?}");
    let said = said(vehicle);
    assert_eq!((&said["set_up"], &said["key_is_right"]), (&Value::from(1), &Value::from(true)), "{said}");
    assert!(said["good"].as_u64() >= Some(3), "{said}");
}
