//! The printed label: a symbol with a random payload, ink that spreads, drop-outs of the print head,
//! dirt and scratches. Coordinates are modules from the symbol's top left corner.

use crate::random::Random;
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// Bytes that versions 4 to 15 hold at levels M and Q.
const CAPACITY: [(usize, usize); 12] = [
    (62, 46),
    (84, 60),
    (106, 74),
    (122, 86),
    (152, 108),
    (180, 130),
    (213, 151),
    (251, 177),
    (287, 203),
    (331, 241),
    (362, 258),
    (412, 292),
];

pub struct Label {
    pub payload: Vec<u8>,
    pub version: usize,
    pub size: usize,
    is_quarter: bool,
    dark: Vec<bool>,
    quiet: f32,
    spread: f32,
    streaks: Vec<(f32, f32, f32)>,
    blots: Vec<Blot>,
}

struct Blot {
    middle: (f32, f32),
    radii: (f32, f32),
    angle: f32,
    light: f32,
}

impl Label {
    pub fn random(random: &mut Random) -> Self {
        let number = random.below(CAPACITY.len());
        let is_quarter = random.chance(0.5);
        let most = if is_quarter {
            CAPACITY[number].1
        } else {
            CAPACITY[number].0
        };
        let length = (most - random.below(8)).min(300);
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let payload: Vec<u8> = (0..length).map(|_| letters[random.below(64)]).collect();
        let version = Version::new(number as u8 + 4);
        let level = if is_quarter {
            QrCodeEcc::Quartile
        } else {
            QrCodeEcc::Medium
        };
        let segments = [QrSegment::make_bytes(&payload)];
        let code =
            QrCode::encode_segments_advanced(&segments, level, version, version, None, false)
                .expect("the payload was cut to the capacity");
        let size = code.size();
        let dark = (0..size)
            .flat_map(|y| (0..size).map(move |x| (x, y)))
            .map(|(x, y)| code.get_module(x, y));
        Self {
            payload,
            version: number + 4,
            size: size as usize,
            is_quarter,
            dark: dark.collect(),
            quiet: 4.0,
            spread: 0.0,
            streaks: Vec::new(),
            blots: Vec::new(),
        }
    }

    pub fn printed(&mut self, spread: f32, streaks: usize, quiet: f32, random: &mut Random) {
        self.spread = spread;
        self.quiet = quiet;
        for _ in 0..streaks {
            let streak = (
                random.share() * self.size as f32,
                random.between((0.08, 0.3)),
                random.between((0.0, 0.5)),
            );
            self.streaks.push(streak);
        }
    }

    /// Covers a share of the symbol with spots and scratches.
    pub fn soiled(&mut self, share: f32, random: &mut Random) {
        let wanted =
            share * if self.is_quarter { 1.6 } else { 1.0 } * (self.size * self.size) as f32;
        let mut covered = 0.0;
        while covered < wanted {
            let mut at = || random.share() * self.size as f32;
            let middle = (at(), at());
            let radii = if random.chance(0.75) {
                (random.between((0.8, 3.2)), random.between((0.6, 2.2)))
            } else {
                (
                    random.between((0.1, 0.5)) * self.size as f32,
                    random.between((0.07, 0.25)),
                )
            };
            covered += std::f32::consts::PI * radii.0 * radii.1;
            let light = [0.15, 0.3, 0.5, 0.9][random.below(4)];
            self.blots.push(Blot {
                middle,
                radii,
                angle: random.share() * 3.2,
                light,
            });
        }
    }

    /// Reach of the label around the symbol, modules.
    pub fn border(&self) -> f32 {
        self.quiet + 1.0
    }

    /// Light at a place of the label; `None` beyond its edge.
    pub fn at(&self, x: f32, y: f32) -> Option<f32> {
        let (low, high) = (-self.border(), self.size as f32 + self.border());
        if !(low..=high).contains(&x) || !(low..=high).contains(&y) {
            return None;
        }
        let is_edge = (x - low).min(high - x).min(y - low).min(high - y) < 0.25;
        if is_edge {
            return Some(0.35);
        }
        let covering = self.blots.iter().rev().find(|blot| blot.covers(x, y));
        if let Some(blot) = covering
            .filter(|_| x >= 0.0 && y >= 0.0 && x < self.size as f32 && y < self.size as f32)
        {
            return Some(blot.light);
        }
        let mut ink = if self.is_inked(x, y) { 0.85 } else { 0.0 };
        for (at, width, share) in &self.streaks {
            if (x - at).abs() < width / 2.0 {
                ink *= share;
            }
        }
        Some(0.93 - ink)
    }

    fn is_dark(&self, x: f32, y: f32) -> bool {
        let inside = 0.0..self.size as f32;
        inside.contains(&x) && inside.contains(&y) && self.dark[y as usize * self.size + x as usize]
    }

    /// Dark modules grow by the spread, or shrink when it is negative.
    fn is_inked(&self, x: f32, y: f32) -> bool {
        let reach = self.spread.abs();
        let around = [
            (0.0, 0.0),
            (reach, 0.0),
            (-reach, 0.0),
            (0.0, reach),
            (0.0, -reach),
        ];
        if self.spread >= 0.0 {
            around.iter().any(|(dx, dy)| self.is_dark(x + dx, y + dy))
        } else {
            around.iter().all(|(dx, dy)| self.is_dark(x + dx, y + dy))
        }
    }
}

impl Blot {
    fn covers(&self, x: f32, y: f32) -> bool {
        let (sin, cos) = self.angle.sin_cos();
        let (dx, dy) = (x - self.middle.0, y - self.middle.1);
        let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
        (u / self.radii.0).powi(2) + (v / self.radii.1).powi(2) <= 1.0
    }
}
