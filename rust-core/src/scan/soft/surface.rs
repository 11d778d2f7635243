//! Where the modules of a symbol lie in the picture: a sticker, flat or bent around a cylinder, seen by
//! a pinhole camera. Seven numbers (turn, place, bend) and the focal length describe it; the same few
//! numbers serve flat labels, tilted ones and stickers around a pole, so a fit can lean on whatever
//! part of the symbol is visible.
//!
//! Symbol coordinates run from 0 to the size in modules, module centres at halves.

use super::super::geometry::Point;

/// Numbers that a fit may change.
pub const FREEDOMS: usize = 8;

/// A label in front of the camera.
#[derive(Clone, Copy, Debug)]
pub struct Surface {
    /// Modules per side.
    pub size: usize,
    /// Columns: directions of the symbol's x, y and depth in camera coordinates.
    rotation: [[f64; 3]; 3],
    /// Middle of the symbol in camera coordinates; one unit is the side of the symbol.
    place: [f64; 3],
    /// Focal length in pixels.
    focal: f64,
    /// Where the optical axis meets the picture.
    axis: [f64; 2],
    /// Arc that the label covers, radians; positive bends the edges away from the camera.
    pub arc: f64,
    /// Whether it bends along x (the cylinder's axis runs along y).
    pub bends_x: bool,
}

/// The surface as a table for fast mapping.
#[derive(Clone, Copy, Debug)]
pub struct Map {
    rows: [[f32; 4]; 3],
    arc: f32,
    bends_x: bool,
    unit: f32,
}

impl Map {
    /// The place of symbol coordinates in the picture.
    pub fn at(&self, x: f32, y: f32) -> Point {
        let (flat_x, flat_y) = (x * self.unit - 0.5, y * self.unit - 0.5);
        if self.arc.abs() < 1e-3 {
            return self.project(flat_x, flat_y, 0.0);
        }
        let (along, across) = if self.bends_x {
            (flat_x, flat_y)
        } else {
            (flat_y, flat_x)
        };
        let (sin, cos) = (along * self.arc).sin_cos();
        self.bent(sin / self.arc, across, (1.0 - cos) / self.arc)
    }

    fn bent(&self, along: f32, across: f32, depth: f32) -> Point {
        if self.bends_x {
            self.project(along, across, depth)
        } else {
            self.project(across, along, depth)
        }
    }

    fn project(&self, x: f32, y: f32, z: f32) -> Point {
        let row = |r: &[f32; 4]| r[0] * x + r[1] * y + r[2] * z + r[3];
        let depth = row(&self.rows[2]).max(1e-3);
        Point::new(row(&self.rows[0]) / depth, row(&self.rows[1]) / depth)
    }

    /// Places of all module centres of a symbol of `size`, row by row.
    pub fn grid(&self, size: usize) -> Vec<Point> {
        let centres = (0..size).map(|i| (i as f32 + 0.5) * self.unit - 0.5);
        let bends: Vec<(f32, f32, f32)> = centres
            .map(|flat| {
                if self.arc.abs() < 1e-3 {
                    (flat, flat, 0.0)
                } else {
                    let (sin, cos) = (flat * self.arc).sin_cos();
                    (flat, sin / self.arc, (1.0 - cos) / self.arc)
                }
            })
            .collect();
        let mut grid = Vec::with_capacity(size * size);
        for row in &bends {
            for column in &bends {
                grid.push(if self.bends_x {
                    self.project(column.1, row.0, column.2)
                } else {
                    self.project(column.0, row.1, row.2)
                });
            }
        }
        grid
    }
}

