//! What is recognised in order to be refused: harm, switched-off protections, motors stopped in the air, orders to the program.
use super::super::cursor::Cursor;
use super::super::refusal::FaultKind;
use super::super::token::Kind;
use super::Form;

const PROTECTIONS: &[&str] = &[
    "failsafe",
    "failsafes",
    "fence",
    "fences",
    "geofence",
    "geofences",
    "geofencing",
    "safety",
    "safeties",
    "checks",
    "check",
    "limits",
    "limit",
    "envelope",
    "arming",
    "prearm",
    "protections",
    "protection",
    "safeguards",
    "warnings",
    "rth",
    "parachute",
    "supervisor",
];

/// `disable the geofence`, `turn off the battery failsafe`, `set ARMING_CHECK to 0`.
pub(super) fn protection_off(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    let sets = c.sees("set|change|put");
    c.need("and|with|disable|(turn|switch|shut) (off|down)|turn|switch|deactivate|ignore|ignoring|bypass|override|skip|remove|suspend|without|defeat|suppress|circumvent|disregard|clear|delete|lift|set|change|force|don't (check|use)|do not (check|use)|no|raise|loosen|exceed")?;
    let mut protects = false;
    let mut ends_off = !sets;
    let mut parameter = false;
    for _ in 0..8 {
        let Some(token) = c.peek().filter(|token| !token.ends_sentence() && !token.is(",")) else { break };
        protects |= PROTECTIONS.contains(&token.text.as_str());
        parameter |= token.is("_");
        ends_off |= token.is("off") || token.is("zero");
        if protects && c.sees("then|and then|and (fly|take|go)") {
            break;
        }
        c.at += 1;
    }
    if parameter {
        c.fault(
            FaultKind::Unsafe,
            from,
            "parameters and raw commands are never set from words",
            "say only what is to be flown",
        );
        return Some(Form::Nothing);
    }
    if !(protects && ends_off) {
        return None;
    }
    // `no` needs its object at once: `no limits`.
    c.fault(
        FaultKind::Unsafe,
        from,
        "failsafes, fence, limits and arming checks are never switched off",
        "leave it out: the flight is planned within them",
    );
    Some(Form::Nothing)
}

/// `kill the motors`, `disarm in mid-air`.
pub(super) fn motors_off(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    c.eat("and|at the top|there|,");
    c.need("(kill|cut|stop|turn off|switch off|shut down|shut off|disable|halt) [all] (motor|motors|engine|engines|rotor|rotors|props|propellers|power|throttle)|disarm [the motors|motors|in (mid - air|midair|the air|flight)]|(turn|switch) [the] (motors|engines|rotors|power) off|free fall|freefall|flight termination|terminate the flight")?;
    c.eat("in (mid - air|midair|the air|flight)|off");
    c.fault(
        FaultKind::Unsafe,
        from,
        "motors are never stopped in flight",
        "say land: the vehicle disarms after the touchdown",
    );
    Some(Form::Nothing)
}

/// `crash into the wall`, `fly at the crowd`, `chase that jogger`.
pub(super) fn harm(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    let verb = c.eat("(crash|ram|strike|attack|smash|dive bomb|dive - bomb|buzz|chase|harass|scare|bomb|kill|hurt|injure|collide|slam|hit) [into|with]|dive (at|into)|fly (at|into|through|close to) [the] (crowd|people|person|window|traffic|building|wall|house|jogger|runner|children|kids|dog|car|plane|aircraft|helicopter|spectators)|(fly|hover|go) (over|above) [the] (crowd|people|motorway|highway|spectators|traffic|airport|runway|stadium|school|prison)|(drop|release) [the] (weight|load|package|payload|parcel|it|rock|bomb) (on|onto|over) [the] (them|people|crowd|person|car|motorway|him|her|someone|head)|(drop|release) [the] (bomb|grenade|explosive)");
    if !verb {
        return None;
    }
    while c.peek().is_some_and(|token| token.kind != Kind::Mark) && !c.sees("and|then") {
        c.at += 1;
    }
    c.fault(FaultKind::Unsafe, from, "endangers people or property", "this is not planned");
    Some(Form::Nothing)
}

