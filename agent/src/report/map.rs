//! The map: true tracks over the planned path, with fence, keep-outs, events and violations, as SVG. North is up.
use super::record::{Flight, RunRecord, Track};
use super::svg::{STYLE, escape, number, path_data, round_step, ticks};
use flightsmith_mission::contract::{Contract, Invariant, Outline};
use flightsmith_mission::frame::PositionNed;
use flightsmith_mission::itinerary::{Item, Motion};
use std::fmt::Write;

const WIDTH_PX: f64 = 640.0;
const MARGIN_PX: f64 = 34.0;
/// Most points of a track that are drawn.
const MAX_POINTS: usize = 900;
/// Most corners that get their step's number.
const MAX_NUMBERS: usize = 14;

/// The map of a run as an `<svg>` element; `None` where there is neither a path nor a track to draw.
pub fn render(record: &RunRecord) -> Option<String> {
    draw(record, "")
}

/// The map as a file of its own; a short note where there is nothing to draw.
pub fn stand_alone(record: &RunRecord) -> String {
    draw(record, &format!("<style>{STYLE}</style>")).unwrap_or_else(|| {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 60\"><text x=\"12\" y=\"34\">no flight and no path on record</text></svg>\n".into()
    })
}

fn draw(record: &RunRecord, style: &str) -> Option<String> {
    let path = record.contract.as_ref().map(PlannedPath::of).unwrap_or_default();
    let view = View::around(record, &path)?;
    let mut svg = String::new();
    let (width, height) = (WIDTH_PX, view.height_px);
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" viewBox=\"0 0 {width} {height:.0}\" role=\"img\" aria-label=\"{}\">{style}",
        escape(&format!("Map of {}: flown tracks over the planned path", record.name()))
    );
    let _ = write!(
        svg,
        "<clipPath id=\"map-frame\"><rect width=\"{width}\" height=\"{height:.0}\" rx=\"6\"/></clipPath><g clip-path=\"url(#map-frame)\"><rect class=\"ground\" width=\"{width}\" height=\"{height:.0}\"/>"
    );
    grid(&mut svg, &view);
    if let Some(contract) = &record.contract {
        limits(&mut svg, &view, contract);
    }
    lines(&mut svg, &view, &path);
    tracks(&mut svg, &view, &record.flights);
    home(&mut svg, &view);
    marks(&mut svg, &view, &path);
    violations(&mut svg, &view, &record.flights);
    compass(&mut svg);
    svg.push_str("</g></svg>\n");
    Some(svg)
}

/// The itinerary as lines and marks.
#[derive(Default)]
struct PlannedPath {
    lines: Vec<Vec<PositionNed>>,
    returns: Vec<[PositionNed; 2]>,
    corners: Vec<(PositionNed, String, String)>,
    events: Vec<(PositionNed, &'static str)>,
}

impl PlannedPath {
    fn of(contract: &Contract) -> Self {
        let mut path = Self::default();
        path.add(&contract.itinerary.items);
        path
    }

    fn add(&mut self, items: &[Item]) {
        for item in items {
            let mut corner = |at: PositionNed| self.corners.push((at, item.step.clone(), item.words.clone()));
            match &item.motion {
                Motion::TakeOff { .. } | Motion::Turn { .. } => {}
                Motion::Leg { from, to } => {
                    if from.horizontal_distance_m(to) > 0.05 {
                        corner(*to);
                        self.lines.push(vec![*from, *to]);
                    }
                }
                Motion::Arc(arc) => {
                    corner(arc.end());
                    let chords = (arc.sweep_deg.abs() / 4.0).ceil().clamp(1.0, 2_000.0);
                    let share = |index: u32| f64::from(index) / chords;
                    self.lines.push((0..=chords as u32).map(|index| arc.point_at(share(index))).collect());
                }
                Motion::Hold { at, .. } => self.events.push((*at, "hold")),
                Motion::Photo { at } => self.events.push((*at, "photo")),
                Motion::Release { at, .. } => self.events.push((*at, "release")),
                Motion::Land { from } => self.events.push((*from, "land")),
                Motion::ReturnToLaunch { from } => self.returns.push([*from, PositionNed::HOME]),
                Motion::Branch { then, otherwise, .. } => {
                    self.add(then);
                    self.add(otherwise);
                }
            }
        }
    }

