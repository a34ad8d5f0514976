//! Every action and every kind of set-point, flown one after the other, each with what was seen of it.
use flightsmith_sdk::capability::{offboard::Offboard, param::ParamValue};
use flightsmith_sdk::prelude::*;
use flightsmith_sdk::{Envelope, RequestError, System};

/// What became of one call.
#[derive(Debug)]
pub struct Call {
    pub name: &'static str,
    pub passed: bool,
    pub seen: String,
}

/// The envelope to fly in: small, so that its edge is reached.
pub fn envelope() -> Envelope {
    Envelope { max_distance_m: 80.0, max_altitude_m: 40.0, max_speed_m_s: 6.0, ..Envelope::default() }
}

/// Notes calls as they end.
struct Log<'a> {
    calls: Vec<Call>,
    tell: &'a mut (dyn FnMut(&Call) + Send),
}

impl Log<'_> {
    fn note(&mut self, name: &'static str, passed: bool, seen: String) {
        let call = Call { name, passed, seen };
        (self.tell)(&call);
        self.calls.push(call);
    }
    /// A call that must end well; what it left is measured against a limit.
    fn measured(&mut self, name: &'static str, result: Result<f64, FlightError>, limit: f64, unit: &str) {
        match result {
            Ok(off) => self.note(name, off.abs() <= limit, format!("off by {off:.2} {unit} (limit {limit})")),
            Err(error) => self.note(name, false, error.to_string()),
        }
    }
    fn refused(&mut self, name: &'static str, result: Result<(), FlightError>, expected: fn(&FlightError) -> bool) {
        match result {
            Ok(()) => self.note(name, false, "was not refused".to_owned()),
            Err(error) => self.note(name, expected(&error), error.to_string()),
        }
    }
}

/// Flies everything; ends with the vehicle landed and disarmed, unless something failed.
pub async fn fly_all(system: &System, tell: &mut (dyn FnMut(&Call) + Send)) -> Vec<Call> {
    let mut log = Log { calls: Vec::new(), tell };
    if let Err(error) = ground(system, &mut log).await {
        log.note("on the ground", false, error.to_string());
    } else if let Err(error) = actions(system, &mut log).await {
        log.note("actions", false, error.to_string());
    } else if let Err(error) = set_points(system, &mut log).await {
        log.note("set-points", false, error.to_string());
    } else if let Err(error) = endings(system, &mut log).await {
        log.note("endings", false, error.to_string());
    }
    log.calls
}

fn is_wrong_state(error: &FlightError) -> bool {
    matches!(error, FlightError::Request(RequestError::WrongState { .. }))
}
fn is_outside(error: &FlightError) -> bool {
    matches!(error, FlightError::OutsideEnvelope { .. })
}
fn is_ahead(error: &FlightError) -> bool {
    matches!(error, FlightError::EnvelopeAhead { .. })
}

fn at(north_m: f64, east_m: f64, altitude_m: f64) -> PositionNed {
    PositionNed::at(North(north_m), East(east_m), AboveHome(altitude_m))
}

async fn off_m(system: &System, place: PositionNed) -> Result<f64, FlightError> {
    Ok(system.action().state().await?.position.distance_m(&place))
}

async fn ground(system: &System, log: &mut Log<'_>) -> Result<(), FlightError> {
    let action = system.action();
    log.refused("take_off disarmed is refused", action.take_off(AboveHome(5.0)).await, is_wrong_state);
    log.refused("go_to on the ground is refused", action.go_to(at(5.0, 0.0, 5.0)).await, is_wrong_state);
    let ready = action.wait_until_ready(Seconds(90.0)).await;
    log.measured("wait_until_ready", ready.map(|()| 0.0), 0.0, "");
    let arming = action.arm().await;
    log.measured("arm", arming.map(|()| 0.0), 0.0, "");
    let disarming = action.disarm().await;
    log.measured("disarm on the ground", disarming.map(|()| 0.0), 0.0, "");
    Ok(())
}

