//! Keep-outs, and limits of height and distance that hold for the whole flight.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, amount};
use super::super::refusal::FaultKind;
use super::Form;
use super::manner;
use super::place::place;
use flightsmith_mission::frame::{Altitude, Forward, OffsetFrd, PositionNed, Right, Up};
use flightsmith_mission::itinerary::fixed_place;
use flightsmith_mission::plan::{Area, Displacement, Place};
use flightsmith_mission::units::Degrees;

/// `avoid a 20 m circle around 50 m north of home`, `never fly within 50 m of 50.8201, -0.1402`.
pub(super) fn keep_out(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    c.eat("but|and|always|while|make sure to|be sure to|you must");
    let verb = c.eat(
        "avoid [flying|entering|going|crossing] [into|over|through|in|within|inside]|(stay|keep|remain|keep yourself) (out|clear|away|well clear|well away|well out) (of|from)|stay out|(do not|don't|never|must not|without) (fly|enter|go|cross|pass|come|entering|flying|going|crossing|passing|get|overfly|flying over) [over|into|through|within|inside|in|across|near|above]|without overflying|no fly zone [:|is|of]|no - fly zone [:|is|of]|no fly area [:]|keep - out [zone|area] [:|is|of]|keep - outs [:]|there is a (no - fly zone|no fly zone|keep - out [zone]) [of|:]|steer clear of|(fly|go|detour|route) around|skirt [around]|(stay|keep|remain) at least|keep|outside [of]",
    );
    if !verb {
        return None;
    }
    let around = c.tokens[from..c.at].iter().any(|token| token.is("around") || token.is("skirt"));
    let keep = c.tokens[c.at - 1].is("keep") || c.tokens[c.at - 1].is("least");
    let area = area(c, keep, around)?;
    c.eat("at all times|the whole time|throughout|at any time|at any height");
    Some(Form::KeepOut(area))
}

fn area(c: &mut Cursor<'_>, keep: bool, around: bool) -> Option<Area> {
    let from = c.at;
    // `20 m away from home`, `within 50 m of ..`, `closer than 20 m to`
    if let Some((radius_m, centre)) = c.attempt(|c| {
        c.eat("area|circle|zone|anything|anywhere|everything");
        c.eat("within|closer than|nearer than|less than|in|at least");
        let radius_m = amount(c, Dimension::Length)?;
        c.need("away from|[away] from|of|to|clear of|around|round|out of")?;
        Some((radius_m, place(c)?))
    }) {
        super::sane_length(c, radius_m, from);
        return circle(c, centre, radius_m, from);
    }
    if keep {
        return None;
    }
    // `a 20 m circle around ..`, `a circle of 20 m radius around ..`, `a 30 m radius around ..`
    if !around
        && let Some((radius_m, centre)) = c.attempt(|c| {
            let mut radius_m = None;
            let mut wide = false;
            c.eat("circular (area|zone)|round (area|zone)");
            if let Some(metres) = amount(c, Dimension::Length) {
                radius_m = Some(metres);
                if c.eat("[in] diameter|- wide|wide") {
                    wide = true;
                } else {
                    let radius = c.eat("[in] radius|- radius");
                    if !radius {
                        c.note("the size of a circle is taken as its radius");
                    }
                }
            }
            let named = c.eat("[circular|round] (circle|area|zone|keep - out|no - fly zone|no fly zone|exclusion zone|bubble|ring|buffer)");
            if !named && radius_m.is_none() {
                return None;
            }
            let mut centre = None;
            for _ in 0..3 {
                if radius_m.is_none() {
                    if c.eat("[with|of|,] [a] radius [of]") {
                        radius_m = amount(c, Dimension::Length);
                        continue;
                    }
                    if c.eat("[with|of|,] [a] diameter [of]") {
                        radius_m = amount(c, Dimension::Length);
                        wide = true;
                        continue;
                    }
                    if c.eat("of|,|with") {
                        radius_m = amount(c, Dimension::Length);
                        if c.eat("[in] diameter|across|wide") {
                            wide = true;
                        } else if !c.eat("[in] radius") {
                            c.note("the size of a circle is taken as its radius");
                        }
                        continue;
                    }
                }
                if centre.is_none() && c.eat("around|round|about|(centred|centered|centre|center) [on|at]|at|with [its] (centre|center) (at|on)|over") {
                    centre = place(c);
                }
            }
            let radius_m = radius_m?;
            Some((if wide { radius_m / 2.0 } else { radius_m }, centre?))
        })
    {
        super::sane_length(c, radius_m, from);
        return circle(c, centre, radius_m, from);
    }
    // `a 20 m by 10 m rectangle around ..`
    if let Some((north_m, east_m, centre)) = c.attempt(|c| {
        let north_m = amount(c, Dimension::Length)?;
        c.need("by|x")?;
        let east_m = amount(c, Dimension::Length)?;
        c.need("rectangle|box|area|zone|rectangular (area|zone)")?;
        c.need("around|round|about|(centred|centered|centre|center) [on|at]|at|over")?;
        Some((north_m, east_m, place(c)?))
    }) {
        super::sane_length(c, north_m.min(east_m), from);
        c.note("a rectangular keep-out has its first side north and south");
        let centre = settled(c, centre, from);
        let middle = fixed_place(&centre, c.setting?.home).ok()?;
        let corners = [(0.5, 0.5), (0.5, -0.5), (-0.5, -0.5), (-0.5, 0.5)].map(|(north, east)| Place::FromHome {
            north_m: super::direction::tidy(middle.north_m + north * north_m),
            east_m: super::direction::tidy(middle.east_m + east * east_m),
        });
        return Some(Area::Polygon { corners: corners.to_vec() });
    }
    // `the polygon A, B, C`, `the area between A, B and C`, `the rectangle A to B`
    if let Some(corners) = c.attempt(|c| {
        let named = c.eat("(polygon|triangle|quadrilateral|area|zone|rectangle|box|region|square) [(with|having) [its] corners [at]|between|bounded by|from|of|formed by|:|with corners|through|spanned by|at]");
        if !named {
            return None;
        }
        let rectangle = c.tokens[from..c.at].iter().any(|token| token.is("rectangle") || token.is("box"));
        let mut corners: Vec<Place> = Vec::new();
        while let Some(corner) = c.attempt(|c| {
            if !corners.is_empty() {
                c.need("[,|;] and|,|;|to")?;
            }
            place(c)
        }) {
            corners.push(corner);
        }
        if corners.len() == 2 && rectangle {
            return Some(spanned(c, &corners, from));
        }
        (corners.len() >= 3).then_some(corners)
    }) {
        let fixed: Vec<Place> = corners.into_iter().map(|corner| settled(c, corner, from)).collect();
        return Some(Area::Polygon { corners: fixed });
    }
    // `avoid home by 20 m`
    if let Some((centre, radius_m)) = c.attempt(|c| {
        let centre = place(c)?;
        c.need("by [at least]|with a margin of")?;
        Some((centre, amount(c, Dimension::Length)?))
    }) {
        super::sane_length(c, radius_m, from);
        return circle(c, centre, radius_m, from);
    }
    None
}

