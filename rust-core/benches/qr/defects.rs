//! What stands between the print and the bytes: light and shadow, dirty cover glass, glare, focus and
//! shake, noise of the sensor, and the block transform of JPEG.

use crate::canvas::Canvas;
use crate::random::Random;
use std::f32::consts::{PI, TAU};

/// How a picture is spoilt. Lengths are modules, angles radians.
#[derive(Clone)]
pub struct Defects {
    pub blur: f32,
    pub shake: f32,
    /// Contrast left by the cover glass, 1 is clear.
    pub contrast: f32,
    pub light: f32,
    /// Light left in the shadow, 1 is no shadow.
    pub shadow: f32,
    /// Share of the symbol that glare covers.
    pub glare: f32,
    /// Standard deviation of 255.
    pub noise: f32,
    pub quality: f32,
}

/// Where the symbol shows: its middle, side in pixels and pixels per module.
pub struct Spot {
    pub middle: (f32, f32),
    pub side: f32,
    pub module: f32,
}

impl Defects {
    /// Spoils the picture and gives its bytes.
    pub fn apply(&self, canvas: &mut Canvas, spot: &Spot, random: &mut Random) -> Vec<u8> {
        self.illuminate(canvas, spot, random);
        self.shine(canvas, spot, random);
        for value in &mut canvas.light {
            *value = value.clamp(0.0, 1.0);
        }
        canvas.blur(self.blur * spot.module);
        canvas.shake(self.shake * spot.module, random.share() * PI);
        let sigma = self.noise / 255.0;
        let bytes = canvas.light.iter().map(|value| {
            let noisy = value + random.normal() * sigma * (0.3 + 0.7 * value).sqrt();
            (noisy.clamp(0.0, 1.0).powf(0.9) * 255.0).round() as u8
        });
        let mut bytes: Vec<u8> = bytes.collect();
        compress(&mut bytes, canvas.width, canvas.height, self.quality);
        bytes
    }

    fn illuminate(&self, canvas: &mut Canvas, spot: &Spot, random: &mut Random) {
        let (slope, angle) = (random.between((0.0, 0.6)), random.share() * TAU);
        let (edge_angle, edge) = (
            random.share() * TAU,
            random.between((-0.25, 0.25)) * spot.side,
        );
        let soft = random.between((0.5, 3.0)) * spot.module;
        let veil = random.between((0.25, 0.6));
        let (width, height) = (canvas.width as f32, canvas.height as f32);
        for (index, value) in canvas.light.iter_mut().enumerate() {
            let (x, y) = ((index % canvas.width) as f32, (index / canvas.width) as f32);
            if self.contrast < 0.65 {
                *value = veil + (*value - veil) * self.contrast;
            }
            let along =
                ((x - width / 2.0) * angle.cos() + (y - height / 2.0) * angle.sin()) / width;
            *value *= self.light * (1.0 + slope * along);
            if self.shadow < 1.0 {
                let (dx, dy) = (x - spot.middle.0, y - spot.middle.1);
                let inside = (dx * edge_angle.cos() + dy * edge_angle.sin() + edge) / soft;
                *value *=
                    self.shadow + (1.0 - self.shadow) / (1.0 + (-inside).clamp(-40.0, 40.0).exp());
            }
        }
    }

