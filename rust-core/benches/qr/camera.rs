//! A label, flat or around a cylinder, before a pinhole camera. Pixels are traced back to the label,
//! nine rays each, so small modules alias as they do on a sensor.

use crate::canvas::Canvas;
use crate::label::Label;

#[derive(Clone)]
pub struct Pose {
    /// Pixels per module at the middle.
    pub module: f32,
    /// Radians off the optical axis, the direction of that tilt, and the turn in the plane.
    pub tilt: f32,
    pub direction: f32,
    pub roll: f32,
    /// Arc of the symbol on its cylinder, radians.
    pub arc: f32,
    /// Middle of the symbol in the picture.
    pub middle: (f32, f32),
    pub focal: f32,
}

/// A pose made ready for tracing; units are modules.
pub struct View {
    /// Rows: the label's x, y and depth axes in camera coordinates.
    axes: [[f32; 3]; 3],
    distance: f32,
    /// Radius of the cylinder; zero for a flat label.
    radius: f32,
    half: f32,
    pose: Pose,
}

impl View {
    pub fn of(pose: &Pose, size: usize) -> Self {
        let (st, ct) = pose.tilt.sin_cos();
        let (ax, ay) = (pose.direction.cos(), pose.direction.sin());
        let (sr, cr) = pose.roll.sin_cos();
        // Turn by the tilt about the axis (ax, ay, 0), after rolling in the plane.
        let tilt = |v: [f32; 3]| {
            let dot = ax * v[0] + ay * v[1];
            let cross = [ay * v[2], -ax * v[2], ax * v[1] - ay * v[0]];
            let along = [ax, ay, 0.0];
            [0, 1, 2].map(|i| v[i] * ct + cross[i] * st + along[i] * dot * (1.0 - ct))
        };
        Self {
            axes: [
                tilt([cr, sr, 0.0]),
                tilt([-sr, cr, 0.0]),
                tilt([0.0, 0.0, 1.0]),
            ],
            distance: pose.focal / pose.module,
            radius: if pose.arc > 0.01 {
                size as f32 / pose.arc
            } else {
                0.0
            },
            half: size as f32 / 2.0,
            pose: pose.clone(),
        }
    }

    /// Where a place of the symbol shows.
    pub fn project(&self, x: f32, y: f32) -> (f32, f32) {
        let (flat, down) = (x - self.half, y - self.half);
        let (along, depth) = if self.radius > 0.0 {
            let angle = flat / self.radius;
            (self.radius * angle.sin(), self.radius * (1.0 - angle.cos()))
        } else {
            (flat, 0.0)
        };
        let at =
            |i: usize| self.axes[0][i] * along + self.axes[1][i] * down + self.axes[2][i] * depth;
        let z = at(2) + self.distance;
        let (cx, cy) = self.pose.middle;
        (
            cx + self.pose.focal * at(0) / z,
            cy + self.pose.focal * at(1) / z,
        )
    }

    /// The place of the symbol that a point of the picture shows.
    fn trace(&self, u: f32, v: f32) -> Option<(f32, f32)> {
        let (cx, cy) = self.pose.middle;
        let ray = [(u - cx) / self.pose.focal, (v - cy) / self.pose.focal, 1.0];
        let into = |w: [f32; 3]| {
            [0, 1, 2].map(|i: usize| (0..3).map(|j| self.axes[i][j] * w[j]).sum::<f32>())
        };
        let (way, start) = (into(ray), into([0.0, 0.0, -self.distance]));
        if self.radius <= 0.0 {
            let reach = -start[2] / way[2];
            return (reach > 0.0).then(|| {
                (
                    start[0] + reach * way[0] + self.half,
                    start[1] + reach * way[1] + self.half,
                )
            });
        }
        // x² + (z - r)² = r²: the nearer crossing that lies on the visible half.
        let depth = start[2] - self.radius;
        let a = way[0] * way[0] + way[2] * way[2];
        let b = start[0] * way[0] + depth * way[2];
        let c = start[0] * start[0] + depth * depth - self.radius * self.radius;
        let root = (b * b - a * c).max(-1.0).sqrt();
        let reach = (-b - root) / a;
        let (x, z) = (start[0] + reach * way[0], depth + reach * way[2]);
        let angle = x.atan2(-z);
        (reach.is_finite() && angle.abs() < 1.5).then(|| {
            (
                angle * self.radius + self.half,
                start[1] + reach * way[1] + self.half,
            )
        })
    }

    /// Paints the label onto the picture.
    pub fn paint(&self, canvas: &mut Canvas, label: &Label) {
        let (low, high) = (-label.border(), label.size as f32 + label.border());
        let mut area = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for i in 0..=40 {
            let at = low + (high - low) * i as f32 / 40.0;
            for (x, y) in [
                self.project(at, low),
                self.project(at, high),
                self.project(low, at),
                self.project(high, at),
            ] {
                area = [
                    area[0].min(x),
                    area[1].min(y),
                    area[2].max(x),
                    area[3].max(y),
                ];
            }
        }
        let clamp = |value: f32, most: usize| value.clamp(0.0, most as f32) as usize;
        let (left, right) = (
            clamp(area[0] - 2.0, canvas.width),
            clamp(area[2] + 2.0, canvas.width),
        );
        let (top, bottom) = (
            clamp(area[1] - 2.0, canvas.height),
            clamp(area[3] + 2.0, canvas.height),
        );
        for y in top..bottom {
            for x in left..right {
                let behind = canvas.light[y * canvas.width + x];
                let rays = (0..9).map(|i| {
                    let (dx, dy) = ((i % 3) as f32, (i / 3) as f32);
                    let place =
                        self.trace(x as f32 + (dx + 0.5) / 3.0, y as f32 + (dy + 0.5) / 3.0);
                    place.and_then(|(x, y)| label.at(x, y)).unwrap_or(behind)
                });
                canvas.light[y * canvas.width + x] = rays.sum::<f32>() / 9.0;
            }
        }
    }
}
