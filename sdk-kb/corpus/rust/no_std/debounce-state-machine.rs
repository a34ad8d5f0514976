//! # Debounce a button
//!
//! - button pressed several times because it bounces
//! - debouncing by time in embedded Rust
//! - detect a long press
//!
//! A change counts only when the input has been stable for a while. The state machine gets the level and the time with every tick, so
//! it needs no timer of its own and can be tested on any machine.
//!
//! Pitfalls:
//! - A millisecond counter of 32 bits wraps after 49 days: compare with `wrapping_sub`.

const STABLE_MS: u32 = 20;
const LONG_MS: u32 = 1000;

#[derive(Debug, PartialEq)]
enum Press {
    Short,
    Long,
}

#[derive(Default)]
struct Button {
    raw: bool,
    raw_since_ms: u32,
    pressed_since_ms: Option<u32>,
}

impl Button {
    /// What happened at this tick; a press is reported when the button is let go.
    fn tick(&mut self, level: bool, now_ms: u32) -> Option<Press> {
        if level != self.raw {
            self.raw = level;
            self.raw_since_ms = now_ms;
        }
        if now_ms.wrapping_sub(self.raw_since_ms) < STABLE_MS {
            return None;
        }
        match (level, self.pressed_since_ms) {
            (true, None) => {
                self.pressed_since_ms = Some(self.raw_since_ms);
                None
            }
            (false, Some(since_ms)) => {
                self.pressed_since_ms = None;
                let held_ms = self.raw_since_ms.wrapping_sub(since_ms);
                Some(if held_ms >= LONG_MS { Press::Long } else { Press::Short })
            }
            _ => None,
        }
    }
}

fn main() {
    let press = |start_ms: u32, held_ms: u32| {
        let mut button = Button { raw_since_ms: start_ms, ..Button::default() };
        (0..held_ms + 200).find_map(|ms| {
            // Bounces for 8 ms at both edges.
            let bouncing = ms < 8 || (held_ms..held_ms + 8).contains(&ms);
            let level = if bouncing { ms % 2 == 0 } else { ms < held_ms };
            button.tick(level, start_ms.wrapping_add(ms))
        })
    };
    assert_eq!(press(0, 100), Some(Press::Short));
    assert_eq!(press(u32::MAX - 50, 1500), Some(Press::Long), "across the wrap of the counter");
    assert_eq!(press(0, 5), None, "only bouncing");
}
