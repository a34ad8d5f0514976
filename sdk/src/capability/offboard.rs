//! Set-points: position, velocity, acceleration, attitude.
