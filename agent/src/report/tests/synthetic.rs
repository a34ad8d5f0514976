//! Run directories as a pipeline leaves them behind, made up.
use flightsmith_mission::contract::{Contract, Invariant, Outline, Tolerances};
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::itinerary::resolve;
use flightsmith_mission::plan::PlanDraft;
use flightsmith_upload::bundle::{Bundle, Item};
use flightsmith_upload::key::BundleKey;
use flightsmith_upload::manifest::Provenance;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

pub struct Run(tempfile::TempDir);

const WORDS: &str =
    "Take off to 10 m, fly a 40 m square at 5 m/s, take a photo, stay away from the barn, then return and land";

impl Run {
    pub fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Planned, generated, compiled and not yet flown: a square beside a barn.
    pub fn square() -> Self {
        let run = Self::empty();
        run.put("10-brief.md", WORDS);
        run.put("22-readback.txt", "1. Take off to 10 m above home.\n2. Fly a square of 40 m, first leg to the north, turning right, at 5 m/s.\n3. Take one photo.\n4. Return to home and land.\nNever enter the circle of 8 m around the barn.\nReturn to launch on any failure. Reserve: 25 % battery.\n");
        let plan = json!({
            "name": "square-by-the-barn", "words": WORDS, "speed_m_s": 5.0,
            "steps": [
                {"words": "take off to 10 m", "do": {"take_off": {"altitude_m": 10.0}}},
                {"words": "fly a 40 m square", "do": {"pattern": {"shape": {"square": {"side_m": 40.0}}, "first_leg": {"bearing": 0.0}, "turn": "clockwise"}}},
                {"words": "take a photo", "do": "photo"},
                {"words": "then return", "do": {"return_home": {}}},
                {"words": "and land", "do": "land"},
            ],
        });
        run.put("20-plan.json", &plan.to_string());
        let plan: PlanDraft = serde_json::from_value(plan).unwrap();
        let contract = Contract {
            itinerary: resolve(&plan, &Home::default(), 5.0).unwrap(),
            rules: vec![],
            invariants: vec![
                Invariant::Fence { max_distance_m: 500.0 },
                Invariant::Ceiling { max_altitude_m: 120.0 },
                Invariant::KeepOut {
                    outline: Outline::Circle {
                        centre: flightsmith_mission::raw::position_ned([21.0, 21.0, 0.0]),
                        radius_m: 8.0,
                    },
                    words: "stay away from the barn".into(),
                },
            ],
            tolerances: Tolerances::default(),
        };
        run.put("21-contract.json", &serde_json::to_string(&contract).unwrap());
        run.put(
            "40-attempts/01/attempt.json",
            "{\"fixer\":\"generator\",\"failed\":null,\"seconds\":0.41,\"tokens\":0}",
        );
        run.put("50-mission/src/mission.rs", "/// \"fly a 40 m square\"\nconst SIDE: Metres = Metres(40.0);\npub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {\n    let mut vehicle = vehicle.arm_and_take_off(Metres(10.0)).await?;\n    vehicle.land().await\n}\n");
        run.put(
            "events.jsonl",
            "{\"event\":\"stage_ended\",\"stage\":\"plan\",\"seconds\":0.02}\n{\"event\":\"stage_ended\",\"stage\":\"simulate\",\"seconds\":4.5}\n{\"event\":\"run_ended\",\"verdict\":\"verified\",\"stage\":\"bundle\",\"reason\":\"\"}\n",
        );
        run
    }

