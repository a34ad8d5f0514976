//! Mission items: a command with its place, typed so that an altitude says above what.
use super::wire::WireItem;
use crate::frame::Altitude;
use crate::units::{Metres, MetresPerSecond, Seconds};
use crate::wire::place;

/// Where an item's command happens.
///
/// ```
/// use flightsmith_sdk::{capability::mission_raw::{MissionItem, Place}, frame::Altitude};
/// // MAV_CMD_NAV_LOITER_TURNS (18): two turns of 20 m around a place.
/// let place = Place::Global { lat_deg: 47.3981, lon_deg: 8.5456, altitude: Altitude::AboveHome(20.0) };
/// let turns = MissionItem::command(18, [2.0, 0.0, 20.0, 0.0], place);
/// # let _ = turns;
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Place {
    /// Nowhere (MAV_FRAME_MISSION): parameters 5 to 7 as the command defines them.
    Nowhere {
        /// Parameter 5, an integer on the wire.
        x: i32,
        /// Parameter 6, an integer on the wire.
        y: i32,
        /// Parameter 7.
        z: f32,
    },
    /// WGS84 degrees and a height that says above what (MAV_FRAME_GLOBAL, MAV_FRAME_GLOBAL_RELATIVE_ALT).
    Global {
        /// Latitude, -90 to 90.
        lat_deg: f64,
        /// Longitude, -180 to 180.
        lon_deg: f64,
        /// Height.
        altitude: Altitude,
    },
    /// WGS84 degrees, metres above the terrain there (MAV_FRAME_GLOBAL_TERRAIN_ALT); PX4 refuses it.
    AboveTerrain {
        /// Latitude, -90 to 90.
        lat_deg: f64,
        /// Longitude, -180 to 180.
        lon_deg: f64,
        /// Metres above the terrain.
        height_m: f64,
    },
    /// Straight up from where the vehicle stands: for take-offs.
    Here {
        /// Height to climb to.
        altitude: Altitude,
    },
    /// Metres north, east and down of the local origin (MAV_FRAME_LOCAL_NED).
    Local {
        /// Metres north.
        north_m: f64,
        /// Metres east.
        east_m: f64,
        /// Metres down.
        down_m: f64,
    },
    /// Another frame, as it came.
    Other {
        /// MAV_FRAME.
        frame: u8,
        /// Parameter 5 as on the wire.
        x: i32,
        /// Parameter 6 as on the wire.
        y: i32,
        /// Parameter 7.
        z: f32,
    },
}

/// One item of a mission.
///
/// ```
/// use flightsmith_sdk::capability::mission_raw::MissionItem;
/// use flightsmith_sdk::{frame::Altitude, units::{MetresPerSecond, Seconds}};
/// let mission = [
///     MissionItem::take_off(Altitude::AboveHome(15.0)),
///     MissionItem::change_speed(MetresPerSecond(4.0)),
///     MissionItem::waypoint(47.3981, 8.5456, Altitude::AboveHome(15.0)).hold(Seconds(2.0)),
///     MissionItem::return_to_launch(),
/// ];
/// assert_eq!(mission[2].command, 16);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct MissionItem {
    /// MAV_CMD by number.
    pub command: u16,
    /// Parameters 1 to 4 as the command defines them; not-a-number leaves one to the autopilot.
    pub params: [f32; 4],
    /// Parameters 5 to 7.
    pub place: Place,
    /// Whether the vehicle goes on to the next item by itself.
    pub autocontinue: bool,
}

const WAYPOINT: u16 = 16;
const LOITER_UNLIMITED: u16 = 17;
const LOITER_TIME: u16 = 19;
const RETURN_TO_LAUNCH: u16 = 20;
const LAND: u16 = 21;
pub(super) const TAKE_OFF: u16 = 22;
const DELAY: u16 = 93;
/// Its first parameter is the number of an item.
const JUMP: u16 = 177;
const CHANGE_SPEED: u16 = 178;
/// MAV_CMD_NAV_LAST: the commands behind it are no ways to a place.
const LAST_NAV_COMMAND: u16 = 95;
const ANYWHERE: Place = Place::Nowhere { x: 0, y: 0, z: 0.0 };