    /// Saturating specks on the symbol until they cover their share of it.
    fn shine(&self, canvas: &mut Canvas, spot: &Spot, random: &mut Random) {
        let wanted = self.glare * spot.side * spot.side;
        let mut covered = 0.0;
        for _ in 0..60 {
            if covered >= wanted {
                break;
            }
            let mut at = |middle: f32| middle + random.between((-0.5, 0.5)) * spot.side;
            let (cx, cy) = (at(spot.middle.0), at(spot.middle.1));
            let (radius, long) = (
                spot.side * random.between((0.05, 0.13)),
                random.between((1.0, 2.5)),
            );
            let (sin, cos) = (random.share() * PI).sin_cos();
            let reach = radius * long * 2.5;
            // The speck is above three quarters of white where 1.6·exp(-d²) is.
            covered += PI * radius * radius * long * 0.757;
            let clamp = |value: f32, most: usize| value.clamp(0.0, most as f32) as usize;
            for y in clamp(cy - reach, canvas.height)..clamp(cy + reach, canvas.height) {
                for x in clamp(cx - reach, canvas.width)..clamp(cx + reach, canvas.width) {
                    let (dx, dy) = (x as f32 - cx, y as f32 - cy);
                    let (u, v) = (
                        (dx * cos + dy * sin) / (radius * long),
                        (dy * cos - dx * sin) / radius,
                    );
                    canvas.light[y * canvas.width + x] += 1.6 * (-(u * u + v * v)).exp();
                }
            }
        }
    }
}

/// Luminance quantisation of the standard's annex K, row by row.
const TABLE: [f32; 64] = [
    16., 11., 10., 16., 24., 40., 51., 61., 12., 12., 14., 19., 26., 58., 60., 55., 14., 13., 16.,
    24., 40., 57., 69., 56., 14., 17., 22., 29., 51., 87., 80., 62., 18., 22., 37., 56., 68., 109.,
    103., 77., 24., 35., 55., 64., 81., 104., 113., 92., 49., 64., 78., 87., 103., 121., 120.,
    101., 72., 92., 95., 98., 112., 100., 103., 99.,
];

/// The loss of JPEG: 8 × 8 cosine transform, quantised as libjpeg does at a quality, and back.
fn compress(bytes: &mut [u8], width: usize, height: usize, quality: f32) {
    let scale = if quality < 50.0 {
        50.0 / quality
    } else {
        2.0 - quality / 50.0
    };
    let steps = TABLE.map(|step| (step * scale).round().clamp(1.0, 255.0));
    let mut basis = [[0f32; 8]; 8];
    for (k, row) in basis.iter_mut().enumerate() {
        for (n, value) in row.iter_mut().enumerate() {
            let norm = if k == 0 { 0.125f32.sqrt() } else { 0.5 };
            *value = norm * (PI / 8.0 * (n as f32 + 0.5) * k as f32).cos();
        }
    }
    for top in (0..height - height % 8).step_by(8) {
        for left in (0..width - width % 8).step_by(8) {
            let mut block = [[0f32; 8]; 8];
            for (y, row) in block.iter_mut().enumerate() {
                for (x, value) in row.iter_mut().enumerate() {
                    *value = f32::from(bytes[(top + y) * width + left + x]) - 128.0;
                }
            }
            let mut turned = both_ways(&block, |k, n| basis[k][n]);
            for (y, row) in turned.iter_mut().enumerate() {
                for (x, value) in row.iter_mut().enumerate() {
                    *value = (*value / steps[y * 8 + x]).round() * steps[y * 8 + x];
                }
            }
            let back = both_ways(&turned, |k, n| basis[n][k]);
            for (y, row) in back.iter().enumerate() {
                for (x, value) in row.iter().enumerate() {
                    bytes[(top + y) * width + left + x] =
                        (value + 128.0).round().clamp(0.0, 255.0) as u8;
                }
            }
        }
    }
}

/// A separable transform along columns, then rows.
fn both_ways(block: &[[f32; 8]; 8], weight: impl Fn(usize, usize) -> f32) -> [[f32; 8]; 8] {
    let mut half = [[0f32; 8]; 8];
    for (k, row) in half.iter_mut().enumerate() {
        for (x, value) in row.iter_mut().enumerate() {
            *value = (0..8).map(|n| weight(k, n) * block[n][x]).sum();
        }
    }
    let mut whole = [[0f32; 8]; 8];
    for (y, row) in whole.iter_mut().enumerate() {
        for (k, value) in row.iter_mut().enumerate() {
            *value = (0..8).map(|n| weight(k, n) * half[y][n]).sum();
        }
    }
    whole
}
