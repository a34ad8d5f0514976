//! Records of what was learned, and how two copies of one become one.
//!
//! A [`Record`] says that an edit (its template) answers a signature. It is made of parts that merge without a judge, so that
//! knowledge from several machines meets in the same state in whatever order it comes, and what came before changes nothing:
//! its state is a register whose later stamp wins, its evidence a set, its tallies counters that only grow, one for each machine.
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The name of a store: drawn at random when it is made, so that no two machines count under one name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MachineId(pub String);

/// When a register was written: a count that every change raises above all that the store has seen, then the machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    /// Higher than that of every change known when this one was made.
    pub count: u64,
    /// Who wrote it.
    pub machine: MachineId,
}

/// A value whose latest writer wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamped<T> {
    /// When it was written.
    pub stamp: Stamp,
    /// What was written.
    pub value: T,
}

impl<T: Ord + Clone> Stamped<T> {
    /// The later of both; for equal stamps, which no two writers make, the greater value.
    pub fn merge(&mut self, other: &Self) {
        if other > self {
            *self = other.clone();
        }
    }
}

/// What is thought of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Learned; nobody has looked at it.
    Candidate,
    /// A person has accepted it.
    Accepted,
    /// A person has rejected it: it stays known, so that it is not learned again, and is not used.
    Rejected,
    /// Taken out; kept as a mark, so that an older copy from another machine does not bring it back.
    Removed,
}

/// How a trial of a record ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It mended what it was tried on.
    Worked,
    /// It did not.
    Failed,
}

/// What one machine has counted. Each number only grows; what is undone is counted beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Trials that worked.
    pub worked: u64,
    /// Trials that failed.
    pub failed: u64,
    /// Of those that worked, how many were undone.
    #[serde(skip_serializing_if = "is_zero")]
    pub worked_undone: u64,
    /// Of those that failed, how many were undone.
    #[serde(skip_serializing_if = "is_zero")]
    pub failed_undone: u64,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Tally {
    fn merge(&mut self, other: &Self) {
        self.worked = self.worked.max(other.worked);
        self.failed = self.failed.max(other.failed);
        self.worked_undone = self.worked_undone.max(other.worked_undone);
        self.failed_undone = self.failed_undone.max(other.failed_undone);
    }

    fn add(&mut self, worked: i64, failed: i64) {
        let add = |up: &mut u64, down: &mut u64, by: i64| {
            let side = if by < 0 { down } else { up };
            *side = side.saturating_add(by.unsigned_abs());
        };
        add(&mut self.worked, &mut self.worked_undone, worked);
        add(&mut self.failed, &mut self.failed_undone, failed);
    }
}

/// One piece of evidence: any JSON that says where the record was learned or has proved itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What the learner wrote.
    pub value: Value,
    /// Whether it counts; false once the change that brought it was undone.
    pub shown: Stamped<bool>,
}

/// An edit that was learned for a signature. See the [module](self).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// What it answers.
    pub signature: String,
    /// The answer, any JSON.
    pub template: Value,
    /// What is thought of it.
    pub state: Stamped<State>,
    /// Sorted by its canonical text, each once.
    pub evidence: Vec<Evidence>,
    /// What each machine has counted.
    pub tallies: BTreeMap<MachineId, Tally>,
}

impl Record {
    /// The same signature and template are the same record on every machine: 16 hexadecimal digits of their digest.
    pub fn id_of(signature: &str, template: &Value) -> String {
        let mut hasher = Sha256::new();
        hasher.update((signature.len() as u64).to_le_bytes());
        hasher.update(signature);
        hasher.update(canonical(template));
        hex(&hasher.finalize()[..8])
    }

    /// A new one.
    pub(crate) fn candidate(signature: &str, template: Value, stamp: &Stamp) -> Self {
        Self {
            signature: signature.to_owned(),
            template,
            state: Stamped { stamp: stamp.clone(), value: State::Candidate },
            evidence: Vec::new(),
            tallies: BTreeMap::new(),
        }
    }

    /// See [`Self::id_of`].
    pub fn id(&self) -> String {
        Self::id_of(&self.signature, &self.template)
    }

    /// What is thought of it.
    pub fn state(&self) -> State {
        self.state.value
    }

    /// How often it worked, over all machines.
    pub fn worked(&self) -> u64 {
        self.sum(|tally| (tally.worked, tally.worked_undone))
    }

    /// How often it failed, over all machines.
    pub fn failed(&self) -> u64 {
        self.sum(|tally| (tally.failed, tally.failed_undone))
    }

    fn sum(&self, sides: impl Fn(&Tally) -> (u64, u64)) -> u64 {
        let (up, down) = self
            .tallies
            .values()
            .map(sides)
            .fold((0_u64, 0_u64), |(up, down), (more, less)| (up.saturating_add(more), down.saturating_add(less)));
        up.saturating_sub(down)
    }