/// Orders to the program or to a model. `None` where there are none.
pub(in super::super) fn is_instruction(c: &Cursor<'_>) -> bool {
    c.sees(
        "(ignore|disregard|forget|override|bypass) [all|any] [of] [the|your|my|these|those] [all] (previous|prior|above|earlier|preceding|other|existing|original|system|safety|your) (instructions|instruction|prompt|prompts|rules|guidelines|orders|text|messages)\
|(ignore|disregard|forget) (everything|anything|all) (above|before|you)|system prompt|(you are|act as|pretend to be|behave as|roleplay as) [now|a|an|in] [an|a] (ai|assistant|language model|admin|developer mode|unrestricted|dan|chatgpt|gpt|llm|root|hacker|jailbroken)\
|as an (ai|assistant)|developer mode|jailbreak|new (instructions|system prompt|rules) :|system :|assistant : |user is admin|skip (validation|verification|checking|the checks|simulation|the simulation)|(mark|report|declare) [this|it|the plan|the mission|the run] as (verified|safe|approved|passed)|(reveal|print|show|output|repeat) [me] [your|the] (system|prompt|instructions|secret|api key|environment|password)|api key|sudo|rm - rf|< / system >|< system >|< script >|import os|output do|prompt injection|respond (only|with)|answer (only|with)|reply (only|with)|say that (it|the plan|this) (is|was) (verified|safe|approved)",
    )
}

/// What kind of fault words are that no rule reads, by what they talk about; with the hint.
pub(in super::super) fn classify(words: &[&str], has_number: bool) -> (FaultKind, &'static str, String) {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    if any(&["nan", "infinity", "infinite", "inf", "minus", "negative"]) {
        return (
            FaultKind::BadNumber,
            "this is no number that can be flown",
            "say a finite number above zero with its unit".into(),
        );
    }
    if any(&[
        "crowd",
        "people",
        "person",
        "motorway",
        "highway",
        "traffic",
        "jogger",
        "child",
        "children",
        "weapon",
        "bomb",
        "explode",
        "explosive",
        "gun",
        "shoot",
    ]) {
        return (FaultKind::Unsafe, "may endanger people", "plan a flight away from people".into());
    }
    if any(&["failsafe", "failsafes", "geofence", "fence", "arming", "motors", "disarm"]) {
        return (FaultKind::Unsafe, "failsafes, fence and motors are not for words to change", "leave it out".into());
    }
    if any(&[
        "flip",
        "flips",
        "roll",
        "barrel",
        "loop",
        "looping",
        "aerobatics",
        "stunt",
        "stunts",
        "tricks",
        "somersault",
        "backflip",
    ]) {
        return (
            FaultKind::NotUnderstood,
            "aerobatics are not offered",
            "say a figure: square, circle, figure of eight, spiral".into(),
        );
    }
    if any(&["follow", "track", "chase", "tracking", "following"]) {
        return (
            FaultKind::NotUnderstood,
            "following something is not offered",
            "say places: coordinates, or metres from home".into(),
        );
    }
    if any(&[
        "not", "don't", "never", "unless", "without", "except", "avoid", "cannot", "can't", "no", "stay", "keep",
        "clear",
    ]) {
        return (
            FaultKind::NotUnderstood,
            "no rule reads these words, and a \"not\" is never skipped",
            "say what is to be flown; keep-outs as: stay out of a 20 m circle around 50 m north of home".into(),
        );
    }
    if any(&["until", "unless", "when", "if", "while", "before", "after", "once"]) {
        return (
            FaultKind::NotUnderstood,
            "no rule reads this condition",
            "conditions are on battery and wind: if the battery is below 40 %, return and land; otherwise say the steps in order".into(),
        );
    }
    if any(&[
        "few",
        "some",
        "several",
        "bit",
        "little",
        "far",
        "high",
        "low",
        "near",
        "close",
        "way",
        "distance",
        "nearby",
        "somewhere",
        "around",
        "lot",
        "couple",
        "bunch",
    ]) {
        return (
            FaultKind::Unclear,
            "says no amount that can be flown",
            "say an amount with a unit and a direction: fly 50 m north".into(),
        );
    }
    if any(&["slowly", "fast", "quickly", "slow", "speed", "pace", "carefully", "gently"]) {
        return (FaultKind::Unclear, "how fast is not said", "say a speed: at 3 m/s".into());
    }
    if has_number {
        return (
            FaultKind::NotUnderstood,
            "no rule reads these words with this number",
            "give each number a unit (m, ft, km, s, min, m/s, degrees) and say it as in: fly 50 m north, circle home at 20 m radius, wait 10 s".into(),
        );
    }
    (
        FaultKind::NotUnderstood,
        "no rule reads these words",
        "say steps such as: take off to 10 m, fly 50 m north, a 40 m square at 5 m/s, wait 10 s, take a photo, return and land".into(),
    )
}
