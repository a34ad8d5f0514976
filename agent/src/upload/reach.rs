//! How far, high and fast a mission goes: what a policy's limits are held against.
use flightsmith_mission::contract::Contract;
use flightsmith_mission::frame::PositionNed;
use flightsmith_mission::itinerary::{Item, Motion};
use flightsmith_upload::permit::MissionReach;

/// The farthest and highest point over all branches of the contract's itinerary, and the highest speed limit of a leg or arc.
pub fn reach(contract: &Contract) -> MissionReach {
    let mut reach = MissionReach { max_altitude_m: 0.0, max_distance_m: 0.0, max_speed_m_s: 0.0 };
    add(&mut reach, &contract.itinerary.items);
    reach
}

fn add(reach: &mut MissionReach, items: &[Item]) {
    for item in items {
        let mut point = |at: &PositionNed| {
            reach.max_altitude_m = reach.max_altitude_m.max(at.altitude_m());
            reach.max_distance_m = reach.max_distance_m.max(at.horizontal_distance_m(&PositionNed::HOME));
        };
        match &item.motion {
            Motion::TakeOff { to } => point(to),
            Motion::Leg { from, to } => {
                point(from);
                point(to);
                reach.max_speed_m_s = reach.max_speed_m_s.max(item.speed_m_s);
            }
            Motion::Arc(arc) => {
                // Points a degree apart, at most 20 laps of them; between them lie less than 2 mm at 10 m of radius.
                let chords = arc.sweep_deg.abs().ceil().clamp(1.0, 7_200.0);
                (0..=chords as u32).for_each(|index| point(&arc.point_at(f64::from(index) / chords)));
                reach.max_speed_m_s = reach.max_speed_m_s.max(item.speed_m_s);
            }
            Motion::Hold { at, .. } | Motion::Turn { at, .. } | Motion::Photo { at } | Motion::Release { at, .. } => {
                point(at);
            }
            Motion::ReturnToLaunch { from } | Motion::Land { from } => point(from),
            Motion::Branch { at, then, otherwise, .. } => {
                point(at);
                add(reach, then);
                add(reach, otherwise);
            }
        }
    }
}
