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

async fn act(system: &System) -> Result<(), FlightError> {
    let action = system.action();
    action.wait_until_ready(Seconds(60.0)).await?;
    action.arm().await?;
    action.disarm().await?;
    action.take_off(AboveHome(10.0)).await?;
    let here = PositionNed::at(North(0.0), East(0.0), AboveHome(10.0));
    action.go_to(here).await?;
    action.go_to_above_terrain(Latitude(47.0), Longitude(8.0), Metres(20.0)).await?;
    action.orbit(here, Metres(10.0), 1.0).await?;
    action.set_speed(MetresPerSecond(3.0)).await?;
    action.hold().await?;
    action.state().await?;
    action.home().await?;
    action.land_at(here).await?;
    action.land().await?;
    action.return_to_launch().await?;
    action.reboot().await?;
    let mut offboard = system.offboard().await?;
    offboard.fly(here, Seconds(1.0)).await?;
    offboard.stop().await
}

async fn read(system: &System) -> Result<(), RequestError> {
    let telemetry = system.telemetry();
    telemetry.set_every_rate_hz(10.0).await?;
    let known = [
        telemetry.position().is_some(),
        telemetry.local_position().is_some(),
        telemetry.velocity().is_some(),
        telemetry.altitude().is_some(),
        telemetry.terrain().is_some(),
        telemetry.home().is_some(),
        telemetry.attitude().is_some(),
        telemetry.attitude_quaternion().is_some(),
        telemetry.angular_rate().is_some(),
        telemetry.gps().is_some(),
        telemetry.battery().is_some(),
        telemetry.mode().is_some(),
        telemetry.armed().is_some(),
        telemetry.landed_state().is_some(),
        telemetry.system_state().is_some(),
        telemetry.health().is_some(),
        telemetry.estimator().is_some(),
        telemetry.rc().is_some(),
        telemetry.wind().is_some(),
        telemetry.distance().is_some(),
        telemetry.servo_outputs().is_some(),
        telemetry.actuator_outputs().is_some(),
        telemetry.system_time().is_some(),
        telemetry.hud().is_some(),
        !telemetry.batteries().is_empty(),
        !telemetry.distances().is_empty(),
        !telemetry.prearm_reasons().is_empty(),
        !telemetry.latest_texts().is_empty(),
    ];
    let mut positions = telemetry.position_updates();
    let mut gps = telemetry.gps_updates();
    if known.iter().all(|known| *known) {
        positions.next().await?;
        gps.next().await?;
    }
    Ok(())
}
