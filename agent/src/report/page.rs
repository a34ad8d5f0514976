//! `report.html`: one page that needs nothing else, in the order in which a pilot asks: did it pass, what was asked, what did it
//! understand, how did it fly, how close was it, what is in the artefact. Every text that comes from outside is escaped.
use super::record::{Clause, FlightVerdict, RunRecord, Track};
use super::summary::{Report, Verdict};
use super::svg::{STYLE, escape, number};
use super::{map, plots};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Most single clauses that are listed.
const MAX_CLAUSES: usize = 400;

/// The page for `record`, of which `report` is the summary.
pub fn render(record: &RunRecord, report: &Report) -> String {
    let mut page = String::new();
    let name = escape(record.name());
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{name}: {}</title>\n<style>{STYLE}{}</style></head>\n<body><main>\n",
        verdict_word(report.verdict),
        include_str!("page.css")
    );
    let _ = write!(
        page,
        "<header class=\"top\"><h1>{name}</h1><span class=\"badge {0}\">{0}</span></header>\n<p class=\"lead\">{1}</p>\n",
        verdict_word(report.verdict),
        lead(report)
    );
    page.push_str(&facts(record, report));
    page.push_str(&warnings(report));
    page.push_str(&violations(record));
    page.push_str(&words(record));
    page.push_str(&pictures(record));
    page.push_str(&closeness(record));
    page.push_str(&flights(record));
    page.push_str(&attempts(report));
    page.push_str(&code(record));
    page.push_str(&artifact(record, report));
    page.push_str(&gaps(report));
    page.push_str("<footer>Judged on the simulator's true state, which the mission never sees. Margins: positive by how much a clause held. Times are vehicle time unless they say otherwise. Made by flightsmith from the run directory alone.</footer>\n</main></body></html>\n");
    page
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Verified => "verified",
        Verdict::Refused => "refused",
        Verdict::Failed => "failed",
        Verdict::Unfinished => "unfinished",
    }
}

fn lead(report: &Report) -> String {
    let flights = &report.flights;
    match report.verdict {
        Verdict::Verified => format!(
            "Every one of {} flights held every clause of the contract: with 95 % confidence a flight under these conditions passes at least {} % of the time.",
            flights.flown,
            number(flights.confidence_lower * 100.0, 0)
        ),
        Verdict::Refused | Verdict::Failed | Verdict::Unfinished => {
            let reason = if report.reason.is_empty() { "no reason is on record" } else { &report.reason };
            format!("Ended in <b>{}</b>: {}.", escape(&report.stage), escape(reason.trim_end_matches('.')))
        }
    }
}

fn section(class: &str, title: &str, body: &str) -> String {
    format!("<section class=\"{class}\"><h2>{title}</h2>\n{body}</section>\n")
}

fn facts(record: &RunRecord, report: &Report) -> String {
    let mut cells: Vec<(&str, String)> = Vec::new();
    let flights = &report.flights;
    if flights.flown > 0 {
        cells.push(("flights passed", format!("{} of {}", flights.passed, flights.flown)));
    }
    if let Some(track) = record.flights.iter().find_map(|flight| flight.track.as_ref()) {
        cells.push(("time in the air", duration(airborne_s(track))));
        cells.push(("way flown", format!("{} m", number(way_m(track), 0))));
        cells.push(("highest", format!("{} m", number(highest(&track.altitude_m), 1))));
        cells.push(("fastest", format!("{} m/s", number(highest(&track.ground_speed_m_s), 1))));
    }
    if let Some(manifest) = &record.manifest {
        cells.push(("vehicle", escape(&manifest.provenance.vehicle)));
        cells.push(("autopilot", escape(&manifest.provenance.autopilot)));
    }
    if let Some(artifact) = &report.artifact {
        let short = artifact.target.split('-').next().unwrap_or_default();
        cells.push(("built for", escape(short)));
    }
    cells.push(("model", report.model.as_deref().map_or("none".into(), escape)));
    if cells.len() < 2 {
        return String::new();
    }
    let cells: String =
        cells.iter().map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>")).collect();
    format!("<dl class=\"facts\">{cells}</dl>\n")
}

fn warnings(report: &Report) -> String {
    if report.loosened.is_empty() {
        return String::new();
    }
    section("note", "Looser than the defaults", &bullets(&report.loosened))
}

fn gaps(report: &Report) -> String {
    if report.gaps.is_empty() {
        return String::new();
    }
    section("note", "Missing from this run's records", &bullets(&report.gaps))
}

fn bullets(sentences: &[String]) -> String {
    let items: String = sentences.iter().map(|sentence| format!("<li>{}</li>", escape(sentence))).collect();
    format!("<ul>{items}</ul>")
}

