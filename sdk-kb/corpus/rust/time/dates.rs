//! # Calendar dates without a crate
//!
//! - convert a unix timestamp to a date
//! - days between two dates, leap years
//! - day of the week
//!
//! Count days from 1 January 1970, with years that begin in March so that the leap day comes last. Both directions are a few lines of
//! integer arithmetic (after Howard Hinnant's algorithms) and exact for all years.
//!
//! Pitfalls:
//! - Time zones and daylight saving are data, not arithmetic: take a crate for local time.

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Date {
    year: i64,
    month: i64,
    day: i64,
}

/// Days since 1 January 1970.
fn days(Date { year, month, day }: Date) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn date(days: i64) -> Date {
    let days = days + 719_468;
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + days.div_euclid(146_097) * 400 + i64::from(month <= 2);
    Date { year, month, day: day_of_year - (153 * shifted + 2) / 5 + 1 }
}

fn weekday(date: Date) -> &'static str {
    const NAMES: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    NAMES[days(date).rem_euclid(7) as usize]
}

fn timestamp(seconds: i64) -> String {
    let Date { year, month, day } = date(seconds.div_euclid(86_400));
    let rest = seconds.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

fn main() {
    let leap_day = Date { year: 2024, month: 2, day: 29 };
    assert_eq!(date(days(leap_day) + 1), Date { year: 2024, month: 3, day: 1 });
    assert_eq!(weekday(leap_day), "Thu");
    assert_eq!(days(Date { year: 1970, month: 1, day: 1 }), 0);
    assert_eq!(timestamp(1_700_000_000), "2023-11-14T22:13:20Z");
    assert_eq!(timestamp(-1), "1969-12-31T23:59:59Z");
    assert!((-800_000..800_000).step_by(97).all(|day| days(date(day)) == day));
}
