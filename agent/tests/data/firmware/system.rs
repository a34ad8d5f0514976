/// All that a system can be told to do; this file stands behind each of the sets that are measured.
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
