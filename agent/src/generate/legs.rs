//! Straight legs, also around what is in the way.
use super::code::{GO_TO_HERE, Node};
use super::constants::number;
use super::known::{Known, Policy};
use super::places::Spot;
use super::steps::Writer;
use super::words::quote;
use flightsmith_mission::frame::PositionNed;

/// What is flown to, and how.
pub(super) struct LegTo<'a> {
    /// A `PositionNed`.
    pub position: &'a str,
    /// The call that flies there, where it is not `go_to(here)`.
    pub call: Option<String>,
    /// True bearing of the leg as an expression, where it is a constant.
    pub course: Option<String>,
    /// Where it ends, assuming home.
    pub at: Option<PositionNed>,
}

impl Writer<'_> {
    /// Flies around what is in the way, then to a spot.
    pub(super) fn go_to_spot(&mut self, spot: &Spot, via: &[PositionNed], known: &mut Known, out: &mut Vec<Node>) {
        let call = match &spot.global {
            Some(global) => Some(format!("vehicle.go_to_global({global}).await?")),
            None if spot.is_constant => Some(format!("vehicle.go_to({}).await?", spot.position)),
            None => None,
        };
        let at = spot.at;
        self.leg_around(via, LegTo { position: &spot.position, call, course: None, at }, known, out);
    }

    /// A leg that may lead around something.
    pub(super) fn leg_around(&mut self, via: &[PositionNed], to: LegTo<'_>, known: &mut Known, out: &mut Vec<Node>) {
        if via.is_empty() {
            return self.leg(to, known, out);
        }
        // Where it leads to is computed first: it may be seen from here.
        if to.call.is_none() {
            out.push(Node::local("target", to.position));
        }
        self.detour(via, known, out);
        let position = if to.call.is_none() { "target" } else { to.position };
        self.leg(LegTo { position, course: None, ..to }, known, out);
    }

    pub(super) fn detour(&mut self, via: &[PositionNed], known: &mut Known, out: &mut Vec<Node>) {
        let Some(last) = via.last() else { return };
        let points: Vec<String> = via
            .iter()
            .map(|point| {
                let altitude = match (&known.altitude, known.position) {
                    (Some(constant), Some(here)) if (here.altitude_m() - point.altitude_m()).abs() < 1e-6 => {
                        constant.clone()
                    }
                    _ => format!("AboveHome({})", number(point.altitude_m())),
                };
                format!("PositionNed::at(North({}), East({}), {altitude})", number(point.north_m), number(point.east_m))
            })
            .collect();
        let around = match self.plan.keep_outs.as_slice() {
            [only] if !only.words.trim().is_empty() => format!("around the area of {}", quote(&only.words)),
            _ => "around the area to be kept out of".into(),
        };
        let note = "Metres north and east of home, and the height.";
        let of_type = format!("[PositionNed; {}]", via.len());
        let detour = self.constants.noted("DETOUR", of_type, format!("[{}]", points.join(", ")), note);
        out.push(Node::Comment(format!("The straight way is barred, so this leg leads {around}.")));
        let mut body = Vec::new();
        let call = Some("vehicle.go_to(point).await?".into());
        self.leg(LegTo { position: "point", call, course: None, at: Some(*last) }, known, &mut body);
        out.push(Node::each(format!("point in {detour}"), body));
    }

    /// A straight leg, with the nose's heading at its end.
    pub(super) fn leg(&mut self, to: LegTo<'_>, known: &mut Known, out: &mut Vec<Node>) {
        if to.position == "here" && to.call.is_none() {
            return;
        }
        let course_deg = known.position.and_then(|from| {
            let to = to.at?;
            (from.horizontal_distance_m(&to) > 0.01).then(|| from.bearing_deg(&to))
        });
        let turns = matches!(known.nose, Some(Policy::AlongPath | Policy::AgainstPath));
        if turns && to.course.is_none() {
            out.push(Node::local("from", "here"));
        }
        out.push(Node::track("here", to.position));
        out.push(Node::call(to.call.unwrap_or_else(|| GO_TO_HERE.into())));
        let ends = known.position.zip(to.at);
        let stays = ends.is_some_and(|(from, to)| from.distance_m(&to) < 0.05);
        let is_vertical = to.position.starts_with("here.at_altitude(")
            || ends.is_some_and(|(from, to)| from.horizontal_distance_m(&to) < 0.01);
        known.position = to.at;
        if !(stays || turns && is_vertical) {
            self.nose_after_leg(to.course.as_deref(), course_deg, known, out);
        }
    }
}

/// The constant bearing of a position that is `here.towards(CONSTANT, ..)`.
pub(super) fn constant_course(position: &str) -> Option<String> {
    let bearing = position.strip_prefix("here.towards(")?.split_once(", ")?.0;
    (!bearing.contains(' ')).then(|| bearing.to_owned())
}