fn violations(record: &RunRecord) -> String {
    let mut rows = String::new();
    for flight in record.flights.iter().filter(|flight| !flight.passed()) {
        let Some(verdict) = &flight.verdict else {
            let _ =
                write!(rows, "<tr><td>{}</td><td colspan=\"4\">no readable verdict</td></tr>", escape(&flight.folder));
            continue;
        };
        for violation in &verdict.violations {
            let unit = escape(&violation.unit);
            let _ = write!(
                rows,
                "<tr><td>{}</td><td>{}<br><code class=\"soft\">{}</code></td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
                escape(&flight.folder),
                escape(&violation.says),
                escape(&violation.id),
                violation.at_s.map_or("".into(), |at_s| format!("{} s", number(at_s, 1))),
                amount(&violation.measured, &unit),
                amount(&violation.limit, &unit),
            );
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let head = "<tr><th>flight</th><th>what happened</th><th class=\"n\">when</th><th class=\"n\">measured</th><th class=\"n\">allowed</th></tr>";
    section("alarm", "Violations", &format!("<div class=\"scroll\"><table class=\"wide\">{head}{rows}</table></div>"))
}

fn words(record: &RunRecord) -> String {
    let asked = match &record.words {
        Some(words) => format!("<blockquote>{}</blockquote>", escape(words.trim())),
        None => "<p class=\"soft\">The words are not on record.</p>".into(),
    };
    let readback = match &record.readback {
        Some(readback) => format!("<pre class=\"readback\">{}</pre>", escape(readback.trim())),
        None => "<p class=\"soft\">Nothing was read back.</p>".into(),
    };
    section("", "Asked", &asked) + &section("", "Read back", &readback)
}

fn pictures(record: &RunRecord) -> String {
    let map = map::render(record);
    let (altitude, speed) = (plots::altitude(record), plots::speed(record));
    if map.is_none() && altitude.is_none() {
        return String::new();
    }
    let figure = |picture: Option<String>, caption: &str| {
        picture.map(|svg| format!("<figure>{svg}<figcaption>{caption}</figcaption></figure>")).unwrap_or_default()
    };
    let key = "<div class=\"key picture\"><span class=\"band\" style=\"--c:var(--plan)\">planned</span><span style=\"--c:var(--track)\">nominal flight</span><span class=\"thin\" style=\"--c:var(--other)\">varied flights</span><span style=\"--c:var(--bad)\">failed flight</span><span class=\"dash\" style=\"--c:var(--fence)\">limit</span></div>";
    let body = format!(
        "<div class=\"pictures\"><div>{}{key}</div><div>{}{}</div></div>",
        figure(map, "True tracks over the planned path; north is up, H is home."),
        figure(altitude, "Height above home, m"),
        figure(speed, "Ground speed, m/s"),
    );
    section("", "Flown", &body)
}

/// A clause at its smallest margin, and how often it was judged.
struct Closest<'a> {
    clause: &'a Clause,
    flight: &'a str,
    judged: usize,
}

/// The closest call of every kind of clause over all flights; every single clause behind it.
fn closeness(record: &RunRecord) -> String {
    let by_kind = closest_by(record, |clause| clause.id.rsplit('.').next().unwrap_or(&clause.id));
    let by_id = closest_by(record, |clause| &clause.id);
    if by_id.is_empty() {
        return String::new();
    }
    let mut body = closeness_table(&by_kind);
    if by_id.len() > by_kind.len() {
        let _ = write!(body, "<details class=\"fold\"><summary>all {} clauses</summary>", by_id.len());
        let shown = &by_id[..by_id.len().min(MAX_CLAUSES)];
        body.push_str(&closeness_table(shown));
        if shown.len() < by_id.len() {
            let _ = write!(body, "<p class=\"soft\">{} more are in the verdicts.</p>", by_id.len() - shown.len());
        }
        body.push_str("</details>");
    }
    section("", "Measured: the closest calls", &body)
}

/// The smallest margin of each group of clauses, in the order in which the groups first appear.
fn closest_by<'a>(record: &'a RunRecord, key: impl Fn(&'a Clause) -> &'a str) -> Vec<Closest<'a>> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut closest: Vec<Closest<'a>> = Vec::new();
    for flight in &record.flights {
        for clause in flight.verdict.iter().flat_map(|verdict| &verdict.clauses) {
            let place = *places.entry(key(clause)).or_insert(closest.len());
            let Some(entry) = closest.get_mut(place) else {
                closest.push(Closest { clause, flight: &flight.folder, judged: 1 });
                continue;
            };
            entry.judged += 1;
            // A broken clause comes before a held one, a known margin before none.
            let rank = |clause: &Clause| (clause.held, clause.margin.unwrap_or(f64::INFINITY));
            if rank(clause) < rank(entry.clause) {
                (entry.clause, entry.flight) = (clause, &flight.folder);
            }
        }
    }
    closest
}

