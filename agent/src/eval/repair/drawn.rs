//! Which slips were drawn: a committed list, made once by a seeded search for slips that keep their program from compiling.
//!
//! [`cases`] makes the broken crates from the list; [`draw`] makes the list anew, which is needed after programs, examples, mistakes or
//! operators have changed (`flightsmith eval repair --draw`).
use super::case::{Answer, Case, Set, shuffled};
use super::compiler::{Bench, EvalError, Scratch, at};
use super::material::{DATA, Material, Origin, merged};
use super::operators::{MISSION_OPERATORS, Mutation, RUST_OPERATORS, applied, as_right, mutations};
use crate::repair::Sources;
use crate::repair::mission::MISSION;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FILE: &str = "drawn.json";
/// The seed: change it and everything is drawn anew.
const SALT: &str = "flightsmith repair 1";
/// Broken versions of each program by one slip, and by several.
const OF_A_PROGRAM: usize = 4;
/// Missions with one slip, and with two or three.
const SINGLE_MISSIONS: usize = 90;
const MULTIPLE_MISSIONS: usize = 26;
/// Pairs of mistakes in one file.
const PAIRS: usize = 20;
/// Places that are tried before an operator is given up for an origin.
const PLACES: usize = 4;

/// One broken crate of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// The case's name.
    name: String,
    /// The program, or the mission of `examples`, that is broken; empty for mistakes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    origin: String,
    /// The slips: operator, and which of its places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    slips: Vec<(String, usize)>,
    /// The mistakes that it is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mistakes: Vec<String>,
}

/// The list as it is committed.
pub fn read(root: &Path) -> Result<Vec<Drawn>, EvalError> {
    let path = root.join(DATA).join(FILE);
    let text = std::fs::read_to_string(&path).map_err(at(&path))?;
    serde_json::from_str(&text).map_err(|error| EvalError::Data { path, what: error.to_string() })
}

/// Writes the list.
pub fn write(root: &Path, drawn: &[Drawn]) -> Result<PathBuf, EvalError> {
    let path = root.join(DATA).join(FILE);
    let rows: Vec<String> = drawn.iter().map(|one| serde_json::to_string(one).unwrap_or_default()).collect();
    std::fs::write(&path, format!("[\n{}\n]\n", rows.join(",\n"))).map_err(at(&path))?;
    Ok(path)
}

/// The broken missions and programs of the list.
pub fn cases(material: &Material, drawn: &[Drawn]) -> Result<Vec<Case>, EvalError> {
    drawn
        .iter()
        .map(|one| {
            of(material, one).ok_or_else(|| EvalError::Data {
                path: Path::new(DATA).join(FILE),
                what: format!("{}: no such place any more; draw anew with `flightsmith eval repair --draw`", one.name),
            })
        })
        .collect()
}

fn of(material: &Material, drawn: &Drawn) -> Option<Case> {
    let (name, kin) = (drawn.name.clone(), kin(drawn));
    if !drawn.mistakes.is_empty() {
        let parts: Option<Vec<_>> = drawn.mistakes.iter().map(|name| material.mistake(name)).collect();
        let (wrong, right) = match parts?.as_slice() {
            [one] => (one.wrong.clone(), one.right.clone()),
            [one, other] => (merged(&one.wrong, &other.wrong), merged(&one.right, &other.right)),
            _ => return None,
        };
        let sources = Sources::from([(MISSION.into(), wrong)]);
        let answer = Answer::Mission { right, also: Vec::new() };
        return Some(Case { name, set: Set::Missions, edition: "2024", sources, answer, kin });
    }
    let origin = material.origin(&drawn.origin)?;
    let slips: Option<Vec<Mutation>> = drawn
        .slips
        .iter()
        .map(|(operator, place)| {
            let operator = RUST_OPERATORS.iter().chain(MISSION_OPERATORS).find(|known| *known == operator)?;
            mutations(&[operator], &origin.sources).into_iter().nth(*place)
        })
        .collect();
    let slips = slips?;
    let sources = applied(&origin.sources, &slips)?;
    let (set, answer) = if origin.tests.is_empty() {
        let text = |sources: &Sources| sources.get(Path::new(MISSION)).cloned();
        let also = as_right(&origin.sources, &slips).iter().filter_map(text).collect();
        (Set::Missions, Answer::Mission { right: text(&origin.sources)?, also })
    } else {
        (Set::Programs, Answer::Program { origin: origin.sources.clone(), tests: origin.tests.clone() })
    };
    Some(Case { name, set, edition: "2024", sources, answer, kin })
}

fn kin(drawn: &Drawn) -> Vec<String> {
    let mistakes = drawn.mistakes.iter().map(|name| format!("mistake:{name}"));
    let program = if drawn.name.starts_with("programs/") { "program" } else { "example" };
    let origin = (!drawn.origin.is_empty()).then(|| format!("{program}:{}", drawn.origin));
    mistakes.chain(origin).collect()
}

