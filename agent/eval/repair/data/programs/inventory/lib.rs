//! A store room: what lies where, what runs out, and reports of it.
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::fmt::{self, Display, Formatter};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    Battery,
    Motor,
    Propeller,
    Sensor,
}

impl Category {
    pub const ALL: [Category; 4] = [Category::Battery, Category::Motor, Category::Propeller, Category::Sensor];

    pub fn shelf(self) -> char {
        match self {
            Category::Battery => 'A',
            Category::Motor => 'B',
            Category::Propeller => 'C',
            Category::Sensor => 'D',
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub name: String,
    pub category: Category,
    pub count: u32,
    pub grams: f32,
    pub minimum: u32,
}

impl Part {
    pub fn new(name: impl Into<String>, category: Category, count: u32, grams: f32) -> Self {
        Part { name: name.into(), category, count, grams, minimum: 2 }
    }

    pub fn with_minimum(mut self, minimum: u32) -> Self {
        self.minimum = minimum;
        self
    }

    fn is_short(&self) -> bool {
        self.count < self.minimum
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:>4} x {} ({:.1} g)", self.category.shelf(), self.count, self.name, self.grams)
    }
}

#[derive(Debug, Default)]
pub struct Store {
    parts: HashMap<String, Part>,
    history: Vec<(String, i64)>,
}

impl Store {
    pub fn add(&mut self, part: Part) -> &mut Part {
        self.history.push((part.name.clone(), i64::from(part.count)));
        let name = part.name.clone();
        let kept = self.parts.entry(name).or_insert_with(|| Part { count: 0, ..part.clone() });
        kept.count += part.count;
        kept
    }

    pub fn take(&mut self, name: &str, count: u32) -> Result<u32, String> {
        let part = self.parts.get_mut(name).ok_or_else(|| format!("no {name}"))?;
        let left = part.count.checked_sub(count).ok_or_else(|| format!("only {} of {name}", part.count))?;
        part.count = left;
        self.history.push((name.to_owned(), -i64::from(count)));
        Ok(left)
    }

    pub fn short(&self) -> BTreeSet<&str> {
        self.parts.values().filter(|part| part.is_short()).map(|part| part.name.as_str()).collect()
    }

    pub fn by_category(&self) -> HashMap<Category, Vec<&Part>> {
        let mut groups: HashMap<Category, Vec<&Part>> = HashMap::new();
        for part in self.parts.values() {
            groups.entry(part.category).or_default().push(part);
        }
        for parts in groups.values_mut() {
            parts.sort_by_key(|part| (Reverse(part.count), part.name.clone()));
        }
        groups
    }

    pub fn weight_grams(&self) -> f64 {
        self.parts.values().map(|part| f64::from(part.grams) * f64::from(part.count)).sum()
    }

    pub fn report(&self) -> String {
        let groups = self.by_category();
        let mut lines = Vec::new();
        for category in Category::ALL {
            let Some(parts) = groups.get(&category) else { continue };
            for part in parts {
                let mark = if part.is_short() { " !" } else { "" };
                lines.push(format!("{part}{mark}"));
            }
        }
        lines.join("\n")
    }

    pub fn moved(&self, name: &str) -> i64 {
        self.history.iter().filter(|(moved, _)| moved == name).map(|(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests;
