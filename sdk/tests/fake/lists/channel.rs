//! One direction of a link: loses, delays, doubles and reorders frames, the same way for the same seed.

/// How bad a link is.
#[derive(Debug, Clone, Copy)]
pub struct Quality {
    /// Share of frames lost, 0 to 1.
    pub loss: f64,
    /// Share of frames that arrive twice.
    pub doubled: f64,
    /// Least delay, seconds.
    pub latency_s: f64,
    /// Additional delay of each frame, up to this: what reorders them.
    pub jitter_s: f64,
}

pub const PERFECT: Quality = Quality { loss: 0.0, doubled: 0.0, latency_s: 0.0, jitter_s: 0.0 };
/// As issue 5 demands: 20 % loss, 200 ms latency and reordering, both ways.
pub const STRESS: Quality = Quality { loss: 0.2, doubled: 0.02, latency_s: 0.2, jitter_s: 0.1 };

/// A seeded source of numbers (splitmix64).
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    /// 0 to 1.
    pub fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
    /// 0 to below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.roll() * end as f64) as usize
    }
}

#[derive(Debug)]
pub struct Channel {
    pub quality: Quality,
    dice: Dice,
    under_way: Vec<(f64, u64, Vec<u8>)>,
    sent: u64,
    pub lost: u64,
    pub reordered: u64,
}

impl Channel {
    pub fn new(quality: Quality, seed: u64) -> Self {
        Self { quality, dice: Dice(seed), under_way: Vec::new(), sent: 0, lost: 0, reordered: 0 }
    }
    pub fn send(&mut self, frame: Vec<u8>, now_s: f64) {
        self.sent += 1;
        if self.dice.roll() < self.quality.loss {
            self.lost += 1;
            return;
        }
        let copies = 1 + usize::from(self.dice.roll() < self.quality.doubled);
        for _ in 0..copies {
            let at_s = now_s + self.quality.latency_s + self.dice.roll() * self.quality.jitter_s;
            self.under_way.push((at_s, self.sent, frame.clone()));
        }
    }
    /// What has arrived, in the order of arrival.
    pub fn arrived(&mut self, now_s: f64) -> Vec<Vec<u8>> {
        let mut there: Vec<_> = self.under_way.extract_if(.., |(at_s, _, _)| *at_s <= now_s).collect();
        there.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        self.reordered += there.windows(2).filter(|pair| pair[1].1 < pair[0].1).count() as u64;
        there.into_iter().map(|(_, _, frame)| frame).collect()
    }
}