    /// The evidence that counts.
    pub fn evidence(&self) -> impl Iterator<Item = &Value> {
        self.evidence.iter().filter(|evidence| evidence.shown.value).map(|evidence| &evidence.value)
    }

    /// The template as what the learner wrote.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn template_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(&self.template)
    }

    /// Takes in what another copy of the same record knows. Merging twice changes nothing, and the order does not matter.
    pub fn merge(&mut self, other: &Self) {
        self.state.merge(&other.state);
        for evidence in &other.evidence {
            self.merge_evidence(evidence);
        }
        for (machine, tally) in &other.tallies {
            self.tallies.entry(machine.clone()).or_default().merge(tally);
        }
    }

    fn merge_evidence(&mut self, evidence: &Evidence) {
        let text = canonical(&evidence.value);
        match self.evidence.binary_search_by(|known| canonical(&known.value).cmp(&text)) {
            Ok(place) => self.evidence[place].shown.merge(&evidence.shown),
            Err(place) => self.evidence.insert(place, evidence.clone()),
        }
    }

    pub(crate) fn show(&mut self, value: &Value, shown: Stamped<bool>) {
        self.merge_evidence(&Evidence { value: value.clone(), shown });
    }

    pub(crate) fn count(&mut self, machine: &MachineId, worked: i64, failed: i64) {
        if worked != 0 || failed != 0 {
            self.tallies.entry(machine.clone()).or_default().add(worked, failed);
        }
    }

    /// The highest count of its stamps.
    pub(crate) fn latest(&self) -> u64 {
        let evidence = self.evidence.iter().map(|evidence| evidence.shown.stamp.count);
        evidence.fold(self.state.stamp.count, u64::max)
    }
}

/// A number that several machines raise, for instance how many repairs a rung has made.
pub type Counter = BTreeMap<MachineId, u64>;

/// Takes in what another copy of the counter knows.
pub(crate) fn merge_counter(counter: &mut Counter, other: &Counter) {
    for (machine, count) in other {
        let own = counter.entry(machine.clone()).or_default();
        *own = (*own).max(*count);
    }
}

/// JSON with sorted keys and no spaces: one text for one value, whatever the features of `serde_json`.
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    text
}

fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
            text.push('{');
            for (place, (name, value)) in sorted.into_iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                let _ = write!(text, "{}:", Value::String(name.clone()));
                write_canonical(value, text);
            }
            text.push('}');
        }
        Value::Array(values) => {
            text.push('[');
            for (place, value) in values.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write_canonical(value, text);
            }
            text.push(']');
        }
        plain => {
            let _ = write!(text, "{plain}");
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn machine(name: &str) -> MachineId {
        MachineId(name.into())
    }

    fn stamped<T>(count: u64, by: &str, value: T) -> Stamped<T> {
        Stamped { stamp: Stamp { count, machine: machine(by) }, value }
    }

    fn record(by: &str) -> Record {
        Record {
            signature: "E0599 no method".into(),
            template: json!({"replace": "a", "by": "b"}),
            state: stamped(1, by, State::Candidate),
            evidence: Vec::new(),
            tallies: BTreeMap::new(),
        }
    }

    #[test]
    fn copies_merge_to_the_same_in_any_order_and_twice_changes_nothing() {
        let (mut a, mut b, mut c) = (record("a"), record("b"), record("c"));
        a.count(&machine("a"), 3, 1);
        a.show(&json!({"crate": 1}), stamped(2, "a", true));
        b.count(&machine("b"), 2, 0);
        b.state = stamped(5, "b", State::Accepted);
        b.show(&json!({"crate": 1}), stamped(3, "b", false));
        c.merge(&a);
        c.count(&machine("a"), -1, 0);
        c.state = stamped(6, "c", State::Rejected);
        let merged = |order: [&Record; 4]| {
            order[1..].iter().fold(order[0].clone(), |mut whole, next| {
                whole.merge(next);
                whole
            })
        };
        let expect = merged([&a, &b, &c, &a]);
        assert_eq!(merged([&c, &b, &a, &b]), expect);
        assert_eq!(merged([&b, &a, &c, &c]), expect);
        assert_eq!((expect.worked(), expect.failed(), expect.state()), (4, 1, State::Rejected));
        assert_eq!(expect.evidence().count(), 0);
    }

    #[test]
    fn one_value_has_one_text() {
        let value: Value = serde_json::from_str(r#"{"b":[1,{"z":"\"","y":null}],"a":true}"#).expect("JSON");
        assert_eq!(canonical(&value), r#"{"a":true,"b":[1,{"y":null,"z":"\""}]}"#);
        assert_eq!(Record::id_of("x", &value).len(), 16);
        assert_ne!(Record::id_of("x", &value), Record::id_of("y", &value));
    }
}
