//! Places, displacements and directions of a plan as expressions.
use super::code::Node;
use super::constants::{is_plain, number, wind_name};
use super::known::Known;
use super::steps::Writer;
use flightsmith_mission::frame::{AboveHome, Altitude, GlobalPosition, Latitude, Longitude, PositionNed};
use flightsmith_mission::plan::{Direction, Displacement, Place};
use flightsmith_mission::raw::position_ned;
use flightsmith_mission::units::{wrap_180, wrap_360};

/// A place, ready to be written.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// A `PositionNed` at the height asked for.
    pub position: String,
    /// Whether that is a constant, so that it can be used again without being computed again.
    pub is_constant: bool,
    /// For coordinates: the `GlobalPosition`.
    pub global: Option<String>,
    /// Where it is, assuming home.
    pub at: Option<PositionNed>,
    /// How far from where the vehicle is, horizontally.
    pub distance_m: Option<f64>,
}

/// The height of a place: the present one, or as the plan says.
pub(super) enum Height<'a> {
    Present,
    Given(&'a Altitude),
}

/// Whether a displacement has a distance and a direction that a person would say.
struct Polar {
    /// Clockwise from north, or from the nose.
    angle_deg: f64,
    distance_m: f64,
}

impl Writer<'_> {
    /// `place` at `height`, for a constant called `meaning` where it is one.
    pub(super) fn spot(&mut self, place: &Place, height: &Height<'_>, meaning: &str, known: &Known) -> Spot {
        let at = self.place_at(place, known).map(|at| match height {
            Height::Present => at,
            Height::Given(altitude) => at.at_altitude(self.home.above_home(**altitude)),
        });
        let distance_m = match (place, &known.position, &at) {
            (Place::Here, ..) => Some(0.0),
            (Place::FromHere { by }, ..) => Some(level_length_m(by)),
            (_, Some(here), Some(at)) => Some(here.horizontal_distance_m(at)),
            _ => None,
        };
        let spot = |position: String, is_constant: bool| Spot { position, is_constant, global: None, at, distance_m };
        match place {
            Place::Home => self.fixed_spot(0.0, 0.0, height, "ABOVE_HOME", known, spot),
            Place::FromHome { north_m, east_m } => self.fixed_spot(*north_m, *east_m, height, meaning, known, spot),
            Place::Here => spot(self.at_height("here".into(), height), false),
            Place::FromHere { by } => {
                let level = match *by {
                    Displacement::World { north_m, east_m, .. } => Displacement::World { north_m, east_m, up_m: 0.0 },
                    Displacement::Body { forward_m, right_m, .. } => {
                        Displacement::Body { forward_m, right_m, up_m: 0.0 }
                    }
                };
                let position = self.moved("here", &level, Some(meaning));
                spot(self.at_height(position, height), false)
            }
            Place::Global { lat_deg, lon_deg } => {
                let altitude = match height {
                    Height::Given(Altitude::AboveHome(metres)) => {
                        format!("Altitude::AboveHome({}.0)", self.altitude(*metres))
                    }
                    Height::Given(Altitude::Amsl(metres)) => format!("Altitude::Amsl({})", number(*metres)),
                    Height::Present => match &known.altitude {
                        Some(constant) => format!("Altitude::AboveHome({constant}.0)"),
                        None => "Altitude::AboveHome(0.0)".into(),
                    },
                };
                let value = format!("GlobalPosition::at(Latitude({lat_deg:?}), Longitude({lon_deg:?}), {altitude})");
                let constant = self.constants.named(meaning, "GlobalPosition", value);
                let position = format!("vehicle.home().to_ned(&{constant})");
                if matches!(height, Height::Present) && known.altitude.is_none() {
                    return spot(format!("{position}.at_altitude(here.altitude())"), false);
                }
                Spot { global: Some(constant), ..spot(position, false) }
            }
        }
    }

    fn fixed_spot(
        &mut self,
        north_m: f64,
        east_m: f64,
        height: &Height<'_>,
        meaning: &str,
        known: &Known,
        spot: impl Fn(String, bool) -> Spot,
    ) -> Spot {
        let altitude = match (height, &known.altitude) {
            (Height::Present, Some(constant)) => Some(constant.clone()),
            (Height::Given(Altitude::AboveHome(metres)), _) => Some(self.altitude(*metres)),
            _ => None,
        };
        let (north, east) = (number(north_m), number(east_m));
        if let Some(altitude) = altitude {
            let value = format!("PositionNed::at(North({north}), East({east}), {altitude})");
            return spot(self.constants.named(meaning, "PositionNed", value), true);
        }
        let value = format!("PositionNed::at(North({north}), East({east}), AboveHome(0.0))");
        let ground =
            self.constants.noted(meaning, "PositionNed", value, "On the ground; flown at the height of the time.");
        let position = match height {
            Height::Present => format!("{ground}.at_altitude(here.altitude())"),
            Height::Given(_) => self.at_height(ground, height),
        };
        spot(position, false)
    }

    fn at_height(&mut self, position: String, height: &Height<'_>) -> String {
        let altitude = match height {
            Height::Present => return position,
            Height::Given(Altitude::AboveHome(metres)) => self.altitude(*metres),
            Height::Given(Altitude::Amsl(metres)) => self.amsl(*metres),
        };
        // `here + OFFSET` is a sum, `here.towards(heading + SIDE, ..)` is a call.
        match position.starts_with("here + ") {
            true => format!("({position}).at_altitude({altitude})"),
            false => format!("{position}.at_altitude({altitude})"),
        }
    }

    /// A height above mean sea level as one above home.
    pub(super) fn amsl(&mut self, metres: f64) -> String {
        let value = format!("Altitude::Amsl({})", number(metres));
        let constant = self.constants.named("ALTITUDE_AMSL", "Altitude", value);
        format!("vehicle.home().above_home({constant})")
    }

    /// A name for `spot` that can be used several times: its constant, or a variable.
    pub(super) fn kept(&mut self, var: &'static str, spot: &Spot, out: &mut Vec<Node>) -> String {
        if spot.is_constant {
            return spot.position.clone();
        }
        out.push(Node::local(var, spot.position.clone()));
        var.into()
    }

    /// The point that lies `by` from the point `from`: a leg, or the place called `place` as seen from there.
    pub(super) fn moved(&mut self, from: &str, by: &Displacement, place: Option<&str>) -> String {
        let (ahead_m, aside_m, up_m, in_body) = match *by {
            Displacement::World { north_m, east_m, up_m } => (north_m, east_m, up_m, false),
            Displacement::Body { forward_m, right_m, up_m } => (forward_m, right_m, up_m, true),
        };
        if ahead_m.hypot(aside_m) < 1e-9 {
            let (height, sign) = if up_m < 0.0 { ("DESCENT_HEIGHT", "-") } else { ("CLIMB_HEIGHT", "+") };
            let height = self.constants.metres(height, up_m.abs());
            return format!("{from}.at_altitude({from}.altitude() {sign} {height})");
        }
        if let (true, Some(Polar { angle_deg, distance_m })) = (up_m == 0.0, polar(ahead_m, aside_m)) {
            let name = if in_body { side_name(angle_deg) } else { wind_name(angle_deg) };
            let length = match (place, name) {
                (Some(place), _) => format!("{place}_DISTANCE"),
                (None, Some(name)) => format!("{name}_LEG"),
                (None, None) => "LEG_LENGTH".into(),
            };
            let place = place.unwrap_or("LEG");
            let direction = if in_body {
                self.beside_nose(angle_deg, &format!("{place}_ANGLE"))
            } else {
                self.constants.bearing(&format!("{place}_BEARING"), angle_deg)
            };
            let length = self.constants.metres(&length, distance_m);
            return format!("{from}.towards({direction}, {length})");
        }
        let (ahead, aside, up) = (number(ahead_m), number(aside_m), number(up_m));
        let note = in_words(ahead_m, aside_m, up_m, in_body);
        let (of_type, value) = if in_body {
            ("OffsetFrd", format!("OffsetFrd::by(Forward({ahead}), Right({aside}), Up({up}))"))
        } else {
            ("OffsetNed", format!("OffsetNed::by(North({ahead}), East({aside}), Up({up}))"))
        };
        let meaning = match (place, up_m) {
            (Some(place), _) => format!("{place}_OFFSET"),
            (None, 0.0) => "LEG".into(),
            (None, up_m) if up_m > 0.0 => "CLIMBING_LEG".into(),
            (None, _) => "DESCENDING_LEG".into(),
        };
        let constant = self.constants.noted(&meaning, of_type, value, note);
        if in_body { format!("{from} + {constant}.to_ned(heading)") } else { format!("{from} + {constant}") }
    }

    /// A bearing clockwise from the nose.
    fn beside_nose(&mut self, angle_deg: f64, meaning: &str) -> String {
        let angle_deg = wrap_180(angle_deg);
        if angle_deg.abs() < 1e-9 {
            return "heading".into();
        }
        let side = match angle_deg {
            90.0 => Some("TO_THE_RIGHT"),
            -90.0 => Some("TO_THE_LEFT"),
            180.0 => Some("BEHIND"),
            _ => None,
        };
        let constant = match side {
            Some(side) => self.constants.degrees(side, angle_deg),
            None => {
                let value = format!("Degrees({})", number(angle_deg));
                self.constants.noted(meaning, "Degrees", value, "Clockwise from the nose.")
            }
        };
        format!("heading + {constant}")
    }

    /// A direction as a true bearing: the expression, and its value where it is known.
    pub(super) fn course(&mut self, direction: &Direction, figure: &str, known: &Known) -> (String, Option<f64>) {
        let meaning = format!("{figure}_FIRST_LEG");
        match direction {
            Direction::Bearing(bearing_deg) => {
                (self.constants.bearing(&format!("{meaning}_BEARING"), *bearing_deg), Some(wrap_360(*bearing_deg)))
            }
            Direction::FromNose(angle_deg) => {
                let heading_deg = known.heading_deg.map(|heading_deg| wrap_360(heading_deg + angle_deg));
                (self.beside_nose(*angle_deg, &format!("{meaning}_ANGLE")), heading_deg)
            }
        }
    }

    /// Where a place is at the present height, assuming home.
    pub(super) fn place_at(&self, place: &Place, known: &Known) -> Option<PositionNed> {
        let at_height =
            |position: PositionNed| position.at_altitude(known.position.map_or(AboveHome(0.0), |here| here.altitude()));
        match place {
            Place::Home => Some(at_height(PositionNed::HOME)),
            Place::Here => known.position,
            Place::FromHome { north_m, east_m } => Some(at_height(position_ned([*north_m, *east_m, 0.0]))),
            Place::FromHere { by } => {
                let mut offset = known.offset(by)?;
                offset.down_m = 0.0;
                Some(known.position? + offset)
            }
            Place::Global { lat_deg, lon_deg } => {
                let altitude = Altitude::AboveHome(0.0);
                let position = GlobalPosition::at(Latitude(*lat_deg), Longitude(*lon_deg), altitude);
                Some(at_height(self.home.to_ned(&position)))
            }
        }
    }
}

