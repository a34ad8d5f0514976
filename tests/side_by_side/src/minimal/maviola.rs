//! Connects and prints one attitude.
use maviola::asnc::prelude::*;
use maviola::prelude::*;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let address = "127.0.0.1:14550";
    let node = Node::asnc::<V2>().id(MavLinkId::new(255, 190)).connection(UdpServer::new(address)?).build().await?;
    let mut events = node.events().unwrap();
    while let Some(event) = events.next().await {
        if let Event::Frame(frame, _) = event
            && frame.message_id() == 30
        {
            println!("{frame:?}");
            break;
        }
    }
    Ok(())
}
