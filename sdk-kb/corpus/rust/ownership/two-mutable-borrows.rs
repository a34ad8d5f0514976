//! # Two mutable borrows of one thing
//!
//! - How do I mend "cannot borrow as mutable more than once at a time"?
//! - change two fields of a struct at the same time
//! - E0499 in a method that calls another method
//!
//! Only one `&mut` to a value may live at a time (E0499), but different *fields* are different places: the compiler sees that as long
//! as the fields are named directly and not reached through a method that borrows all of `self`. So: shorten the first borrow, borrow
//! fields instead of the whole, or pass the part that a helper needs as an argument.
//!
//! Pitfalls:
//! - A getter `fn part(&mut self) -> &mut Part` keeps all of `self` borrowed while the part is in use.

#[derive(Default)]
struct Robot {
    position_m: f64,
    log: Vec<String>,
}

impl Robot {
    /// Borrows one field through an argument and not all of `self`.
    fn note(log: &mut Vec<String>, what: &str) {
        log.push(what.to_owned());
    }

    fn advance(&mut self, by_m: f64) {
        // Two fields, two borrows, both alive at once.
        let position = &mut self.position_m;
        let log = &mut self.log;
        *position += by_m;
        Self::note(log, &format!("now at {position:.1} m"));
    }
}

fn main() {
    let mut robot = Robot::default();
    robot.advance(2.5);
    robot.advance(-0.5);
    assert_eq!(robot.position_m, 2.0);
    assert_eq!(robot.log, ["now at 2.5 m", "now at 2.0 m"]);

    // The first borrow ends with its last use, so the second may begin.
    let first = &mut robot;
    first.advance(1.0);
    let second = &mut robot;
    second.advance(1.0);
    assert_eq!(robot.position_m, 4.0);
}
