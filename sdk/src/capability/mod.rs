//! What a [`System`](crate::System) can be asked for, one module a capability, named as in MAVSDK.
//!
//! Each module has one handle, made by the method of the same name on [`System`](crate::System). A handle is cheap, may be kept, and
//! several may be used at once.
pub mod action;
pub mod camera;
pub mod failure;
pub mod ftp;
pub mod geofence;
pub mod gimbal;
pub mod gripper;
pub mod info;
pub mod log_files;
pub mod manual_control;
pub mod mission_raw;
pub mod offboard;
pub mod param;
pub mod rally;
pub mod raw;
pub mod rtk;
pub mod servo;
pub mod shell;
pub mod signing;
pub mod telemetry;
pub mod transfer;
pub mod winch;
