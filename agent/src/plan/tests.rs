//! Tables and properties of the planner.
use super::*;

pub(super) fn vehicle() -> Vehicle {
    toml::from_str(include_str!("../../vehicles/quad-payload.toml")).expect("vehicle file")
}

#[test]
fn try_lines() {
    let Ok(path) = std::env::var("TRY_WORDS") else { return };
    for line in std::fs::read_to_string(path).unwrap().lines().filter(|line| !line.trim().is_empty()) {
        eprintln!("\n### {line}");
        match from_words(line, &vehicle(), &Envelope::default(), &Home::default()) {
            Ok(planned) => {
                for rule in &planned.draft.rules {
                    eprintln!("   rule {}", serde_json::to_string(rule).unwrap());
                }
                for keep in &planned.draft.keep_outs {
                    eprintln!("   keep-out {}", serde_json::to_string(keep).unwrap());
                }
                if let Some(speed) = planned.draft.speed_m_s {
                    eprintln!("   speed {speed}");
                }
                for step in &planned.draft.steps {
                    eprintln!("   {}", serde_json::to_string(&step.action).unwrap());
                }
                for note in &planned.assumptions {
                    eprintln!("      ~ {note}");
                }
            }
            Err(refusal) => eprintln!("   REFUSED {}", refusal.to_string().replace('\n', "\n   ")),
        }
    }
}
