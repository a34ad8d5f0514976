//! A vehicle's modes as a machine of states: which event leads where, with a record of it.
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    Standby,
    Armed,
    Climbing { to_m: u16 },
    Cruising,
    Returning,
    Landed,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Arm,
    TakeOff { to_m: u16 },
    Height(f32),
    BatteryPercent(u8),
    Home,
    Touchdown,
    Disarm,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModeError {
    NotNow { mode: Mode, event: &'static str },
    TooHigh { asked_m: u16, limit_m: u16 },
    Unreadable(String),
}

impl fmt::Display for ModeError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NotNow { mode, event } => write!(f, "{event} is not possible in {mode}"),
            Self::TooHigh { asked_m, limit_m } => write!(f, "{asked_m} m is above {limit_m} m"),
            Self::Unreadable(text) => write!(f, "`{text}` is no event"),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let name = match self {
            Mode::Standby => "standby",
            Mode::Armed => "armed",
            Mode::Climbing { to_m } => return write!(f, "climbing to {to_m} m"),
            Mode::Cruising => "cruising",
            Mode::Returning => "returning",
            Mode::Landed => "landed",
        };
        f.write_str(name)
    }
}

impl Event {
    fn name(&self) -> &'static str {
        match self {
            Event::Arm => "arm",
            Event::TakeOff { .. } => "takeoff",
            Event::Height(_) => "height",
            Event::BatteryPercent(_) => "battery",
            Event::Home => "home",
            Event::Touchdown => "touchdown",
            Event::Disarm => "disarm",
        }
    }
}

impl FromStr for Event {
    type Err = ModeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreadable = || ModeError::Unreadable(text.to_string());
        let mut words = text.split(' ');
        let name = words.next().ok_or_else(unreadable)?;
        let value = words.next();
        let number = || value.and_then(|value| value.parse::<u16>().ok()).ok_or_else(unreadable);
        match name {
            "arm" => Ok(Event::Arm),
            "takeoff" => Ok(Event::TakeOff { to_m: number()? }),
            "height" => Ok(Event::Height(f32::from(number()?))),
            "battery" => Ok(Event::BatteryPercent(u8::try_from(number()?).map_err(|_| unreadable())?)),
            "home" => Ok(Event::Home),
            "touchdown" => Ok(Event::Touchdown),
            "disarm" => Ok(Event::Disarm),
            _ => Err(unreadable()),
        }
    }
}

#[derive(Debug)]
pub struct Machine {
    mode: Mode,
    limit_m: u16,
    visits: HashMap<Mode, u32>,
    trail: Vec<Mode>,
}

impl Machine {
    pub fn new(limit_m: u16) -> Self {
        Machine { mode: Mode::Standby, limit_m, visits: HashMap::new(), trail: vec![Mode::Standby] }
    }

    pub fn mode(&self) -> Mode {
        self.mode
    }

    pub fn take(&mut self, event: &Event) -> Result<Mode, ModeError> {
        let next = match (self.mode, event) {
            (Mode::Standby, Event::Arm) => Mode::Armed,
            (Mode::Armed, Event::TakeOff { to_m }) if *to_m > self.limit_m => {
                return Err(ModeError::TooHigh { asked_m: *to_m, limit_m: self.limit_m });
            }
            (Mode::Armed, Event::TakeOff { to_m }) => Mode::Climbing { to_m: *to_m },
            (Mode::Climbing { to_m }, Event::Height(height_m)) if *height_m >= f32::from(to_m) => Mode::Cruising,
            (Mode::Climbing { .. } | Mode::Cruising, Event::BatteryPercent(0..=25)) => Mode::Returning,
            (Mode::Cruising, Event::Home) => Mode::Returning,
            (Mode::Returning, Event::Touchdown) => Mode::Landed,
            (Mode::Landed | Mode::Armed, Event::Disarm) => Mode::Standby,
            (mode, Event::Height(_) | Event::BatteryPercent(_)) => mode,
            (mode, event) => return Err(ModeError::NotNow { mode, event: event.name() }),
        };
        self.enter(next);
        Ok(next)
    }

    pub fn replay(&mut self, script: &str) -> Result<usize, ModeError> {
        let mut count = 0;
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let event: Event = line.parse()?;
            self.take(&event)?;
            count += 1;
        }
        Ok(count)
    }

    pub fn trail(&self) -> String {
        let names: Vec<String> = self.trail.iter().map(ToString::to_string).collect();
        names.join(" > ")
    }

    pub fn visits(&self, mode: Mode) -> u32 {
        self.visits.get(&mode).copied().unwrap_or(0)
    }

    fn enter(&mut self, next: Mode) {
        if next != self.mode {
            self.mode = next;
            self.trail.push(next);
            *self.visits.entry(next).or_insert(0) += 1;
        }
    }
}

#[cfg(test)]
mod tests;
