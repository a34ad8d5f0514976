//! Vehicle and envelope files: the built-in vehicles, and reading a user's own.
use crate::exit::RunError;
use flightsmith_mission::envelope::Envelope;
use flightsmith_mission::vehicle::Vehicle;
use serde::de::DeserializeOwned;
use std::path::Path;

const BUILT_IN: [(&str, &str); 2] =
    [("quad", include_str!("../vehicles/quad.toml")), ("quad-payload", include_str!("../vehicles/quad-payload.toml"))];

/// The vehicle called `name`, or the one in the file `name`.
pub fn load(name: &str) -> Result<Vehicle, RunError> {
    let vehicle: Vehicle = match BUILT_IN.iter().find(|(built_in, _)| *built_in == name) {
        Some((_, text)) => toml::from_str(text).map_err(|error| RunError::files(format!("{name}.toml"), error))?,
        None if name.contains(['/', '.']) => read(Path::new(name))?,
        None => {
            let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
            let known = known.join(", ");
            return Err(RunError::Usage(format!(
                "no vehicle is called {name}; known: {known}, or the path of a vehicle file"
            )));
        }
    };
    sane(&vehicle).map_err(|why| RunError::Usage(format!("vehicle {name}: {why}")))?;
    Ok(vehicle)
}

/// All built-in vehicles.
pub fn built_in() -> Result<Vec<Vehicle>, RunError> {
    BUILT_IN.iter().map(|(name, _)| load(name)).collect()
}

/// The envelope in force: the default one, tightened by the vehicle's and by the user's file.
pub fn envelope(vehicle: &Vehicle, file: Option<&Path>) -> Result<Envelope, RunError> {
    let own = Envelope::default().tightest(&vehicle.envelope);
    Ok(match file {
        Some(path) => own.tightest(&read(path)?),
        None => own,
    })
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, RunError> {
    let text = std::fs::read_to_string(path).map_err(|error| RunError::files(path, error))?;
    if path.extension().is_some_and(|extension| extension == "json") {
        serde_json::from_str(&text).map_err(|error| RunError::files(path, error))
    } else {
        toml::from_str(&text).map_err(|error| RunError::files(path, error))
    }
}

/// Whether the numbers of a vehicle can be those of a machine.
fn sane(vehicle: &Vehicle) -> Result<(), String> {
    let airframe = &vehicle.airframe;
    let positive = [
        ("cruise_speed_m_s", vehicle.cruise_speed_m_s),
        ("mass_kg", airframe.mass_kg),
        ("arm_m", airframe.arm_m),
        ("inertia_kg_m2", airframe.inertia_kg_m2.iter().copied().fold(f64::INFINITY, f64::min)),
        ("max_thrust_n", airframe.max_thrust_n),
        ("motor_time_constant_s", airframe.motor_time_constant_s),
        ("torque_per_thrust_m", airframe.torque_per_thrust_m),
        ("drag_n_per_m2_s2", airframe.drag_n_per_m2_s2),
        ("battery_wh", airframe.battery_wh),
        ("hover_power_w", airframe.hover_power_w),
        ("cpu_factor", vehicle.companion.cpu_factor),
    ];
    for (name, value) in positive {
        if !(value.is_finite() && value > 0.0) {
            return Err(format!("{name} = {value} must be above 0"));
        }
    }
    let (thrust_n, weight_n) = (4.0 * airframe.max_thrust_n, airframe.mass_kg * 9.80665);
    if thrust_n < 1.3 * weight_n {
        return Err(format!("four motors give {thrust_n:.1} N, less than 1.3 times its weight of {weight_n:.1} N"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_vehicles_are_sane() {
        for vehicle in built_in().unwrap() {
            assert_eq!(load(&vehicle.name).unwrap(), vehicle);
        }
    }

    #[test]
    fn the_template_flies_the_default_vehicle() {
        let limits: serde_json::Value =
            serde_json::from_str(include_str!("../../firmware-template/companion/limits.json")).unwrap();
        let vehicle = load("quad").unwrap();
        let of_template: Vehicle = serde_json::from_value(limits["vehicle"].clone()).unwrap();
        assert_eq!(of_template, vehicle, "write agent/vehicles/quad.toml into the template's limits.json");
        let of_template: Envelope = serde_json::from_value(limits["envelope"].clone()).unwrap();
        assert_eq!(of_template, envelope(&vehicle, None).unwrap());
    }

    #[test]
    fn an_envelope_can_only_tighten() {
        let vehicle = load("quad").unwrap();
        let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
        std::fs::write(file.path(), "max_altitude_m = 50.0\nmax_distance_m = 9000.0\n").unwrap();
        let envelope = envelope(&vehicle, Some(file.path())).unwrap();
        assert_eq!((envelope.max_altitude_m, envelope.max_distance_m), (50.0, 500.0));
    }
}
