//! Lists of the embedded simulator over a perfect link, and a mission that is paused in flight.
#[path = "fake/lists/mod.rs"]
mod lists;

use flightsmith_sdk::capability::geofence::{FenceArea, GroundPoint, Keep};
use flightsmith_sdk::capability::mission_raw::MissionItem;
use flightsmith_sdk::capability::rally::RallyPoint;
use flightsmith_sdk::{Autopilot, FlightError, Home, System, frame::Altitude, units::Seconds};
use flightsmith_sim::{Scenario, SimConfig, Simulation};
use lists::channel::PERFECT;
use lists::{Side, World, split};

const BOTH: [Autopilot; 2] = [Autopilot::ArduPilot, Autopilot::Px4];

struct Embedded(Simulation);

impl Side for Embedded {
    fn time_s(&self) -> f64 {
        self.0.time_us() as f64 * 1e-6
    }
    fn tick(&mut self, incoming: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        self.0.tick(&incoming.concat());
        split(self.0.outgoing(0))
    }
}

fn world(autopilot: Autopilot) -> (World<Embedded>, System) {
    let vehicle = toml::from_str(include_str!("../../agent/vehicles/quad-payload.toml")).expect("the vehicle file");
    let (home, scenario) = (Home::default(), Scenario::nominal());
    let config = SimConfig { vehicle, autopilot, home, seed: 3, scenario, warm_start: true };
    let mut world = World::new(Embedded(Simulation::new(config)), PERFECT, 1);
    let system = world.system();
    (world, system)
}

#[test]
fn fences_and_rally_points_are_lists_of_their_own() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        let at = |lat_deg, lon_deg| GroundPoint { lat_deg, lon_deg };
        let areas = [
            FenceArea::Polygon { keep: Keep::In, corners: vec![at(47.39, 8.54), at(47.40, 8.54), at(47.40, 8.55)] },
            FenceArea::Circle { keep: Keep::Out, centre: at(47.395, 8.545), radius_m: 12.5 },
        ];
        let points = [RallyPoint { lat_deg: 47.396, lon_deg: 8.546, altitude: Altitude::AboveHome(20.0) }];
        let items = [MissionItem::take_off(Altitude::AboveHome(10.0)), MissionItem::return_to_launch()];
        let all = async {
            system.geofence().upload(&areas).await?;
            system.rally().upload(&points).await?;
            system.mission_raw().upload(&items).await?;
            assert_eq!(system.geofence().download().await?, areas);
            assert_eq!(system.rally().download().await?, points);
            system.geofence().clear().await?;
            assert_eq!(system.geofence().download().await?, []);
            assert_eq!(system.rally().download().await?, points);
            system.mission_raw().download().await
        };
        assert_eq!(world.run(60.0, all).expect("lists").len(), 2);
    }
}

#[test]
fn a_mission_is_paused_on_its_way_and_goes_on() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        let high = Altitude::AboveHome(10.0);
        let north = |metres: f64| MissionItem::waypoint(47.397_742 + metres / 111_320.0, 8.545_594, high);
        let items = [MissionItem::take_off(high), north(60.0), north(90.0)];
        let flown = async {
            let (mission, action) = (system.mission_raw(), system.action());
            mission.upload(&items).await?;
            action.arm().await?;
            mission.start().await?;
            while action.state().await?.position.north_m < 15.0 {
                system.sleep(Seconds(0.2)).await?;
            }
            mission.pause().await?;
            system.sleep(Seconds(4.0)).await?;
            let paused = action.state().await?.position;
            system.sleep(Seconds(10.0)).await?;
            let later = action.state().await?.position;
            mission.start().await?;
            while action.state().await?.position.north_m < 88.0 {
                system.sleep(Seconds(0.2)).await?;
            }
            Ok::<_, FlightError>((paused, later))
        };
        let (paused, later) = world.run(200.0, flown).unwrap_or_else(|error| panic!("{autopilot:?}: {error}"));
        assert!(paused.distance_m(&later) < 0.5, "{autopilot:?}: from {paused:?} to {later:?}");
        assert!((15.0..45.0).contains(&later.north_m), "{autopilot:?}: {later:?}");
    }
}
