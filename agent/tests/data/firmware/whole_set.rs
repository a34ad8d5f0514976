//! Every call of a flight, and the whole action, offboard and telemetry set of a system: what the largest firmware links. It is measured
//! and never flown.
use flightsmith_sdk::prelude::*;
use flightsmith_sdk::{RequestError, System};

/// All that a mission can do.
///
/// # Errors
/// Whatever ends a flight early.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let connection = Connection::new();
    let system = connection.system(Seconds(10.0)).await?;
    act(&system).await?;
    read(&system).await?;
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.set_speed(MetresPerSecond(5.0));
    vehicle.set_nose(Nose::AlongPath);
    vehicle.set_rule(Rule::battery_below(Percent(30.0), SafeEnd::ReturnToLaunch));
    let here = vehicle.position();
    vehicle.go_to(here.towards(Degrees(0.0), Metres(40.0))).await?;
    vehicle.move_by(OffsetFrd::by(Forward(1.0), Right(1.0), Up(1.0))).await?;
    vehicle.climb_to(AboveHome(12.0)).await?;
    vehicle.climb_by(Metres(1.0)).await?;
    vehicle.turn_to(Degrees(90.0)).await?;
    vehicle.turn_by(Degrees(90.0)).await?;
    vehicle.face(here).await?;
    vehicle.follow_arc(Arc::circle(here, Metres(10.0), Degrees(270.0), Degrees(180.0))).await?;
    vehicle.hold(Seconds(1.0)).await?;
    vehicle.take_photo().await?;
    vehicle.release(Payload::Gripper).await?;
    vehicle.point_gimbal(Degrees(-90.0), GimbalYaw::FromNose(Degrees(0.0))).await?;
    vehicle.let_out_line(Metres(5.0), MetresPerSecond(1.0)).await?;
    let (battery, wind) = (vehicle.battery()?, vehicle.wind()?);
    if battery.0 < 50.0 || wind.speed_m_s > 10.0 {
        vehicle.return_home().await?;
        return vehicle.land_at(here).await;
    }
    let mut offboard = vehicle.offboard();
    let north = VelocityNed::towards(Degrees(0.0), MetresPerSecond(1.0));
    offboard.fly(SetPoint::from(north).with_yaw(Yaw::Rate(DegreesPerSecond(20.0))), Seconds(1.0)).await?;
    offboard.stop().await?;
    if vehicle.altitude().0 > 5.0 { vehicle.land().await } else { vehicle.return_to_launch().await }
}
