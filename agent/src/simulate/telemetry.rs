//! A vehicle's own telemetry as samples for the judge, where there is no true state: positions from where it was armed.
use flightsmith_mission::frame::{Altitude, GlobalPosition, Latitude, Longitude, VelocityNed};
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::raw::velocity_ned;
use flightsmith_mission::units::wrap_360;
use flightsmith_sim::judge::{Control, Event, Reported, Sample};
use flightsmith_sim::wire::{Decoder, Frame};

/// What has been heard so far.
#[derive(Default)]
pub struct Telemetry {
    decoder: Decoder,
    boot_ms: u32,
    global: Option<GlobalPosition>,
    velocity: Option<VelocityNed>,
    heading_deg: f64,
    armed: bool,
    landed: Option<bool>,
    /// It has disarmed since it said whether it has landed: what it said is older news, and no sample is made of it.
    landed_is_older: bool,
    /// A position was told since the vehicle was last armed or disarmed.
    told: bool,
    control: Option<Control>,
    reported: Reported,
    home: Option<Home>,
    events: Vec<Event>,
}

impl Telemetry {
    /// Vehicle time in microseconds since boot, as last heard.
    pub fn time_us(&self) -> u64 {
        u64::from(self.boot_ms) * 1_000
    }

    /// Whether it was armed once, is disarmed and down, and the last sample said so.
    pub fn is_down(&self) -> bool {
        self.home.is_some() && !self.armed && self.told
    }

    /// Takes bytes from the vehicle; `observe` gets a sample a position once the vehicle has been armed, with where that was.
    pub fn take(&mut self, bytes: &[u8], mut observe: impl FnMut(&Sample<'_>, &Home)) {
        self.decoder.push(bytes);
        while let Some((frame, _)) = self.decoder.next_frame() {
            let is_position = self.hear(&frame);
            if let (true, false, Some(home), Some(global)) = (is_position, self.landed_is_older, self.home, self.global)
            {
                let sample = Sample {
                    time_s: f64::from(self.boot_ms) / 1_000.0,
                    position: home.to_ned(&global),
                    velocity: self.velocity.unwrap_or(VelocityNed::STILL),
                    heading_deg: self.heading_deg,
                    armed: self.armed,
                    // A vehicle that does not say whether it has landed disarms on the ground.
                    on_ground: self.landed.unwrap_or(!self.armed),
                    control: self.control.unwrap_or(Control::Mission),
                    battery_percent: self.reported.battery_percent.unwrap_or(100.0),
                    reported: self.reported,
                    events: &self.events,
                };
                observe(&sample, &home);
                self.told = self.landed != Some(false) || self.armed;
                self.events.clear();
            }
        }
    }

    /// Notes what a frame says; whether it was a position.
    fn hear(&mut self, frame: &Frame) -> bool {
        self.reported.hear(frame);
        match frame.id {
            // HEARTBEAT of the autopilot (a gimbal or camera has other types and no autopilot)
            0 if frame.u8(5) != 8 => {
                let armed = frame.u8(6) & 0x80 != 0;
                if armed && !self.armed {
                    self.home = self.global.map(|global| self.home_at(&global));
                }
                // ArduPilot tells of disarming at once, and of having landed at the rate that was asked for.
                self.landed_is_older = !armed && self.landed.is_some() && (self.armed || self.landed_is_older);
                self.told &= armed == self.armed;
                self.armed = armed;
                self.control = Some(control(frame.u8(5), frame.u32(0)));
            }
            // ATTITUDE
            30 => {
                self.boot_ms = frame.u32(0);
                self.heading_deg = wrap_360(frame.f32(12).to_degrees());
            }
            // GLOBAL_POSITION_INT
            33 => {
                self.boot_ms = frame.u32(0);
                self.global = Some(GlobalPosition::at(
                    Latitude(f64::from(frame.i32(4)) / 1e7),
                    Longitude(f64::from(frame.i32(8)) / 1e7),
                    Altitude::Amsl(f64::from(frame.i32(12)) / 1e3),
                ));
                let speed = |at: usize| f64::from(frame.i16(at)) / 100.0;
                self.velocity = Some(velocity_ned([speed(20), speed(22), speed(24)]));
                return true;
            }
            // EXTENDED_SYS_STATE.landed_state: 1 on the ground
            245 => {
                self.landed = Some(frame.u8(1) == 1);
                self.landed_is_older = false;
            }
            // CAMERA_FEEDBACK, CAMERA_IMAGE_CAPTURED
            180 | 263 => self.events.push(Event::Photo),
            _ => {}
        }
        false
    }

    fn home_at(&self, global: &GlobalPosition) -> Home {
        let altitude_amsl_m = match global.altitude {
            Altitude::Amsl(metres) | Altitude::AboveHome(metres) => metres,
        };
        Home { lat_deg: global.lat_deg, lon_deg: global.lon_deg, altitude_amsl_m, heading_deg: self.heading_deg }
    }
}

/// Who flies, by HEARTBEAT's autopilot and custom mode: ArduCopter's RTL 6, SMART_RTL 21 and LAND 9; PX4's AUTO (4) with RTL (5) or LAND (6).
fn control(autopilot: u8, custom_mode: u32) -> Control {
    let px4 = autopilot == 12;
    match (px4, custom_mode) {
        (false, 6 | 21) => Control::Return,
        (false, 9) => Control::Land,
        (true, mode) if mode >> 16 == 0x0504 => Control::Return,
        (true, mode) if mode >> 16 == 0x0604 => Control::Land,
        _ => Control::Mission,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_say_who_flies() {
        let cases = [
            (3, 4, Control::Mission),
            (3, 6, Control::Return),
            (3, 9, Control::Land),
            (12, 0x0006_0000, Control::Mission),
            (12, 0x0504_0000, Control::Return),
            (12, 0x0604_0000, Control::Land),
            (12, 0x0304_0000, Control::Mission),
        ];
        for (autopilot, mode, expect) in cases {
            assert_eq!(control(autopilot, mode), expect, "{autopilot} {mode:#x}");
        }
    }
}
