//! The main path, on one screen: START HERE.
//!
//! Each stage takes the output of the one before and leaves its own in the run directory before the next begins, so a run can be
//! gone on with at any stage ([`advance`] does, from whatever is there).
use crate::events::Event;
use crate::exit::RunError;
use crate::request::Request;
use crate::run_dir::RunDir;
use crate::stage::{Stage, timed};
use crate::workshop::Workshop;
use flightsmith_toolchain::process;

use crate::{attempts, bundle, cross, plan, report, simulate};

/// Takes a run on until `until` and writes its report, whatever the end.
pub fn advance(shop: &Workshop, run: &RunDir, request: &Request, until: Stage) -> Result<(), RunError> {
    let mut stage = Stage::Plan;
    let end = stages(shop, run, request, until, &mut stage);
    // Ctrl-C ends children in the middle of anything; whatever that looked like to its stage, the run was interrupted.
    let end = end.map_err(|error| {
        if process::interrupted() { RunError::Interrupted { run: Some(run.root().to_path_buf()) } } else { error }
    });
    let event = match &end {
        Ok(()) if until < Stage::Cross => None,
        Ok(()) => Some(("verified", String::new(), 0)),
        Err(error) => Some((error.verdict(), error.to_string(), error.exit_code())),
    };
    if let Some((verdict, reason, exit_code)) = event {
        let (verdict, stage) = (verdict.into(), stage.name().into());
        shop.events.tell(&Event::End { verdict, stage, reason, exit_code });
    }
    // A report that cannot be written must not hide why the run ended.
    let written = report::write(run.root()).map_err(|error| RunError::files(error.path, error.source));
    end.and(written.map(|_| ()))
}

fn stages(shop: &Workshop, run: &RunDir, request: &Request, until: Stage, stage: &mut Stage) -> Result<(), RunError> {
    let plan = plan::planned(shop, run, request)?;
    if until == Stage::Plan {
        return Ok(());
    }
    *stage = Stage::Check;
    shop.prepare(request.target()?, request.sandbox)?;
    let bench = simulate::Bench::set_up(shop, run, request, &plan)?;
    let verified = attempts::until_verified(shop, run, request, &plan, &bench, until, stage)?;
    let Some(verified) = verified else { return Ok(()) };
    if until == Stage::Simulate {
        return Ok(());
    }
    *stage = Stage::Cross;
    let artifact = timed(shop, Stage::Cross, || {
        let artifact = cross::of_run(shop, run, request, &bench.sandbox, &verified)?;
        let flown = cross::flight::fly(shop, run, request, &bench, &artifact)?;
        Ok((artifact, flown))
    })?;
    if until == Stage::Cross {
        return Ok(());
    }
    *stage = Stage::Bundle;
    timed(shop, Stage::Bundle, || bundle::of_run(run, request, &artifact))
}