fn circle(c: &mut Cursor<'_>, centre: Place, radius_m: f64, from: usize) -> Option<Area> {
    let centre = settled(c, centre, from);
    Some(Area::Circle { centre, radius_m })
}

/// A keep-out lies at a fixed place; `150 m north` means of home, where the words are said.
fn settled(c: &mut Cursor<'_>, place: Place, from: usize) -> Place {
    match place {
        Place::FromHere { by: Displacement::World { north_m, east_m, .. } } => {
            c.note("a keep-out given without \"of home\" is measured from home");
            Place::FromHome { north_m, east_m }
        }
        Place::FromHere { by: Displacement::Body { forward_m, right_m, .. } } => {
            let heading_deg = c.setting.map_or(0.0, |setting| setting.home.heading_deg);
            c.note("a keep-out given by the nose is measured from home, by the heading at takeoff");
            let offset = OffsetFrd::by(Forward(forward_m), Right(right_m), Up(0.0)).to_ned(Degrees(heading_deg));
            let tidy = super::direction::tidy;
            Place::FromHome { north_m: tidy(offset.north_m), east_m: tidy(offset.east_m) }
        }
        Place::Here => {
            c.fault(
                FaultKind::Unclear,
                from,
                "a keep-out must lie at a fixed place",
                "say it from home or as coordinates",
            );
            Place::Home
        }
        fixed => fixed,
    }
}

/// Corners of the rectangle, along the compass, between two opposite ones.
fn spanned(c: &mut Cursor<'_>, corners: &[Place], from: usize) -> Vec<Place> {
    let fixed: Vec<Place> = corners.iter().map(|corner| settled(c, corner.clone(), from)).collect();
    if let [Place::Global { lat_deg: a, lon_deg: b }, Place::Global { lat_deg: d, lon_deg: e }] = fixed[..] {
        return [(a, b), (a, e), (d, e), (d, b)].map(|(lat_deg, lon_deg)| Place::Global { lat_deg, lon_deg }).to_vec();
    }
    let Some(setting) = c.setting else { return fixed };
    let at: Vec<PositionNed> = fixed.iter().filter_map(|place| fixed_place(place, setting.home).ok()).collect();
    let [a, b] = at[..] else { return fixed };
    [(a.north_m, a.east_m), (a.north_m, b.east_m), (b.north_m, b.east_m), (b.north_m, a.east_m)]
        .map(|(north_m, east_m)| Place::FromHome { north_m, east_m })
        .to_vec()
}

/// `stay below 30 m`, `never go further than 100 m from home`: checked against the way that is flown.
pub(super) fn limit(c: &mut Cursor<'_>) -> Option<Form> {
    c.eat("but|and|always");
    if let Some(metres) = c.attempt(|c| {
        c.need("(stay|keep|remain|fly) within|(do not|don't|never) (go|fly|stray|get) [further|farther|more|out] [than|out] [further than]|no (further|farther) than|not (further|farther) than")?;
        let metres = amount(c, Dimension::Length)?;
        c.need("of home|from home|away from home|from the launch point|of the launch point|of the takeoff point|of me|from me|from the start|away")?;
        Some(metres)
    }) {
        return Some(Form::Fence(metres));
    }
    c.need("(stay|keep|remain|fly) [always] (below|under|lower than|beneath)|(do not|don't|never) (go|fly|climb|rise|get|exceed) [above|over|higher than|beyond]|no higher than|not higher than|not above|maximum (altitude|height) [of|is|:]|max (altitude|height) [of|is|:]")?;
    match manner::height_amount(c)? {
        Altitude::AboveHome(metres) => Some(Form::Ceiling(metres)),
        Altitude::Amsl(_) => None,
    }
}
