//! Paths by length: straight legs, and arcs (circles, orbits, spirals, climbing or level).
use core::f64::consts::PI;
use flightsmith_mission::trig;
use flightsmith_mission::{
    frame::PositionNed,
    raw::position_ned,
    units::{Degrees, Metres, wrap_360},
};

/// Part of a circle or of a spiral around a centre, flown at the centre's height plus a steady climb.
///
/// The vehicle starts at `start_bearing` from the centre, `start_radius` away from it, at the centre's height.
///
/// ```
/// use flightsmith_sdk::prelude::*;
/// // One and a half laps, clockwise from above, 15 m around a point 40 m north of home, 20 m up, beginning south of it.
/// let orbit = Arc {
///     centre: PositionNed::at(North(40.0), East(0.0), AboveHome(20.0)),
///     start_bearing: Degrees(180.0),
///     sweep: Degrees(540.0),
///     start_radius: Metres(15.0),
///     end_radius: Metres(15.0),
///     climb: Metres(0.0),
/// };
/// assert!(orbit.start().distance_m(&PositionNed::at(North(25.0), East(0.0), AboveHome(20.0))) < 1e-9);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arc {
    /// The centre; its height is the height at which the arc begins.
    pub centre: PositionNed,
    /// True bearing from the centre to the beginning.
    pub start_bearing: Degrees,
    /// How far around, positive clockwise seen from above; more than 360 for several laps.
    pub sweep: Degrees,
    /// Radius at the beginning.
    pub start_radius: Metres,
    /// Radius at the end; the same for a circle.
    pub end_radius: Metres,
    /// Height gained from the beginning to the end; negative for a descent.
    pub climb: Metres,
}

impl Arc {
    /// A level circle: `sweep` around `centre` from `start_bearing`.
    ///
    /// ```
    /// use flightsmith_sdk::prelude::*;
    /// // Half a circle of 10 m, clockwise from above, beginning north of its centre.
    /// let half = Arc::circle(PositionNed::at(North(0.0), East(0.0), AboveHome(10.0)), Metres(10.0), Degrees(0.0), Degrees(180.0));
    /// assert!(half.end().distance_m(&PositionNed::at(North(-10.0), East(0.0), AboveHome(10.0))) < 1e-9);
    /// ```
    pub fn circle(centre: PositionNed, radius: Metres, start_bearing: Degrees, sweep: Degrees) -> Self {
        Self { centre, start_bearing, sweep, start_radius: radius, end_radius: radius, climb: Metres(0.0) }
    }
    /// `turns` level circles around `centre`, clockwise from above (negative: the other way), from the point nearest to `from`.
    ///
    /// ```
    /// use flightsmith_sdk::prelude::*;
    /// let orbit = Arc::orbit(
    ///     PositionNed::at(North(20.0), East(0.0), AboveHome(10.0)),
    ///     Metres(5.0),
    ///     1.0,
    ///     &PositionNed::at(North(0.0), East(0.0), AboveHome(10.0)),
    /// );
    /// assert!(orbit.start().distance_m(&PositionNed::at(North(15.0), East(0.0), AboveHome(10.0))) < 1e-9);
    /// ```
    pub fn orbit(centre: PositionNed, radius: Metres, turns: f64, from: &PositionNed) -> Self {
        Self::circle(centre, radius, Degrees(centre.bearing_deg(from)), Degrees(360.0 * turns))
    }
    /// Where it begins.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let centre = PositionNed::at(North(30.0), East(0.0), AboveHome(10.0));
    /// let arc = Arc::circle(centre, Metres(8.0), Degrees(90.0), Degrees(360.0));
    /// vehicle.go_to(arc.start()).await?;
    /// vehicle.take_photo().await?;
    /// vehicle.follow_arc(arc).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn start(&self) -> PositionNed {
        self.at_share(0.0).position
    }
    /// Where it ends.
    ///
    /// ```
    /// use flightsmith_sdk::prelude::*;
    /// // A spiral from 5 m out to 15 m, climbing by 4 m.
    /// let spiral = Arc {
    ///     centre: PositionNed::at(North(0.0), East(0.0), AboveHome(10.0)),
    ///     start_bearing: Degrees(0.0),
    ///     sweep: Degrees(360.0),
    ///     start_radius: Metres(5.0),
    ///     end_radius: Metres(15.0),
    ///     climb: Metres(4.0),
    /// };
    /// assert!(spiral.end().distance_m(&PositionNed::at(North(15.0), East(0.0), AboveHome(14.0))) < 1e-9);
    /// ```
    pub fn end(&self) -> PositionNed {
        self.at_share(1.0).position
    }
    fn sweep_rad(&self) -> f64 {
        self.sweep.0 * PI / 180.0
    }
    /// Length of the ground track in metres; the radius changes evenly with the angle.
    fn ground_length_m(&self) -> f64 {
        let (mean_m, change_m) =
            ((self.start_radius.0 + self.end_radius.0) / 2.0, self.end_radius.0 - self.start_radius.0);
        // Within 0.1 % of the exact integral for spirals that change their radius by less than their circumference.
        trig::hypot(mean_m * self.sweep_rad().abs(), change_m)
    }
    /// Position, direction and curvature at the share 0 to 1 of the angle.
    fn at_share(&self, share: f64) -> PathPoint {
        let angle_rad = self.start_bearing.0.to_radians() + share * self.sweep_rad();
        let radius_m = self.start_radius.0 + share * (self.end_radius.0 - self.start_radius.0);
        let (sin, cos) = (trig::sin(angle_rad), trig::cos(angle_rad));
        let position = position_ned([
            self.centre.north_m + radius_m * cos,
            self.centre.east_m + radius_m * sin,
            self.centre.down_m - share * self.climb.0,
        ]);
        // Change with the share: around, outwards, up.
        let around_m = radius_m * self.sweep_rad();
        let outwards_m = self.end_radius.0 - self.start_radius.0;
        let along = [outwards_m * cos - around_m * sin, outwards_m * sin + around_m * cos, -self.climb.0];
        let length_m = trig::hypot(trig::hypot(along[0], along[1]), along[2]);
        let direction = if length_m > 0.0 { along.map(|v| v / length_m) } else { [0.0; 3] };
        let level_share = if length_m > 0.0 { trig::hypot(along[0], along[1]) / length_m } else { 0.0 };
        // Of a slowly changing spiral the curvature is that of the circle here, towards the centre.
        let curvature = if radius_m > 0.1 { level_share * level_share / radius_m } else { 0.0 };
        PathPoint { position, direction, curvature_per_m: [-cos * curvature, -sin * curvature, 0.0] }
    }
    /// Metres of path per unit of share at `share`.
    fn speed_of_share_m(&self, share: f64) -> f64 {
        let radius_m = self.start_radius.0 + share * (self.end_radius.0 - self.start_radius.0);
        let level = trig::hypot(radius_m * self.sweep_rad(), self.end_radius.0 - self.start_radius.0);
        trig::hypot(level, self.climb.0)
    }
}