impl MissionItem {
    /// Any command: MAV_CMD number, parameters 1 to 4, place.
    ///
    /// ```
    /// use flightsmith_sdk::capability::mission_raw::{MissionItem, Place};
    /// // MAV_CMD_DO_SET_SERVO: output 9 to 1900 us.
    /// let drop = MissionItem::command(183, [9.0, 1900.0, 0.0, 0.0], Place::Nowhere { x: 0, y: 0, z: 0.0 });
    /// assert!(drop.autocontinue);
    /// ```
    pub fn command(command: u16, params: [f32; 4], place: Place) -> Self {
        Self { command, params, place, autocontinue: true }
    }
    /// Climbs straight up (MAV_CMD_NAV_TAKEOFF).
    ///
    /// ```
    /// # use flightsmith_sdk::{capability::mission_raw::MissionItem, frame::Altitude};
    /// let item = MissionItem::take_off(Altitude::AboveHome(10.0));
    /// # let _ = item;
    /// ```
    pub fn take_off(altitude: Altitude) -> Self {
        Self::command(TAKE_OFF, [0.0, 0.0, 0.0, f32::NAN], Place::Here { altitude })
    }
    /// Flies to a place (MAV_CMD_NAV_WAYPOINT), WGS84 degrees.
    ///
    /// ```
    /// # use flightsmith_sdk::{capability::mission_raw::MissionItem, frame::Altitude};
    /// let item = MissionItem::waypoint(47.3981, 8.5456, Altitude::AboveHome(15.0));
    /// # let _ = item;
    /// ```
    pub fn waypoint(lat_deg: f64, lon_deg: f64, altitude: Altitude) -> Self {
        Self::command(WAYPOINT, [0.0, 0.0, 0.0, f32::NAN], Place::Global { lat_deg, lon_deg, altitude })
    }
    /// The same item with a stay at its place of at least so long (parameter 1 of a waypoint).
    ///
    /// ```
    /// # use flightsmith_sdk::{capability::mission_raw::MissionItem, frame::Altitude, units::Seconds};
    /// let item = MissionItem::waypoint(47.3981, 8.5456, Altitude::AboveHome(15.0)).hold(Seconds(3.0));
    /// assert_eq!(item.params[0], 3.0);
    /// ```
    #[must_use]
    pub fn hold(mut self, stay: Seconds) -> Self {
        self.params[0] = stay.0 as f32;
        self
    }
    /// Stays at a place for so long (MAV_CMD_NAV_LOITER_TIME).
    ///
    /// ```
    /// # use flightsmith_sdk::{capability::mission_raw::MissionItem, frame::Altitude, units::Seconds};
    /// let item = MissionItem::loiter(47.3981, 8.5456, Altitude::AboveHome(15.0), Seconds(30.0));
    /// # let _ = item;
    /// ```
    pub fn loiter(lat_deg: f64, lon_deg: f64, altitude: Altitude, stay: Seconds) -> Self {
        let params = [stay.0 as f32, 0.0, 0.0, f32::NAN];
        Self::command(LOITER_TIME, params, Place::Global { lat_deg, lon_deg, altitude })
    }
    /// Stays at a place until told otherwise (MAV_CMD_NAV_LOITER_UNLIM).
    ///
    /// ```
    /// # use flightsmith_sdk::{capability::mission_raw::MissionItem, frame::Altitude};
    /// let item = MissionItem::loiter_unlimited(47.3981, 8.5456, Altitude::AboveHome(15.0));
    /// # let _ = item;
    /// ```
    pub fn loiter_unlimited(lat_deg: f64, lon_deg: f64, altitude: Altitude) -> Self {
        let params = [0.0, 0.0, 0.0, f32::NAN];
        Self::command(LOITER_UNLIMITED, params, Place::Global { lat_deg, lon_deg, altitude })
    }
    /// Lands at a place (MAV_CMD_NAV_LAND).
    ///
    /// ```
    /// # use flightsmith_sdk::capability::mission_raw::MissionItem;
    /// let item = MissionItem::land(47.3977, 8.5456);
    /// # let _ = item;
    /// ```
    pub fn land(lat_deg: f64, lon_deg: f64) -> Self {
        let place = Place::Global { lat_deg, lon_deg, altitude: Altitude::AboveHome(0.0) };
        Self::command(LAND, [0.0, 0.0, 0.0, f32::NAN], place)
    }
    /// Returns to launch (MAV_CMD_NAV_RETURN_TO_LAUNCH).
    ///
    /// ```
    /// # use flightsmith_sdk::capability::mission_raw::MissionItem;
    /// let item = MissionItem::return_to_launch();
    /// # let _ = item;
    /// ```
    pub fn return_to_launch() -> Self {
        Self::command(RETURN_TO_LAUNCH, [0.0; 4], ANYWHERE)
    }
    /// Waits where it is (MAV_CMD_NAV_DELAY).
    ///
    /// ```
    /// # use flightsmith_sdk::{capability::mission_raw::MissionItem, units::Seconds};
    /// let item = MissionItem::delay(Seconds(5.0));
    /// # let _ = item;
    /// ```
    pub fn delay(stay: Seconds) -> Self {
        Self::command(DELAY, [stay.0 as f32, -1.0, -1.0, -1.0], ANYWHERE)
    }
    /// From here on flies at this ground speed (MAV_CMD_DO_CHANGE_SPEED).
    ///
    /// ```
    /// # use flightsmith_sdk::{capability::mission_raw::MissionItem, units::MetresPerSecond};
    /// let item = MissionItem::change_speed(MetresPerSecond(4.0));
    /// # let _ = item;
    /// ```
    pub fn change_speed(speed: MetresPerSecond) -> Self {
        Self::command(CHANGE_SPEED, [1.0, speed.0 as f32, -1.0, 0.0], ANYWHERE)
    }
    /// Goes on at `item` (from 0, as in the list that is uploaded), so many times (MAV_CMD_DO_JUMP).
    ///
    /// ```
    /// # use flightsmith_sdk::capability::mission_raw::MissionItem;
    /// let item = MissionItem::jump_to(1, 3);
    /// # let _ = item;
    /// ```
    pub fn jump_to(item: u16, times: u16) -> Self {
        Self::command(JUMP, [f32::from(item), f32::from(times), 0.0, 0.0], ANYWHERE)
    }
    /// The same item reached within so many metres (parameter 2 of a waypoint).
    ///
    /// ```
    /// # use flightsmith_sdk::{capability::mission_raw::MissionItem, frame::Altitude, units::Metres};
    /// let item = MissionItem::waypoint(47.3981, 8.5456, Altitude::AboveHome(15.0)).within(Metres(2.0));
    /// assert_eq!(item.params[1], 2.0);
    /// ```
    #[must_use]
    pub fn within(mut self, radius: Metres) -> Self {
        self.params[1] = radius.0 as f32;
        self
    }
}

