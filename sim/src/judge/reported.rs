//! What a vehicle tells of its battery and of the wind, from its frames: the simulated vehicle's and any other's.
use crate::wire::{Frame, messages};

/// The latest telemetry that rules and conditions are decided by.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reported {
    /// Battery remaining, percent.
    pub battery_percent: Option<f64>,
    /// Wind speed, m/s.
    pub wind_m_s: Option<f64>,
}

impl Reported {
    /// Takes what `frame` says: SYS_STATUS, BATTERY_STATUS of the first battery, WIND, WIND_COV.
    pub fn hear(&mut self, frame: &Frame) {
        // -1 is what an autopilot says that does not know.
        let percent = |at: usize| Some(frame.u8(at)).filter(|percent| *percent <= 100).map(f64::from);
        let speed = |speed_m_s: f64| Some(speed_m_s).filter(|speed| speed.is_finite());
        match frame.id {
            messages::SYS_STATUS => self.battery_percent = percent(30).or(self.battery_percent),
            messages::BATTERY_STATUS if frame.u8(32) == 0 => {
                self.battery_percent = percent(35).or(self.battery_percent);
            }
            messages::WIND => self.wind_m_s = speed(frame.f32(4)),
            messages::WIND_COV => self.wind_m_s = speed(frame.f32(8).hypot(frame.f32(12))),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Decoder, Payload, write_frame};

    fn heard(reported: &mut Reported, id: u32, payload: &Payload) -> Reported {
        let (mut bytes, mut decoder) = (Vec::new(), Decoder::default());
        write_frame(&mut bytes, 0, 1, 1, id, payload);
        decoder.push(&bytes);
        reported.hear(&decoder.next_frame().expect("a frame").0);
        *reported
    }

    #[test]
    fn battery_and_wind_are_read_as_sent() {
        let status = |percent: i8| {
            let power = Payload::new().u32(0).u32(0).u32(0).u16(0).u16(15_800).i16(120).u16(0).u16(0);
            power.repeat(0, 8).i8(percent)
        };
        let battery = |id: u8, percent: i8| Payload::new().repeat(0, 32).u8(id).u8(0).u8(0).i8(percent);
        let heartbeat = Payload::new().u32(4).u8(2).u8(3).u8(0).u8(0).u8(3);
        let moving_air = |north: f64| Payload::new().u64(1).f32s(&[north, -4.0, 0.0, 0.5, 0.5, 500.0, 1.0, 0.0]);
        let mut reported = Reported::default();
        for (id, payload, battery_percent, wind_m_s) in [
            (messages::HEARTBEAT, heartbeat, None, None),
            (messages::SYS_STATUS, status(73), Some(73.0), None),
            (messages::SYS_STATUS, status(-1), Some(73.0), None),
            (messages::BATTERY_STATUS, battery(0, 72), Some(72.0), None),
            (messages::BATTERY_STATUS, battery(1, 15), Some(72.0), None),
            (messages::WIND_COV, moving_air(3.0), Some(72.0), Some(5.0)),
            (messages::WIND_COV, moving_air(f64::NAN), Some(72.0), None),
            (messages::WIND, Payload::new().f32s(&[270.0, 6.0, 0.0]), Some(72.0), Some(6.0)),
        ] {
            assert_eq!(heard(&mut reported, id, &payload), Reported { battery_percent, wind_m_s }, "{id}");
        }
    }
}
