//! Values and structure: each number finite, in its range and sane; payloads declared; takeoff first and landing last; outlines
//! that are areas; coordinates on the earth.
use super::fault::{FaultKind, Faults, PlanFault};
use super::{Against, MIN_ALTITUDE_M, plain};
use crate::frame::{Altitude, GlobalPosition, Latitude, Longitude};
use crate::itinerary::{ends_the_flight, step_number};
use crate::outline::crossing_edges;
use crate::plan::*;
use crate::vehicle::Payload;
use alloc::{format, string::String};

const MAX_LENGTH_M: f64 = 100_000.0;
const MAX_SECONDS: f64 = 7_200.0;
const MIN_SPEED_M_S: f64 = 0.2;
const MAX_LAPS: f64 = 100.0;
const MAX_TIMES: u32 = 1_000;
const MAX_STEPS: usize = 1_000;
const MAX_PLACES: usize = 200;
const MAX_KEEP_OUTS: usize = 50;
const MAX_CORNERS: usize = 100;
const MAX_WORDS: usize = 100_000;
/// Coordinates beyond this from home are taken for a mistake in the coordinates, m.
const FAR_M: f64 = 20_000.0;

/// Collects the faults of all values in `plan`.
pub(super) fn check(plan: &PlanDraft, against: &Against<'_>, faults: &mut Faults) {
    let mut values = Values { against, faults, step_count: 0 };
    values.limits();
    values.name_and_words(plan);
    if let Some(speed_m_s) = plan.speed_m_s {
        values.at("", "").speed(speed_m_s);
    }
    for rule in &plan.rules {
        values.at("", &rule.words).condition(&rule.when);
    }
    values.keep_outs(&plan.keep_outs);
    values.order(&plan.steps);
    values.steps("", &plan.steps, false);
}

struct Values<'a, 'f> {
    against: &'a Against<'a>,
    faults: &'f mut Faults,
    step_count: usize,
}

