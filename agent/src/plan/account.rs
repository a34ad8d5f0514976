//! Accounting for numbers: every amount in the words must be found again in the plan. A second pair of eyes on the grammar, and
//! what the model side demands of a model's draft.
use super::quantity::{Dimension, Found, find_all};
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::plan::{Action, Direction, Displacement, OrbitAmount, Place, PlanDraft, Shape, Step};
use flightsmith_mission::raw::position_ned;
use flightsmith_mission::units::{wrap_180, wrap_360};

/// The amounts in `words` that nothing in `draft` accounts for, neither as they are nor as a distance, angle, half or total of it.
pub fn unaccounted(words: &str, draft: &PlanDraft, home: &Home) -> Vec<Found> {
    unaccounted_with(words, draft, home, &[])
}

/// As [`unaccounted`], with `held`: amounts that hold without standing in the plan.
pub(super) fn unaccounted_with(words: &str, draft: &PlanDraft, home: &Home, held: &[f64]) -> Vec<Found> {
    let mut values = Values { home: *home, all: Vec::new(), last_speed: draft.speed_m_s };
    values.all.extend(held);
    if words.to_lowercase().contains("eight") || words.contains("igure 8") || words.contains("igure-8") {
        // The name of a figure.
        values.all.push(8.0);
    }
    values.number_all(&serde_json::to_value(draft).unwrap_or_default());
    values.steps(&draft.steps);
    for keep_out in &draft.keep_outs {
        if let flightsmith_mission::plan::Area::Circle { centre, .. } = &keep_out.area {
            values.place(centre);
        }
        if let flightsmith_mission::plan::Area::Polygon { corners } = &keep_out.area {
            corners.iter().for_each(|corner| values.place(corner));
            values.rectangle(corners);
        }
    }
    let count = steps_of(&draft.steps);
    for value in [count.photos, count.turns, count.places] {
        values.all.push(f64::from(value));
    }
    find_all(words).into_iter().filter(|found| !values.has(found)).collect()
}

const LENGTHS_M: [f64; 5] = [0.3048, 0.9144, 1000.0, 1609.344, 1852.0];

#[derive(Default)]
struct Count {
    photos: u32,
    turns: u32,
    places: u32,
}

fn steps_of(steps: &[Step]) -> Count {
    let mut count = Count::default();
    for step in steps {
        match &step.action {
            Action::Photo => count.photos += 1,
            Action::Turn { .. } => count.turns += 1,
            Action::Visit { places, .. } => count.places += places.len() as u32,
            _ => {}
        }
    }
    count
}

struct Values {
    home: Home,
    all: Vec<f64>,
    last_speed: Option<f64>,
}

