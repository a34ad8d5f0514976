//! # Avoid needless clones and allocations
//!
//! - my Rust program is slow because of clone
//! - reuse a buffer in a loop
//! - with_capacity and clear
//!
//! An allocation costs more than most arithmetic. Take `&str` and slices as arguments, reserve when the size is known, clear and reuse
//! buffers in loops (`clear` keeps the room), and write into a `String` with `write!` instead of building pieces with `format!`.
//!
//! Pitfalls:
//! - Measure first, in a release build: where it does not matter the simpler code is better.

use std::fmt::Write;

struct Point {
    north_m: f64,
    east_m: f64,
}

/// One string for all lines, grown once.
fn csv(points: &[Point]) -> String {
    let mut text = String::with_capacity(points.len() * 16);
    for point in points {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{:.1},{:.1}", point.north_m, point.east_m);
    }
    text
}

/// The caller's buffer is used again for every line.
fn longest_line(text: &str, buffer: &mut String) -> usize {
    let mut longest = 0;
    for line in text.lines() {
        buffer.clear();
        buffer.extend(line.chars().filter(|c| !c.is_whitespace()));
        longest = longest.max(buffer.len());
    }
    longest
}

fn main() {
    let points: Vec<Point> = (0..3).map(|n| Point { north_m: f64::from(n), east_m: 0.5 }).collect();
    let text = csv(&points);
    assert_eq!(text, "0.0,0.5\n1.0,0.5\n2.0,0.5\n");
    assert!(text.capacity() >= 48, "reserved once");

    let mut buffer = String::with_capacity(64);
    let room = buffer.capacity();
    assert_eq!(longest_line("a b c\nlonger line\n", &mut buffer), 10);
    assert_eq!(buffer.capacity(), room, "never grown");

    let mut words = vec![String::from("up"), String::from("down")];
    let moved: Vec<String> = words.drain(..).collect(); // moved, not cloned
    assert_eq!((moved.len(), words.len()), (2, 0));
}
