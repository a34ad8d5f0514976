//! Telemetry: each message composed from the craft's belief when it is due on a link, and never before.
use super::{Craft, Motors};
use crate::physics::GRAVITY_M_S2;
use crate::vector::V3;
use crate::wire::{Payload, messages as m};
use flightsmith_mission::frame::Altitude;
use flightsmith_mission::raw::position_ned;
use flightsmith_mission::vehicle::{Autopilot, Report};

fn e7(degrees: f64) -> i32 {
    libm::round(degrees * 1e7) as i32
}

fn amsl_m(position: &flightsmith_mission::frame::GlobalPosition) -> f64 {
    match position.altitude {
        Altitude::Amsl(metres) | Altitude::AboveHome(metres) => metres,
    }
}

impl Craft {
    /// Sends what is due on every link.
    pub fn send_due(&mut self) {
        for index in 0..self.links.len() {
            if !self.links[index].open {
                continue;
            }
            for slot in 0..self.links[index].streams.len() {
                let stream = self.links[index].streams[slot];
                if self.now_us < stream.due_us {
                    continue;
                }
                let next_us = stream.due_us + stream.interval_us;
                self.links[index].streams[slot].due_us =
                    if next_us <= self.now_us { self.now_us + stream.interval_us.min(20_000) } else { next_us };
                if let Some(payload) = self.compose(stream.id) {
                    self.reply(index, stream.id, &payload);
                }
            }
            self.send_parameters(index);
        }
    }
    /// `HEARTBEAT`.
    pub fn heartbeat_payload(&self) -> Payload {
        let autopilot = match self.kind {
            Autopilot::ArduPilot => 3,
            Autopilot::Px4 => 12,
        };
        let status = &self.status;
        Payload::new().u32(status.custom_mode).u8(2).u8(autopilot).u8(status.base_mode).u8(status.system_status).u8(3)
    }
    fn boot_ms(&self) -> u32 {
        ((self.now_us - self.booted_us) / 1000) as u32
    }
    fn battery_percent(&self) -> i8 {
        if !self.vehicle.reports(Report::Battery) {
            return -1;
        }
        libm::floor(self.world.battery.percent() + 0.5) as i8
    }
    fn motor_pwm(&self, index: usize) -> u16 {
        let (off, low) = match self.kind {
            Autopilot::ArduPilot => (1000, 1000.0),
            Autopilot::Px4 => (900, 1000.0),
        };
        if self.motors == Motors::Off {
            return off;
        }
        let share = self.world.thrust_n[index] / self.world.airframe().max_thrust_n;
        (low + 1000.0 * libm::sqrt(share.max(0.0))) as u16
    }
    fn local_reported(&self) -> (V3, V3) {
        (self.estimator.position, self.estimator.velocity)
    }
    /// The message `id` as of now; `None` where this autopilot does not send it, or has nothing to say yet.
    pub fn compose(&self, id: u32) -> Option<Payload> {
        let ardupilot = self.kind == Autopilot::ArduPilot;
        let boot_ms = self.boot_ms();
        let now_us = self.now_us;
        let (position, velocity) = self.local_reported();
        let p = Payload::new();
        let payload = match id {
            m::HEARTBEAT => self.heartbeat_payload(),
            m::SYS_STATUS => {
                let volts = (self.world.battery.loaded_v() * 1000.0) as u16;
                let amps = if ardupilot { (self.world.battery.current_a * 100.0) as i16 } else { -1 };
                let [present, enabled, healthy] = self.status.sensors;
                p.u32(present)
                    .u32(enabled)
                    .u32(healthy)
                    .u16(if ardupilot { 0 } else { 200 })
                    .u16(volts)
                    .i16(amps)
                    .u16(0)
                    .u16(0)
                    .repeat(0, 8)
                    .i8(self.battery_percent())
            }
            m::SYSTEM_TIME => p.u64(1_767_225_600_000_000 + now_us).u32(boot_ms),
            m::GPS_RAW_INT => {
                let at = self.world.position + self.estimator.gps_error;
                let fix = position_ned(at.0);
                let global = self.site.to_global(&fix);
                let speed = velocity.norm_xy();
                let course = libm::atan2(velocity[1], velocity[0]).to_degrees().rem_euclid(360.0);
                let have = self.estimator.gps_fix && self.status.gps_fix_type > 1;
                let fix_type = if have { self.status.gps_fix_type } else { self.status.gps_fix_type.min(1) };
                let (lat, lon, alt) = if have {
                    (e7(global.lat_deg), e7(global.lon_deg), (amsl_m(&global) * 1000.0) as i32)
                } else {
                    (0, 0, 0)
                };
                let (eph, epv, accuracy) = if ardupilot { (121, 200, (300, 300)) } else { (70, 110, (900, 1780)) };
                p.u64(now_us)
                    .i32(lat)
                    .i32(lon)
                    .i32(alt)
                    .u16(if have { eph } else { 9999 })
                    .u16(if have { epv } else { 9999 })
                    .u16((speed * 100.0) as u16)
                    .u16((course * 100.0) as u16)
                    .u8(fix_type)
                    .u8(if have { 10 } else { 0 })
                    .i32(alt)
                    .u32(accuracy.0)
                    .u32(accuracy.1)
                    .u32(if ardupilot { 0 } else { 400 })
            }
            m::RAW_IMU | m::SCALED_IMU2 | m::HIGHRES_IMU => return Some(self.compose_imu(id)),
            m::SCALED_PRESSURE => {
                let height = amsl_m(&self.to_global(position));
                let hpa = 1013.25 * libm::pow(1.0 - height / 44_330.77, 5.255_88);
                p.u32(boot_ms).f32(hpa).f32(0.0).i16(2500)
            }
            m::ATTITUDE => {
                let (roll, pitch, yaw) = self.estimator.attitude.euler();
                p.u32(boot_ms).f32s(&[roll, pitch, yaw]).f32s(&self.estimator.rates.0)
            }
            m::ATTITUDE_QUATERNION => p.u32(boot_ms).f32s(&self.estimator.attitude.0).f32s(&self.estimator.rates.0),
            m::LOCAL_POSITION_NED => {
                if !self.origin_set {
                    return None;
                }
                p.u32(boot_ms).f32s(&position.0).f32s(&velocity.0)
            }
            m::GLOBAL_POSITION_INT => {
                if !self.origin_set && !ardupilot {
                    return None;
                }
                let yaw_deg = self.estimator.attitude.yaw().to_degrees().rem_euclid(360.0);
                let (lat, lon, alt_mm) = if self.origin_set {
                    let global = self.to_global(position);
                    (e7(global.lat_deg), e7(global.lon_deg), (amsl_m(&global) * 1000.0) as i32)
                } else {
                    (0, 0, 0)
                };
                p.u32(boot_ms)
                    .i32(lat)
                    .i32(lon)
                    .i32(alt_mm)
                    .i32((self.height_m() * 1000.0) as i32)
                    .i16((velocity[0] * 100.0) as i16)
                    .i16((velocity[1] * 100.0) as i16)
                    .i16((velocity[2] * 100.0) as i16)
                    .u16((yaw_deg * 100.0) as u16)
            }
            m::SERVO_OUTPUT_RAW => {
                let mut q = p.u32(now_us as u32);
                for channel in 1..=8u8 {
                    q = q.u16(if channel <= 4 {
                        self.motor_pwm(usize::from(channel) - 1)
                    } else {
                        self.payloads.pwm(channel)
                    });
                }
                q = q.u8(0);
                for channel in 9..=16u8 {
                    q = q.u16(self.payloads.pwm(channel));
                }
                q
            }
            m::MISSION_CURRENT => {
                let total = self.mission.count();
                let total = if ardupilot {
                    total.saturating_sub(1)
                } else if total == 0 {
                    65_535
                } else {
                    total
                };
                p.u16(self.mission.current).u16(total).u8(self.mission.state()).u8(if ardupilot { 0 } else { 2 })
            }
            m::GPS_GLOBAL_ORIGIN => {
                if !self.origin_set {
                    return None;
                }
                let global = self.to_global(V3::ZERO);
                p.i32(e7(global.lat_deg)).i32(e7(global.lon_deg)).i32((amsl_m(&global) * 1000.0) as i32).u64(now_us)
            }
            m::HOME_POSITION => {
                let home = self.home?;
                let global = self.to_global(home);
                let q = if ardupilot { [f64::NAN; 4] } else { [1.0, 0.0, 0.0, 0.0] };
                p.i32(e7(global.lat_deg))
                    .i32(e7(global.lon_deg))
                    .i32((amsl_m(&global) * 1000.0) as i32)
                    .f32s(&home.0)
                    .f32s(&q)
                    .f32s(&[0.0; 3])
                    .u64(now_us)
            }
            m::NAV_CONTROLLER_OUTPUT => {
                let up = self.attitude_target.up;
                let bearing = libm::atan2(velocity[1], velocity[0]).to_degrees();
                p.f32(up[1].to_degrees())
                    .f32(-up[0].to_degrees())
                    .f32s(&[0.0; 3])
                    .i16(bearing as i16)
                    .i16(bearing as i16)
                    .u16(self.status.waypoint_distance_m.min(65_535.0) as u16)
            }
            m::RC_CHANNELS => {
                let mut q = p.u32(boot_ms);
                for raw in [1500, 1500, 1000, 1500, 1800, 1000, 1000, 1800] {
                    q = q.u16(raw);
                }
                for _ in 8..18 {
                    q = q.u16(0);
                }
                q.u8(8).u8(255)
            }
            m::VFR_HUD => {
                let air = (velocity - self.world.wind.now).norm();
                let heading = self.estimator.attitude.yaw().to_degrees().rem_euclid(360.0);
                let throttle = self.world.thrust_n.iter().sum::<f64>() / (4.0 * self.world.airframe().max_thrust_n);
                p.f32(if ardupilot { air } else { f64::NAN })
                    .f32(velocity.norm_xy())
                    .f32(amsl_m(&self.to_global(position)))
                    .f32(-velocity[2])
                    .i16(heading as i16)
                    .u16((100.0 * throttle) as u16)
            }
            m::ATTITUDE_TARGET => {
                let up = self.attitude_target.up;
                let yaw = self.attitude_target.yaw_rad;
                let nose = V3([libm::cos(yaw), libm::sin(yaw), 0.0]);
                let down = -up;
                let right = down.cross(nose);
                let right = right * (1.0 / right.norm().max(1e-6));
                let q = crate::vector::Quat::from_axes(right.cross(down), right, down);
                let thrust = self.attitude_target.thrust_n / (4.0 * self.world.airframe().max_thrust_n);
                p.u32(boot_ms).f32s(&q.0).f32s(&[0.0; 3]).f32(thrust).u8(0)
            }
            m::POSITION_TARGET_LOCAL_NED => {
                let at = |axis: usize| self.motion.position[axis].unwrap_or(f64::NAN);
                p.u32(boot_ms)
                    .f32s(&[at(0), at(1), at(2)])
                    .f32s(&self.motion.velocity.0)
                    .f32s(&self.motion.acceleration.0)
                    .f32(self.attitude_target.yaw_rad)
                    .f32(self.attitude_target.yaw_rate)
                    .u16(0)
                    .u8(1)
            }
            m::POSITION_TARGET_GLOBAL_INT => {
                let (Some(north), Some(east)) = (self.motion.position[0], self.motion.position[1]) else {
                    return None;
                };
                let down = self.motion.position[2].unwrap_or(position[2]);
                let global = self.to_global(V3([north, east, down]));
                p.u32(boot_ms)
                    .i32(e7(global.lat_deg))
                    .i32(e7(global.lon_deg))
                    .f32(amsl_m(&global))
                    .f32s(&[0.0; 6])
                    .f32(self.attitude_target.yaw_rad)
                    .f32(0.0)
                    .u16(65_016)
                    .u8(0)
            }
            m::POWER_STATUS if ardupilot => p.u16(5000).u16(0).u16(0),
            m::DISTANCE_SENSOR => {
                if !self.vehicle.reports(Report::DistanceDown) {
                    return None;
                }
                let centimetres = (-self.world.position[2] * 100.0).clamp(10.0, 5000.0) as u16;
                p.u32(boot_ms).u16(10).u16(5000).u16(centimetres).u8(0).u8(0).u8(25).u8(0)
            }
            m::ALTITUDE => {
                let amsl = amsl_m(&self.to_global(position));
                p.u64(now_us).f32s(&[amsl, amsl, -position[2], self.height_m(), 0.0, -self.world.position[2]])
            }
            m::BATTERY_STATUS => {
                if !self.vehicle.reports(Report::Battery) {
                    return None;
                }
                let battery = &self.world.battery;
                let mut q = p
                    .i32(if ardupilot { battery.used_mah() as i32 } else { 0 })
                    .i32(if ardupilot { (battery.used_wh() * 36.0) as i32 } else { -1 })
                    .i16(32_767)
                    .u16((battery.loaded_v() * 1000.0) as u16);
                for _ in 1..10 {
                    q = q.u16(65_535);
                }
                q.i16(if ardupilot { (battery.current_a * 100.0) as i16 } else { -1 })
                    .u8(0)
                    .u8(u8::from(!ardupilot))
                    .u8(u8::from(!ardupilot))
                    .i8(self.battery_percent())
                    .i32(0)
                    .u8(self.status.charge_state)
            }
            m::AUTOPILOT_VERSION => self.compose_version(),
            m::MEMINFO if ardupilot => p.u16(0).u16(65_535).u32(131_072),
            m::AHRS if ardupilot => p.f32s(&[0.0; 7]),
            m::SIMSTATE => return None,
            m::WIND if ardupilot => {
                if !self.vehicle.reports(Report::Wind) {
                    return None;
                }
                let wind = self.estimator.wind;
                let from = libm::atan2(-wind[1], -wind[0]).to_degrees();
                p.f32(from).f32(wind.norm_xy()).f32(wind[2])
            }
            m::WIND_COV if !ardupilot => {
                if !self.vehicle.reports(Report::Wind) {
                    return None;
                }
                let wind = self.estimator.wind;
                p.u64(now_us).f32s(&[wind[0], wind[1], 0.0, 0.5, 0.5, amsl_m(&self.to_global(position)), 1.0, f64::NAN])
            }
            m::EKF_STATUS_REPORT if ardupilot => {
                p.f32s(&[0.01, 0.01, 0.01, 0.01, 0.0]).u16(self.status.estimator_flags).f32(0.0)
            }
            m::ESTIMATOR_STATUS if !ardupilot => p
                .u64(now_us)
                .f32s(&[0.02, 0.01, 0.01, 0.03, 0.001, f64::NAN])
                .f32(0.28 + self.estimator.without_gps_s * 0.3)
                .f32(0.06)
                .u16(self.status.estimator_flags),
            m::VIBRATION => p.u64(now_us).f32s(&[0.03, 0.01, 0.04]).u32(0).u32(0).u32(0),
            m::EXTENDED_SYS_STATE => p.u8(if ardupilot { 3 } else { 0 }).u8(self.status.landed as u8),
            m::FENCE_STATUS if ardupilot => p.u32(0).u16(0).u8(0).u8(0),
            m::CURRENT_MODE => p.u32(self.status.custom_mode).u32(self.status.intended_mode).u8(0),
            m::PROTOCOL_VERSION if !ardupilot => p.u16(200).u16(100).u16(203).repeat(0, 16),
            m::AVAILABLE_MODES => {
                p.u32(self.status.custom_mode).u32(0).u8(1).u8(1).u8(0).text(self.status.mode_name, 35)
            }
            _ => return None,
        };
        Some(payload)
    }
    fn compose_imu(&self, id: u32) -> Payload {
        let attitude = self.world.attitude;
        let felt = attitude.inverse().rotate(self.world.acceleration - V3([0.0, 0.0, GRAVITY_M_S2]));
        let field = attitude.inverse().rotate(V3([0.212, 0.011, 0.427]));
        let rates = self.world.rates;
        if id == m::HIGHRES_IMU {
            return Payload::new()
                .u64(self.now_us)
                .f32s(&felt.0)
                .f32s(&rates.0)
                .f32s(&field.0)
                .f32s(&[956.0, 0.0, -self.world.position[2], 25.0])
                .u16(0x1FFF);
        }
        let mut payload = match id {
            m::RAW_IMU => Payload::new().u64(self.now_us),
            _ => Payload::new().u32(self.boot_ms()),
        };
        for value in felt.0 {
            payload = payload.i16((value / GRAVITY_M_S2 * 1000.0) as i16);
        }
        for value in rates.0 {
            payload = payload.i16((value * 1000.0) as i16);
        }
        for value in field.0 {
            payload = payload.i16((value * 1000.0) as i16);
        }
        payload
    }
    fn compose_version(&self) -> Payload {
        match self.kind {
            // Recorded capabilities without MAVLink FTP (bit 5), which this autopilot does not serve.
            Autopilot::ArduPilot => Payload::new()
                .u64(64_495 & !32)
                .u64(0)
                .u32(67_633_152)
                .u32(0)
                .u32(0)
                .u32(0)
                .u16(0)
                .u16(0)
                .text("531699d6", 8)
                .repeat(0, 16),
            Autopilot::Px4 => Payload::new()
                .u64(59_647 & !32)
                .u64(5_283_920_058_631_409_231)
                .u32(17_956_928)
                .u32(17_956_928)
                .u32(101_854_463)
                .u32(1)
                .u16(0)
                .u16(0)
                .repeat(0, 24),
        }
    }
    /// Starts sending every parameter on a link.
    pub fn start_parameter_list(&mut self, link: usize) {
        if let Some(link) = self.links.get_mut(link) {
            link.param_cursor = Some(0);
        }
    }
    fn send_parameters(&mut self, link: usize) {
        // Sixteen a tick: a whole list takes under two seconds of vehicle time and never floods a pipe.
        for _ in 0..16 {
            let Some(cursor) = self.links[link].param_cursor else {
                return;
            };
            if cursor >= self.params.len() {
                self.links[link].param_cursor = None;
                return;
            }
            self.links[link].param_cursor = Some(cursor + 1);
            self.send_parameter(link, cursor, cursor as u16);
        }
    }
    /// `PARAM_VALUE` of the parameter at `index`, announced as `shown_index`.
    pub fn send_parameter(&mut self, link: usize, index: usize, shown_index: u16) {
        let Some(param) = self.params.at(index) else {
            return;
        };
        let wire = self.params.to_wire(param);
        let payload = Payload::new()
            .u32(u32::from_le_bytes(wire))
            .u16(self.params.len() as u16)
            .u16(shown_index)
            .text(&param.name, 16)
            .u8(param.kind.code());
        self.reply(link, m::PARAM_VALUE, &payload);
    }
}
