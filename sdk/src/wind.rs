//! The wind: as the autopilot reports it, else estimated from how the vehicle leans to stand still.
use crate::error::FlightError;
use crate::flight::Flight;
use flightsmith_mission::trig;
use flightsmith_mission::units::wrap_360;

/// Where a wind figure comes from.
///
/// ```no_run
/// # use flightsmith_sdk::prelude::*;
/// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
/// let wind = vehicle.wind()?;
/// if wind.source == WindSource::Tilt {
///     println!("estimated from the lean, to {:.1} m/s", wind.error_m_s);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindSource {
    /// The autopilot's own estimator (WIND, WIND_COV).
    Autopilot,
    /// The lean of the vehicle while it hovers or flies evenly.
    Tilt,
}

/// The wind and how far the figure may be off.
///
/// ```no_run
/// # use flightsmith_sdk::prelude::*;
/// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
/// let wind = vehicle.wind()?;
/// println!("{:.1} m/s from {:.0} degrees, give or take {:.1}", wind.speed_m_s, wind.from_deg, wind.error_m_s);
/// if wind.speed_m_s > 10.0 {
///     vehicle.return_home().await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WindEstimate {
    /// Speed in m/s.
    pub speed_m_s: f64,
    /// True bearing that it blows from, in degrees.
    pub from_deg: f64,
    /// One standard deviation of the speed, in m/s.
    pub error_m_s: f64,
    /// Who says so.
    pub source: WindSource,
}

/// ArduPilot and PX4 state or imply about this much where they give no variance.
const REPORTED_ERROR_M_S: f64 = 1.0;
/// Air speed per square root of the lean's tangent, for a quadrotor of 2 kg: g m / (drag 0.045 N per m2/s2), within 40 % for
/// others of that class; hence the stated error.
const AIR_SPEED_PER_SQRT_TAN_M_S: f64 = 20.9;
const TILT_RELATIVE_ERROR: f64 = 0.4;
const TILT_FLOOR_M_S: f64 = 1.5;

pub(crate) fn estimate(flight: &Flight) -> Result<WindEstimate, FlightError> {
    flight.link.with(|core| {
        let now = core.clock.now_us();
        if let Some(wind) = core.telemetry.wind.filter(|wind| wind.age_s(now) < 5.0) {
            return Ok(WindEstimate {
                speed_m_s: wind.value.speed_m_s,
                from_deg: wind.value.from_deg,
                error_m_s: wind.value.deviation_m_s.unwrap_or(REPORTED_ERROR_M_S),
                source: WindSource::Autopilot,
            });
        }
        let (Some(attitude), Some(local)) = (core.telemetry.attitude, core.telemetry.local) else {
            return Err(FlightError::NotReported { what: "wind (nor attitude to estimate it from)" });
        };
        let (roll, pitch) = (attitude.value.roll_deg.to_radians(), attitude.value.pitch_deg.to_radians());
        let heading = attitude.value.heading_deg.to_radians();
        // The lean as a vector: nose down pushes forward, right wing down pushes right.
        let (forward, right) = (trig::tan(-pitch), trig::tan(roll));
        let north = forward * trig::cos(heading) - right * trig::sin(heading);
        let east = forward * trig::sin(heading) + right * trig::cos(heading);
        let lean = trig::hypot(north, east);
        let air_speed = AIR_SPEED_PER_SQRT_TAN_M_S * libm::sqrt(lean);
        // It leans into the air that meets it: air velocity of the vehicle = ground velocity - wind.
        let scale = if lean > 1e-6 { air_speed / lean } else { 0.0 };
        let wind_north = local.value.velocity.north_m_s - north * scale;
        let wind_east = local.value.velocity.east_m_s - east * scale;
        let speed_m_s = trig::hypot(wind_north, wind_east);
        Ok(WindEstimate {
            speed_m_s,
            from_deg: wrap_360(trig::atan2(-wind_east, -wind_north).to_degrees()),
            error_m_s: TILT_FLOOR_M_S + TILT_RELATIVE_ERROR * air_speed,
            source: WindSource::Tilt,
        })
    })
}