fn closeness_table(closest: &[Closest<'_>]) -> String {
    let mut rows = String::new();
    for Closest { clause, flight, judged } in closest {
        let words = if clause.words.is_empty() {
            String::new()
        } else {
            format!("<br><span class=\"soft\">“{}”</span>", escape(&clause.words))
        };
        let _ = write!(
            rows,
            "<tr><td>{}{words}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{judged}</td></tr>",
            escape(promise(clause)),
            if clause.held { "<span class=\"yes\">held</span>" } else { "<span class=\"no\">broken</span>" },
            margin(clause),
            if clause.held && clause.margin.is_none() { String::new() } else { escape(flight) },
            clause.at_s.map_or(String::new(), |at_s| format!("{} s", number(at_s, 1))),
        );
    }
    format!(
        "<div class=\"scroll\"><table class=\"wide\"><tr><th>clause</th><th></th><th class=\"n\">smallest margin</th><th>in flight</th><th class=\"n\">at</th><th class=\"n\">judged</th></tr>{rows}</table></div>"
    )
}

/// What a clause demands: the judge's words without what came of it, which has a column of its own.
fn promise(clause: &Clause) -> &str {
    let says = clause.says.rsplit_once(": ").map_or(clause.says.as_str(), |(promise, _)| promise);
    if says.is_empty() { &clause.id } else { says }
}

fn margin(clause: &Clause) -> String {
    let Some(value) = clause.margin else { return String::new() };
    let sign = if value >= 0.0 { "+" } else { "" };
    format!("{sign}{} {}", number(value, 2), escape(&clause.unit))
}

fn flights(record: &RunRecord) -> String {
    if record.flights.is_empty() {
        return String::new();
    }
    let mut rows = String::new();
    for flight in &record.flights {
        let Some(verdict) = &flight.verdict else {
            let _ = write!(
                rows,
                "<tr><td>{}</td><td><span class=\"no\">failed</span></td><td colspan=\"5\">no readable verdict</td></tr>",
                escape(&flight.folder)
            );
            continue;
        };
        let closest = closest(verdict);
        let _ = write!(
            rows,
            "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"small\">{}</td><td class=\"small\">{}</td><td class=\"n\">{}</td><td class=\"small\">{}</td></tr>",
            escape(&flight.folder),
            if verdict.passed { "<span class=\"yes\">passed</span>" } else { "<span class=\"no\">failed</span>" },
            escape(&plain(&verdict.seed)),
            escape(&plain(&verdict.scenario)),
            escape(format!("{} {}", plain(&verdict.backend), plain(&verdict.autopilot)).trim()),
            closest.map(margin).unwrap_or_default(),
            closest.map(|clause| escape(promise(clause))).unwrap_or_default(),
        );
    }
    let head = "<tr><th>flight</th><th></th><th class=\"n\">seed</th><th>scenario</th><th>flown in</th><th class=\"n\">closest</th><th>to breaking</th></tr>";
    section("", "Flights", &format!("<div class=\"scroll\"><table class=\"wide\">{head}{rows}</table></div>"))
}

/// The clause that came closest to breaking, or broke by most. Units differ, so metres, m/s and the rest are compared as numbers.
fn closest(verdict: &FlightVerdict) -> Option<&Clause> {
    let with_margin = verdict.clauses.iter().filter(|clause| clause.margin.is_some_and(f64::is_finite));
    with_margin.min_by(|a, b| a.margin.unwrap_or(0.0).total_cmp(&b.margin.unwrap_or(0.0)))
}

fn attempts(report: &Report) -> String {
    if report.attempts.is_empty() {
        return String::new();
    }
    let mut rows = String::new();
    for (index, attempt) in report.attempts.iter().enumerate() {
        let result = match &attempt.failed {
            None => "<span class=\"yes\">passed</span>".to_owned(),
            Some(what) => format!("<span class=\"no\">failed</span> {}", escape(what)),
        };
        let tokens = if attempt.tokens == 0 { String::new() } else { attempt.tokens.to_string() };
        let _ = write!(
            rows,
            "<tr><td class=\"n\">{}</td><td>{}</td><td>{result}</td><td class=\"n\">{} s</td><td class=\"n\">{tokens}</td></tr>",
            index + 1,
            escape(&attempt.fixer),
            number(attempt.seconds, 2)
        );
    }
    let head = "<tr><th class=\"n\">attempt</th><th>by</th><th>result</th><th class=\"n\">took</th><th class=\"n\">tokens</th></tr>";
    section("", "Tried", &format!("<div class=\"scroll\"><table class=\"wide\">{head}{rows}</table></div>"))
}

fn code(record: &RunRecord) -> String {
    let Some(code) = &record.code else { return String::new() };
    format!(
        "<section><details><summary><h2>Written: mission.rs</h2> {} lines</summary><pre>{}</pre></details></section>\n",
        code.lines().count(),
        escape(code)
    )
}

fn artifact(record: &RunRecord, report: &Report) -> String {
    let mut rows = String::new();
    let mut row = |name: &str, value: String| {
        let _ = write!(rows, "<tr><th>{name}</th><td>{value}</td></tr>");
    };
    if let Some(artifact) = &report.artifact {
        row("program", format!("<code>{}</code>", escape(&artifact.path)));
        row("SHA-256", format!("<code>{}</code>", escape(&artifact.sha256)));
        row("target", escape(&artifact.target));
        for (name, bytes) in [("flash", artifact.flash_bytes), ("RAM (variables, heap, stack)", artifact.ram_bytes)] {
            if let Some(bytes) = bytes {
                row(name, format!("{bytes} bytes ({:.1} KB)", bytes as f64 / 1024.0));
            }
        }
    }
    if let Some(manifest) = &record.manifest {
        let tools = &manifest.provenance.tools;
        let tools: Vec<String> = tools.iter().map(|(tool, version)| escape(&format!("{tool} {version}"))).collect();
        row("made with", tools.join("<br>"));
        row("files in the bundle", manifest.files.len().to_string());
    }
    if let Some(deployment) = &report.deployment {
        let field = |key: &str| deployment.get(key).map(plain).unwrap_or_default();
        let lines = [
            format!("{} {}", field("outcome").replace('_', " "), field("host")),
            field("error"),
            field("steps"),
            field("unit_says"),
        ];
        let lines = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        row("upload", lines.map(escape).collect::<Vec<_>>().join("<br>"));
    }
    if let Some(model) = &report.model {
        row("model", escape(model));
    }
    if !report.timings_s.is_empty() {
        let times = report.timings_s.iter().map(|(stage, s)| format!("{} {} s", escape(stage), number(*s, 2)));
        row("wall time", times.collect::<Vec<_>>().join(" · "));
    }
    if rows.is_empty() {
        return String::new();
    }
    section("", "Artefact", &format!("<div class=\"scroll\"><table>{rows}</table></div>"))
}

/// A JSON value as a person would write it: text bare, `{"a":1}` as `a 1`.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(value) if value.is_f64() => number(value.as_f64().unwrap_or(f64::NAN), 2),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            fields.map(|(key, value)| named(key, &plain(value))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// A field with the unit that its name carries: `gust_m_s` 6 as `gust 6 m/s`.
fn named(key: &str, value: &str) -> String {
    const UNITS: [(&str, &str); 9] = [
        ("_m_s", "m/s"),
        ("_percent", "%"),
        ("_deg", "°"),
        ("_kg", "kg"),
        ("_hz", "Hz"),
        ("_ms", "ms"),
        ("_m", "m"),
        ("_s", "s"),
        ("_v", "V"),
    ];
    let (name, unit) = UNITS.iter().find_map(|(end, unit)| Some((key.strip_suffix(end)?, *unit))).unwrap_or((key, ""));
    format!("{} {value} {unit}", name.replace('_', " ")).trim_end().to_owned()
}

/// A measured or allowed value with its (escaped) unit, where it is a number.
fn amount(value: &Value, unit: &str) -> String {
    match value {
        Value::Null => String::new(),
        Value::Number(_) => format!("{} {unit}", escape(&plain(value))),
        other => escape(&plain(other)),
    }
}

fn highest(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

fn way_m(track: &Track) -> f64 {
    let step = |i: usize| {
        let level_m = (track.north_m[i] - track.north_m[i - 1]).hypot(track.east_m[i] - track.east_m[i - 1]);
        level_m.hypot(track.altitude_m[i] - track.altitude_m[i - 1])
    };
    (1..track.len()).map(step).sum()
}

/// From the first to the last point higher than 0.3 m.
fn airborne_s(track: &Track) -> f64 {
    let up = |index: &usize| track.altitude_m[*index] > 0.3;
    let (first, last) = ((0..track.len()).find(up), (0..track.len()).rev().find(up));
    first.zip(last).map_or(0.0, |(first, last)| track.t_s[last] - track.t_s[first])
}

fn duration(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    if whole < 60 { format!("{whole} s") } else { format!("{}:{:02} min", whole / 60, whole % 60) }
}
