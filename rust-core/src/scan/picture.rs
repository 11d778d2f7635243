//! Grey pictures inside the decoder: a borrowed view with a stride, an owned picture, and how one is
//! made from the other (half, double, unsharp). Knows nothing of symbols.

/// A borrowed grey picture. Its sizes were checked by `GreyPlane::new` or made by [`Grey`].
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    bytes: &'a [u8],
    width: usize,
    height: usize,
    stride: usize,
}

impl<'a> View<'a> {
    pub(super) const fn new(bytes: &'a [u8], width: usize, height: usize, stride: usize) -> Self {
        Self {
            bytes,
            width,
            height,
            stride,
        }
    }

    pub const fn width(&self) -> usize {
        self.width
    }

    pub const fn height(&self) -> usize {
        self.height
    }

    pub fn row(&self, y: usize) -> &'a [u8] {
        let start = y * self.stride;
        &self.bytes[start..start + self.width]
    }

    /// A rectangle that lies inside.
    pub fn part(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        Self {
            bytes: &self.bytes[top * self.stride + left..],
            width,
            height,
            stride: self.stride,
        }
    }

    /// Grey value between pixels (bilinear); outside, the nearest pixel inside counts.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        // `max` first: a position that is not a number becomes the corner pixel.
        let x = (x - 0.5).max(0.0).min((self.width - 1) as f32);
        let y = (y - 0.5).max(0.0).min((self.height - 1) as f32);
        let (column, row) = (x as usize, y as usize);
        let (part_x, part_y) = (x - column as f32, y - row as f32);
        let next = column + usize::from(column + 1 < self.width);
        let start = row * self.stride;
        let below = if row + 1 < self.height {
            start + self.stride
        } else {
            start
        };
        let pixel = |index: usize| f32::from(self.bytes[index]);
        let upper = pixel(start + column) * (1.0 - part_x) + pixel(start + next) * part_x;
        let lower = pixel(below + column) * (1.0 - part_x) + pixel(below + next) * part_x;
        upper * (1.0 - part_y) + lower * part_y
    }

    /// Means of 2 × 2 pixels; an odd last row or column is dropped. `None` when nothing would be left.
    pub fn half(&self) -> Option<Grey> {
        let (width, height) = (self.width / 2, self.height / 2);
        if width == 0 || height == 0 {
            return None;
        }
        let mut bytes = Vec::with_capacity(width * height);
        for y in 0..height {
            let upper = self.row(2 * y).chunks_exact(2);
            let lower = self.row(2 * y + 1).chunks_exact(2);
            bytes.extend(upper.zip(lower).map(|(a, b)| {
                let sum = u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]);
                ((sum + 2) >> 2) as u8
            }));
        }
        Some(Grey::of(bytes, width, height))
    }
}

/// An owned grey picture without padding.
#[derive(Clone, Debug)]
pub struct Grey {
    bytes: Vec<u8>,
    width: usize,
    height: usize,
}

impl Grey {
    pub(super) const fn of(bytes: Vec<u8>, width: usize, height: usize) -> Self {
        Self {
            bytes,
            width,
            height,
        }
    }

    pub fn view(&self) -> View<'_> {
        View::new(&self.bytes, self.width, self.height, self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_takes_means_and_drops_the_odd_edge() {
        let bytes = [0, 4, 9, 8, 4, 9, 100, 100, 9];
        let view = View::new(&bytes, 3, 3, 3);
        let half = view.half().unwrap();
        assert_eq!((half.width, half.height, half.bytes[0]), (1, 1, 4));
        assert!(View::new(&bytes, 1, 3, 3).half().is_none());
    }

    #[test]
    fn values_between_pixels_are_safe_anywhere() {
        let bytes = [0u8, 100];
        let view = View::new(&bytes, 2, 1, 2);
        assert!((view.at(1.0, 0.5) - 50.0).abs() < 1e-3);
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -5.0, 1e9] {
            assert!(view.at(bad, bad).is_finite());
        }
    }
}
