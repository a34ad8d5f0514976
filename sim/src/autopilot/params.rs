//! Parameters: the full recorded lists with their types, set and read in each autopilot's encoding.
use flightsmith_mission::vehicle::{Autopilot, RequiredParams};
use std::collections::HashMap;

const ARDUPILOT: &str = include_str!("../../data/ardupilot.params");
const PX4: &str = include_str!("../../data/px4.params");

/// MAV_PARAM_TYPE of a parameter, as far as the two autopilots use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamType {
    /// 8-bit signed.
    I8,
    /// 16-bit signed.
    I16,
    /// 32-bit signed.
    I32,
    /// Float.
    F32,
}

impl ParamType {
    /// MAV_PARAM_TYPE.
    pub fn code(self) -> u8 {
        match self {
            ParamType::I8 => 2,
            ParamType::I16 => 4,
            ParamType::I32 => 6,
            ParamType::F32 => 9,
        }
    }
}

/// One parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Name, at most 16 characters.
    pub name: String,
    /// Type on the wire.
    pub kind: ParamType,
    /// Value.
    pub value: f64,
}

/// The parameter table of one vehicle.
#[derive(Debug, Clone)]
pub struct Params {
    autopilot: Autopilot,
    list: Vec<Param>,
    index: HashMap<String, usize>,
}

impl Params {
    /// The recorded defaults, with what the vehicle file requires on top (a parameter it alone knows is added).
    pub fn new(autopilot: Autopilot, required: &RequiredParams) -> Self {
        let text = match autopilot {
            Autopilot::ArduPilot => ARDUPILOT,
            Autopilot::Px4 => PX4,
        };
        let list: Vec<Param> = text.lines().filter_map(parse_line).collect();
        let index = list.iter().enumerate().map(|(index, param)| (param.name.clone(), index)).collect();
        let mut params = Self { autopilot, list, index };
        for (name, rule) in required.of(autopilot) {
            params.put(name, rule.value);
        }
        params
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }
    /// Never true for a real autopilot.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
    /// The parameter at `index`.
    pub fn at(&self, index: usize) -> Option<&Param> {
        self.list.get(index)
    }
    /// Where `name` stands.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }
    /// Value of `name`; 0 where it does not exist.
    pub fn get(&self, name: &str) -> f64 {
        self.find(name).map_or(0.0, |index| self.list[index].value)
    }
    /// Sets `name`, adding it as a float where it does not exist.
    pub fn put(&mut self, name: &str, value: f64) {
        match self.find(name) {
            Some(index) => self.list[index].value = value,
            None => {
                self.index.insert(name.to_owned(), self.list.len());
                self.list.push(Param { name: name.to_owned(), kind: ParamType::F32, value });
            }
        }
    }
    /// Sets the parameter at `index` to a value as it came over the wire.
    pub fn set_from_wire(&mut self, index: usize, wire: [u8; 4], wire_type: u8) -> f64 {
        let param = &mut self.list[index];
        let float = f64::from(f32::from_le_bytes(wire));
        let value = match (self.autopilot, wire_type) {
            (Autopilot::Px4, 1..=6) => f64::from(i32::from_le_bytes(wire)),
            _ => float,
        };
        if value.is_finite() {
            param.value = if param.kind == ParamType::F32 { value } else { libm::round(value) };
        }
        param.value
    }
    /// The four bytes of a value as PARAM_VALUE carries them: PX4 copies the integer's bytes, ArduPilot casts to float.
    pub fn to_wire(&self, param: &Param) -> [u8; 4] {
        match (self.autopilot, param.kind) {
            (Autopilot::Px4, ParamType::I8 | ParamType::I16 | ParamType::I32) => (param.value as i32).to_le_bytes(),
            _ => (param.value as f32).to_le_bytes(),
        }
    }
}

fn parse_line(line: &str) -> Option<Param> {
    let mut words = line.split_whitespace();
    let (name, kind, value) = (words.next()?, words.next()?, words.next()?);
    let kind = match kind {
        "i8" | "u8" => ParamType::I8,
        "i16" | "u16" => ParamType::I16,
        "f32" => ParamType::F32,
        _ => ParamType::I32,
    };
    Some(Param { name: name.to_owned(), kind, value: value.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recorded_parameter_is_there_and_survives_its_encoding() {
        for (autopilot, count) in [(Autopilot::ArduPilot, 1368), (Autopilot::Px4, 950)] {
            let mut params = Params::new(autopilot, &RequiredParams::default());
            assert_eq!(params.len(), count);
            for index in 0..params.len() {
                let param = params.at(index).expect("index in range").clone();
                let wire = params.to_wire(&param);
                let back = params.set_from_wire(index, wire, param.kind.code());
                // A PARAM_VALUE carries 32 bits; ArduPilot's large integers lose their last digits there, as recorded.
                assert!((back - param.value).abs() <= 1e-6 * param.value.abs().max(1e-3), "{}: {back}", param.name);
            }
        }
    }
}
