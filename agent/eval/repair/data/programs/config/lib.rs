//! Settings in layers: text read into sections, typed values, and a vehicle made of them.
mod document;
mod layers;

pub use document::{Document, SyntaxError};
pub use layers::{Layers, SettingError, Value};

use std::time::Duration;

#[derive(Debug, Clone, PartialEq)]
pub struct Vehicle {
    pub name: String,
    pub mass_kg: f32,
    pub rotors: u8,
    pub heartbeat: Duration,
    pub home: Option<(f64, f64)>,
    pub armed_modes: Vec<String>,
}

impl Vehicle {
    pub fn from_layers(layers: &Layers) -> Result<Self, SettingError> {
        let home = match (layers.optional("home", "lat")?, layers.optional("home", "lon")?) {
            (Some(lat), Some(lon)) => Some((lat, lon)),
            _ => None,
        };
        Ok(Vehicle {
            name: layers.required("vehicle", "name")?,
            mass_kg: layers.required("vehicle", "mass_kg")?,
            rotors: layers.optional("vehicle", "rotors")?.unwrap_or(4),
            heartbeat: Duration::from_millis(layers.required("link", "heartbeat_ms")?),
            home,
            armed_modes: layers.list("vehicle", "modes"),
        })
    }
}

#[cfg(test)]
mod tests;
