//! Whole flights in the embedded simulator, both flavours, calm and in wind and noise, measured on its true state.
//!
//! The judge measures generated missions against their contracts; here the SDK's own promises are measured.
mod simulated;
use flightsmith_mission::geodesy::Home;
use flightsmith_sdk::prelude::*;
use flightsmith_sim::{Fault, Scenario, TruthEvent};
use simulated::{Flown, fly, mark};

const FLAVOURS: [Autopilot; 2] = [Autopilot::ArduPilot, Autopilot::Px4];

/// Calm air, then two drawn flights, then the strongest wind that is promised.
fn scenarios() -> [(u64, Scenario); 4] {
    let strongest = Scenario { wind_m_s: 5.0, gust_m_s: 8.0, link_loss_percent: 5.0, ..Scenario::draw(9) };
    [(1, Scenario::nominal()), (2, Scenario::draw(2)), (3, Scenario::draw(3)), (9, strongest)]
}

fn each(mut check: impl FnMut(Autopilot, u64, Scenario)) {
    for autopilot in FLAVOURS {
        for (seed, scenario) in scenarios() {
            eprintln!("{autopilot:?}, seed {seed}: {scenario:?}");
            check(autopilot, seed, scenario);
        }
    }
}

fn corners() -> [PositionNed; 5] {
    [(0.0, 0.0), (40.0, 0.0), (40.0, 40.0), (0.0, 40.0), (0.0, 0.0)]
        .map(|(n, e)| PositionNed::at(North(n), East(e), AboveHome(10.0)))
}

async fn square(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.set_speed(MetresPerSecond(5.0));
    vehicle.set_nose(Nose::AlongPath);
    for (leg, corner) in corners().into_iter().enumerate() {
        vehicle.go_to(corner).await?;
        mark(["at 0", "at 1", "at 2", "at 3", "at 4"][leg]);
    }
    vehicle.land().await
}

#[test]
fn a_square_keeps_its_lines_its_speed_and_its_height() {
    each(|autopilot, seed, scenario| {
        let flown = fly(autopilot, seed, scenario, &[], square);
        flown.result.as_ref().expect("lands");
        for leg in 0..4 {
            let (from, to) = (corners()[leg], corners()[leg + 1]);
            let samples = flown.between(["at 0", "at 1", "at 2", "at 3"][leg], ["at 1", "at 2", "at 3", "at 4"][leg]);
            for sample in samples {
                let position = &sample.position;
                let bearing = from.bearing_deg(&to).to_radians();
                let (north, east) = (position.north_m - from.north_m, position.east_m - from.east_m);
                let across_m = (east * bearing.cos() - north * bearing.sin()).abs();
                assert!(across_m < 3.0, "{across_m} m off leg {leg}");
                let speed_m_s = sample.velocity.ground_speed_m_s();
                assert!(speed_m_s < 5.5, "{speed_m_s} m/s on leg {leg}");
                assert!((position.altitude_m() - 10.0).abs() < 1.0, "{} m high on leg {leg}", position.altitude_m());
            }
            let end_m = samples.last().expect("samples").position.distance_m(&to);
            assert!(end_m < 2.0, "{end_m} m from corner {leg}");
        }
        let landed = flown.truth.last().expect("samples");
        assert!(!landed.armed && landed.on_ground);
        assert!(landed.position.horizontal_distance_m(&PositionNed::HOME) < 1.5, "{:?}", landed.position);
    });
}

const CENTRE: PositionNed = PositionNed::at(North(20.0), East(0.0), AboveHome(10.0));

async fn around(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let circle = Arc::circle(CENTRE, Metres(10.0), Degrees(180.0), Degrees(360.0));
    vehicle.go_to(circle.start()).await?;
    vehicle.face(CENTRE).await?;
    vehicle.set_nose(Nose::At(CENTRE));
    mark("circle begins");
    vehicle.follow_arc(circle).await?;
    mark("circle ends");
    let spiral = Arc { end_radius: Metres(4.0), sweep: Degrees(-540.0), climb: Metres(6.0), ..circle };
    vehicle.follow_arc(spiral).await?;
    mark("spiral ends");
    vehicle.return_to_launch().await
}

#[test]
fn circles_keep_their_radius_and_the_nose_on_their_centre() {
    each(|autopilot, seed, scenario| {
        let flown = fly(autopilot, seed, scenario, &[], around);
        flown.result.as_ref().expect("lands");
        for sample in flown.between("circle begins", "circle ends") {
            let off_m = (sample.position.horizontal_distance_m(&CENTRE) - 10.0).abs();
            assert!(off_m < 1.5, "{off_m} m off the circle at {} s", sample.time_s);
            let off_deg = wrap_180(sample.position.bearing_deg(&CENTRE) - sample.heading_deg).abs();
            assert!(off_deg < 10.0, "the nose is {off_deg} deg off at {} s", sample.time_s);
        }
        let end = &flown.between("circle ends", "spiral ends").last().expect("samples").position;
        let expected = CENTRE.towards(Degrees(180.0 - 540.0), Metres(4.0)).at_altitude(AboveHome(16.0));
        assert!(end.distance_m(&expected) < 2.0, "the spiral ends at {end:?}");
    });
}