impl<'a> Values<'a, '_> {
    fn at<'s>(&'s mut self, step: &'s str, words: &'s str) -> At<'s> {
        At { against: self.against, faults: self.faults, step, words }
    }

    fn limits(&mut self) {
        let Against { envelope, vehicle, home, .. } = *self.against;
        let airframe = &vehicle.airframe;
        let positive = [
            ("the envelope's max_altitude_m", envelope.max_altitude_m),
            ("the envelope's max_distance_m", envelope.max_distance_m),
            ("the envelope's max_speed_m_s", envelope.max_speed_m_s),
            ("the envelope's max_climb_m_s", envelope.max_climb_m_s),
            ("the envelope's max_descent_m_s", envelope.max_descent_m_s),
            ("the vehicle's cruise_speed_m_s", vehicle.cruise_speed_m_s),
            ("the vehicle's mass_kg", airframe.mass_kg),
            ("the vehicle's battery_wh", airframe.battery_wh),
            ("the vehicle's hover_power_w", airframe.hover_power_w),
        ];
        let mut bad = |what: &str, value: f64, limit: &str| {
            let at = At { against: self.against, faults: self.faults, step: "", words: "" };
            at.faults.push_senseless(PlanFault {
                says: format!("{what} is {value}, must be {limit}"),
                value: Some(value),
                ..at.fault(FaultKind::Limits, "mend the envelope, vehicle file or home")
            });
        };
        for (what, value) in positive {
            if !(value.is_finite() && value > 0.0) {
                bad(what, value, "above 0");
            }
        }
        if !(0.0..=100.0).contains(&envelope.battery_reserve_percent) {
            bad("the envelope's battery_reserve_percent", envelope.battery_reserve_percent, "0 to 100");
        }
        if !(airframe.drag_n_per_m2_s2.is_finite() && airframe.drag_n_per_m2_s2 >= 0.0) {
            bad("the vehicle's drag_n_per_m2_s2", airframe.drag_n_per_m2_s2, "0 or more");
        }
        // Longitudes shrink to nothing at the poles.
        if !(-89.0..=89.0).contains(&home.lat_deg) {
            bad("home's latitude", home.lat_deg, "-89 to 89 degrees");
        }
        if !(-180.0..=180.0).contains(&home.lon_deg) {
            bad("home's longitude", home.lon_deg, "-180 to 180 degrees");
        }
        if !(-1_000.0..=9_000.0).contains(&home.altitude_amsl_m) {
            bad("home's altitude", home.altitude_amsl_m, "-1000 to 9000 m above mean sea level");
        }
        if !(-360.0..=360.0).contains(&home.heading_deg) {
            bad("home's heading", home.heading_deg, "0 to 360 degrees");
        }
    }

    fn name_and_words(&mut self, plan: &PlanDraft) {
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let name = plan.name.as_str();
        let good = name.len() <= 64
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && !name.ends_with('-')
            && name.chars().all(kebab);
        let at = self.at("", "");
        if !good {
            let shown: String = name.chars().take(40).collect();
            at.faults.push(PlanFault {
                says: format!("the name {shown:?} is not kebab-case of at most 64 characters"),
                ..at.fault(
                    FaultKind::Name,
                    "use lower-case letters, digits and hyphens, a letter first: survey-north-field",
                )
            });
        }
        if plan.words.len() > MAX_WORDS {
            at.faults.push(PlanFault {
                says: format!("the words have {} bytes, limit {MAX_WORDS}", plan.words.len()),
                ..at.fault(FaultKind::TooLong, "say it shorter")
            });
        }
    }

    fn keep_outs(&mut self, keep_outs: &[KeepOut]) {
        if keep_outs.len() > MAX_KEEP_OUTS {
            let at = self.at("", "");
            at.faults.push_senseless(PlanFault {
                says: format!("has {} keep-outs, limit {MAX_KEEP_OUTS}", keep_outs.len()),
                ..at.fault(FaultKind::TooLong, "join neighbouring keep-outs")
            });
            return;
        }
        for keep_out in keep_outs {
            let home = self.against.home;
            let mut at = self.at("", &keep_out.words);
            match &keep_out.area {
                Area::Circle { centre, radius_m } => {
                    at.fixed(centre);
                    at.number("the keep-out's radius", *radius_m, 0.1, MAX_LENGTH_M, "m");
                }
                Area::Polygon { corners } => {
                    corners.iter().for_each(|corner| at.fixed(corner));
                    if !(3..=MAX_CORNERS).contains(&corners.len()) {
                        at.faults.push_senseless(PlanFault {
                            says: format!("a keep-out of {} corners, must be 3 to {MAX_CORNERS}", corners.len()),
                            value: Some(corners.len() as f64),
                            ..at.fault(FaultKind::Outline, "give its corners in order")
                        });
                    } else if let Ok(crate::contract::Outline::Polygon { corners }) = keep_out.area.resolve(home)
                        && let Some((first, second)) = crossing_edges(&corners)
                    {
                        at.faults.push(PlanFault {
                            says: format!("edges {first} and {second} of the keep-out cross or touch"),
                            ..at.fault(FaultKind::Outline, "give its corners in order along the edge")
                        });
                    }
                }
            }
        }
    }

    fn order(&mut self, steps: &[Step]) {
        let prelude = |step: &&Step| matches!(step.action, Action::Speed { .. } | Action::Nose { .. });
        let first = steps.iter().enumerate().find(|(_, step)| !prelude(step));
        match first {
            None => {
                let at = self.at("", "");
                at.faults.push_senseless(PlanFault {
                    says: "does nothing".into(),
                    ..at.fault(FaultKind::Order, "begin with a takeoff and end with a landing")
                });
                return;
            }
            Some((_, Step { action: Action::TakeOff { .. }, .. })) => {}
            Some((index, step)) => {
                let number = step_number("", index);
                let at = self.at(&number, &step.words);
                at.faults.push_senseless(PlanFault {
                    says: "a flight begins with a takeoff".into(),
                    ..at.fault(FaultKind::Order, "begin with a takeoff to a height")
                });
            }
        }
        if !ends_the_flight(steps) {
            // A landing in the middle is told as what comes after it.
            let landed = steps.iter().any(|step| ends_the_flight(core::slice::from_ref(step)));
            if !landed {
                let at = self.at("", "");
                at.faults.push_senseless(PlanFault {
                    says: "the flight does not end on the ground".into(),
                    ..at.fault(FaultKind::Order, "end with land, return and land, or RTL")
                });
            }
        }
    }

    fn steps(&mut self, prefix: &str, steps: &[Step], at_each: bool) {
        for (index, step) in steps.iter().enumerate() {
            self.step_count += 1;
            if self.step_count == MAX_STEPS + 1 {
                let at = self.at("", "");
                at.faults.push_senseless(PlanFault {
                    says: format!("has more than {MAX_STEPS} steps"),
                    ..at.fault(FaultKind::TooLong, "use repeat or a figure")
                });
            }
            if self.step_count > MAX_STEPS {
                return;
            }
            // Steps at each corner have no number of their own in the itinerary either.
            let number = if at_each { String::from(prefix) } else { step_number(prefix, index) };
            let mut at = self.at(&number, &step.words);
            if at_each && !matches!(step.action, Action::Hold { .. } | Action::Photo | Action::Turn { .. }) {
                at.faults.push_senseless(PlanFault {
                    says: "only hold, photo and turn can be done at each corner or place".into(),
                    ..at.fault(FaultKind::Order, "write the corners as steps of their own")
                });
            }
            at.action(&step.action);
            match &step.action {
                Action::Repeat { steps, .. } => self.steps(&number, steps, false),
                Action::When { then, otherwise, .. } => {
                    self.steps(&number, then, false);
                    self.steps(&format!("{number}e"), otherwise, false);
                }
                Action::Pattern { at_each, .. } | Action::Visit { at_each, .. } => self.steps(&number, at_each, true),
                _ => {}
            }
        }
    }
}

