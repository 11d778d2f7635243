//! A grey picture of floating point light (0 dark … 1 white) and the few shapes that meter boxes need.

use crate::random::Random;

pub struct Canvas {
    pub width: usize,
    pub height: usize,
    pub light: Vec<f32>,
}

impl Canvas {
    pub fn of(width: usize, height: usize, light: f32) -> Self {
        Self {
            width,
            height,
            light: vec![light; width * height],
        }
    }

    /// Paints where `inside` says so within a box.
    pub fn paint(&mut self, area: [f32; 4], light: f32, inside: impl Fn(f32, f32) -> bool) {
        let clamp = |value: f32, most: usize| value.clamp(0.0, most as f32) as usize;
        let (left, right) = (clamp(area[0], self.width), clamp(area[2] + 1.0, self.width));
        let (top, bottom) = (
            clamp(area[1], self.height),
            clamp(area[3] + 1.0, self.height),
        );
        for y in top..bottom {
            for x in left..right {
                if inside(x as f32 + 0.5, y as f32 + 0.5) {
                    self.light[y * self.width + x] = light;
                }
            }
        }
    }

    pub fn rectangle(&mut self, area: [f32; 4], light: f32) {
        self.paint(area, light, |x, y| {
            x >= area[0] && x < area[2] && y >= area[1] && y < area[3]
        });
    }

    pub fn ring(&mut self, (cx, cy): (f32, f32), outer: f32, inner: f32, light: f32) {
        let area = [cx - outer, cy - outer, cx + outer, cy + outer];
        self.paint(area, light, |x, y| {
            let distance = (x - cx).hypot(y - cy);
            distance <= outer && distance >= inner
        });
    }

    pub fn stroke(&mut self, from: (f32, f32), to: (f32, f32), thickness: f32, light: f32) {
        let half = thickness / 2.0;
        let area = [
            from.0.min(to.0) - half,
            from.1.min(to.1) - half,
            from.0.max(to.0) + half,
            from.1.max(to.1) + half,
        ];
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let square = (dx * dx + dy * dy).max(1e-3);
        self.paint(area, light, |x, y| {
            let along = (((x - from.0) * dx + (y - from.1) * dy) / square).clamp(0.0, 1.0);
            (x - from.0 - along * dx).hypot(y - from.1 - along * dy) <= half
        });
    }

    /// Something like a line of print: upright and level strokes in letter cells.
    pub fn print(
        &mut self,
        (x, y): (f32, f32),
        letters: usize,
        height: f32,
        light: f32,
        random: &mut Random,
    ) {
        let width = height * 0.6;
        for i in 0..letters {
            let left = x + i as f32 * width * 1.25;
            for _ in 0..2 + random.below(3) {
                let at = |random: &mut Random| {
                    (
                        left + width * random.below(3) as f32 / 2.0,
                        y + height * random.below(3) as f32 / 2.0,
                    )
                };
                let (from, to) = (at(random), at(random));
                self.stroke(from, to, height * 0.14, light);
            }
        }
    }

    /// Gaussian blur.
    pub fn blur(&mut self, sigma: f32) {
        if sigma < 0.15 {
            return;
        }
        let radius = (sigma * 3.0).ceil() as isize;
        let weights: Vec<f32> = (-radius..=radius)
            .map(|d| (-(d * d) as f32 / (2.0 * sigma * sigma)).exp())
            .collect();
        let taps: Vec<(isize, isize, f32)> = (-radius..=radius)
            .zip(&weights)
            .map(|(d, w)| (d, 0, *w))
            .collect();
        self.convolve(&taps);
        let taps: Vec<(isize, isize, f32)> = taps.into_iter().map(|(d, _, w)| (0, d, w)).collect();
        self.convolve(&taps);
    }

    /// Blur along a line of `length` pixels.
    pub fn shake(&mut self, length: f32, angle: f32) {
        if length < 0.3 {
            return;
        }
        let steps = (length * 4.0).ceil() as i32;
        let mut taps: Vec<(isize, isize, f32)> = Vec::new();
        for i in 0..=steps {
            let along = length * (i as f32 / steps as f32 - 0.5);
            let (x, y) = (along * angle.cos(), along * angle.sin());
            let (fx, fy) = (x - x.floor(), y - y.floor());
            for (dx, dy, weight) in [
                (0, 0, (1.0 - fx) * (1.0 - fy)),
                (1, 0, fx * (1.0 - fy)),
                (0, 1, (1.0 - fx) * fy),
                (1, 1, fx * fy),
            ] {
                let place = (x.floor() as isize + dx, y.floor() as isize + dy);
                match taps.iter_mut().find(|tap| (tap.0, tap.1) == place) {
                    Some(tap) => tap.2 += weight,
                    None => taps.push((place.0, place.1, weight)),
                }
            }
        }
        self.convolve(&taps);
    }