async fn actions(system: &System, log: &mut Log<'_>) -> Result<(), FlightError> {
    let action = system.action();
    action.arm().await?;
    let up = match action.take_off(AboveHome(10.0)).await {
        Ok(()) => Ok(action.state().await?.position.altitude_m() - 10.0),
        Err(error) => Err(error),
    };
    log.measured("take_off to 10 m above home", up, 1.0, "m");
    log.refused("take_off in flight is refused", action.take_off(AboveHome(10.0)).await, is_wrong_state);
    log.refused("disarm in flight is refused", action.disarm().await, is_wrong_state);
    log.refused("reboot in flight is refused", action.reboot().await, is_wrong_state);
    log.measured("set_speed", action.set_speed(MetresPerSecond(4.0)).await.map(|()| 0.0), 0.0, "");
    log.refused("set_speed above the envelope", action.set_speed(MetresPerSecond(40.0)).await, is_outside);
    log.refused("go_to outside the envelope", action.go_to(at(200.0, 0.0, 10.0)).await, is_outside);

    let place = at(20.0, 10.0, 12.0);
    let went = action.go_to(place).await;
    log.measured("go_to (NED)", and_then(went, off_m(system, place)).await, 1.0, "m");
    let home = action.home().await?;
    let place = at(10.0, -10.0, 15.0);
    let global = home.to_global(&place);
    let went = action.go_to_global(global).await;
    log.measured("go_to_global above sea level", and_then(went, off_m(system, place)).await, 1.0, "m");
    let place = at(0.0, 0.0, 10.0);
    let above_home = GlobalPosition::at(Latitude(home.lat_deg), Longitude(home.lon_deg), Altitude::AboveHome(10.0));
    let went = action.go_to_global(above_home).await;
    log.measured("go_to_global above home", and_then(went, off_m(system, place)).await, 1.0, "m");
    let over_ground = action.go_to_above_terrain(Latitude(home.lat_deg), Longitude(home.lon_deg), Metres(12.0)).await;
    match over_ground {
        Ok(()) => log.note("go_to_above_terrain", true, "flown with the vehicle's terrain data".to_owned()),
        Err(error) => {
            let exact = matches!(error, FlightError::NotReported { .. });
            log.note("go_to_above_terrain", exact, error.to_string());
        }
    }
    let centre = at(12.0, 0.0, 10.0);
    let around = action.orbit(centre, Metres(8.0), 1.0).await;
    log.measured("orbit", and_then(around, off_m(system, at(4.0, 0.0, 10.0))).await, 1.0, "m");
    let held = and_then(action.hold().await, drift_m(system, 5.0)).await;
    log.measured("hold, 5 s on its own", held, 0.8, "m");
    Ok(())
}

async fn and_then(
    first: Result<(), FlightError>,
    then: impl Future<Output = Result<f64, FlightError>>,
) -> Result<f64, FlightError> {
    first?;
    then.await
}

/// How far it moves while nothing is sent.
async fn drift_m(system: &System, for_s: f64) -> Result<f64, FlightError> {
    let before = system.action().state().await?.position;
    system.sleep(Seconds(for_s)).await?;
    off_m(system, before).await
}

/// How far from `spot` it landed, measured from the home that it flew with: PX4 makes the landing place its home.
async fn landed_off_m(system: &System, home: &Home, spot: PositionNed) -> Result<f64, FlightError> {
    let (now, new_home) = (system.action().state().await?, system.action().home().await?);
    let place = home.to_ned(&new_home.to_global(&now.position));
    Ok(place.horizontal_distance_m(&spot))
}

/// States while a set-point is flown for `sample_s`, after `settle_s` of it.
async fn sampled(
    offboard: &mut Offboard<'_>,
    point: impl Into<SetPoint>,
    settle_s: f64,
    sample_s: f64,
) -> Result<Vec<FlightState>, FlightError> {
    let point = point.into();
    offboard.fly(point, Seconds(settle_s)).await?;
    let mut states = Vec::new();
    offboard
        .fly_until(point, Seconds(sample_s), |now| {
            states.push(*now);
            false
        })
        .await?;
    Ok(states)
}

fn mean(states: &[FlightState], of: impl Fn(&FlightState) -> f64) -> f64 {
    states.iter().map(of).sum::<f64>() / states.len().max(1) as f64
}
fn off_velocity_m_s(states: &[FlightState], north_m_s: f64, east_m_s: f64, down_m_s: f64) -> f64 {
    let north = mean(states, |state| state.velocity.north_m_s) - north_m_s;
    let east = mean(states, |state| state.velocity.east_m_s) - east_m_s;
    let down = mean(states, |state| state.velocity.down_m_s) - down_m_s;
    north.hypot(east).hypot(down)
}
fn turn_deg_s(states: &[FlightState]) -> f64 {
    match (states.first(), states.last()) {
        (Some(first), Some(last)) => {
            wrap_180((last.heading - first.heading).0) / (last.elapsed - first.elapsed).0.max(0.1)
        }
        _ => f64::NAN,
    }
}