    fn points(&self) -> impl Iterator<Item = &PositionNed> {
        let ends = self.returns.iter().flatten();
        self.lines.iter().flatten().chain(ends).chain(self.events.iter().map(|(at, _)| at))
    }
}

/// From metres to pixels.
struct View {
    north_top_m: f64,
    east_left_m: f64,
    px_per_m: f64,
    height_px: f64,
}

impl View {
    fn around(record: &RunRecord, path: &PlannedPath) -> Option<Self> {
        let mut points: Vec<(f64, f64)> = path.points().map(|point| (point.north_m, point.east_m)).collect();
        for track in record.flights.iter().filter_map(|flight| flight.track.as_ref()) {
            points.extend(track.north_m.iter().copied().zip(track.east_m.iter().copied()));
        }
        points.retain(|(north_m, east_m)| north_m.is_finite() && east_m.is_finite());
        if points.is_empty() {
            return None;
        }
        points.push((0.0, 0.0));
        let reach = |value: fn(&(f64, f64)) -> f64| {
            points.iter().map(value).fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)))
        };
        let ((south_m, north_m), (west_m, east_m)) = (reach(|p| p.0), reach(|p| p.1));
        // At least 20 m across, so that a hop on the spot does not show its GPS noise as a landscape.
        let (tall_m, wide_m) = ((north_m - south_m).max(12.0), (east_m - west_m).max(20.0));
        let inner_px = WIDTH_PX - 2.0 * MARGIN_PX;
        let px_per_m = (inner_px / wide_m).min(440.0 / tall_m);
        let height_px = (tall_m * px_per_m + 2.0 * MARGIN_PX).max(280.0);
        let (middle_north_m, middle_east_m) = (f64::midpoint(south_m, north_m), f64::midpoint(west_m, east_m));
        Some(Self {
            north_top_m: middle_north_m + height_px / 2.0 / px_per_m,
            east_left_m: middle_east_m - WIDTH_PX / 2.0 / px_per_m,
            px_per_m,
            height_px,
        })
    }

    fn px(&self, north_m: f64, east_m: f64) -> (f64, f64) {
        ((east_m - self.east_left_m) * self.px_per_m, (self.north_top_m - north_m) * self.px_per_m)
    }
    fn at(&self, point: &PositionNed) -> (f64, f64) {
        self.px(point.north_m, point.east_m)
    }
    fn line(&self, points: &[PositionNed]) -> String {
        path_data(points.iter().map(|point| self.at(point)))
    }
    fn east_right_m(&self) -> f64 {
        self.east_left_m + WIDTH_PX / self.px_per_m
    }
    fn north_bottom_m(&self) -> f64 {
        self.north_top_m - self.height_px / self.px_per_m
    }
}

fn grid(svg: &mut String, view: &View) {
    let step_m = round_step(WIDTH_PX / view.px_per_m, 9.0);
    for east_m in ticks(view.east_left_m, view.east_right_m(), step_m) {
        let (x, _) = view.px(0.0, east_m);
        let _ = write!(svg, "<path class=\"grid\" d=\"M{x:.1} 0V{:.0}\"/>", view.height_px);
    }
    for north_m in ticks(view.north_bottom_m(), view.north_top_m, step_m) {
        let (_, y) = view.px(north_m, 0.0);
        let _ = write!(svg, "<path class=\"grid\" d=\"M0 {y:.1}H{WIDTH_PX}\"/>");
    }
    let (bar_px, y) = (step_m * view.px_per_m, view.height_px - 14.0);
    let _ = write!(
        svg,
        "<path class=\"mark\" d=\"M14 {:.1}v5h{bar_px:.1}v-5\"/><text x=\"{:.1}\" y=\"{:.1}\">{} m</text>",
        y - 5.0,
        20.0 + bar_px,
        y + 1.0,
        number(step_m, 2)
    );
}

