//! Tries each payload capability on a vehicle that stands disarmed, and says what came of it: `cargo run -p flightsmith-sdk
//! --example payloads -- tcp://127.0.0.1:5760`.
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
use flightsmith_sdk::capability::gimbal::GimbalYaw;
use flightsmith_sdk::units::{Degrees, Metres, MetresPerSecond, Seconds};
use flightsmith_sdk::{Connection, RequestError, System, driver};
use std::fmt::Debug;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "tcp://127.0.0.1:5760".to_owned());
    driver::run_as(Connection::ground_station(), &url, |connection| async move {
        let system = connection.system(Seconds(20.0)).await?;
        println!("{:?} with system id {}", system.autopilot(), system.system_id());
        try_all(&system).await;
        Ok::<(), RequestError>(())
    })?;
    Ok(())
}

fn say<T: Debug>(what: &str, end: &Result<T, RequestError>) {
    match end {
        Ok(value) => println!("{what:<28} {value:?}"),
        Err(error) => println!("{what:<28} {error}"),
    }
}

async fn try_all(system: &System) {
    let camera = system.camera();
    say("camera information", &camera.information().await);
    say("camera settings", &camera.settings().await);
    say("storage", &camera.storage().await);
    say("photo", &camera.take_photo().await);
    say("capture status", &camera.capture_status().await);
    say("photos every second", &camera.start_photo_interval(Seconds(1.0), Some(3)).await);
    let mut images = camera.images();
    say("next image", &Ok(images.next_within(Seconds(4.0)).await));
    say("no more photos", &camera.stop_photo_interval().await);
    say("video", &camera.start_video().await);
    say("no more video", &camera.stop_video().await);

    let gimbal = system.gimbal();
    say("gimbal information", &gimbal.information().await);
    say("gimbal control", &gimbal.take_control().await);
    say("gimbal down", &gimbal.point(Degrees(-60.0), GimbalYaw::FromNose(Degrees(20.0))).await);
    say("a moment", &system.sleep(Seconds(3.0)).await);
    say("gimbal attitude", &gimbal.attitude().await);
    say("gimbal back", &gimbal.release_control().await);

    say("gripper grabs", &system.gripper().grab().await);
    say("gripper releases", &system.gripper().release().await);
    say("servo 9", &system.servo().set_pulse(9, 1600).await);
    say("actuator 1", &system.servo().set_actuator(1, 0.5).await);
    say("winch", &system.winch().let_out(Metres(1.0), MetresPerSecond(0.5)).await);
    say("winch status", &system.winch().status().await);
    say("shell", &system.shell().run("ver hw", Seconds(5.0)).await);
}
