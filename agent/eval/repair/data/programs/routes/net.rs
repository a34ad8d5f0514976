//! Places and the legs between them.
use std::collections::HashMap;
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place(pub(crate) usize);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetError {
    Unknown(String),
    Circle { through: String },
}

impl fmt::Display for NetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NetError::Unknown(name) => write!(f, "no place is called {name}"),
            NetError::Circle { through } => write!(f, "a circle through {through}"),
        }
    }
}

impl std::error::Error for NetError {}

#[derive(Debug, Clone, Default)]
pub struct Net {
    names: Vec<String>,
    places: HashMap<String, Place>,
    legs: Vec<Vec<(Place, u32)>>,
}

impl Net {
    /// A net from lines like `a b 7`: one leg each, one way.
    pub fn read(text: &str) -> Result<Net, std::num::ParseIntError> {
        let mut net = Net::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let [from, to, length] = words.as_slice() {
                let metres: u32 = length.parse()?;
                net.join(from, to, metres);
            }
        }
        Ok(net)
    }

    pub fn place(&mut self, name: &str) -> Place {
        if let Some(known) = self.places.get(name) {
            return *known;
        }
        let place = Place(self.names.len());
        self.names.push(name.to_string());
        self.places.insert(name.to_string(), place);
        self.legs.push(Vec::new());
        place
    }

    pub fn join(&mut self, from: &str, to: &str, metres: u32) {
        let (from, to) = (self.place(from), self.place(to));
        self.legs[from.0].push((to, metres));
    }

    pub fn find(&self, name: &str) -> Result<Place, NetError> {
        self.places.get(name).copied().ok_or_else(|| NetError::Unknown(name.to_string()))
    }

    pub fn name(&self, place: Place) -> &str {
        &self.names[place.0]
    }

    pub fn from(&self, place: Place) -> &[(Place, u32)] {
        &self.legs[place.0]
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub fn all(&self) -> impl Iterator<Item = Place> + use<> {
        (0..self.names.len()).map(Place)
    }
}
