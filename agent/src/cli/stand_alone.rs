//! `sim` and `mcp`: servers that run until they are ended.
use super::args::{CommonArgs, SimArgs};
use crate::exit::{RunError, VERIFIED, chain};
use crate::serve::{Here, mcp::serve_stdio};
use crate::settings::{Layer, Settings};
use crate::vehicles;
use flightsmith_mission::vehicle::Autopilot;
use flightsmith_sim::server::{ServerConfig, Speed, serve};
use flightsmith_sim::{Scenario, SimConfig};
use flightsmith_toolchain::process;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// `sim`: until Ctrl-C.
pub fn sim(args: &SimArgs) -> Result<u8, RunError> {
    let flags = Layer { vehicle: args.vehicle.clone(), home: args.home.clone(), seed: args.seed, ..Layer::default() };
    let settings = Settings::load(Layer { autopilot: args.autopilot, ..flags })?;
    let mut scenario = Scenario::nominal();
    if let Some(wind_m_s) = args.wind {
        if !(0.0..=20.0).contains(&wind_m_s) {
            return Err(RunError::Usage(format!("--wind {wind_m_s}: 0 to 20 m/s")));
        }
        scenario = Scenario { wind_m_s, gust_m_s: wind_m_s * 1.3, gps_noise_m: 0.5, ..scenario };
    }
    let sim = SimConfig {
        vehicle: vehicles::load(&settings.vehicle)?,
        autopilot: settings.autopilot,
        home: settings.home,
        seed: settings.seed,
        scenario,
        warm_start: args.warm,
    };
    let mut config = ServerConfig::instance(sim, args.instance);
    config.speed = match args.speed.as_str() {
        "max" => Speed::Max,
        text => match text.parse::<f64>() {
            Ok(times) if times > 0.0 && times <= 1_000.0 => Speed::Times(times),
            _ => return Err(RunError::Usage(format!("--speed {text}: a number above 0, or max"))),
        },
    };
    if let Some(port) = args.port {
        config.listen.set_port(port);
    }
    let what = match settings.autopilot {
        Autopilot::ArduPilot => format!("ArduPilot flavour on tcp:{}", config.listen),
        Autopilot::Px4 => format!("PX4 flavour to udp:{} and udp:{}", config.ground.1, config.onboard.1),
    };
    let _ = writeln!(std::io::stderr(), "sim       {what}; Ctrl-C ends it");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !process::interrupted() && !stop.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(50));
            }
            stop.store(true, Ordering::SeqCst);
        });
        let served = serve(config, &stop).map_err(|error| RunError::files(what, chain(&error)));
        stop.store(true, Ordering::SeqCst);
        served.map(|_| VERIFIED)
    })
}

/// `mcp`: until the client closes stdin.
pub fn mcp(args: &CommonArgs) -> Result<u8, RunError> {
    let doors = Here::new(args.layer(), !args.no_sandbox);
    serve_stdio(Arc::new(doors)).map(|()| VERIFIED).map_err(|error| RunError::files("stdio", chain(&error)))
}
