//! A stand-in for the mission vocabulary.
#![no_std]

/// Metres.
#[derive(Debug, Clone, Copy)]
pub struct Metres(pub f32);
