//! Connects and prints one attitude.
use mavkit::Vehicle;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vehicle = Vehicle::connect_udp("127.0.0.1:14550").await?;
    let mut attitude = vehicle.attitude();
    attitude.changed().await?;
    println!("{:?}", attitude.borrow());
    Ok(())
}
