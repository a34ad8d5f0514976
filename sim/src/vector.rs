//! Three-vectors and attitude quaternions in `f64`, with `libm` so that results do not depend on the machine's C library.
//!
//! World frame NED, body frame FRD; a [`Quat`] turns body vectors into world vectors.
use std::ops::{Add, AddAssign, Index, IndexMut, Mul, Neg, Sub};

/// A vector in metres, m/s, radians or newtons, as its user says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct V3(pub [f64; 3]);

impl V3 {
    /// All zero.
    pub const ZERO: V3 = V3([0.0; 3]);
    /// From components.
    pub const fn new(x: f64, y: f64, z: f64) -> Self {
        V3([x, y, z])
    }
    /// Euclidean length.
    pub fn norm(self) -> f64 {
        libm::sqrt(self.dot(self))
    }
    /// Length of the first two components.
    pub fn norm_xy(self) -> f64 {
        libm::sqrt(self.0[0] * self.0[0] + self.0[1] * self.0[1])
    }
    /// Scalar product.
    pub fn dot(self, o: V3) -> f64 {
        self.0[0] * o.0[0] + self.0[1] * o.0[1] + self.0[2] * o.0[2]
    }
    /// Vector product.
    pub fn cross(self, o: V3) -> V3 {
        let ([a, b, c], [x, y, z]) = (self.0, o.0);
        V3([b * z - c * y, c * x - a * z, a * y - b * x])
    }
    /// Component-wise product.
    pub fn times(self, o: V3) -> V3 {
        V3([self.0[0] * o.0[0], self.0[1] * o.0[1], self.0[2] * o.0[2]])
    }
    /// Shortened so that the first two components are at most `limit` long.
    pub fn limit_xy(self, limit: f64) -> V3 {
        let length = self.norm_xy();
        if length <= limit || length == 0.0 {
            return self;
        }
        let scale = limit / length;
        V3([self.0[0] * scale, self.0[1] * scale, self.0[2]])
    }
}
impl Add for V3 {
    type Output = V3;
    fn add(self, o: V3) -> V3 {
        V3([self.0[0] + o.0[0], self.0[1] + o.0[1], self.0[2] + o.0[2]])
    }
}
impl AddAssign for V3 {
    fn add_assign(&mut self, o: V3) {
        *self = *self + o;
    }
}
impl Sub for V3 {
    type Output = V3;
    fn sub(self, o: V3) -> V3 {
        V3([self.0[0] - o.0[0], self.0[1] - o.0[1], self.0[2] - o.0[2]])
    }
}
impl Neg for V3 {
    type Output = V3;
    fn neg(self) -> V3 {
        V3([-self.0[0], -self.0[1], -self.0[2]])
    }
}
impl Mul<f64> for V3 {
    type Output = V3;
    fn mul(self, by: f64) -> V3 {
        V3([self.0[0] * by, self.0[1] * by, self.0[2] * by])
    }
}
impl Index<usize> for V3 {
    type Output = f64;
    fn index(&self, axis: usize) -> &f64 {
        &self.0[axis]
    }
}
impl IndexMut<usize> for V3 {
    fn index_mut(&mut self, axis: usize) -> &mut f64 {
        &mut self.0[axis]
    }
}

/// A unit quaternion `w, x, y, z`, body FRD to world NED.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quat(pub [f64; 4]);

impl Quat {
    /// Level, nose north.
    pub const LEVEL: Quat = Quat([1.0, 0.0, 0.0, 0.0]);
    /// Level, nose at `yaw_rad`.
    pub fn from_yaw(yaw_rad: f64) -> Self {
        Quat([libm::cos(yaw_rad / 2.0), 0.0, 0.0, libm::sin(yaw_rad / 2.0)])
    }
    /// From rotation-matrix columns (the body's axes in world coordinates).
    pub fn from_axes(x: V3, y: V3, z: V3) -> Self {
        let (m00, m10, m20) = (x[0], x[1], x[2]);
        let (m01, m11, m21) = (y[0], y[1], y[2]);
        let (m02, m12, m22) = (z[0], z[1], z[2]);
        let trace = m00 + m11 + m22;
        let q = if trace > 0.0 {
            let s = libm::sqrt(trace + 1.0) * 2.0;
            [0.25 * s, (m21 - m12) / s, (m02 - m20) / s, (m10 - m01) / s]
        } else if m00 > m11 && m00 > m22 {
            let s = libm::sqrt(1.0 + m00 - m11 - m22) * 2.0;
            [(m21 - m12) / s, 0.25 * s, (m01 + m10) / s, (m02 + m20) / s]
        } else if m11 > m22 {
            let s = libm::sqrt(1.0 + m11 - m00 - m22) * 2.0;
            [(m02 - m20) / s, (m01 + m10) / s, 0.25 * s, (m12 + m21) / s]
        } else {
            let s = libm::sqrt(1.0 + m22 - m00 - m11) * 2.0;
            [(m10 - m01) / s, (m02 + m20) / s, (m12 + m21) / s, 0.25 * s]
        };
        Quat(q).normalised()
    }
    /// Length one again.
    pub fn normalised(self) -> Self {
        let [w, x, y, z] = self.0;
        let n = 1.0 / libm::sqrt(w * w + x * x + y * y + z * z);
        Quat([w * n, x * n, y * n, z * n])
    }
    /// `self` after `o`.
    pub fn compose(self, o: Quat) -> Quat {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, o.0);
        Quat([
            a * e - b * f - c * g - d * h,
            a * f + b * e + c * h - d * g,
            a * g - b * h + c * e + d * f,
            a * h + b * g - c * f + d * e,
        ])
    }
    /// The inverse rotation.
    pub fn inverse(self) -> Quat {
        let [w, x, y, z] = self.0;
        Quat([w, -x, -y, -z])
    }
    /// A body vector in world coordinates.
    pub fn rotate(self, v: V3) -> V3 {
        let [w, x, y, z] = self.0;
        let u = V3([x, y, z]);
        let t = u.cross(v) * 2.0;
        v + t * w + u.cross(t)
    }
    /// The body's down axis in world coordinates.
    pub fn down_axis(self) -> V3 {
        let [w, x, y, z] = self.0;
        V3([2.0 * (x * z + w * y), 2.0 * (y * z - w * x), 1.0 - 2.0 * (x * x + y * y)])
    }
    /// Advanced by the body rate `rate_rad_s` for `dt_s`.
    pub fn integrate(self, rate_rad_s: V3, dt_s: f64) -> Quat {
        let half = rate_rad_s * (0.5 * dt_s);
        self.compose(Quat([1.0, half[0], half[1], half[2]])).normalised()
    }
    /// Roll, pitch, yaw in radians (yaw-pitch-roll order).
    pub fn euler(self) -> (f64, f64, f64) {
        let [w, x, y, z] = self.0;
        let roll = libm::atan2(2.0 * (w * x + y * z), 1.0 - 2.0 * (x * x + y * y));
        let pitch = libm::asin((2.0 * (w * y - z * x)).clamp(-1.0, 1.0));
        (roll, pitch, self.yaw())
    }
    /// Yaw in radians.
    pub fn yaw(self) -> f64 {
        let [w, x, y, z] = self.0;
        libm::atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
    }
}

/// An angle in radians brought into `-pi < a <= pi`.
pub fn wrap_pi(angle_rad: f64) -> f64 {
    let turns = libm::round(angle_rad / std::f64::consts::TAU);
    angle_rad - turns * std::f64::consts::TAU
}