/// Draws the list anew: every slip in it keeps its program from compiling.
pub fn draw(bench: &Bench, material: &Material) -> Result<Vec<Drawn>, EvalError> {
    let scratch = Scratch::new(bench)?;
    let mut drawing = Drawing { scratch, material, used: BTreeMap::new(), drawn: Vec::new() };
    for mistake in &material.mistakes {
        drawing.drawn.push(Drawn {
            name: format!("mistakes/{}", mistake.name),
            origin: String::new(),
            slips: Vec::new(),
            mistakes: vec![mistake.name.clone()],
        });
    }
    drawing.pairs()?;
    let missions = shuffled(material.missions.iter().collect(), SALT, |mission| mission.name.clone());
    for mission in missions.iter().cycle().take(SINGLE_MISSIONS) {
        drawing.single("missions", mission, MISSION_OPERATORS)?;
    }
    for (number, mission) in missions.iter().rev().cycle().take(MULTIPLE_MISSIONS).enumerate() {
        drawing.multiple("missions", mission, MISSION_OPERATORS, 2 + number % 2)?;
    }
    drawing.used.clear();
    for program in &material.programs {
        for _ in 0..OF_A_PROGRAM {
            drawing.single("programs", program, RUST_OPERATORS)?;
        }
        drawing.multiple("programs", program, RUST_OPERATORS, 2)?;
    }
    Ok(drawing.drawn)
}

struct Drawing<'a> {
    scratch: Scratch<'a>,
    material: &'a Material,
    /// How often each operator was used: the rarest comes next.
    used: BTreeMap<&'static str, usize>,
    drawn: Vec<Drawn>,
}

impl Drawing<'_> {
    fn fails(&self, drawn: &Drawn) -> Result<bool, EvalError> {
        let Some(case) = of(self.material, drawn) else { return Ok(false) };
        match self.scratch.errors(&case, &case.sources) {
            Ok(errors) => Ok(!errors.is_empty()),
            // What the compiler has no verdict on is no case.
            Err(EvalError::NoVerdict { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn pairs(&mut self) -> Result<(), EvalError> {
        let names: Vec<&str> = self.material.mistakes.iter().map(|mistake| mistake.name.as_str()).collect();
        let mixed = shuffled(names.clone(), SALT, |name| (*name).to_owned());
        let mut found = 0;
        for (one, other) in names.iter().zip(&mixed) {
            if found == PAIRS || one == other {
                continue;
            }
            let (Some(first), Some(second)) = (self.material.mistake(one), self.material.mistake(other)) else {
                continue;
            };
            let right = Sources::from([(MISSION.into(), merged(&first.right, &second.right))]);
            let drawn = Drawn {
                name: format!("mistakes/{one}+{other}"),
                origin: String::new(),
                slips: Vec::new(),
                mistakes: vec![(*one).to_owned(), (*other).to_owned()],
            };
            let Some(case) = of(self.material, &drawn) else { continue };
            if self.scratch.errors(&case, &right)?.is_empty() && self.fails(&drawn)? {
                self.drawn.push(drawn);
                found += 1;
            }
        }
        Ok(())
    }

    /// The operators, the rarest first, then by chance.
    fn in_turn(&self, operators: &[&'static str], origin: &str) -> Vec<&'static str> {
        let mut order = shuffled(operators.to_vec(), &format!("{SALT}/{origin}"), |name| (*name).to_owned());
        order.sort_by_key(|operator| self.used.get(operator).copied().unwrap_or(0));
        order
    }

    /// A slip of this operator that is not drawn yet and does not compile.
    fn slip(&self, origin: &Origin, operator: &'static str) -> Result<Option<(String, usize)>, EvalError> {
        let count = mutations(&[operator], &origin.sources).len();
        let salt = format!("{SALT}/{}/{operator}", origin.name);
        for place in shuffled((0..count).collect(), &salt, usize::to_string).into_iter().take(PLACES) {
            let slip = (operator.to_owned(), place);
            let known = self.drawn.iter().any(|one| one.origin == origin.name && one.slips.contains(&slip));
            let alone = Drawn {
                name: String::new(),
                origin: origin.name.clone(),
                slips: vec![slip.clone()],
                mistakes: Vec::new(),
            };
            if !known && self.fails(&alone)? {
                return Ok(Some(slip));
            }
        }
        Ok(None)
    }

    fn single(&mut self, set: &str, origin: &Origin, operators: &[&'static str]) -> Result<(), EvalError> {
        for operator in self.in_turn(operators, &origin.name) {
            if let Some(slip) = self.slip(origin, operator)? {
                self.keep(set, origin, vec![slip]);
                *self.used.entry(operator).or_insert(0) += 1;
                return Ok(());
            }
        }
        Ok(())
    }

    fn multiple(
        &mut self,
        set: &str,
        origin: &Origin,
        operators: &[&'static str],
        slips: usize,
    ) -> Result<(), EvalError> {
        let mut taken: Vec<(String, usize)> = Vec::new();
        for operator in self.in_turn(operators, &format!("{}/several", origin.name)) {
            if taken.len() == slips {
                break;
            }
            let Some(slip) = self.slip(origin, operator)? else { continue };
            let with = Drawn {
                name: String::new(),
                origin: origin.name.clone(),
                slips: taken.iter().cloned().chain([slip.clone()]).collect(),
                mistakes: Vec::new(),
            };
            if of(self.material, &with).is_some() {
                taken.push(slip);
                *self.used.entry(operator).or_insert(0) += 1;
            }
        }
        if taken.len() == slips {
            self.keep(set, origin, taken);
        }
        Ok(())
    }

    fn keep(&mut self, set: &str, origin: &Origin, slips: Vec<(String, usize)>) {
        let operators: Vec<&str> = slips.iter().map(|(operator, _)| operator.as_str()).collect();
        let stem = format!("{set}/{}-{}", origin.name, operators.join("+"));
        let number =
            1 + self.drawn.iter().filter(|one| one.name.rsplit_once('-').is_some_and(|(name, _)| name == stem)).count();
        self.drawn.push(Drawn {
            name: format!("{stem}-{number}"),
            origin: origin.name.clone(),
            slips,
            mistakes: Vec::new(),
        });
    }
}