impl Surface {
    /// Fits a label of `size` modules to three finder centres under weak perspective. Two poses look
    /// alike then (tilted one way or the other), so both are given.
    pub fn from_centres(
        size: usize,
        [top_left, top_right, bottom_left]: [Point; 3],
        camera: Camera,
        arc: f64,
        bends_x: bool,
    ) -> Option<[Self; 2]> {
        let reach = 1.0 - 7.0 / size as f64;
        let chord = if arc.abs() < 1e-3 {
            reach
        } else {
            2.0 * (arc * reach / 2.0).sin() / arc
        };
        let (span_x, span_y) = if bends_x {
            (chord, reach)
        } else {
            (reach, chord)
        };
        let along = |to: Point, span: f64| {
            let way = to - top_left;
            [f64::from(way.x) / span, f64::from(way.y) / span]
        };
        let (a, b) = (along(top_right, span_x), along(bottom_left, span_y));
        let (aa, bb) = (a[0] * a[0] + a[1] * a[1], b[0] * b[0] + b[1] * b[1]);
        let ab = a[0] * b[0] + a[1] * b[1];
        // Both directions have the same length in space: (s² - aa)(s² - bb) = ab².
        let square = f64::midpoint(aa, bb) + (((aa - bb) / 2.0).powi(2) + ab * ab).sqrt();
        let scale = square.sqrt();
        if !(scale > 1.0 && scale.is_finite()) {
            return None;
        }
        let depth_a = (square - aa).max(0.0).sqrt();
        let depth_b = (square - bb).max(0.0).sqrt() * if ab > 0.0 { -1.0 } else { 1.0 };
        let middle = top_right.between(bottom_left, 0.5);
        let pose = |sign: f64| {
            let x = [a[0] / scale, a[1] / scale, sign * depth_a / scale];
            let y = [b[0] / scale, b[1] / scale, sign * depth_b / scale];
            let z = cross(x, y);
            let distance = camera.focal / scale;
            let mut surface = Self {
                size,
                rotation: [x, y, z],
                place: [0.0, 0.0, distance],
                focal: camera.focal,
                axis: camera.axis,
                arc,
                bends_x,
            };
            surface.put_middle(middle);
            surface
        };
        Some([pose(1.0), pose(-1.0)])
    }

    /// Moves the label so that the middle between the two far finders shows at `wanted`.
    fn put_middle(&mut self, wanted: Point) {
        let half = self.size as f32 / 2.0;
        for _ in 0..2 {
            let shown = if self.arc.abs() < 1e-3 {
                self.map().at(half, half)
            } else {
                let far = self.size as f32 - 3.5;
                self.map()
                    .at(far, 3.5)
                    .between(self.map().at(3.5, far), 0.5)
            };
            let pixel = self.place[2] / self.focal;
            self.place[0] += f64::from(wanted.x - shown.x) * pixel;
            self.place[1] += f64::from(wanted.y - shown.y) * pixel;
        }
    }

    /// Pixels per module at the middle, about.
    pub fn module(&self) -> f32 {
        (self.focal / self.place[2].max(1e-6) / self.size as f64) as f32
    }

    /// The table for mapping.
    pub fn map(&self) -> Map {
        let mut rows = [[0f32; 4]; 3];
        for column in 0..4 {
            let vector = if column < 3 {
                self.rotation[column]
            } else {
                self.place
            };
            for (i, axis) in self.axis.iter().enumerate() {
                rows[i][column] = (self.focal * vector[i] + axis * vector[2]) as f32;
            }
            rows[2][column] = vector[2] as f32;
        }
        Map {
            rows,
            arc: self.arc as f32,
            bends_x: self.bends_x,
            unit: 1.0 / self.size as f32,
        }
    }

    /// The same label moved a little: three turns in radians, shifts to the right and down as a share
    /// of the symbol, distance and focal length as shares of themselves, arc in radians.
    #[must_use]
    pub fn moved(&self, by: &[f64; FREEDOMS]) -> Self {
        let mut next = *self;
        let turn = rotation_of([by[0], by[1], by[2]]);
        for column in &mut next.rotation {
            *column = apply(&turn, *column);
        }
        next.place[0] += by[3];
        next.place[1] += by[4];
        // Shifts keep their meaning in the picture when the distance changes.
        let farther = by[5].clamp(-0.5, 0.5).exp();
        for part in &mut next.place {
            *part *= farther;
        }
        let sharper = by[6].clamp(-0.5, 0.5).exp();
        next.focal = (next.focal * sharper).clamp(50.0, 1e6);
        next.place[2] *= sharper;
        next.arc = (next.arc + by[7]).clamp(-3.0, 3.0);
        next
    }