fn level_length_m(by: &Displacement) -> f64 {
    match by {
        Displacement::World { north_m, east_m, .. } => north_m.hypot(*east_m),
        Displacement::Body { forward_m, right_m, .. } => forward_m.hypot(*right_m),
    }
}

/// Distance and angle, where at least the angle is one that a person would say.
fn polar(ahead_m: f64, aside_m: f64) -> Option<Polar> {
    let distance_m = ahead_m.hypot(aside_m);
    let angle_deg = wrap_360(aside_m.atan2(ahead_m).to_degrees());
    let angle_deg = (angle_deg * 1e6).round() / 1e6 % 360.0;
    let is_named = wind_name(angle_deg).is_some() && is_plain(distance_m);
    let on_an_axis = angle_deg % 90.0 == 0.0;
    (on_an_axis || is_named || (is_plain(angle_deg) && is_plain(distance_m))).then_some(Polar { angle_deg, distance_m })
}

fn side_name(angle_deg: f64) -> Option<&'static str> {
    match angle_deg {
        0.0 => Some("FORWARD"),
        90.0 => Some("RIGHT"),
        180.0 => Some("BACKWARD"),
        270.0 => Some("LEFT"),
        _ => None,
    }
}

/// A slanted displacement as people say it: how far, how steep.
fn in_words(ahead_m: f64, aside_m: f64, up_m: f64, in_body: bool) -> String {
    let level_m = ahead_m.hypot(aside_m);
    let (length_m, steep_deg) = (level_m.hypot(up_m), up_m.abs().atan2(level_m).to_degrees());
    let angle_deg = wrap_360(aside_m.atan2(ahead_m).to_degrees());
    let steep = match up_m {
        0.0 => String::new(),
        up_m => format!(", {steep_deg:.1} degrees {}", if up_m > 0.0 { "up" } else { "down" }),
    };
    let of = if in_body { "clockwise from the nose" } else { "true" };
    format!("{length_m:.1} m at {angle_deg:.1} degrees {of}{steep}.")
}
