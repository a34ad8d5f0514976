//! Standing rules: conditions checked at every step of every flying call, with the safe end that they call for.
//!
//! Watching and flying the safe end is done in [`crate::flight`].
use core::fmt;
use flightsmith_mission::units::Percent;

/// How a flight ends when a rule fires.
///
/// ```
/// use flightsmith_sdk::prelude::*;
/// // Too much wind to go anywhere; a low battery still brings it home.
/// let rules = [
///     Rule::wind_above(MetresPerSecond(10.0), SafeEnd::Land),
///     Rule::battery_below(Percent(35.0), SafeEnd::ReturnHomeAndLand),
/// ];
/// # let _ = rules;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SafeEnd {
    /// The autopilot's own return to launch, until disarmed.
    ReturnToLaunch,
    /// Land on the spot.
    Land,
    /// Fly level to above home at the present altitude, then land.
    ReturnHomeAndLand,
}

impl fmt::Display for SafeEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SafeEnd::ReturnToLaunch => "return to launch",
            SafeEnd::Land => "landing on the spot",
            SafeEnd::ReturnHomeAndLand => "return home and landing",
        })
    }
}

/// A condition that ends the flight safely whenever it comes true in the air.
///
/// ```
/// use flightsmith_sdk::prelude::*;
/// let rule = Rule::battery_below(Percent(40.0), SafeEnd::ReturnToLaunch);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    pub(crate) watched: Watched,
    pub(crate) limit: f64,
    pub(crate) end: SafeEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watched {
    BatteryPercent,
    WindSpeed,
}

impl Watched {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Watched::BatteryPercent => "battery percent",
            Watched::WindSpeed => "wind in m/s",
        }
    }
}

impl Rule {
    /// Fires when the battery has less than `level` left.
    ///
    /// ```
    /// use flightsmith_sdk::prelude::*;
    /// # fn example(vehicle: &mut Vehicle<Airborne>) {
    /// vehicle.set_rule(Rule::battery_below(Percent(40.0), SafeEnd::ReturnToLaunch));
    /// # }
    /// ```
    pub fn battery_below(level: Percent, end: SafeEnd) -> Self {
        Self { watched: Watched::BatteryPercent, limit: level.0, end }
    }
    /// Fires when the wind blows harder than `speed`.
    ///
    /// ```
    /// use flightsmith_sdk::prelude::*;
    /// # fn example(vehicle: &mut Vehicle<Airborne>) {
    /// vehicle.set_rule(Rule::wind_above(MetresPerSecond(8.0), SafeEnd::ReturnHomeAndLand));
    /// # }
    /// ```
    pub fn wind_above(speed: flightsmith_mission::units::MetresPerSecond, end: SafeEnd) -> Self {
        Self { watched: Watched::WindSpeed, limit: speed.0, end }
    }
}