    /// How far the focal length is from `camera`'s, as a logarithm.
    pub fn focal_drift(&self, camera: Camera) -> f64 {
        (self.focal / camera.focal).ln()
    }
}

/// What is assumed of the camera.
#[derive(Clone, Copy, Debug)]
pub struct Camera {
    /// Focal length in pixels.
    pub focal: f64,
    /// Middle of the frame.
    pub axis: [f64; 2],
}

impl Camera {
    /// A phone's main camera: 60 to 65 degrees across the longer side.
    pub fn of_frame(width: usize, height: usize) -> Self {
        Self {
            focal: 0.83 * width.max(height) as f64,
            axis: [width as f64 / 2.0, height as f64 / 2.0],
        }
    }
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// Rotation matrix (rows) of a turn vector.
fn rotation_of(turn: [f64; 3]) -> [[f64; 3]; 3] {
    let angle = (turn[0] * turn[0] + turn[1] * turn[1] + turn[2] * turn[2]).sqrt();
    if angle < 1e-12 {
        return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    }
    let [x, y, z] = turn.map(|part| part / angle);
    let (s, c) = angle.sin_cos();
    let v = 1.0 - c;
    [
        [c + x * x * v, x * y * v - z * s, x * z * v + y * s],
        [y * x * v + z * s, c + y * y * v, y * z * v - x * s],
        [z * x * v - y * s, z * y * v + x * s, c + z * z * v],
    ]
}

fn apply(matrix: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    [0, 1, 2].map(|i| matrix[i][0] * v[0] + matrix[i][1] * v[1] + matrix[i][2] * v[2])
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub const CAMERA: Camera = Camera {
        focal: 1_000.0,
        axis: [640.0, 360.0],
    };

    /// A label of 41 modules, five pixels each, turned and bent.
    pub fn label(turn: [f64; 3], arc: f64, bends_x: bool) -> Surface {
        let centres = [
            Point::new(540.0, 260.0),
            Point::new(710.0, 260.0),
            Point::new(540.0, 430.0),
        ];
        let flat = Surface::from_centres(41, centres, CAMERA, 0.0, bends_x).unwrap()[0];
        let mut by = [0.0; FREEDOMS];
        by[..3].copy_from_slice(&turn);
        by[7] = arc;
        flat.moved(&by)
    }

    #[test]
    fn a_flat_label_shows_its_finders_where_they_were_seen() {
        let label = label([0.0; 3], 0.0, true);
        let seen = label.map().at(3.5, 3.5);
        assert!(seen.distance(Point::new(540.0, 260.0)) < 0.5, "{seen:?}");
        assert!((label.module() - 5.0).abs() < 0.1);
    }

    #[test]
    fn the_grid_is_the_map_at_module_centres() {
        for (arc, bends_x) in [(0.0, true), (1.5, true), (1.5, false)] {
            let map = label([0.3, -0.2, 0.1], arc, bends_x).map();
            let grid = map.grid(41);
            for (x, y) in [(0, 0), (40, 3), (7, 40)] {
                let direct = map.at(x as f32 + 0.5, y as f32 + 0.5);
                assert!(grid[y * 41 + x].distance(direct) < 0.01);
            }
        }
    }

    #[test]
    fn one_of_the_two_poses_is_the_true_tilt() {
        let label = label([0.3, 0.2, 0.2], 0.0, true);
        let map = label.map();
        let centres = [map.at(3.5, 3.5), map.at(37.5, 3.5), map.at(3.5, 37.5)];
        let poses = Surface::from_centres(41, centres, CAMERA, 0.0, true).unwrap();
        let far = map.at(37.5, 37.5);
        let nearest = poses.map(|pose| pose.map().at(37.5, 37.5).distance(far));
        assert!(nearest[0].min(nearest[1]) < 12.0, "{nearest:?}");
    }
}
