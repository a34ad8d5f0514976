use super::*;

const FLIGHT: &str = "
    arm
    takeoff 30
    height 12
    battery 80
    height 30
    home
    touchdown
    disarm
";

#[test]
fn a_flight_from_arming_to_disarming() {
    let mut machine = Machine::new(120);
    assert_eq!(machine.replay(FLIGHT), Ok(8));
    assert_eq!(
        machine.trail(),
        "standby > armed > climbing to 30 m > cruising > returning > landed > standby"
    );
    assert_eq!((machine.mode(), machine.visits(Mode::Armed), machine.visits(Mode::Cruising)), (Mode::Standby, 1, 1));
    assert_eq!(machine.visits(Mode::Climbing { to_m: 31 }), 0);
}

#[test]
fn a_weak_battery_leads_home() {
    let mut machine = Machine::new(50);
    machine.replay("arm\ntakeoff 50\nbattery 26").unwrap();
    assert_eq!(machine.mode(), Mode::Climbing { to_m: 50 });
    assert_eq!(machine.take(&Event::BatteryPercent(25)), Ok(Mode::Returning));
    assert_eq!(machine.take(&Event::BatteryPercent(10)), Ok(Mode::Returning));
}

#[test]
fn what_is_not_possible_changes_nothing() {
    let mut machine = Machine::new(50);
    let error = machine.take(&Event::Home).unwrap_err();
    assert_eq!(error.to_string(), "home is not possible in standby");
    machine.take(&Event::Arm).unwrap();
    let error = machine.take(&Event::TakeOff { to_m: 51 }).unwrap_err();
    assert_eq!(error, ModeError::TooHigh { asked_m: 51, limit_m: 50 });
    assert_eq!(error.to_string(), "51 m is above 50 m");
    assert_eq!(machine.mode(), Mode::Armed);
    assert_eq!(machine.take(&Event::Disarm), Ok(Mode::Standby));
}

#[test]
fn events_are_read() {
    assert_eq!("height 7".parse(), Ok(Event::Height(7.0)));
    assert_eq!("battery 300".parse::<Event>(), Err(ModeError::Unreadable("battery 300".into())));
    assert_eq!("takeoff".parse::<Event>().unwrap_err().to_string(), "`takeoff` is no event");
    assert_eq!("fly".parse::<Event>(), Err(ModeError::Unreadable("fly".into())));
}
