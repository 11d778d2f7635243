//! The picture as it comes in: eight-bit grey rows that stay where the camera put them. Owns the
//! checks on sizes, the crop and the rotation of results; copies nothing. Derived pictures are
//! [`Grey`] in `picture.rs`.

use super::fault::ScanFault;
use super::geometry::Point;
use super::picture::View;

/// Longest side taken, in pixels.
pub const MAX_SIDE: usize = 16_384;
/// Most pixels taken: above any phone still, below anything that would exhaust a phone's memory.
pub const MAX_PIXELS: usize = 64_000_000;

/// How far the display turns the picture, clockwise. The symbol is found in any position; only the
/// coordinates of the result turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rotation {
    /// As it lies in memory.
    #[default]
    None,
    /// A quarter turn clockwise.
    Quarter,
    /// Upside down.
    Half,
    /// A quarter turn counter-clockwise.
    ThreeQuarters,
}

/// A rectangle in pixels of the stored picture, before rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crop {
    /// Left edge.
    pub left: usize,
    /// Top edge.
    pub top: usize,
    /// Width.
    pub width: usize,
    /// Height.
    pub height: usize,
}

/// A borrowed grey picture, e.g. the Y plane of a camera frame.
#[derive(Clone, Copy, Debug)]
pub struct GreyPlane<'a> {
    view: View<'a>,
    full_width: usize,
    full_height: usize,
    left: usize,
    top: usize,
    rotation: Rotation,
}

impl<'a> GreyPlane<'a> {
    /// Checks the sizes against the bytes. The last row may end at `width`.
    pub fn new(
        bytes: &'a [u8],
        width: usize,
        height: usize,
        stride: usize,
    ) -> Result<Self, ScanFault> {
        if width == 0 || height == 0 {
            return Err(ScanFault::Empty);
        }
        if width > MAX_SIDE || height > MAX_SIDE || width.saturating_mul(height) > MAX_PIXELS {
            return Err(ScanFault::TooLarge);
        }
        if stride < width {
            return Err(ScanFault::Stride);
        }
        let needed = (height - 1)
            .checked_mul(stride)
            .and_then(|rows| rows.checked_add(width));
        match needed {
            Some(needed) if needed <= bytes.len() => Ok(Self {
                view: View::new(bytes, width, height, stride),
                full_width: width,
                full_height: height,
                left: 0,
                top: 0,
                rotation: Rotation::None,
            }),
            _ => Err(ScanFault::Short),
        }
    }

    /// The same picture, results turned for the display.
    #[must_use]
    pub const fn rotated(mut self, rotation: Rotation) -> Self {
        self.rotation = rotation;
        self
    }

    /// A part of it; results keep the coordinates of the whole picture.
    pub fn cropped(mut self, crop: Crop) -> Result<Self, ScanFault> {
        let right = crop.left.checked_add(crop.width);
        let bottom = crop.top.checked_add(crop.height);
        let fits = right.is_some_and(|x| x <= self.view.width())
            && bottom.is_some_and(|y| y <= self.view.height());
        if crop.width == 0 || crop.height == 0 || !fits {
            return Err(ScanFault::Crop);
        }
        self.view = self.view.part(crop.left, crop.top, crop.width, crop.height);
        self.left += crop.left;
        self.top += crop.top;
        Ok(self)
    }

    /// Width and height of what is searched.
    pub const fn size(&self) -> (usize, usize) {
        (self.view.width(), self.view.height())
    }

    pub(super) const fn view(&self) -> View<'a> {
        self.view
    }

    /// From a place in the searched part to the whole picture as displayed.
    pub(super) fn displayed(&self, point: Point) -> Point {
        let (x, y) = (point.x + self.left as f32, point.y + self.top as f32);
        let (width, height) = (self.full_width as f32, self.full_height as f32);
        match self.rotation {
            Rotation::None => Point::new(x, y),
            Rotation::Quarter => Point::new(height - y, x),
            Rotation::Half => Point::new(width - x, height - y),
            Rotation::ThreeQuarters => Point::new(y, width - x),
        }
    }
}

impl GreyPlane<'_> {
    /// From a place of the picture as displayed to the searched part.
    pub(super) fn stored(&self, point: Point) -> Point {
        let (width, height) = (self.full_width as f32, self.full_height as f32);
        let (x, y) = match self.rotation {
            Rotation::None => (point.x, point.y),
            Rotation::Quarter => (point.y, height - point.x),
            Rotation::Half => (width - point.x, height - point.y),
            Rotation::ThreeQuarters => (width - point.y, point.x),
        };
        Point::new(x - self.left as f32, y - self.top as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_do_not_fit_are_refused() {
        let bytes = [0u8; 100];
        let fault = |w, h, s| GreyPlane::new(&bytes, w, h, s).unwrap_err();
        assert_eq!(fault(0, 10, 10), ScanFault::Empty);
        assert_eq!(fault(10, 0, 10), ScanFault::Empty);
        assert_eq!(fault(10, 10, 9), ScanFault::Stride);
        assert_eq!(fault(10, 11, 10), ScanFault::Short);
        assert_eq!(fault(30_000, 30_000, 30_000), ScanFault::TooLarge);
        assert_eq!(
            fault(usize::MAX, usize::MAX, usize::MAX),
            ScanFault::TooLarge
        );
        assert_eq!(fault(10, 10, usize::MAX), ScanFault::Short);
        assert!(GreyPlane::new(&bytes[..1], 1, 1, 1).is_ok());
        // The last row need not be padded to the stride.
        assert!(GreyPlane::new(&bytes[..98], 8, 10, 10).is_ok());
    }

    #[test]
    fn a_crop_must_lie_inside() {
        let bytes = [0u8; 100];
        let plane = GreyPlane::new(&bytes, 10, 10, 10).unwrap();
        let crop = |left, top, width, height| Crop {
            left,
            top,
            width,
            height,
        };
        assert!(plane.cropped(crop(2, 3, 8, 7)).is_ok());
        for bad in [
            crop(3, 0, 8, 1),
            crop(0, 0, 0, 1),
            crop(usize::MAX, 0, 2, 1),
        ] {
            assert_eq!(plane.cropped(bad).unwrap_err(), ScanFault::Crop);
        }
    }

    #[test]
    fn results_turn_with_the_display_and_count_from_the_whole_picture() {
        let bytes = [0u8; 200];
        let crop = Crop {
            left: 5,
            top: 2,
            width: 10,
            height: 5,
        };
        let plane = GreyPlane::new(&bytes, 20, 10, 20)
            .unwrap()
            .cropped(crop)
            .unwrap();
        let turned = |rotation| {
            let plane = plane.rotated(rotation);
            let p = plane.displayed(Point::new(1.0, 1.0));
            assert_eq!(plane.stored(p), Point::new(1.0, 1.0));
            (p.x, p.y)
        };
        assert_eq!(turned(Rotation::None), (6.0, 3.0));
        assert_eq!(turned(Rotation::Quarter), (7.0, 6.0));
        assert_eq!(turned(Rotation::Half), (14.0, 7.0));
        assert_eq!(turned(Rotation::ThreeQuarters), (3.0, 14.0));
    }
}
