//! The world: rigid body, motors, air, ground and battery, advanced in steps of 5 ms. Knows no sensors and no autopilot.
//!
//! Sources: Newton-Euler with quadratic drag relative to the air (Mahony, Kumar, Corke 2012), first-order motor lag, the
//! ground as a stiff damped plane at home's height.
pub mod battery;
pub mod wind;

use crate::vector::{Quat, V3};
use battery::Battery;
use flightsmith_mission::vehicle::Airframe;
use wind::Wind;

/// Length of one physics step in seconds.
pub const STEP_S: f64 = 0.005;
/// Standard gravity, m/s^2.
pub const GRAVITY_M_S2: f64 = 9.80665;

/// Motor positions as signs of (forward, right) and the sense of the reaction torque about down, in ArduPilot's X order:
/// front right, rear left, front left, rear right.
pub const MOTORS: [(f64, f64, f64); 4] = [(1.0, 1.0, 1.0), (-1.0, -1.0, 1.0), (1.0, -1.0, -1.0), (-1.0, 1.0, -1.0)];

/// The vehicle as a rigid body in moving air above flat ground.
#[derive(Debug, Clone)]
pub struct World {
    airframe: Airframe,
    /// Mass in kg, scenario factor included.
    pub mass_kg: f64,
    inertia: V3,
    /// Position from home, m NED.
    pub position: V3,
    /// Velocity over ground, m/s NED.
    pub velocity: V3,
    /// Acceleration of the last step, m/s^2 NED (gravity included, zero at rest).
    pub acceleration: V3,
    /// Attitude, body to NED.
    pub attitude: Quat,
    /// Body rates, rad/s.
    pub rates: V3,
    /// Thrust of each motor, N.
    pub thrust_n: [f64; 4],
    /// Whether the skids touch the ground.
    pub on_ground: bool,
    /// Downward speed at the last touchdown, m/s.
    pub touchdown_m_s: Option<f64>,
    /// The air.
    pub wind: Wind,
    /// The battery.
    pub battery: Battery,
}

impl World {
    /// At home, level, nose at `heading_rad`, motors off.
    pub fn new(airframe: &Airframe, mass_factor: f64, heading_rad: f64, wind: Wind, battery: Battery) -> Self {
        let inertia = airframe.inertia_kg_m2;
        Self {
            mass_kg: airframe.mass_kg * mass_factor,
            inertia: V3(inertia) * mass_factor,
            airframe: airframe.clone(),
            position: V3::ZERO,
            velocity: V3::ZERO,
            acceleration: V3::ZERO,
            attitude: Quat::from_yaw(heading_rad),
            rates: V3::ZERO,
            thrust_n: [0.0; 4],
            on_ground: true,
            touchdown_m_s: None,
            wind,
            battery,
        }
    }
    /// The airframe's data.
    pub fn airframe(&self) -> &Airframe {
        &self.airframe
    }
    /// Advances by [`STEP_S`] towards the commanded motor thrusts in N (clamped to what a motor can give).
    pub fn step(&mut self, commanded_n: &[f64; 4]) {
        let frame = &self.airframe;
        let strength = self.battery.thrust_factor();
        let approach = 1.0 - libm::exp(-STEP_S / frame.motor_time_constant_s);
        let (mut total_n, mut torque) = (0.0, V3::ZERO);
        let lever_m = frame.arm_m * std::f64::consts::FRAC_1_SQRT_2;
        for (thrust, (command, (forward, right, spin))) in self.thrust_n.iter_mut().zip(commanded_n.iter().zip(MOTORS))
        {
            let wanted = command.clamp(0.0, frame.max_thrust_n * strength);
            *thrust += (wanted - *thrust) * approach;
            total_n += *thrust;
            torque += V3([-right * lever_m, forward * lever_m, spin * frame.torque_per_thrust_m]) * *thrust;
        }
        self.battery.step(total_n / (self.mass_kg * GRAVITY_M_S2), STEP_S);

        let air = self.velocity - self.wind.at_step(-self.position[2], STEP_S);
        let drag = air * (-frame.drag_n_per_m2_s2 * air.norm());
        let force = drag - self.attitude.down_axis() * total_n;
        let mut acceleration = force * (1.0 / self.mass_kg) + V3::new(0.0, 0.0, GRAVITY_M_S2);
        let momentum = self.rates.times(self.inertia);
        // A little aerodynamic damping of rotation keeps free tumbling bounded.
        let damping = self.rates * 0.002;
        let angular = torque - self.rates.cross(momentum) - damping;
        self.rates +=
            V3([angular[0] / self.inertia[0], angular[1] / self.inertia[1], angular[2] / self.inertia[2]]) * STEP_S;

        if self.on_ground {
            // The skids stay put until there is some lift to spare.
            if acceleration[2] >= -0.2 {
                acceleration = V3::ZERO;
                self.velocity = V3::ZERO;
                self.rates = V3::ZERO;
                self.position[2] = 0.0;
                self.attitude = Quat::from_yaw(self.attitude.yaw());
            } else {
                self.on_ground = false;
            }
        }
        self.velocity += acceleration * STEP_S;
        self.position += self.velocity * STEP_S;
        self.attitude = self.attitude.integrate(self.rates, STEP_S);
        if !self.on_ground && self.position[2] >= 0.0 && self.velocity[2] > 0.0 {
            self.on_ground = true;
            self.touchdown_m_s = Some(self.velocity[2]);
            self.position[2] = 0.0;
            self.velocity = V3::ZERO;
            self.rates = V3::ZERO;
            self.attitude = Quat::from_yaw(self.attitude.yaw());
            acceleration = V3::ZERO;
        }
        self.acceleration = acceleration;
    }
}