async fn set_points(system: &System, log: &mut Log<'_>) -> Result<(), FlightError> {
    let home = system.action().home().await?;
    let mut offboard = system.offboard().await?;
    let place = at(0.0, 10.0, 12.0);
    let there = offboard.fly_until(place, Seconds(30.0), |now| now.position.distance_m(&place) < 0.8).await;
    log.measured("offboard: position NED", there.map(|there| f64::from(u8::from(!there))), 0.0, "");
    let place = at(10.0, 0.0, 14.0);
    let global = home.to_global(&place);
    let there = offboard.fly_until(global, Seconds(30.0), |now| now.position.distance_m(&place) < 0.8).await;
    log.measured("offboard: position global", there.map(|there| f64::from(u8::from(!there))), 0.0, "");

    let north = VelocityNed::towards(Degrees(0.0), MetresPerSecond(3.0));
    let flown = sampled(&mut offboard, north, 4.0, 2.0).await.map(|s| off_velocity_m_s(&s, 3.0, 0.0, 0.0));
    log.measured("offboard: velocity NED", flown, 0.4, "m/s");
    // A strong wind or drag that a velocity loop has learned takes as long to forget.
    offboard.fly(VelocityNed::STILL, Seconds(4.0)).await?;
    let up = VelocityNed::climbing(MetresPerSecond(1.0));
    let flown = sampled(&mut offboard, up, 4.0, 2.0).await.map(|s| off_velocity_m_s(&s, 0.0, 0.0, -1.0));
    log.measured("offboard: velocity up", flown, 0.3, "m/s");

    let hover = SetPoint::from(VelocityNed::STILL);
    let east = hover.with_yaw(Yaw::Heading(Degrees(90.0)));
    let turned = sampled(&mut offboard, east, 5.0, 1.0).await;
    log.measured("offboard: heading", turned.map(|s| mean(&s, |s| wrap_180(s.heading.0 - 90.0))), 6.0, "deg");
    let ahead = VelocityFrd::forward(MetresPerSecond(-2.0));
    let flown = sampled(&mut offboard, ahead, 4.0, 2.0).await.map(|s| off_velocity_m_s(&s, 0.0, -2.0, 0.0));
    log.measured("offboard: velocity body, heading kept", flown, 0.4, "m/s");
    let turning = hover.with_yaw(Yaw::Rate(DegreesPerSecond(20.0)));
    let turned = sampled(&mut offboard, turning, 2.0, 4.0).await.map(|s| turn_deg_s(&s) - 20.0);
    log.measured("offboard: yaw rate", turned, 3.0, "deg/s");
    let curve = SetPoint::from(VelocityFrd::forward(MetresPerSecond(2.0))).with_yaw(Yaw::Rate(DegreesPerSecond(20.0)));
    let flown = sampled(&mut offboard, curve, 4.0, 4.0).await.map(|states| {
        let speed_m_s = mean(&states, |state| state.velocity.ground_speed_m_s());
        // Along the nose all the way, but for what the velocity loop lags behind it.
        let along_deg = mean(&states, |state| {
            let course_deg = state.velocity.east_m_s.atan2(state.velocity.north_m_s).to_degrees();
            wrap_180(course_deg - state.heading.0).abs()
        });
        (speed_m_s - 2.0).abs() + along_deg / 60.0
    });
    log.measured("offboard: velocity body, turning", flown, 1.0, "m/s and 60 deg");

    offboard.fly(VelocityNed::STILL, Seconds(4.0)).await?;
    let push = AccelerationNed { north_m_s2: 0.8, ..Default::default() };
    // Early, before drag eats it: PX4's own simulator (SIH) takes 1 m/s2 at 1 m/s.
    let pushed = sampled(&mut offboard, push, 0.4, 0.6).await.map(|states| match (states.first(), states.last()) {
        (Some(first), Some(last)) => {
            (last.velocity.north_m_s - first.velocity.north_m_s) / (last.elapsed - first.elapsed).0 - 0.8
        }
        _ => f64::NAN,
    });
    log.measured("offboard: acceleration", pushed, 0.5, "m/s2");
    offboard.fly(VelocityNed::STILL, Seconds(4.0)).await?;
    lean(system, &mut offboard, log).await?;

    let stopped = offboard.stop().await;
    let drift = and_then(stopped, drift_m(system, 6.0)).await;
    log.measured("offboard: left cleanly, 6 s on its own", drift, 0.8, "m");
    edges(system, log).await
}

