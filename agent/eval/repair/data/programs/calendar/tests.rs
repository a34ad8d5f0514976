use super::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn days_are_counted() {
    assert_eq!(date("1970-01-01").days(), 0);
    assert_eq!(date("2000-03-01").days(), 11_017);
    assert_eq!(date("1969-12-31").days(), -1);
    assert_eq!(date("2024-03-01") - date("2024-02-01"), 29);
    assert_eq!((date("2023-12-30") + 3).to_string(), "2024-01-02");
    assert_eq!((date("2024-02-28") + 1).to_string(), "2024-02-29");
}

#[test]
fn weekdays() {
    assert_eq!(date("1970-01-01").weekday(), Weekday::Thursday);
    assert_eq!(date("2024-02-29").weekday(), Weekday::Thursday);
    assert!(date("2026-11-29").weekday().is_weekend());
    assert!(!date("2026-11-27").weekday().is_weekend());
    assert!(is_leap(2000) && !is_leap(1900) && is_leap(2024) && !is_leap(2023));
}

#[test]
fn wrong_dates_are_refused() {
    assert_eq!("2023-02-29".parse::<Date>(), Err(DateError::Day { day: 29, last: 28 }));
    assert_eq!("2023-13-01".parse::<Date>(), Err(DateError::Month(13)));
    assert_eq!("2023-01".parse::<Date>(), Err(DateError::Form));
    assert!(matches!("2023-a-01".parse::<Date>(), Err(DateError::Number(_))));
    assert_eq!(Date::new(2023, 4, 0), Err(DateError::Day { day: 0, last: 30 }));
}

#[test]
fn appointments_repeat() {
    let one = |title: &str, first: &str, rhythm| Appointment { title: title.into(), first: date(first), rhythm };
    let list = [
        one("standup", "2024-01-01", Rhythm::Daily { every: 2 }),
        one("service", "2024-01-31", Rhythm::Monthly),
        one("flying", "2024-01-01", Rhythm::Weekly { on: Weekday::Wednesday }),
    ];
    let shown = |index: usize, from: &str, to: &str| -> Vec<String> {
        list[index].between(date(from), date(to)).iter().map(Date::to_string).collect()
    };
    assert_eq!(shown(0, "2024-01-02", "2024-01-06"), ["2024-01-03", "2024-01-05"]);
    assert_eq!(shown(1, "2024-02-01", "2024-03-31"), ["2024-02-29", "2024-03-29"]);
    assert_eq!(shown(2, "2024-01-01", "2024-01-14"), ["2024-01-03", "2024-01-10"]);
    assert_eq!(agenda(&list, date("2024-01-31")), ["flying", "standup", "service"]);
    assert_eq!(agenda(&list, date("2024-01-04")), [] as [&str; 0]);
}
