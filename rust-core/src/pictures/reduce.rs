//! Smaller and upright: mean over the pixels that fall into one (no ringing, no invented detail), then
//! the quarter turns and mirrors of the EXIF orientation.

use super::colour::Colour;

/// The picture with its longest side at most `longest`, upright.
pub fn reduced(picture: Colour, longest: usize) -> Colour {
    turned(shrunk(picture, longest))
}

fn shrunk(picture: Colour, longest: usize) -> Colour {
    let side = picture.width.max(picture.height);
    if side <= longest {
        return picture;
    }
    let scaled = |pixels: usize| (pixels * longest / side).max(1);
    let (width, height) = (scaled(picture.width), scaled(picture.height));
    let mut rgb = Vec::with_capacity(width * height * 3);
    let mut sums = vec![[0u32; 3]; width];
    for y in 0..height {
        let rows = edge(y, picture.height, height)..edge(y + 1, picture.height, height);
        sums.fill([0; 3]);
        for row in rows.clone() {
            add_row(&mut sums, &picture, row);
        }
        for (x, sum) in sums.iter().enumerate() {
            let across = edge(x + 1, picture.width, width) - edge(x, picture.width, width);
            let count = u32::try_from(across * rows.len()).unwrap_or(1).max(1);
            let mean = |part: u32| u8::try_from((part + count / 2) / count).unwrap_or(u8::MAX);
            rgb.extend(sum.map(mean));
        }
    }
    Colour {
        rgb,
        width,
        height,
        orientation: picture.orientation,
    }
}

/// Where the pixels of column or row `index` of `few` begin among `many`.
const fn edge(index: usize, many: usize, few: usize) -> usize {
    index * many / few
}

fn add_row(sums: &mut [[u32; 3]], picture: &Colour, row: usize) {
    let start = row * picture.width * 3;
    let pixels = picture.rgb.get(start..start + picture.width * 3);
    let few = sums.len();
    for (x, sum) in sums.iter_mut().enumerate() {
        let (from, to) = (
            edge(x, picture.width, few) * 3,
            edge(x + 1, picture.width, few) * 3,
        );
        let part = pixels.and_then(|pixels| pixels.get(from..to));
        for pixel in part.unwrap_or_default().chunks_exact(3) {
            for (total, value) in sum.iter_mut().zip(pixel) {
                *total += u32::from(*value);
            }
        }
    }
}

fn turned(picture: Colour) -> Colour {
    if !(2..=8).contains(&picture.orientation) {
        return picture;
    }
    let (w, h) = (picture.width, picture.height);
    let is_turned = picture.orientation >= 5;
    let (width, height) = if is_turned { (h, w) } else { (w, h) };
    let mut rgb = Vec::with_capacity(picture.rgb.len());
    for y in 0..height {
        for x in 0..width {
            let (from_x, from_y) = match picture.orientation {
                2 => (w - 1 - x, y),
                3 => (w - 1 - x, h - 1 - y),
                4 => (x, h - 1 - y),
                5 => (y, x),
                6 => (y, h - 1 - x),
                7 => (w - 1 - y, h - 1 - x),
                _ => (w - 1 - y, x),
            };
            let at = (from_y * w + from_x) * 3;
            rgb.extend_from_slice(picture.rgb.get(at..at + 3).unwrap_or(&[0; 3]));
        }
    }
    Colour {
        rgb,
        width,
        height,
        orientation: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Grey levels, row after row, as a picture.
    fn picture(levels: &[u8], width: usize, orientation: u8) -> Colour {
        Colour {
            rgb: levels.iter().flat_map(|level| [*level; 3]).collect(),
            width,
            height: levels.len() / width,
            orientation,
        }
    }

    fn levels(picture: &Colour) -> Vec<u8> {
        picture.rgb.iter().step_by(3).copied().collect()
    }

    #[test]
    fn each_orientation_puts_the_corner_where_it_belongs() {
        // 1 2 3
        // 4 5 6
        let cases: [(u8, &[u8], usize); 8] = [
            (1, &[1, 2, 3, 4, 5, 6], 3),
            (2, &[3, 2, 1, 6, 5, 4], 3),
            (3, &[6, 5, 4, 3, 2, 1], 3),
            (4, &[4, 5, 6, 1, 2, 3], 3),
            (5, &[1, 4, 2, 5, 3, 6], 2),
            (6, &[4, 1, 5, 2, 6, 3], 2),
            (7, &[6, 3, 5, 2, 4, 1], 2),
            (8, &[3, 6, 2, 5, 1, 4], 2),
        ];
        for (orientation, wanted, width) in cases {
            let upright = reduced(picture(&[1, 2, 3, 4, 5, 6], 3, orientation), 100);
            assert_eq!(levels(&upright), wanted, "orientation {orientation}");
            assert_eq!(upright.width, width);
            assert_eq!(upright.orientation, 1);
        }
    }

    #[test]
    fn shrinking_takes_means_and_keeps_the_shape() {
        let small = reduced(picture(&[0, 10, 20, 30, 40, 50, 60, 70], 4, 1), 2);
        assert_eq!((small.width, small.height), (2, 1));
        assert_eq!(levels(&small), [25, 45]);
        let line = reduced(picture(&[9; 10], 10, 1), 3);
        assert_eq!((line.width, line.height), (3, 1));
    }
}