/// Attitude and thrust, height held by the program itself, as programs that fly attitudes must.
async fn lean(system: &System, offboard: &mut Offboard<'_>, log: &mut Log<'_>) -> Result<(), FlightError> {
    let level = |thrust: f64| AttitudeThrust { roll: Degrees(0.0), pitch: Degrees(0.0), thrust: Percent(thrust) };
    let ardupilot = system.autopilot() == Autopilot::ArduPilot;
    if ardupilot {
        let refused = offboard.fly(level(40.0), Seconds(0.2)).await;
        log.refused("offboard: thrust without GUID_OPTIONS", refused, is_wrong_state);
        system.param().set("GUID_OPTIONS", ParamValue::Int(8)).await?;
    }
    let start = offboard.state();
    let mut hover_percent = if ardupilot { 39.0 } else { 50.0 };
    let mut fastest_m_s: f64 = 0.0;
    let mut result = Ok(());
    for _ in 0..60 {
        let now = offboard.state();
        let sink_m_s = now.velocity.down_m_s;
        let low_m = start.position.altitude_m() - now.position.altitude_m();
        hover_percent += 0.4 * (sink_m_s + 0.4 * low_m);
        let thrust = hover_percent + 6.0 * (sink_m_s + 0.4 * low_m);
        let lean = AttitudeThrust { pitch: Degrees(-6.0), ..level(thrust.clamp(10.0, 90.0)) };
        result = offboard.fly(lean, Seconds(0.1)).await;
        if result.is_err() {
            break;
        }
        fastest_m_s = fastest_m_s.max(offboard.state().velocity.north_m_s);
    }
    let off_m = offboard.state().position.altitude_m() - start.position.altitude_m();
    match result {
        Ok(()) => {
            // A lean of 6 degrees pushes with 1 m/s2, and PX4's own simulator takes as much at 1 m/s.
            let passed = fastest_m_s > 0.8 && off_m.abs() < 4.0;
            let seen = format!(
                "{fastest_m_s:.1} m/s north from 6 deg, height off by {off_m:.1} m, hover at {hover_percent:.0} %"
            );
            log.note("offboard: attitude and thrust", passed, seen);
        }
        Err(error) => log.note("offboard: attitude and thrust", false, error.to_string()),
    }
    offboard.fly(VelocityNed::STILL, Seconds(4.0)).await?;
    if ardupilot {
        system.param().set("GUID_OPTIONS", ParamValue::Int(0)).await?;
    }
    Ok(())
}

/// The envelope's edges.
async fn edges(system: &System, log: &mut Log<'_>) -> Result<(), FlightError> {
    let mut offboard = system.offboard().await?;
    let too_fast = offboard.fly(VelocityNed::towards(Degrees(0.0), MetresPerSecond(9.0)), Seconds(1.0)).await;
    log.refused("offboard: speed above the envelope", too_fast, is_outside);
    let leaning = AttitudeThrust { roll: Degrees(50.0), pitch: Degrees(0.0), thrust: Percent(50.0) };
    log.refused("offboard: too much lean", offboard.fly(leaning, Seconds(1.0)).await, is_outside);
    let out = VelocityNed::towards(Degrees(0.0), MetresPerSecond(5.0));
    let braked = offboard.fly(out, Seconds(60.0)).await;
    let seen = offboard.state();
    let away_m = seen.position.north_m.hypot(seen.position.east_m);
    log.refused("offboard: braked before the fence", braked, is_ahead);
    log.note("offboard: inside the fence", away_m < 80.0, format!("stands {away_m:.1} m from home (limit 80)"));
    let inside = at(40.0, 0.0, 14.0);
    offboard.fly_until(inside, Seconds(30.0), |now| now.position.distance_m(&inside) < 1.0).await?;
    let climb = VelocityNed::climbing(MetresPerSecond(2.5));
    let braked = offboard.fly(climb, Seconds(60.0)).await;
    let altitude_m = offboard.state().position.altitude_m();
    log.refused("offboard: braked below the ceiling", braked, is_ahead);
    log.note("offboard: below the ceiling", altitude_m < 40.0, format!("stands at {altitude_m:.1} m (limit 40)"));
    offboard.stop().await
}

async fn endings(system: &System, log: &mut Log<'_>) -> Result<(), FlightError> {
    let action = system.action();
    let spot = at(5.0, 5.0, 0.0);
    let home = action.home().await?;
    let landed = and_then(action.land_at(spot).await, landed_off_m(system, &home, spot)).await;
    log.measured("land_at", landed, 1.5, "m");
    for (name, rtl) in [("return_to_launch", true), ("land", false)] {
        action.arm().await?;
        action.take_off(AboveHome(6.0)).await?;
        let spot = if rtl { at(0.0, 0.0, 0.0) } else { at(12.0, 0.0, 0.0) };
        action.go_to(at(12.0, 0.0, 6.0)).await?;
        let home = action.home().await?;
        let ended = if rtl { action.return_to_launch().await } else { action.land().await };
        let landed = and_then(ended, landed_off_m(system, &home, spot)).await;
        log.measured(name, landed, 1.5, "m");
    }
    Ok(())
}

/// The last call, apart from the others: over TCP and USB the link ends with it.
pub async fn reboot(system: &System, tell: &mut (dyn FnMut(&Call) + Send)) -> Call {
    let mut log = Log { calls: Vec::new(), tell };
    let rebooted = system.action().reboot().await;
    log.measured("reboot when disarmed", rebooted.map(|()| 0.0), 0.0, "");
    log.calls.remove(0)
}