impl Values {
    fn has(&self, found: &Found) -> bool {
        let value = found.quantity.value.abs();
        // The parts of degrees, minutes and seconds are accounted for by the coordinates that they make.
        let near = |other: &f64| (other.abs() - value).abs() <= 1e-3 * value.clamp(1.0, 10.0);
        let angle = matches!(found.quantity.dimension, Dimension::Angle | Dimension::Count);
        // An article or a clock hour says nothing that could be lost.
        found.quantity.dimension == Dimension::Count && (value == 1.0 || self.all.contains(&(value * 100.0)) && value < 1.0)
            || self.all.iter().any(near)
            // `100 by 60 feet`, `climb to 30`: the unit stands with another number.
            || found.quantity.dimension == Dimension::Count && LENGTHS_M.iter().any(|unit| self.all.iter().any(|other| (other - value * unit).abs() < 1e-3))
            || angle && self.all.iter().any(|other| wrap_180(other - value).abs() < 0.01)
            || angle && value <= 12.0 && value.fract() == 0.0 && self.all.iter().any(|other| wrap_180(other - value * 30.0).abs() < 0.01)
    }
    fn number_all(&mut self, value: &serde_json::Value) {
        match value {
            serde_json::Value::Number(number) => self.all.extend(number.as_f64()),
            serde_json::Value::Array(items) => items.iter().for_each(|item| self.number_all(item)),
            serde_json::Value::Object(fields) => fields.values().for_each(|field| self.number_all(field)),
            _ => {}
        }
    }
    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            match &step.action {
                Action::Move { by, .. } => self.displacement(by),
                Action::GoTo { place, .. } | Action::LandAt { place, .. } => self.place(place),
                Action::Speed { speed_m_s } => self.last_speed = Some(*speed_m_s),
                Action::Orbit { centre, radius_m, climb_m, amount, .. } => {
                    self.place(centre);
                    // Said as a diameter, or as heights from and to.
                    self.all.extend([radius_m * 2.0, *climb_m]);
                    if let OrbitAmount::Laps(laps) = amount {
                        self.all.push(*laps);
                    }
                }
                Action::Pattern { shape, centre, at_each, first_leg, .. } => {
                    if let Some(centre) = centre {
                        self.place(centre);
                    }
                    let (Direction::Bearing(angle) | Direction::FromNose(angle)) = first_leg;
                    self.all.push(*angle);
                    self.shape(shape);
                    self.steps(at_each);
                }
                Action::Visit { places, at_each, .. } => {
                    places.iter().for_each(|waypoint| self.place(&waypoint.place));
                    self.steps(at_each);
                }
                Action::Repeat { times, steps } => {
                    // `repeat that twice` is three in all.
                    self.all.extend([f64::from(*times), f64::from(*times) - 1.0]);
                    self.all.push(360.0 / f64::from(*times));
                    self.steps(steps);
                }
                Action::When { then, otherwise, .. } => {
                    self.steps(then);
                    self.steps(otherwise);
                }
                _ => {}
            }
        }
        let mut height = 0.0;
        for step in steps {
            match &step.action {
                Action::TakeOff { altitude_m } => {
                    height = *altitude_m;
                    self.all.push(height + self.home.altitude_amsl_m);
                }
                Action::Altitude { to: flightsmith_mission::plan::AltitudeChange::AboveHome(metres) } => {
                    height = *metres
                }
                Action::Orbit { climb_m, .. } | Action::Pattern { shape: Shape::Spiral { climb_m, .. }, .. } => {
                    height += climb_m;
                    self.all.push(height);
                }
                _ => {}
            }
        }
    }
    fn shape(&mut self, shape: &Shape) {
        match *shape {
            Shape::Polygon { sides, side_m } => {
                let radius_m = side_m / (2.0 * (std::f64::consts::PI / f64::from(sides.max(3))).sin());
                self.all.extend([f64::from(sides), radius_m, radius_m * 2.0]);
            }
            Shape::FigureEight { radius_m, laps } => self.all.extend([radius_m * 2.0, f64::from(laps)]),
            Shape::Spiral { start_radius_m, end_radius_m, turns, .. } => {
                self.all.extend([
                    (end_radius_m - start_radius_m).abs() / turns,
                    start_radius_m * 2.0,
                    end_radius_m * 2.0,
                ]);
            }
            Shape::ExpandingSquare { spacing_m, legs } => {
                self.all.extend([f64::from(legs), f64::from(legs) / 4.0, f64::from(legs) / 4.0 * spacing_m]);
            }
            _ => {}
        }
    }
    /// Sides and middle of an area, which the words may have given instead of its corners.
    fn rectangle(&mut self, corners: &[Place]) {
        let at: Vec<(f64, f64)> = corners
            .iter()
            .filter_map(|corner| match corner {
                Place::FromHome { north_m, east_m } => Some((*north_m, *east_m)),
                _ => None,
            })
            .collect();
        if let [a, b, c, _] = at[..] {
            self.all.extend([a.0 - c.0, a.1 - c.1, a.0 - b.0, a.1 - b.1]);
            let middle = ((a.0 + c.0) / 2.0, (a.1 + c.1) / 2.0);
            self.displacement(&Displacement::World { north_m: middle.0, east_m: middle.1, up_m: 0.0 });
            self.all.extend([middle.0, middle.1]);
        }
    }
    fn displacement(&mut self, by: &Displacement) {
        let (along, across, up) = match *by {
            Displacement::World { north_m, east_m, up_m } => (north_m, east_m, up_m),
            Displacement::Body { forward_m, right_m, up_m } => (forward_m, right_m, up_m),
        };
        let level = along.hypot(across);
        let angle = wrap_360(across.atan2(along).to_degrees());
        let slope = up.atan2(level).to_degrees();
        self.all.extend([level, level.hypot(up), angle, 360.0 - angle, slope]);
        if let Some(speed) = self.last_speed {
            self.all.push(level / speed);
        }
    }
    fn place(&mut self, place: &Place) {
        match place {
            Place::FromHome { north_m, east_m } => {
                self.displacement(&Displacement::World { north_m: *north_m, east_m: *east_m, up_m: 0.0 });
                let at = self.home.to_global(&position_ned([*north_m, *east_m, 0.0]));
                self.all.extend([at.lat_deg, at.lon_deg]);
            }
            Place::FromHere { by } => self.displacement(by),
            Place::Global { lat_deg, lon_deg } => {
                for degrees in [lat_deg.abs(), lon_deg.abs()] {
                    let minutes = degrees.fract() * 60.0;
                    let seconds = minutes.fract() * 60.0;
                    self.all.extend([
                        degrees,
                        degrees.floor(),
                        minutes,
                        minutes.floor(),
                        minutes.round(),
                        seconds,
                        seconds.round(),
                    ]);
                    // A minute mark also reads as feet, a second mark as none.
                    self.all.extend([minutes * 0.3048, minutes.floor() * 0.3048, minutes.round() * 0.3048]);
                    self.all.extend([minutes * 60.0, minutes.floor() * 60.0]);
                }
            }
            Place::Home | Place::Here => {}
        }
    }
}
