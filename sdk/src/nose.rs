//! Where the nose points while the vehicle moves.
use flightsmith_mission::{frame::PositionNed, units::Degrees};

/// A standing order for the nose; holds from the call that sets it until the next one.
///
/// ```no_run
/// # use flightsmith_sdk::prelude::*;
/// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
/// let tower = PositionNed::at(North(30.0), East(10.0), AboveHome(10.0));
/// vehicle.set_nose(Nose::At(tower));
/// vehicle.go_to(PositionNed::at(North(60.0), East(0.0), AboveHome(10.0))).await?;
/// vehicle.set_nose(Nose::AlongPath);
/// vehicle.return_home().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Nose {
    /// As it is now.
    Keep,
    /// Along the path that is flown.
    AlongPath,
    /// Against the path: flying backwards.
    AgainstPath,
    /// At a true heading.
    Heading(Degrees),
    /// At a place, wherever the vehicle is.
    At(PositionNed),
}

impl Nose {
    /// The heading wanted at `position` on a path of bearing `path_deg` (where it has one); `kept_deg` is the present heading.
    pub(crate) fn heading_deg(self, position: &PositionNed, path_deg: Option<f64>, kept_deg: f64) -> f64 {
        match self {
            Nose::Keep => kept_deg,
            Nose::AlongPath => path_deg.unwrap_or(kept_deg),
            Nose::AgainstPath => path_deg.map_or(kept_deg, |deg| deg + 180.0),
            Nose::Heading(heading) => heading.0,
            Nose::At(place) if position.horizontal_distance_m(&place) < 1.0 => kept_deg,
            Nose::At(place) => position.bearing_deg(&place),
        }
    }
}
