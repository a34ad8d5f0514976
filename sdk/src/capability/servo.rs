//! Servos and actuators.
