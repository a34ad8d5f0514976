//! Visits of several places: `visit A, B and C`, and figures given by their corners.
use super::super::cursor::Cursor;
use super::attributes::{self, Attributes, Scope};
use super::build::either;
use super::figures::{Name, steps};
use super::legs::finish;
use super::manner;
use super::place::place;
use super::{Form, Motion};
use flightsmith_mission::plan::{Action, Place, VisitOrder, Waypoint};

/// `a triangle between A, B and C`: from corner to corner and back to the first.
pub(super) fn between_places(c: &mut Cursor<'_>, name: Name, from: usize) -> Option<Form> {
    matches!(name, Name::Polygon(_) | Name::AnyPolygon | Name::Square | Name::Rectangle).then_some(())?;
    c.need(
        "between|through|with [its] corners at|with corners [at]|over the (points|corners)|joining|connecting|from",
    )?;
    let mut corners = Vec::new();
    while let Some(place) = c.attempt(|c| {
        if !corners.is_empty() {
            c.need("[,|;] and|,|;|to")?;
        }
        place(c)
    }) {
        corners.push(place);
    }
    let wanted = match name {
        Name::Polygon(sides) => corners.len() == sides as usize,
        Name::AnyPolygon => corners.len() >= 3,
        _ => corners.len() == 4,
    };
    if !wanted || corners.iter().any(|place| matches!(place, Place::Here | Place::FromHere { .. })) {
        return None;
    }
    let mut said = Attributes::default();
    attributes::read(c, Scope::Visit, &mut said);
    let laps = c.attempt(|c| {
        c.eat(",|and");
        attributes::laps(c)
    });
    attributes::read(c, Scope::Visit, &mut said);
    let times =
        either(c, [laps, said.times], from, "number of laps").map(|times| attributes::whole(c, times, from) as u32);
    let at_each = steps(std::mem::take(&mut said.at_each), c.text_since(from));
    let start = corners[0].clone();
    corners.rotate_left(1);
    let places = corners.into_iter().map(|place| Waypoint { place, altitude: None }).collect();
    let what = vec![Action::Visit { places, order: VisitOrder::Given, at_each }];
    Some(Form::Motion(Motion {
        speed: said.speed,
        nose: said.nose,
        height: said.height,
        start: Some(start),
        times,
        what,
        ..Motion::default()
    }))
}

/// `visit A, B and C in the shortest order [, a photo at each]`.
pub(super) fn visit(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    c.need("(visit|tour|fly through|pass through|go through|call at|stop at|check|inspect|fly to|go to) [(each|all|every|these|the following|the)] [(of|one of)] [(two|three|four|five|six|seven|eight|nine|ten)] [these|the following] [points|places|traps|waypoints|spots|positions|locations|coordinates|stops] [:]")?;
    let mut said = Attributes::default();
    let mut places = Vec::new();
    loop {
        let next = c.attempt(|c| {
            if !places.is_empty() {
                c.need("[,|;] [and] [then]|and|,|;|then")?;
            }
            // `80 m north and 60 m south of here` are two places behind others of their kind.
            c.listing = matches!(places.last(), Some(Waypoint { place: Place::FromHere { .. }, .. }));
            let place = place(c);
            c.listing = false;
            let place = place?;
            let altitude = c.attempt(|c| manner::height(c, false));
            Some(Waypoint { place, altitude })
        });
        match next {
            Some(waypoint) => places.push(waypoint),
            None => break,
        }
    }
    if places.len() < 2 {
        return None;
    }
    if places.iter().any(|waypoint| matches!(waypoint.place, Place::FromHere { .. })) {
        c.note("the places of a visit are all measured from where it begins, not from one another");
    }
    let mut order = None;
    loop {
        let more = c.attempt(|c| {
            c.eat(",|and|;");
            if c.eat("[in] [by] [the|whatever|whichever|any] [order that is|order is] (shortest|best|most efficient|quickest|fastest|optimal|optimum|cheapest) [order|route|way|path|tour|round]|in (whatever|whichever) order is (shortest|best|quickest|fastest|most efficient)|by the shortest (route|way|path)|taking the shortest (route|way|path)|along the shortest (route|path|way)|in any order") {
                order = Some(VisitOrder::Shortest);
                return Some(());
            }
            c.need("in [that|this|the given|the|given|listed] order|in turn|one after (another|the other)|in sequence").map(|()| order = Some(VisitOrder::Given))
        });
        let before = c.at;
        attributes::read(c, Scope::Visit, &mut said);
        if more.is_none() && c.at == before {
            break;
        }
    }
    let order = order.unwrap_or_else(|| {
        c.note("places are visited in the order in which they are named");
        VisitOrder::Given
    });
    let at_each = steps(std::mem::take(&mut said.at_each), c.text_since(from));
    Some(Form::Motion(finish(c, said, vec![Action::Visit { places, order, at_each }], from)))
}