    pub fn with_flights(self, count: u32) -> Self {
        for number in 1..=count {
            let wobble_m = 0.12 * f64::from(number - 1);
            let folder = format!("60-flights/{number:04}");
            self.put(&format!("{folder}/track.json"), &track(wobble_m, f64::from(number)).to_string());
            let scenario = if number == 1 {
                json!("nominal")
            } else {
                json!({"wind_m_s": 2.5, "wind_from_deg": 211.4, "gust_m_s": 6.0, "gps_noise_m": 0.5, "mass_factor": 1.034, "battery_start_percent": 93.0, "link_loss_percent": 2.2})
            };
            let mut clauses = Vec::new();
            for corner in 1..=4 {
                let at_s = 9.0 * f64::from(corner);
                let reach =
                    format!("comes within 2.0 m of corner {corner}: held with {:.2} m to spare", 1.7 - wobble_m / 3.0);
                let words = "fly a 40 m square";
                clauses.extend([
                    json!({"id": format!("2.{corner}.reach"), "step": "2", "words": words, "says": reach, "margin": 1.7 - wobble_m / 3.0, "unit": "m", "held": true, "at_s": at_s}),
                    json!({"id": format!("2.{corner}.way"), "step": "2", "words": words, "says": "flies straight within 3.0 m of the line: held with 2 m to spare", "margin": 2.8 - wobble_m / 2.0, "unit": "m", "held": true, "at_s": at_s - 4.0}),
                    json!({"id": format!("2.{corner}.speed"), "step": "2", "words": words, "says": "flies at most 5.5 m/s: held with 0.38 m/s to spare", "margin": 0.38, "unit": "m/s", "held": true, "at_s": at_s - 2.0}),
                ]);
            }
            clauses.extend([
                json!({"id": "keep_out_1", "words": "stay away from the barn", "says": "stays out of \"stay away from the barn\": at least 10 m away", "margin": 10.1 - wobble_m, "unit": "m", "held": true, "at_s": 31.0}),
                json!({"id": "5.landing", "words": "and land", "says": "lands within 1.5 m of home: held with 1.2 m to spare", "margin": 1.2, "unit": "m", "held": true, "at_s": 62.0}),
                json!({"id": "pilot_authority", "says": "sends nothing after a pilot has taken over: nobody did", "margin": null, "unit": "s", "held": true}),
            ]);
            let backend = if number == count && count > 20 { "qemu-aarch64" } else { "embedded" };
            let verdict = json!({"seed": number, "scenario": scenario, "backend": backend, "autopilot": "ardupilot", "passed": true, "clauses": clauses, "violations": []});
            self.put(&format!("{folder}/verdict.json"), &verdict.to_string());
        }
        self
    }

    /// One more flight, which cut the corner through the barn.
    pub fn with_a_failed_flight(self) -> Self {
        let number = fs::read_dir(self.path().join("60-flights")).unwrap().count() + 1;
        let folder = format!("60-flights/{number:04}");
        let mut track = track(0.3, 9.0);
        for index in 150..190 {
            track["east_m"][index] = json!(40.0 - 14.0 * (1.0 - ((index as f64) - 170.0).abs() / 20.0));
        }
        self.put(&format!("{folder}/track.json"), &track.to_string());
        let says = "entered the keep-out `stay away from the barn`";
        let verdict = json!({
            "seed": number, "scenario": "gusts to 8 m/s", "backend": "embedded", "autopilot": "ardupilot", "passed": false,
            "clauses": [{"id": "keep_out_1", "says": "stays out of `stay away from the barn`", "margin": -1.2, "unit": "m", "held": false, "at_s": 34.2}],
            "violations": [{"id": "keep_out_1", "says": says, "at_s": 34.2, "measured": -1.2, "limit": 0.0, "unit": "m"}],
        });
        self.put(&format!("{folder}/verdict.json"), &verdict.to_string());
        self
    }

    pub fn with_bundle(self) -> Self {
        self.bundled(&[("mission", "50-mission/src/mission.rs")], "aarch64-unknown-linux-gnu")
    }

    /// A bundle with the papers that an approval reads.
    pub fn with_papers_in_the_bundle(self) -> Self {
        self.with_papers_around("50-mission/src/mission.rs", "aarch64-unknown-linux-gnu")
    }

    /// The same around a program for a microcontroller.
    pub fn with_a_bundle_for_a_board(self, elf: &[u8]) -> Self {
        fs::create_dir_all(self.path().join("artifact")).unwrap();
        fs::write(self.path().join("artifact/mission"), elf).unwrap();
        self.with_papers_around("artifact/mission", "thumbv7em")
    }

    fn with_papers_around(self, artifact: &str, target: &str) -> Self {
        let papers = [("contract.json", "21-contract.json"), ("readback.txt", "22-readback.txt")];
        self.bundled(&[&[("mission", artifact)], papers.as_slice()].concat(), target)
    }

    fn bundled(self, files: &[(&str, &str)], target: &str) -> Self {
        let item = |(path, from): &(&str, &str)| Item { path: (*path).into(), from: self.path().join(from) };
        let items: Vec<Item> = files.iter().map(item).collect();
        let provenance = Provenance {
            target: target.into(),
            vehicle: "quad".into(),
            autopilot: "ardupilot".into(),
            tools: [("rustc".to_owned(), "1.95.0".to_owned())].into(),
        };
        let keys = tempfile::tempdir().unwrap();
        let key = BundleKey::load_or_create(&keys.path().join("key")).unwrap();
        Bundle::write(&self.path().join("70-bundle"), &items, provenance, &key).unwrap();
        self
    }