async fn deliver(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(6.0)).await?;
    let home = vehicle.home();
    vehicle.go_to_global(home.to_global(&PositionNed::at(North(15.0), East(15.0), AboveHome(12.0)))).await?;
    mark("there");
    vehicle.turn_to(Degrees(200.0)).await?;
    mark("turned");
    vehicle.move_by(OffsetFrd::by(Forward(10.0), Right(0.0), Up(-2.0))).await?;
    mark("moved");
    vehicle.take_photo().await?;
    vehicle.release(Payload::Gripper).await?;
    vehicle.release(Payload::Servo { channel: 9, release_us: 1900 }).await?;
    assert!(vehicle.battery()?.0 > 50.0);
    let wind = vehicle.wind()?;
    assert!(wind.speed_m_s < 10.0 && wind.error_m_s > 0.0, "{wind:?}");
    vehicle.land_at(PositionNed::at(North(5.0), East(0.0), AboveHome(0.0))).await
}

#[test]
fn payloads_work_exactly_once_and_turns_end_where_they_should() {
    each(|autopilot, seed, scenario| {
        let flown = fly(autopilot, seed, scenario, &[], deliver);
        flown.result.as_ref().expect("lands");
        let there = &flown.at("there").position;
        assert!(there.distance_m(&PositionNed::at(North(15.0), East(15.0), AboveHome(12.0))) < 2.0, "{there:?}");
        assert!(wrap_180(flown.at("turned").heading_deg - 200.0).abs() < 10.0);
        let expected = PositionNed::at(North(15.0), East(15.0), AboveHome(10.0)).towards(Degrees(200.0), Metres(10.0));
        assert!(flown.at("moved").position.distance_m(&expected) < 2.0, "{:?}", flown.at("moved").position);
        let count = |wanted: fn(&TruthEvent) -> bool| flown.events.iter().filter(|(_, event)| wanted(event)).count();
        assert_eq!(count(|event| matches!(event, TruthEvent::Photo { .. })), 1, "photos");
        assert_eq!(count(|event| matches!(event, TruthEvent::Released { .. })), 2, "releases");
        let landed = &flown.truth.last().expect("samples").position;
        assert!(
            landed.horizontal_distance_m(&PositionNed::at(North(5.0), East(0.0), AboveHome(0.0))) < 1.5,
            "{landed:?}"
        );
    });
}

/// The flight with `fault` 8 s after the first corner.
fn disturbed(autopilot: Autopilot, fault: &Fault) -> Flown {
    let undisturbed = fly(autopilot, 1, Scenario::nominal(), &[], square);
    let at_s = undisturbed.at("at 1").time_s + 8.0;
    fly(autopilot, 1, Scenario::nominal(), &[(at_s, fault.clone())], square)
}

#[test]
fn a_pilot_takes_over_and_nothing_is_sent_any_more() {
    for (autopilot, mode) in [(Autopilot::ArduPilot, "LOITER"), (Autopilot::Px4, "AUTO.LOITER")] {
        let flown = disturbed(autopilot, &Fault::PilotMode(mode.to_owned()));
        assert_eq!(flown.result, Err(FlightError::PilotTookOver { mode }));
        let taken_s = flown.events.iter().find(
            |(_, event)| matches!(event, TruthEvent::Mode { mode: m, by: Some(by) } if *m == mode && by.system == 255),
        );
        let taken_s = taken_s.expect("the pilot's switch").0;
        assert!(flown.ended_s - taken_s < 0.4, "noticed after {} s", flown.ended_s - taken_s);
        let late = flown.events.iter().filter(|(at_s, event)| {
            *at_s > taken_s + 0.2 && matches!(event, TruthEvent::SetPoint { .. } | TruthEvent::Command { .. })
        });
        assert_eq!(late.count(), 0);
    }
}

#[test]
fn a_failsafe_is_told_from_a_pilot() {
    for autopilot in FLAVOURS {
        for fault in [Fault::BatteryPercent(4.0), Fault::GpsFix(false)] {
            let flown = disturbed(autopilot, &fault);
            assert!(
                matches!(flown.result, Err(FlightError::Failsafe { .. })),
                "{autopilot:?} {fault:?}: {:?}",
                flown.result
            );
        }
    }
}

async fn ruled(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.set_rule(Rule::battery_below(Percent(70.0), SafeEnd::ReturnToLaunch));
    mark("at 1");
    loop {
        vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))).await?;
        vehicle.go_to(PositionNed::at(North(0.0), East(0.0), AboveHome(10.0))).await?;
    }
}

#[test]
fn a_rule_flies_its_safe_end() {
    for autopilot in FLAVOURS {
        let at_s = fly(autopilot, 1, Scenario::nominal(), &[], square).at("at 0").time_s + 5.0;
        let flown = fly(autopilot, 1, Scenario::nominal(), &[(at_s, Fault::BatteryPercent(60.0))], ruled);
        assert!(matches!(flown.result, Err(FlightError::RuleEnded { limit: 70.0, .. })), "{:?}", flown.result);
        let last = flown.truth.last().expect("samples");
        assert!(!last.armed && last.position.horizontal_distance_m(&PositionNed::HOME) < 1.5, "{last:?}");
        assert_eq!(Home::default().lat_deg, flown.home.lat_deg);
    }
}
