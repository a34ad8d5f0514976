//! The tasks with maviola, as far as it goes: it has commands and parameters, no missions and no vehicle.
use maviola::asnc::microservices::{CommandClient, ParamClient};
use maviola::asnc::prelude::*;
use maviola::prelude::*;
use maviola::protocol::microservices::command::CommandOutcome;
use maviola::protocol::microservices::command::enums::{MavCmd, MavResult};
use maviola::protocol::microservices::command::messages::CommandLong;
use serde_json::json;
use side_by_side::{COMMANDS, LISTEN_S, median, ms, report, task};
use std::time::{Duration, Instant};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let (task, address) = task();
    let started = Instant::now();
    let node = Node::asnc::<V2>().id(MavLinkId::new(255, 190)).connection(UdpServer::new(address)?).build().await?;
    let mut events = node.events().unwrap();
    // The first frame of the autopilot.
    while let Some(event) = events.next().await {
        if let Event::Frame(..) = event {
            break;
        }
    }
    let connected_ms = ms(started);
    let autopilot = MavLinkId::new(1, 1);
    let commands = CommandClient::new(node.handle());
    let interval = |id: f32| CommandLong {
        target_system: 1,
        target_component: 1,
        command: MavCmd::SetMessageInterval,
        param1: id,
        param2: 20_000.0,
        ..Default::default()
    };
    match task.as_str() {
        "arm" => {
            let set_mode = CommandLong {
                target_system: 1,
                target_component: 1,
                command: MavCmd::DoSetMode,
                param1: 1.0,
                param2: 4.0,
                ..Default::default()
            };
            commands.execute_request(set_mode).await?;
            loop {
                let arm = CommandLong {
                    target_system: 1,
                    target_component: 1,
                    command: MavCmd::ComponentArmDisarm,
                    param1: 1.0,
                    ..Default::default()
                };
                let outcome = commands.execute_request(arm).await?;
                if matches!(outcome, CommandOutcome::Acknowledged { result: MavResult::Accepted, .. }) {
                    break;
                }
                if started.elapsed() > Duration::from_secs(90) {
                    return Err("not armed".into());
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            report(&json!({ "connected_ms": connected_ms }));
        }
        "commands" => {
            let (mut times, mut failed) = (Vec::new(), 0);
            for _ in 0..COMMANDS {
                let asked = Instant::now();
                match commands.execute_request(interval(30.0)).await? {
                    CommandOutcome::Acknowledged { result: MavResult::Accepted, .. } => times.push(ms(asked)),
                    _ => failed += 1,
                }
            }
            report(&json!({ "median_ms": median(&mut times), "worst_ms": times.last(), "failed": failed }));
        }
        "params" => {
            let params = ParamClient::new(node.handle());
            let asked = Instant::now();
            let list = params.list(autopilot).await?;
            report(&json!({ "ms": ms(asked), "count": list.params().len() }));
        }
        "listen" => {
            commands.execute_request(interval(30.0)).await?;
            commands.execute_request(interval(33.0)).await?;
            let (mut count, until) = (0_u64, Instant::now() + Duration::from_secs(LISTEN_S));
            while Instant::now() < until {
                if let Some(Event::Frame(frame, _)) =
                    tokio::time::timeout(Duration::from_secs(2), events.next()).await?
                {
                    count += u64::from(frame.message_id() == 30);
                }
            }
            report(&json!({ "updates": count }));
        }
        other => return Err(format!("maviola has nothing for {other}").into()),
    }
    Ok(())
}