/// A point of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PathPoint {
    pub position: PositionNed,
    /// Unit vector north, east, down.
    pub direction: [f64; 3],
    /// Change of the direction per metre, north, east, down.
    pub curvature_per_m: [f64; 3],
}

impl PathPoint {
    /// Bearing of the path here; `None` where it goes straight up or down.
    pub(crate) fn bearing_deg(&self) -> Option<f64> {
        let [north, east, _] = self.direction;
        (trig::hypot(north, east) > 0.05).then(|| wrap_360(trig::atan2(east, north).to_degrees()))
    }
    /// Metres down for each metre of path.
    pub(crate) fn down_share(&self) -> f64 {
        self.direction[2]
    }
    pub(crate) fn level_share(&self) -> f64 {
        trig::hypot(self.direction[0], self.direction[1])
    }
    /// Unit vector towards the inside of the curve; `None` where the path is straight.
    fn inside(&self) -> Option<[f64; 2]> {
        let curvature = self.curvature();
        let [north, east, _] = self.curvature_per_m;
        (curvature > 1e-6).then(|| [north / curvature, east / curvature])
    }
    /// How far `vehicle` is outside of the curve, in metres; `None` where the path is straight.
    pub(crate) fn too_far_out_m(&self, vehicle: &PositionNed) -> Option<f64> {
        let [north, east] = self.inside()?;
        let off = self.position - *vehicle;
        Some(off.north_m * north + off.east_m * east)
    }
    /// The point `by_m` further inside the curve; the point itself where the path is straight.
    pub(crate) fn inwards(&self, by_m: f64) -> PositionNed {
        let [north, east] = self.inside().unwrap_or([0.0; 2]);
        let at = self.position;
        position_ned([at.north_m + by_m * north, at.east_m + by_m * east, at.down_m])
    }
    pub(crate) fn curvature(&self) -> f64 {
        trig::hypot(self.curvature_per_m[0], self.curvature_per_m[1])
    }
}

/// Where a set-point can travel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Path {
    Leg { from: PositionNed, to: PositionNed },
    Arc(Arc),
}

impl Path {
    pub(crate) fn length_m(&self) -> f64 {
        match self {
            Path::Leg { from, to } => from.distance_m(to),
            Path::Arc(arc) => trig::hypot(arc.ground_length_m(), arc.climb.0),
        }
    }
    pub(crate) fn end(&self) -> PositionNed {
        match self {
            Path::Leg { to, .. } => *to,
            Path::Arc(arc) => arc.end(),
        }
    }
    /// The point at `share` (0 to 1) of a leg's length or of an arc's angle.
    pub(crate) fn at(&self, share: f64) -> PathPoint {
        match self {
            Path::Leg { from, to } => {
                let length_m = self.length_m().max(1e-9);
                let offset = *to - *from;
                let direction = [offset.north_m / length_m, offset.east_m / length_m, offset.down_m / length_m];
                let position = position_ned([
                    from.north_m + offset.north_m * share,
                    from.east_m + offset.east_m * share,
                    from.down_m + offset.down_m * share,
                ]);
                PathPoint { position, direction, curvature_per_m: [0.0; 3] }
            }
            Path::Arc(arc) => arc.at_share(share),
        }
    }
    /// Metres of path per unit of share at `share`.
    pub(crate) fn metres_per_share(&self, share: f64) -> f64 {
        match self {
            Path::Leg { .. } => self.length_m(),
            Path::Arc(arc) => arc.speed_of_share_m(share),
        }
        .max(1e-6)
    }
    /// Metres from `share` to the end.
    pub(crate) fn remaining_m(&self, share: f64) -> f64 {
        // The mean of both ends is exact for legs and circles and close for spirals.
        (self.metres_per_share(share) + self.metres_per_share(1.0)) / 2.0 * (1.0 - share)
    }
}