fn limits(svg: &mut String, view: &View, contract: &Contract) {
    for invariant in &contract.invariants {
        match invariant {
            Invariant::Fence { max_distance_m } if max_distance_m.is_finite() => {
                let ((x, y), r) = (view.px(0.0, 0.0), max_distance_m * view.px_per_m);
                let corner_px = [(0.0, 0.0), (WIDTH_PX, 0.0), (0.0, view.height_px), (WIDTH_PX, view.height_px)];
                let farthest_px = corner_px.iter().map(|(cx, cy)| (cx - x).hypot(cy - y)).fold(0.0, f64::max);
                if r <= farthest_px {
                    let _ = write!(svg, "<circle class=\"limit\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\"/>");
                }
                let _ = write!(
                    svg,
                    "<text class=\"limit-name\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">fence {} m{}</text>",
                    WIDTH_PX - 14.0,
                    view.height_px - 13.0,
                    number(*max_distance_m, 1),
                    if r <= farthest_px { "" } else { ", outside this picture" }
                );
            }
            Invariant::KeepOut { outline, words } => keep_out(svg, view, outline, words),
            _ => {}
        }
    }
}

fn keep_out(svg: &mut String, view: &View, outline: &Outline, words: &str) {
    let title = escape(if words.is_empty() { "keep-out" } else { words });
    let (x, y) = match outline {
        Outline::Circle { centre, radius_m } => {
            let ((x, y), r) = (view.at(centre), (radius_m * view.px_per_m).max(0.0));
            let _ = write!(
                svg,
                "<circle class=\"keep-out\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\"><title>{title}</title></circle>"
            );
            (x, y)
        }
        Outline::Polygon { corners } if !corners.is_empty() => {
            let line = view.line(corners);
            let _ = write!(svg, "<path class=\"keep-out\" d=\"{line}Z\"><title>{title}</title></path>");
            let count = corners.len() as f64;
            let sum =
                corners.iter().map(|corner| view.at(corner)).fold((0.0, 0.0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
            (sum.0 / count, sum.1 / count)
        }
        Outline::Polygon { .. } => return,
    };
    let _ = write!(
        svg,
        "<text class=\"keep-out-name\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">keep out</text>",
        y + 4.0
    );
}

fn tracks(svg: &mut String, view: &View, flights: &[Flight]) {
    let nominal = flights.iter().position(|flight| flight.track.is_some());
    // The nominal flight last, so that the varied ones do not hide it; failed ones above all.
    let mut order: Vec<usize> = (0..flights.len()).collect();
    order.sort_by_key(|index| (!flights[*index].passed(), Some(*index) == nominal));
    for index in order {
        let flight = &flights[index];
        let Some(track) = &flight.track else { continue };
        let class = match (flight.passed(), Some(index) == nominal) {
            (false, _) => "bad",
            (true, true) => "track",
            (true, false) => "other",
        };
        let line = path_data(thinned(track).map(|i| view.px(track.north_m[i], track.east_m[i])));
        if !line.is_empty() {
            let title = escape(&format!("flight {}", flight.folder));
            let _ = write!(svg, "<path class=\"{class}\" d=\"{line}\"><title>{title}</title></path>");
        }
    }
}

/// Indices of the points to draw: all, or evenly spread ones and the last.
pub(super) fn thinned(track: &Track) -> impl Iterator<Item = usize> + use<> {
    let (count, stride) = (track.len(), track.len().div_ceil(MAX_POINTS).max(1));
    (0..count).filter(move |index| index % stride == 0 || index + 1 == count)
}

fn lines(svg: &mut String, view: &View, path: &PlannedPath) {
    for line in &path.lines {
        let _ = write!(svg, "<path class=\"plan\" d=\"{}\"/>", view.line(line));
    }
    for line in &path.returns {
        let _ = write!(svg, "<path class=\"return\" d=\"{}\"/>", view.line(line));
    }
}

/// Corners with their order, photos, releases and holds.
fn marks(svg: &mut String, view: &View, path: &PlannedPath) {
    let mut seen: Vec<(f64, f64)> = Vec::new();
    let is_new = |at: (f64, f64), seen: &mut Vec<(f64, f64)>| {
        let new = seen.iter().all(|other| (other.0 - at.0).hypot(other.1 - at.1) > 4.0);
        if new {
            seen.push(at);
        }
        new
    };
    for (point, step, words) in &path.corners {
        let (x, y) = view.at(point);
        if !is_new((x, y), &mut seen) {
            continue;
        }
        let (home_x, home_y) = view.px(0.0, 0.0);
        if (x - home_x).hypot(y - home_y) < 10.0 {
            continue; // home's own mark stands there
        }
        let title = escape(&format!("step {step}: {words}"));
        let _ =
            write!(svg, "<circle class=\"point\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"><title>{title}</title></circle>");
    }
    if seen.len() <= MAX_NUMBERS {
        for (number, (x, y)) in seen.iter().enumerate() {
            let _ = write!(svg, "<text class=\"name\" x=\"{:.1}\" y=\"{:.1}\">{}</text>", x + 8.0, y - 7.0, number + 1);
        }
    }
    let mut seen: Vec<(f64, f64)> = Vec::new();
    for (point, kind) in &path.events {
        let (x, y) = view.at(point);
        if *kind == "land" || !is_new((x, y), &mut seen) {
            continue;
        }
        // Beside the spot, so that a corner's or home's own mark stays to be seen.
        let (x, y) = (x + 13.0, y + 13.0);
        let (u, d) = (y - 6.0, y + 6.0);
        let _ = match *kind {
            "photo" => write!(
                svg,
                "<rect class=\"event\" x=\"{:.1}\" y=\"{:.1}\" width=\"11\" height=\"9\" rx=\"2\">",
                x - 5.5,
                y - 4.5
            ),
            "release" => {
                write!(svg, "<path class=\"event\" d=\"M{:.1} {u:.1}H{:.1}L{x:.1} {d:.1}Z\">", x - 6.0, x + 6.0)
            }
            _ => write!(svg, "<circle class=\"event\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\">"),
        };
        let element = match *kind {
            "photo" => "rect",
            "release" => "path",
            _ => "circle",
        };
        let _ = write!(svg, "<title>{kind}</title></{element}>");
    }
}

fn home(svg: &mut String, view: &View) {
    let (x, y) = view.px(0.0, 0.0);
    let _ = write!(
        svg,
        "<g><circle class=\"home\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"9\"/><text class=\"home-name\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">H</text><title>home</title></g>",
        y + 4.2
    );
}

fn violations(svg: &mut String, view: &View, flights: &[Flight]) {
    for flight in flights {
        let (Some(track), Some(verdict)) = (&flight.track, &flight.verdict) else { continue };
        for violation in &verdict.violations {
            let Some(index) = violation.at_s.and_then(|t_s| track.index_at(t_s)) else { continue };
            let (x, y) = view.px(track.north_m[index], track.east_m[index]);
            let title = escape(&format!("flight {}: {}", flight.folder, violation.says));
            let _ = write!(
                svg,
                "<path class=\"cross\" d=\"M{:.1} {:.1}l14 14m0 -14l-14 14\"><title>{title}</title></path>",
                x - 7.0,
                y - 7.0
            );
        }
    }
}

fn compass(svg: &mut String) {
    let x = WIDTH_PX - 24.0;
    let _ = write!(
        svg,
        "<path class=\"needle\" d=\"M{x} 14l6 18l-6 -4l-6 4Z\"/><text x=\"{x}\" y=\"46\" text-anchor=\"middle\">N</text>"
    );
}
