//! Where the nose points: its standing order, and its heading after each movement.
use super::code::Node;
use super::known::{Known, Policy};
use super::places::Height;
use super::steps::Writer;
use flightsmith_mission::frame::PositionNed;
use flightsmith_mission::plan::{Action, Nose, Step};
use flightsmith_mission::units::wrap_360;

/// The variable for a place that the nose follows.
pub(super) const NOSE_TARGET: &str = "nose_target";

impl Writer<'_> {
    /// A turn on the spot ends the nose's policy in the SDK, and only interrupts it in a plan.
    pub(super) fn nose_after_turn(&mut self, known: &Known, out: &mut Vec<Node>) {
        let argument = match &known.nose {
            Some(Policy::Keep | Policy::IntoPattern) => return,
            Some(Policy::AlongPath) => "Nose::AlongPath".into(),
            Some(Policy::AgainstPath) => "Nose::AgainstPath".into(),
            Some(Policy::Heading(heading, _)) => format!("Nose::Heading({heading})"),
            Some(Policy::At(target, _)) => format!("Nose::At({target})"),
            None | Some(Policy::PerhapsIntoPattern) => "nose".into(),
        };
        out.push(Node::call(format!("vehicle.set_nose({argument})")));
    }

    /// Gives the nose its order, and keeps track of it.
    pub(super) fn order_nose(&self, argument: &str, out: &mut Vec<Node>) {
        out.push(Node::call(format!("vehicle.set_nose({argument})")));
        out.push(Node::track("nose", argument));
    }

    pub(super) fn set_nose(&mut self, nose: &Nose, rest: &[Step], known: &mut Known, out: &mut Vec<Node>) {
        let (policy, argument) = match nose {
            Nose::Keep => (Policy::Keep, "Nose::Keep".into()),
            Nose::AlongPath => (Policy::AlongPath, "Nose::AlongPath".into()),
            Nose::AgainstPath => (Policy::AgainstPath, "Nose::AgainstPath".into()),
            Nose::Heading { heading_deg } => {
                let heading = self.constants.bearing("NOSE_HEADING", *heading_deg);
                let argument = format!("Nose::Heading({heading})");
                (Policy::Heading(heading, wrap_360(*heading_deg)), argument)
            }
            Nose::At { place } => {
                let spot = self.spot(place, &Height::Present, "NOSE_TARGET", known);
                let target = match spot.is_constant {
                    true => spot.position,
                    false => {
                        out.push(Node::track(NOSE_TARGET, spot.position));
                        NOSE_TARGET.into()
                    }
                };
                let argument = format!("Nose::At({target})");
                (Policy::At(target, spot.at), argument)
            }
            Nose::IntoPattern => {
                // Set at each figure; only what comes before the next figure needs the nose kept.
                if !matches!(known.nose, Some(Policy::Keep)) && flies_before_figure(rest) {
                    self.order_nose("Nose::Keep", out);
                }
                known.nose = Some(Policy::IntoPattern);
                return;
            }
        };
        self.order_nose(&argument, out);
        known.nose = Some(policy);
    }

    pub(super) fn nose_after_leg(
        &mut self,
        course: Option<&str>,
        course_deg: Option<f64>,
        known: &mut Known,
        out: &mut Vec<Node>,
    ) {
        match known.nose.clone() {
            Some(Policy::Keep | Policy::IntoPattern) => {}
            Some(Policy::AlongPath) => {
                let heading = course.map_or("from.bearing_to(here)".into(), str::to_owned);
                out.push(Node::track("heading", heading));
                known.heading_deg = course_deg;
            }
            Some(Policy::AgainstPath) => {
                let heading = match course {
                    Some(course) => format!("{course} + {}", self.constants.degrees("HALF_TURN", 180.0)),
                    None => "here.bearing_to(from)".into(),
                };
                out.push(Node::track("heading", heading));
                known.heading_deg = course_deg.map(|deg| wrap_360(deg + 180.0));
            }
            Some(Policy::Heading(heading, heading_deg)) => {
                out.push(Node::track("heading", heading));
                known.heading_deg = Some(heading_deg);
            }
            Some(Policy::At(target, at)) => {
                let distance_m = at.and_then(|at| Some(known.position?.horizontal_distance_m(&at)));
                if distance_m.is_none_or(|distance_m| distance_m > 0.5) {
                    out.push(Node::track("heading", format!("here.bearing_to({target})")));
                    known.heading_deg = at.and_then(|at| Some(known.position?.bearing_deg(&at)));
                }
            }
            // Different on different ways to here: only the vehicle knows.
            None | Some(Policy::PerhapsIntoPattern) => {
                out.push(Node::track("heading", "vehicle.heading()"));
                known.heading_deg = None;
            }
        }
    }

    /// Points the nose into the middle of a figure where the mission wants that.
    pub(super) fn nose_into(&mut self, middle: &str, at: Option<PositionNed>, known: &mut Known, out: &mut Vec<Node>) {
        if known.nose == Some(Policy::IntoPattern) {
            out.push(Node::call(format!("vehicle.set_nose(Nose::At({middle}))")));
            known.nose = Some(Policy::At(middle.into(), at));
        }
    }
}

/// Whether something flies before the next figure, or it is not known what comes next.
pub(super) fn flies_before_figure(rest: &[Step]) -> bool {
    for step in rest {
        match step.action {
            Action::Orbit { .. } | Action::Pattern { .. } | Action::Nose { .. } => return false,
            Action::Land | Action::ReturnToLaunch => return false,
            Action::Hold { .. } | Action::Photo | Action::Release { .. } | Action::Speed { .. } => {}
            _ => return true,
        }
    }
    true
}

/// Whether something flies before the nose gets another order.
pub(super) fn flies_on(rest: &[Step]) -> bool {
    for step in rest {
        match step.action {
            Action::Hold { .. } | Action::Photo | Action::Release { .. } | Action::Speed { .. } => {}
            Action::Turn { .. } | Action::Nose { .. } | Action::Land | Action::ReturnToLaunch => return false,
            _ => return true,
        }
    }
    true
}