/// What the two autopilots want otherwise, and what is known of the vehicle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Dialect {
    /// How many wire items are in front of the user's.
    pub ahead: u16,
    /// Parameters must be numbers: ArduPilot refuses not-a-number in most commands.
    pub wants_numbers: bool,
    /// A take-off needs its place (PX4 would fly to 0/0): where the vehicle is.
    pub take_off_at_deg: Option<(f64, f64)>,
    /// Zero as place means "here": ArduPilot.
    pub zero_is_here: bool,
}

/// Why an item cannot be sent, in the words of MAV_MISSION_RESULT where there are any.
pub(crate) type Fault = &'static str;

impl MissionItem {
    pub(super) fn to_wire(self, dialect: &Dialect, is_first: bool) -> Result<WireItem, Fault> {
        let (frame, x, y, z) = self.place.to_wire(dialect)?;
        let mut params = self.params;
        if dialect.wants_numbers {
            params = params.map(|value| if value.is_nan() { 0.0 } else { value });
        }
        if params.iter().any(|value| value.is_infinite()) {
            return Err("a parameter is infinite; nothing was sent");
        }
        if self.command == JUMP {
            params[0] += f32::from(dialect.ahead);
        }
        let command = self.command;
        Ok(WireItem {
            params,
            x,
            y,
            z,
            command,
            frame,
            current: is_first.into(),
            autocontinue: self.autocontinue.into(),
        })
    }

