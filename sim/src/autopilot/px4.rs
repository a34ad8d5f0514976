//! (being written) PX4 flavour.
use super::Craft;
use crate::control::AttitudeGains;
use crate::control::position::PositionGains;
use crate::wire::Frame;

/// Gains tuned against `px4_step_response`.
pub const ATTITUDE_GAINS: AttitudeGains =
    AttitudeGains { tilt_p: 6.5, rate_p: 18.0, yaw_p: 2.8, yaw_rate_p: 6.0, yaw_rate_max: 3.5, tilt_rate_max: 3.8 };
/// Gains tuned against `px4_step_response`.
pub const POSITION_GAINS: PositionGains = PositionGains {
    position_p: 0.95,
    height_p: 1.0,
    velocity_p: 1.8,
    velocity_i: 0.4,
    velocity_d: 0.2,
    climb_p: 4.0,
    climb_i: 2.0,
    tilt_max: std::f64::consts::FRAC_PI_4,
    acceleration_max: 6.2,
};

/// PX4's state on top of the [`Craft`].
#[derive(Debug, Clone)]
pub struct Px4 {}

impl Px4 {
    /// Just switched on.
    pub fn new(_craft: &mut Craft, _warm: bool) -> Self {
        Self {}
    }
    /// One tick of decisions.
    pub fn tick(&mut self, craft: &mut Craft) {
        if craft.every(1_000_000) {
            craft.heartbeat();
        }
    }
    /// Handles one received frame.
    pub fn handle(&mut self, craft: &mut Craft, link: usize, frame: &Frame) {
        craft.handle_shared(link, frame);
    }
    /// Changes the mode on the pilot's behalf.
    pub fn pilot_mode(&mut self, _craft: &mut Craft, _name: &str) {}
}