/// One step under examination.
struct At<'s> {
    against: &'s Against<'s>,
    faults: &'s mut Faults,
    step: &'s str,
    words: &'s str,
}

impl At<'_> {
    fn fault(&self, kind: FaultKind, hint: &str) -> PlanFault {
        let (step, words, hint) = (self.step.into(), self.words.into(), hint.into());
        PlanFault { step, words, kind, says: String::new(), value: None, limit: None, unit: String::new(), hint }
    }

    /// Whether `value` is a number from `least` to `most`; else a fault.
    fn number(&mut self, what: &str, value: f64, least: f64, most: f64, unit: &str) -> bool {
        if value.is_finite() && (least..=most).contains(&value) {
            return true;
        }
        let limit = if value < least { least } else { most };
        let hint = format!("give {} to {} {unit}", plain(least), plain(most));
        let fault = PlanFault {
            says: format!("{what} is {} {unit}, must be {} to {} {unit}", plain(value), plain(least), plain(most)),
            value: Some(value),
            limit: Some(limit),
            unit: unit.into(),
            ..self.fault(FaultKind::Value, &hint)
        };
        // A number that is a little off still has a geometry worth checking for more faults.
        let harmless = value.abs() <= most && (value > least / 10.0 || matches!(unit, "s" | "%" | "degrees"));
        if harmless {
            self.faults.push(fault)
        } else {
            self.faults.push_senseless(fault)
        }
        false
    }

    fn length(&mut self, what: &str, metres: f64) {
        self.number(what, metres, -MAX_LENGTH_M, MAX_LENGTH_M, "m");
    }

    fn speed(&mut self, speed_m_s: f64) {
        let most_m_s = self.against.envelope.max_speed_m_s;
        if speed_m_s.is_finite() && speed_m_s > most_m_s {
            self.faults.push(PlanFault {
                says: format!("flies at {} m/s, the envelope allows {} m/s", plain(speed_m_s), plain(most_m_s)),
                value: Some(speed_m_s),
                limit: Some(most_m_s),
                unit: "m/s".into(),
                ..self.fault(FaultKind::Speed, &format!("fly at {} m/s or less", plain(most_m_s)))
            });
        } else {
            self.number("the speed", speed_m_s, MIN_SPEED_M_S, most_m_s, "m/s");
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match *condition {
            Condition::BatteryBelow(percent) | Condition::BatteryAbove(percent) => {
                self.number("the battery level", percent, 1.0, 99.0, "%");
            }
            Condition::WindAbove(speed_m_s) | Condition::WindBelow(speed_m_s) => {
                self.number("the wind speed", speed_m_s, 0.1, 40.0, "m/s");
            }
        }
    }

    fn altitude(&mut self, altitude: &Altitude) {
        match *altitude {
            Altitude::AboveHome(metres) => self.length("the height", metres),
            Altitude::Amsl(metres) => self.length("the height above sea level", metres),
        }
    }

    fn displacement(&mut self, by: &Displacement) -> bool {
        let axes = match *by {
            Displacement::World { north_m, east_m, up_m } => [("north", north_m), ("east", east_m), ("up", up_m)],
            Displacement::Body { forward_m, right_m, up_m } => {
                [("forward", forward_m), ("right", right_m), ("up", up_m)]
            }
        };
        axes.iter().for_each(|(axis, metres)| self.length(&format!("the way {axis}"), *metres));
        axes.iter().any(|(_, metres)| metres.abs() >= 0.05 || !metres.is_finite())
    }

    /// A keep-out's place.
    fn fixed(&mut self, place: &Place) {
        if matches!(place, Place::Here | Place::FromHere { .. }) {
            self.faults.push_senseless(PlanFault {
                says: "a keep-out lies where the vehicle happens to be".into(),
                ..self.fault(FaultKind::Outline, "give metres from home or coordinates")
            });
        } else {
            self.place(place);
        }
    }

    fn place(&mut self, place: &Place) {
        match place {
            Place::Home | Place::Here => {}
            Place::FromHome { north_m, east_m } => {
                self.length("the distance north", *north_m);
                self.length("the distance east", *east_m);
            }
            Place::FromHere { by } => {
                self.displacement(by);
            }
            Place::Global { lat_deg, lon_deg } => self.coordinates(*lat_deg, *lon_deg),
        }
    }

    fn coordinates(&mut self, lat_deg: f64, lon_deg: f64) {
        let home = self.against.home;
        let distance_m = |lat_deg: f64, lon_deg: f64| {
            let on_earth = (-90.0..=90.0).contains(&lat_deg) && (-180.0..=180.0).contains(&lon_deg);
            let ned = home.to_ned(&GlobalPosition::at(Latitude(lat_deg), Longitude(lon_deg), Altitude::AboveHome(0.0)));
            on_earth.then(|| libm::hypot(ned.north_m, ned.east_m))
        };
        let swapped = distance_m(lon_deg, lat_deg).is_some_and(|metres| metres < FAR_M);
        let hint = if swapped {
            format!("latitude and longitude look swapped: {lon_deg}, {lat_deg} lies near home")
        } else {
            "give latitude (-90 to 90) and longitude (-180 to 180) in degrees, near home".into()
        };
        let limit_m = self.against.envelope.max_distance_m;
        let fault = match distance_m(lat_deg, lon_deg) {
            Some(metres) if metres < FAR_M => return,
            Some(metres) => PlanFault {
                says: format!(
                    "{lat_deg}, {lon_deg} lies {:.0} km from home, the fence is at {} m",
                    metres / 1000.0,
                    plain(limit_m)
                ),
                value: Some(metres),
                limit: Some(limit_m),
                unit: "m".into(),
                ..self.fault(FaultKind::Place, &hint)
            },
            None => PlanFault {
                says: format!("{lat_deg}, {lon_deg} is no place on the earth"),
                ..self.fault(FaultKind::Place, &hint)
            },
        };
        self.faults.push_senseless(fault);
    }

    fn payload(&mut self, payload: &Payload, name: &str) {
        if !self.against.vehicle.has_payload(payload) {
            let vehicle = &self.against.vehicle.name;
            self.faults.push(PlanFault {
                says: format!("needs {name}, which {vehicle} does not declare"),
                ..self.fault(FaultKind::Payload, "fly a vehicle whose file lists it under payloads, or drop the step")
            });
        }
    }

    fn via(&mut self, via: &[crate::frame::PositionNed]) {
        if via.len() > MAX_PLACES {
            self.faults.push_senseless(PlanFault {
                says: format!("has {} points on its way, limit {MAX_PLACES}", via.len()),
                ..self.fault(FaultKind::TooLong, "drop via: the check finds the way itself")
            });
        }
        for point in via {
            self.length("via north_m", point.north_m);
            self.length("via east_m", point.east_m);
            self.length("via down_m", point.down_m);
        }
    }

    fn action(&mut self, action: &Action) {
        match action {
            Action::TakeOff { altitude_m } => {
                self.number("the takeoff height", *altitude_m, MIN_ALTITUDE_M, 10_000.0, "m");
            }
            Action::GoTo { place, altitude, via, .. } => {
                self.place(place);
                altitude.iter().for_each(|altitude| self.altitude(altitude));
                self.via(via);
            }
            Action::Move { by, via, .. } => {
                if !self.displacement(by) {
                    self.faults.push(PlanFault {
                        says: "moves by nothing".into(),
                        ..self.fault(FaultKind::Value, "say how far, or drop the step")
                    });
                }
                self.via(via);
            }
            Action::Altitude { to } => match *to {
                AltitudeChange::AboveHome(metres) | AltitudeChange::Amsl(metres) | AltitudeChange::By(metres) => {
                    self.length("the height", metres);
                }
            },
            Action::Hold { seconds } => {
                self.number("the time to hold", *seconds, 0.1, MAX_SECONDS, "s");
            }
            Action::Speed { speed_m_s } => self.speed(*speed_m_s),
            Action::Nose { nose } => match nose {
                Nose::Heading { heading_deg } => {
                    self.number("the heading", *heading_deg, -360.0, 360.0, "degrees");
                }
                Nose::At { place } => self.place(place),
                Nose::Keep | Nose::AlongPath | Nose::AgainstPath | Nose::IntoPattern => {}
            },
            Action::Turn { to } => match to {
                TurnTo::Heading { heading_deg } => {
                    self.number("the heading", *heading_deg, -360.0, 360.0, "degrees");
                }
                TurnTo::By { angle_deg } => {
                    self.number("the angle", *angle_deg, -720.0, 720.0, "degrees");
                }
                TurnTo::Place { place } => self.place(place),
            },
            Action::Orbit { centre, radius_m, amount, climb_m, .. } => {
                self.place(centre);
                self.number("the radius", *radius_m, 2.0, MAX_LENGTH_M, "m");
                match *amount {
                    OrbitAmount::Laps(laps) => self.number("the number of laps", laps, 0.05, MAX_LAPS, "laps"),
                    OrbitAmount::Seconds(seconds) => {
                        self.number("the time on the orbit", seconds, 1.0, MAX_SECONDS, "s")
                    }
                };
                self.length("the climb", *climb_m);
            }
            Action::Pattern { shape, first_leg, centre, .. } => {
                match *first_leg {
                    Direction::Bearing(degrees) | Direction::FromNose(degrees) => {
                        self.number("the direction", degrees, -360.0, 360.0, "degrees");
                    }
                }
                centre.iter().for_each(|place| self.place(place));
                self.shape(shape);
            }
            Action::Visit { places, .. } => {
                if !(1..=MAX_PLACES).contains(&places.len()) {
                    self.faults.push_senseless(PlanFault {
                        says: format!("visits {} places, must be 1 to {MAX_PLACES}", places.len()),
                        value: Some(places.len() as f64),
                        ..self.fault(FaultKind::Value, "name the places to visit")
                    });
                }
                for waypoint in places {
                    self.place(&waypoint.place);
                    waypoint.altitude.iter().for_each(|altitude| self.altitude(altitude));
                }
            }
            Action::Photo => self.payload(&Payload::Camera, "a camera"),
            Action::Release { payload } => {
                let name = match payload {
                    Payload::Camera => "a camera that can be released".into(),
                    Payload::Gripper => "a gripper".into(),
                    Payload::Servo { channel, release_us } => {
                        format!("a release servo on output {channel} at {release_us} us")
                    }
                };
                self.payload(payload, &name);
                if *payload == Payload::Camera {
                    self.faults.push(PlanFault {
                        says: "a camera cannot be released".into(),
                        ..self.fault(FaultKind::Payload, "say photo, or name the gripper or servo")
                    });
                }
            }
            Action::Repeat { times, steps } => {
                self.number("the number of times", f64::from(*times), 1.0, f64::from(MAX_TIMES), "times");
                if steps.is_empty() {
                    self.faults.push(PlanFault {
                        says: "repeats nothing".into(),
                        ..self.fault(FaultKind::Value, "say what to repeat")
                    });
                }
            }
            Action::When { condition, then, otherwise } => {
                self.condition(condition);
                if then.is_empty() && otherwise.is_empty() {
                    self.faults.push(PlanFault {
                        says: "does nothing either way".into(),
                        ..self.fault(FaultKind::Value, "say what to do if it holds")
                    });
                }
            }
            Action::ReturnHome { via, .. } => self.via(via),
            Action::LandAt { place, via } => {
                self.place(place);
                self.via(via);
            }
            Action::ReturnToLaunch | Action::Land => {}
        }
    }

    fn shape(&mut self, shape: &Shape) {
        match *shape {
            Shape::Square { side_m } => {
                self.number("the side", side_m, 1.0, MAX_LENGTH_M, "m");
            }
            Shape::Rectangle { length_m, width_m } => {
                self.number("the length", length_m, 1.0, MAX_LENGTH_M, "m");
                self.number("the width", width_m, 1.0, MAX_LENGTH_M, "m");
            }
            Shape::Polygon { sides, side_m } => {
                self.number("the number of sides", f64::from(sides), 3.0, 24.0, "sides");
                self.number("the side", side_m, 1.0, MAX_LENGTH_M, "m");
            }
            Shape::FigureEight { radius_m, laps } => {
                self.number("the radius", radius_m, 2.0, MAX_LENGTH_M, "m");
                self.number("the number of laps", f64::from(laps), 1.0, MAX_LAPS, "laps");
            }
            Shape::Spiral { start_radius_m, end_radius_m, turns, climb_m } => {
                self.number("the first radius", start_radius_m, 0.0, MAX_LENGTH_M, "m");
                self.number("the last radius", end_radius_m, 0.0, MAX_LENGTH_M, "m");
                self.number("the number of turns", turns, 0.05, MAX_LAPS, "turns");
                self.length("the climb", climb_m);
                if start_radius_m.max(end_radius_m) < 2.0 {
                    self.number("the larger radius", start_radius_m.max(end_radius_m), 2.0, MAX_LENGTH_M, "m");
                }
            }
            Shape::ExpandingSquare { spacing_m, legs } => {
                self.number("the spacing", spacing_m, 1.0, MAX_LENGTH_M, "m");
                self.number("the number of legs", f64::from(legs), 1.0, 200.0, "legs");
            }
            Shape::Lawnmower { length_m, width_m, spacing_m } => {
                self.number("the length", length_m, 1.0, MAX_LENGTH_M, "m");
                self.number("the width", width_m, 1.0, MAX_LENGTH_M, "m");
                if self.number("the spacing", spacing_m, 1.0, MAX_LENGTH_M, "m") {
                    self.number("the number of tracks", libm::ceil(width_m / spacing_m) + 1.0, 2.0, 200.0, "tracks");
                }
            }
        }
    }
}
