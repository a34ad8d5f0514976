//! A broken crate: its sources, what is known to be right, and which half of the benchmark it belongs to.
use crate::repair::Sources;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt;

/// Where broken crates come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Set {
    /// The failing examples of the compiler's own error index.
    Index,
    /// Mission crates with mistakes.
    Missions,
    /// Larger programs with tests.
    Programs,
}

impl Set {
    /// All of them.
    pub const ALL: [Set; 3] = [Set::Index, Set::Missions, Set::Programs];

    /// The set called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.to_string() == name)
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Index => "index",
            Self::Missions => "missions",
            Self::Programs => "programs",
        })
    }
}

/// The two halves of every set. Rules may be made by looking at the development half; the other is only reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// Looked at while rules are made.
    Development,
    /// Never looked at.
    HeldOut,
}

impl Half {
    /// Both.
    pub const ALL: [Half; 2] = [Half::Development, Half::HeldOut];

    /// The half of the case called `name`: by the first byte of the name's SHA-256, odd is held out.
    pub fn of(name: &str) -> Self {
        if Sha256::digest(name)[0] % 2 == 1 { Self::HeldOut } else { Self::Development }
    }
}

impl fmt::Display for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Development => "development",
            Self::HeldOut => "held out",
        })
    }
}

/// What decides whether a mended case is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The correct examples of the explanation that the wrong one stands in.
    Corrections(Vec<String>),
    /// A mission.
    Mission {
        /// The mission as it was before it was broken.
        right: String,
        /// Versions that are as right, because nothing in the broken one tells which of them was meant.
        also: Vec<String>,
    },
    /// The program before it was broken, and its tests.
    Program {
        /// Its sources, without the tests.
        origin: Sources,
        /// The text of `tests.rs`.
        tests: String,
    },
}

/// A broken crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// `index/E0382`, `mistakes/07-feet`, `missions/hop-remove-await-1`, `programs/json-missing-arm-1`.
    pub name: String,
    /// Its set.
    pub set: Set,
    /// The edition that it is compiled with.
    pub edition: &'static str,
    /// Its sources, by their path in the crate. The first file of the crate is `main.rs`, `lib.rs` or `src/mission.rs`.
    pub sources: Sources,
    /// What is right.
    pub answer: Answer,
    /// What shares its answer: example missions, mistakes, programs. Nothing that is known of these may be at hand while it is judged.
    pub kin: Vec<String>,
}

impl Case {
    /// Its half.
    pub fn half(&self) -> Half {
        Half::of(&self.name)
    }
}

/// `names` in an order that depends on nothing but them and `salt`.
pub fn shuffled<T>(items: Vec<T>, salt: &str, name: impl Fn(&T) -> String) -> Vec<T> {
    let mut keyed: Vec<(Vec<u8>, T)> =
        items.into_iter().map(|item| (Sha256::digest(format!("{salt}/{}", name(&item))).to_vec(), item)).collect();
    keyed.sort_by(|one, other| one.0.cmp(&other.0));
    keyed.into_iter().map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_split_is_by_name_and_stays() {
        // Whoever changes the rule changes what was held out. SHA-256 of these is known to everybody.
        assert_eq!(Half::of("abc"), Half::Development, "ba7816bf..");
        assert_eq!(Half::of("message digest"), Half::HeldOut, "f7846f55..");
    }

    #[test]
    fn shuffling_depends_on_the_salt_alone() {
        let order = |salt| shuffled(vec!["a", "b", "c", "d"], salt, |item| (*item).to_owned());
        assert_eq!(order("1"), order("1"));
        assert_ne!(order("1"), order("2"));
    }
}
