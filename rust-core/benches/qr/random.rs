//! A small generator of random numbers, so that a picture is a pure function of its seed on every
//! machine (PCG with 64 bits of state).

pub struct Random {
    state: u64,
}

impl Random {
    /// A stream for each combination of keys.
    pub fn of(keys: &[u64]) -> Self {
        let mut random = Self {
            state: 0x853c_49e6_748f_ea9b,
        };
        for key in keys {
            random.state = random.state.rotate_left(23) ^ key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            random.bits();
            random.bits();
        }
        random
    }

    pub fn bits(&mut self) -> u32 {
        let old = self.state;
        self.state = old
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mixed = (((old >> 18) ^ old) >> 27) as u32;
        mixed.rotate_right((old >> 59) as u32)
    }

    /// 0 … 1.
    pub fn share(&mut self) -> f32 {
        (self.bits() >> 8) as f32 / 16_777_216.0
    }

    pub fn between(&mut self, (low, high): (f32, f32)) -> f32 {
        low + (high - low) * self.share()
    }

    /// 0 … `count` - 1.
    pub fn below(&mut self, count: usize) -> usize {
        ((u64::from(self.bits()) * count as u64) >> 32) as usize
    }

    pub fn chance(&mut self, share: f32) -> bool {
        self.share() < share
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f32 {
        let radius = (-2.0 * (1.0 - self.share()).max(1e-7).ln()).sqrt();
        radius * (std::f32::consts::TAU * self.share()).cos()
    }
}