    fn convolve(&mut self, taps: &[(isize, isize, f32)]) {
        let total: f32 = taps.iter().map(|tap| tap.2).sum();
        let (width, height) = (self.width.cast_signed(), self.height.cast_signed());
        let mut next = vec![0.0; self.light.len()];
        for y in 0..height {
            let row = &mut next[(y * width) as usize..][..self.width];
            for (dx, dy, weight) in taps {
                let from =
                    &self.light[((y + dy).clamp(0, height - 1) * width) as usize..][..self.width];
                let share = weight / total;
                for (x, value) in row.iter_mut().enumerate() {
                    let source = (x.cast_signed() + dx).clamp(0, width - 1);
                    *value += share * from[source as usize];
                }
            }
        }
        self.light = next;
    }
}

/// A meter box without a label: bodies, dials or displays, print, bars, screw heads, wires.
pub fn meter_box(width: usize, height: usize, random: &mut Random) -> Canvas {
    let mut canvas = Canvas::of(width, height, random.between((0.12, 0.45)));
    let unit = width as f32 / 1280.0;
    for _ in 0..=random.below(2) {
        let (x, y) = (
            random.between((-100.0, 1080.0)) * unit,
            random.between((-80.0, 520.0)) * unit,
        );
        let (w, h) = (
            random.between((260.0, 620.0)) * unit,
            random.between((260.0, 600.0)) * unit,
        );
        canvas.rectangle(
            [
                x - 4.0 * unit,
                y - 4.0 * unit,
                x + w + 4.0 * unit,
                y + h + 4.0 * unit,
            ],
            random.between((0.1, 0.3)),
        );
        canvas.rectangle([x, y, x + w, y + h], random.between((0.45, 0.85)));
        face(&mut canvas, [x, y, w, h], unit, random);
    }
    for _ in 0..2 + random.below(4) {
        let light = random.between((0.05, 0.7));
        let thickness = random.between((4.0, 14.0)) * unit;
        let at = |random: &mut Random| {
            (
                random.share() * width as f32,
                random.share() * height as f32,
            )
        };
        let points: Vec<(f32, f32)> = (0..4).map(|_| at(random)).collect();
        for pair in points.windows(2) {
            canvas.stroke(pair[0], pair[1], thickness, light);
        }
    }
    canvas
}

fn face(canvas: &mut Canvas, [x, y, w, h]: [f32; 4], unit: f32, random: &mut Random) {
    let (middle, radius) = ((x + w / 2.0, y + h / 3.0), w.min(h) / 5.0);
    if random.chance(0.5) {
        canvas.ring(middle, radius, 0.0, 0.95);
        canvas.ring(middle, radius, radius - 3.0 * unit, 0.1);
        for i in 0..24 {
            let (sin, cos) = (i as f32 * 0.2618).sin_cos();
            let at = |share: f32| {
                (
                    middle.0 + cos * radius * share,
                    middle.1 + sin * radius * share,
                )
            };
            canvas.stroke(at(0.82), at(0.95), 2.0 * unit, 0.1);
        }
    } else {
        canvas.rectangle([x + w / 6.0, y + h / 6.0, x + w * 0.83, y + h / 3.0], 0.62);
        canvas.print((x + w / 5.0, y + h / 5.0), 8, h * 0.1, 0.08, random);
    }
    for line in 0..3 + random.below(4) {
        let height = random.between((10.0, 18.0)) * unit;
        canvas.print(
            (x + 14.0 * unit, y + h / 2.0 + 24.0 * unit * line as f32),
            16,
            height,
            0.1,
            random,
        );
    }
    if random.chance(0.7) {
        let (mut left, top) = (x + w / 8.0, y + h * 0.8);
        for _ in 0..60 {
            let bar = (1 + random.below(4)) as f32 * unit;
            if random.chance(0.5) {
                canvas.rectangle([left, top, left + bar, top + 40.0 * unit], 0.05);
            }
            left += bar;
        }
    }
    for _ in 0..=random.below(4) {
        let at = (random.between((x, x + w)), random.between((y, y + h)));
        let radius = random.between((6.0, 16.0)) * unit;
        for (share, light) in [(1.0, 0.2), (0.7, 0.75), (0.4, 0.15)] {
            canvas.ring(at, radius * share, 0.0, light);
        }
    }
}