    pub(super) fn from_wire(item: &WireItem, dialect: &Dialect) -> Self {
        let mut params = item.params;
        if item.command == JUMP {
            params[0] -= f32::from(dialect.ahead);
        }
        let place = Place::from_wire(item, dialect);
        Self { command: item.command, params, place, autocontinue: item.autocontinue != 0 }
    }
}

/// Degrees times 1e7.
pub(crate) fn degrees_e7(lat_deg: f64, lon_deg: f64) -> Result<(i32, i32), Fault> {
    if !(-90.0..=90.0).contains(&lat_deg) {
        return Err("INVALID_PARAM5_X: the latitude is not within -90 to 90 degrees; nothing was sent");
    }
    if !(-180.0..=180.0).contains(&lon_deg) {
        return Err("INVALID_PARAM6_Y: the longitude is not within -180 to 180 degrees; nothing was sent");
    }
    Ok(place::degrees_e7(lat_deg, lon_deg))
}

/// MAV_FRAME and height of an altitude.
pub(crate) fn altitude_to_wire(altitude: Altitude) -> Result<(u8, f32), Fault> {
    let (frame, height_m) = match altitude {
        Altitude::Amsl(height_m) => (0, height_m),
        Altitude::AboveHome(height_m) => (3, height_m),
    };
    if !height_m.is_finite() {
        return Err("INVALID_PARAM7: the altitude is no number; nothing was sent");
    }
    Ok((frame, height_m as f32))
}

impl Place {
    fn to_wire(self, dialect: &Dialect) -> Result<(u8, i32, i32, f32), Fault> {
        Ok(match self {
            Place::Nowhere { x, y, z } => (2, x, y, z),
            Place::Other { frame, x, y, z } => (frame, x, y, z),
            Place::Global { lat_deg, lon_deg, altitude } => {
                let ((frame, z), (x, y)) = (altitude_to_wire(altitude)?, degrees_e7(lat_deg, lon_deg)?);
                (frame, x, y, z)
            }
            Place::AboveTerrain { lat_deg, lon_deg, height_m } => {
                let (x, y) = degrees_e7(lat_deg, lon_deg)?;
                (10, x, y, height_m as f32)
            }
            Place::Here { altitude } => {
                let (frame, z) = altitude_to_wire(altitude)?;
                match dialect.take_off_at_deg {
                    _ if dialect.zero_is_here => (frame, 0, 0, z),
                    Some((lat_deg, lon_deg)) => {
                        let (x, y) = degrees_e7(lat_deg, lon_deg)?;
                        (frame, x, y, z)
                    }
                    None => return Err("the vehicle has not said where it is, and PX4 needs a take-off's place"),
                }
            }
            Place::Local { north_m, east_m, down_m } => {
                let tenths_mm = |metres: f64| libm::round(metres * 1e4) as i32;
                (1, tenths_mm(north_m), tenths_mm(east_m), down_m as f32)
            }
        })
    }

