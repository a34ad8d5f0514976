//! probe-rs's errors as ours: what a person has to do next decides which one.
use flightsmith_upload::board::flasher::FlashError;
use probe_rs::Error;
use probe_rs::architecture::arm::ArmError;
use probe_rs::probe::{DebugProbeError, ProbeCreationError};
use std::error::Error as StdError;
use std::io;

/// An error with all that led to it, of each its first line: what follows there is advice for probe-rs's own tools.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let line = |error: &dyn StdError| {
        error.to_string().lines().next().unwrap_or_default().trim_end_matches(['.', ':', ' ']).to_owned()
    };
    let mut text = line(error);
    let mut source = error.source();
    while let Some(next) = source {
        let next_line = line(next);
        // Transparent wrappers say the same once more.
        if !text.ends_with(&next_line) {
            text = format!("{text}: {next_line}");
        }
        source = next.source();
    }
    text
}

/// The first error of the system in the chain.
fn system<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a io::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<io::Error>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// A probe that is there and cannot be opened.
pub(crate) fn open(probe: &str, error: DebugProbeError) -> FlashError {
    let probe = probe.to_owned();
    if system(&error).is_some_and(|error| error.kind() == io::ErrorKind::PermissionDenied) {
        return FlashError::Permission { probe };
    }
    match error {
        DebugProbeError::ProbeCouldNotBeCreated(ProbeCreationError::NotFound) => {
            FlashError::Busy { probe, says: "it was unplugged, or its driver does not see it".into() }
        }
        other => FlashError::Busy { probe, says: chain(&other) },
    }
}

/// A probe that works and a chip that cannot be attached to.
pub(crate) fn attach(chip: &str, error: Error) -> FlashError {
    match &error {
        // What probe-rs could do with leave to erase all: the chip is locked, and we never give it.
        Error::MissingPermissions(_) | Error::Arm(ArmError::MissingPermissions(_)) => FlashError::Locked {
            chip: chip.to_owned(),
            how: "it lets a debugger in only after erasing everything".into(),
        },
        Error::Probe(DebugProbeError::UnsupportedProtocol(_) | DebugProbeError::UnsupportedSpeed(_)) => {
            FlashError::Setting { says: chain(&error) }
        }
        _ => FlashError::NoChip { says: chain(&error) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_does_next_decides() {
        let denied = || io::Error::from(io::ErrorKind::PermissionDenied);
        let busy = || io::Error::from(io::ErrorKind::ResourceBusy);
        let open = |error| open("0483:3748", error);
        for error in [DebugProbeError::Usb(denied()), ProbeCreationError::Usb(denied()).into()] {
            assert_eq!(open(error), FlashError::Permission { probe: "0483:3748".into() });
        }
        for error in [
            DebugProbeError::Usb(busy()),
            ProbeCreationError::CouldNotOpen.into(),
            ProbeCreationError::NotFound.into(),
            DebugProbeError::Timeout,
        ] {
            let says = format!("{error:?}");
            assert!(matches!(open(error), FlashError::Busy { .. }), "{says}");
        }
        let locked = attach("nRF52840_xxAA", Error::Arm(ArmError::MissingPermissions("erase_all".into())));
        assert!(matches!(locked, FlashError::Locked { .. }), "{locked}");
        let setting = attach("x", Error::Probe(DebugProbeError::UnsupportedSpeed(1)));
        assert!(matches!(setting, FlashError::Setting { .. }), "{setting}");
        let nothing = attach("x", Error::Probe(DebugProbeError::TargetNotFound));
        assert!(matches!(nothing, FlashError::NoChip { .. }), "{nothing}");
    }

    #[test]
    fn chains_say_each_thing_once_and_in_one_line() {
        let error = DebugProbeError::ProbeCouldNotBeCreated(ProbeCreationError::Usb(io::Error::other("cable")));
        assert!(chain(&error).ends_with(": cable"), "{}", chain(&error));
        assert_eq!(chain(&error).matches("cable").count(), 1);
        let advice = chain(&probe_rs::rtt::Error::ControlBlockNotFound);
        assert_eq!(advice, "RTT control block not found in target memory");
    }
}