    /// Puts `text` wherever text from outside can come to stand.
    pub fn with_hostile_text(self, text: &str) -> Self {
        self.put("10-brief.md", text);
        self.put("22-readback.txt", text);
        self.put("20-plan.json", &json!({ "name": text }).to_string());
        self.put("40-attempts/01/attempt.json", &json!({"fixer": text, "failed": text}).to_string());
        self.put("50-mission/src/mission.rs", text);
        let event =
            json!({"verdict": "failed", "stage": text, "reason": text, "seconds": 1.0, "model": text, "widened": text});
        self.put("events.jsonl", &event.to_string());
        let clause = json!({"id": text, "says": text, "margin": -1.0, "unit": text, "held": false});
        let violation = json!({"id": text, "says": text, "at_s": 3.0, "measured": text, "limit": text, "unit": text});
        let verdict = json!({"seed": text, "scenario": {text: text}, "backend": text, "autopilot": text, "passed": false, "clauses": [clause], "violations": [violation]});
        self.put("60-flights/0001/verdict.json", &verdict.to_string());
        self.put("80-deployment.json", &json!({"outcome": text, "host": text}).to_string());
        self.with_contract_edit(|contract| {
            contract["invariants"][2]["keep_out"]["words"] = json!(text);
            contract["itinerary"]["items"][1]["words"] = json!(text);
            contract["itinerary"]["items"][1]["step"] = json!(text);
        })
    }

    pub fn with_contract_edit(self, edit: impl FnOnce(&mut Value)) -> Self {
        let name = "21-contract.json";
        let mut contract = serde_json::from_str(&fs::read_to_string(self.path().join(name)).unwrap()).unwrap();
        edit(&mut contract);
        self.put(name, &contract.to_string());
        self
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn put(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn page(&self) -> String {
        fs::read_to_string(self.path().join("report.html")).unwrap()
    }

    pub fn artifact_sha256(&self) -> String {
        let bytes = fs::read(self.path().join("70-bundle/mission")).unwrap();
        flightsmith_upload::digest::Digest::of(&bytes).to_string()
    }
}

/// A square of 40 m flown with a wobble, 5 points a second.
fn track(wobble_m: f64, phase: f64) -> Value {
    let corners = [(0.0, 0.0), (40.0, 0.0), (40.0, 40.0), (0.0, 40.0), (0.0, 0.0)];
    let (mut t, mut north, mut east, mut altitude, mut speed, mut heading) =
        (vec![], vec![], vec![], vec![], vec![], vec![]);
    let mut put = |n: f64, e: f64, a: f64, v: f64| {
        let t_s = t.len() as f64 * 0.2;
        let wave = |rate: f64| wobble_m * (t_s * rate + phase * 1.7).sin();
        north.push(n + wave(0.9));
        east.push(e + wave(0.61));
        altitude.push((a + 0.3 * wave(0.7) * f64::from(u8::from(a > 1.0))).max(0.0));
        speed.push((v + 0.2 * wave(1.3)).abs());
        heading.push(0.0);
        t.push(t_s);
    };
    for i in 0..=45 {
        let share = f64::from(i) / 45.0;
        put(0.0, 0.0, 10.0 * share * share * (3.0 - 2.0 * share), 0.0);
    }
    for pair in corners.windows(2) {
        for i in 1..=44 {
            let share = f64::from(i) / 44.0;
            let way = share * share * share * (share * (share * 6.0 - 15.0) + 10.0) * 0.35 + share * 0.65;
            let v = 5.0 * (1.0 - (2.0 * share - 1.0).powi(8));
            put(pair[0].0 + (pair[1].0 - pair[0].0) * way, pair[0].1 + (pair[1].1 - pair[0].1) * way, 10.0, v);
        }
    }
    for i in 0..=85 {
        put(0.0, 0.0, 10.0 - 10.0 * f64::from(i) / 85.0, 0.0);
    }
    json!({"t_s": t, "north_m": north, "east_m": east, "altitude_m": altitude, "ground_speed_m_s": speed, "heading_deg": heading})
}
