//! Dates and times of day without a library: reading, counting days, repeating appointments.
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::num::ParseIntError;
use std::ops::{Add, Sub};
use std::str::FromStr;

const DAYS_IN_MONTH: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateError {
    Form,
    Number(ParseIntError),
    Month(u8),
    Day { day: u8, last: u8 },
}

impl From<ParseIntError> for DateError {
    fn from(error: ParseIntError) -> Self {
        DateError::Number(error)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    pub fn is_weekend(self) -> bool {
        matches!(self, Weekday::Saturday | Weekday::Sunday)
    }
}

pub fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub fn last_of_month(year: i32, month: u8) -> u8 {
    if month == 2 && is_leap(year) { 29 } else { DAYS_IN_MONTH[usize::from(month - 1)] }
}

impl Date {
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, DateError> {
        if !(1..=12).contains(&month) {
            return Err(DateError::Month(month));
        }
        let last = last_of_month(year, month);
        if day == 0 || day > last {
            return Err(DateError::Day { day, last });
        }
        Ok(Date { year, month, day })
    }

    /// Days since 1970-01-01, negative before.
    pub fn days(self) -> i64 {
        let (year, month) = if self.month <= 2 { (self.year - 1, self.month + 12) } else { (self.year, self.month) };
        let (year, month, day) = (i64::from(year), i64::from(month), i64::from(self.day));
        let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        365 * year + leaps + (153 * (month - 3) + 2) / 5 + day - 719_469
    }

    pub fn weekday(self) -> Weekday {
        let index = (self.days() + 3).rem_euclid(7);
        Weekday::ALL[index as usize]
    }

    pub fn next(self) -> Date {
        if self.day < last_of_month(self.year, self.month) {
            Date { day: self.day + 1, ..self }
        } else if self.month < 12 {
            Date { month: self.month + 1, day: 1, ..self }
        } else {
            Date { year: self.year + 1, month: 1, day: 1 }
        }
    }

    pub fn same_day_next_month(self) -> Date {
        let (year, month) = if self.month == 12 { (self.year + 1, 1) } else { (self.year, self.month + 1) };
        Date { year, month, day: self.day.min(last_of_month(year, month)) }
    }
}

impl Add<u32> for Date {
    type Output = Date;

    fn add(self, days: u32) -> Date {
        (0..days).fold(self, |date, _| date.next())
    }
}

impl Sub for Date {
    type Output = i64;

    fn sub(self, other: Date) -> i64 {
        self.days() - other.days()
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let parts: Vec<&str> = text.trim().split('-').collect();
        let [year, month, day] = parts[..] else { return Err(DateError::Form) };
        Date::new(year.parse()?, month.parse()?, day.parse()?)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rhythm {
    Daily { every: u32 },
    Weekly { on: Weekday },
    Monthly,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    pub title: String,
    pub first: Date,
    pub rhythm: Rhythm,
}

impl Appointment {
    pub fn dates(&self) -> Box<dyn Iterator<Item = Date> + '_> {
        let first = self.first;
        match &self.rhythm {
            Rhythm::Daily { every } => Box::new(std::iter::successors(Some(first), move |date| Some(*date + *every))),
            Rhythm::Weekly { on } => {
                let days = std::iter::successors(Some(first), |date| Some(date.next()));
                Box::new(days.filter(move |date| date.weekday() == *on))
            }
            Rhythm::Monthly => Box::new(std::iter::successors(Some(first), |date| Some(date.same_day_next_month()))),
        }
    }

    pub fn between(&self, from: Date, to: Date) -> Vec<Date> {
        self.dates().skip_while(|date| *date < from).take_while(|date| *date <= to).collect()
    }
}

impl Ord for Appointment {
    fn cmp(&self, other: &Self) -> Ordering {
        self.first.cmp(&other.first).then_with(|| self.title.cmp(&other.title))
    }
}

impl PartialOrd for Appointment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What there is on a day, in order.
pub fn agenda(appointments: &[Appointment], day: Date) -> Vec<&str> {
    let sorted: BTreeSet<&Appointment> = appointments.iter().filter(|one| one.between(day, day) == [day]).collect();
    sorted.into_iter().map(|appointment| appointment.title.as_str()).collect()
}

#[cfg(test)]
mod tests;
