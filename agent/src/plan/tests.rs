//! Tables and properties of the planner.
use super::*;

pub(super) fn vehicle() -> Vehicle {
    toml::from_str(include_str!("../../vehicles/quad-payload.toml")).expect("vehicle file")
}
