//! Visits: several places in the given or in the shortest order.
use super::GenerateError;
use super::code::Node;
use super::known::{Known, Policy};
use super::legs::LegTo;
use super::places::{Height, Spot};
use super::steps::Writer;
use flightsmith_mission::frame::{Altitude, PositionNed};
use flightsmith_mission::itinerary::shortest_order;
use flightsmith_mission::plan::{Action, Place, Step, VisitOrder, Waypoint};

impl Writer<'_> {
    /// Visits `places`; the shortest order is worked out here, since the places do not move.
    pub(super) fn visit(
        &mut self,
        places: &[Waypoint],
        order: VisitOrder,
        at_each: &[Step],
        known: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<(), GenerateError> {
        let ordered: Vec<&Waypoint> = match order {
            VisitOrder::Given => places.iter().collect(),
            VisitOrder::Shortest => {
                let order = self.order(places, known)?;
                let depends_on_home = places.iter().any(|stop| matches!(stop.place, Place::Global { .. }));
                let from = match depends_on_home {
                    true => {
                        format!(" It was worked out for a home at {:.6}, {:.6}.", self.home.lat_deg, self.home.lon_deg)
                    }
                    false => String::new(),
                };
                out.push(Node::Comment(format!("This order is the shortest way through all of them.{from}")));
                order.into_iter().map(|index| &places[index]).collect()
            }
        };
        let spots: Vec<Spot> = ordered
            .iter()
            .map(|stop| {
                let height = stop.altitude.as_ref().map_or(Height::Present, Height::Given);
                self.spot(&stop.place, &height, "STOP", known)
            })
            .collect();
        self.present_altitude_after(&ordered, known);
        if let [only] = spots.as_slice() {
            self.go_to_spot(only, &[], known, out);
            return self.at_each(at_each, known, out);
        }
        let (stops, position, call) = self.stops(&spots, out);
        // Inside the loop every round is somewhere else.
        let last = spots.last().and_then(|spot| spot.at);
        let mut inside = Known { position: None, heading_deg: None, ..known.clone() };
        let mut body = Vec::new();
        self.leg(LegTo { position: &position, call: Some(call), course: None, at: None }, &mut inside, &mut body);
        self.at_each(at_each, &mut inside, &mut body)?;
        out.push(Node::each(format!("stop in {stops}"), body));
        known.position = last;
        known.heading_deg = match known.nose {
            Some(Policy::Keep) if at_each.iter().all(|step| !matches!(step.action, Action::Turn { .. })) => {
                known.heading_deg
            }
            _ => None,
        };
        Ok(())
    }

    /// The height of the last place is the one that it goes on with.
    fn present_altitude_after(&mut self, ordered: &[&Waypoint], known: &mut Known) {
        match ordered.last().and_then(|stop| stop.altitude) {
            None => {}
            Some(Altitude::AboveHome(metres)) => known.altitude = Some(self.altitude(metres)),
            Some(Altitude::Amsl(_)) => known.altitude = None,
        }
    }

    fn order(&self, places: &[Waypoint], known: &Known) -> Result<Vec<usize>, GenerateError> {
        // Places that are all seen from here keep their distances wherever here is and however the nose points.
        let all_relative = places.iter().all(|stop| is_relative(&stop.place));
        let assumed = match known.position {
            None if all_relative => {
                let heading_deg = Some(known.heading_deg.unwrap_or(0.0));
                Known { position: Some(PositionNed::HOME), heading_deg, ..known.clone() }
            }
            _ => known.clone(),
        };
        let start = assumed.position.ok_or(GenerateError::OrderDependsOnTheWay)?;
        let points: Option<Vec<PositionNed>> = places
            .iter()
            .map(|stop| {
                let at = self.place_at(&stop.place, &assumed)?;
                Some(match &stop.altitude {
                    None => at,
                    Some(altitude) => at.at_altitude(self.home.above_home(*altitude)),
                })
            })
            .collect();
        Ok(shortest_order(&start, &points.ok_or(GenerateError::OrderDependsOnTheWay)?))
    }

    /// The array of stops, the position of one of them (`stop`), and the call that flies there.
    fn stops(&mut self, spots: &[Spot], out: &mut Vec<Node>) -> (String, String, String) {
        let count = spots.len();
        let globals: Option<Vec<String>> = spots.iter().map(|spot| spot.global.clone()).collect();
        if let Some(globals) = globals {
            let of_type = format!("[GlobalPosition; {count}]");
            let stops = self.constants.named("STOPS", of_type, format!("[{}]", globals.join(", ")));
            let position = "vehicle.home().to_ned(&stop)".into();
            return (stops, position, "vehicle.go_to_global(stop).await?".into());
        }
        let positions: Vec<&str> = spots.iter().map(|spot| spot.position.as_str()).collect();
        let array = format!("[{}]", positions.join(", "));
        let call = "vehicle.go_to(stop).await?".into();
        if spots.iter().all(|spot| spot.is_constant) {
            let stops = self.constants.named("STOPS", format!("[PositionNed; {count}]"), array);
            return (stops, "stop".into(), call);
        }
        out.push(Node::local("stops", array));
        ("stops".into(), "stop".into(), call)
    }
}

/// Whether `place` means somewhere seen from the vehicle.
fn is_relative(place: &Place) -> bool {
    matches!(place, Place::Here | Place::FromHere { .. })
}