    fn from_wire(item: &WireItem, dialect: &Dialect) -> Self {
        let WireItem { frame, x, y, z, .. } = *item;
        let (lat_deg, lon_deg) = place::degrees(x, y);
        let altitude = match frame {
            0 | 5 => Altitude::Amsl(f64::from(z)),
            3 | 6 => Altitude::AboveHome(f64::from(z)),
            10 | 11 => return Place::AboveTerrain { lat_deg, lon_deg, height_m: f64::from(z) },
            1 => {
                let (north_m, east_m) = (f64::from(x) / 1e4, f64::from(y) / 1e4);
                return Place::Local { north_m, east_m, down_m: f64::from(z) };
            }
            2 => return Place::Nowhere { x, y, z },
            _ => return Place::Other { frame, x, y, z },
        };
        if (x, y) == (0, 0) && dialect.zero_is_here {
            // ArduPilot gives commands without a place one at zero.
            match item.command {
                TAKE_OFF => return Place::Here { altitude },
                RETURN_TO_LAUNCH | DELAY => return ANYWHERE,
                command if command > LAST_NAV_COMMAND && frame == 0 => return Place::Nowhere { x, y, z },
                _ => {}
            }
        }
        Place::Global { lat_deg, lon_deg, altitude }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARDUPILOT: Dialect = Dialect { ahead: 1, wants_numbers: true, take_off_at_deg: None, zero_is_here: true };
    const PX4: Dialect =
        Dialect { ahead: 0, wants_numbers: false, take_off_at_deg: Some((47.0, 8.0)), zero_is_here: false };

    #[test]
    fn items_survive_the_wire_and_say_the_same_to_both() {
        let high = Altitude::AboveHome(15.0);
        let mission = [
            MissionItem::take_off(high),
            MissionItem::waypoint(47.3981013, 8.5455940, Altitude::Amsl(503.25)),
            MissionItem::loiter(-33.1, -179.9, high, Seconds(3.0)),
            MissionItem::jump_to(1, 2),
            MissionItem::delay(Seconds(2.0)),
            MissionItem::command(16, [0.0; 4], Place::AboveTerrain { lat_deg: 1.0, lon_deg: 2.0, height_m: 30.0 }),
            MissionItem::command(16, [0.0; 4], Place::Local { north_m: 1.5, east_m: -2.25, down_m: -10.0 }),
            MissionItem::command(31000, [1.0; 4], Place::Other { frame: 8, x: -1, y: 7, z: 1.5 }),
            MissionItem::return_to_launch(),
        ];
        for dialect in [ARDUPILOT, PX4] {
            for (index, item) in mission.iter().enumerate() {
                let wire = item.to_wire(&dialect, index == 0).expect("it can be sent");
                let back = MissionItem::from_wire(&wire, &dialect);
                assert_eq!(
                    back.to_wire(&dialect, index == 0).map(|again| format!("{again:?}")),
                    Ok(format!("{wire:?}"))
                );
                assert_eq!((back.command, back.autocontinue), (item.command, item.autocontinue));
            }
            assert_eq!(mission[3].to_wire(&dialect, false).expect("a jump").params[0], 1.0 + f32::from(dialect.ahead));
        }
        let at = |dialect| mission[0].to_wire(dialect, true).map(|wire| (wire.x, wire.y, wire.params[3].is_nan()));
        assert_eq!(at(&ARDUPILOT), Ok((0, 0, false)), "ArduPilot: zero is here, and it wants numbers");
        assert_eq!(at(&PX4), Ok((470_000_000, 80_000_000, true)), "PX4: a place, and its own heading");
    }

    #[test]
    fn what_is_no_place_is_not_sent() {
        let high = Altitude::AboveHome(15.0);
        for (item, word) in [
            (MissionItem::waypoint(91.0, 8.0, high), "latitude"),
            (MissionItem::waypoint(47.0, 181.0, high), "longitude"),
            (MissionItem::waypoint(f64::NAN, 8.0, high), "latitude"),
            (MissionItem::waypoint(47.0, 8.0, Altitude::Amsl(f64::INFINITY)), "altitude"),
            (MissionItem::waypoint(47.0, 8.0, high).hold(Seconds(f64::INFINITY)), "infinite"),
        ] {
            let fault = item.to_wire(&PX4, false).expect_err("a fault");
            assert!(fault.contains(word), "{fault}");
        }
        let nowhere = Dialect { take_off_at_deg: None, ..PX4 };
        assert!(MissionItem::take_off(high).to_wire(&nowhere, true).is_err());
    }
}
