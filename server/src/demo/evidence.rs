//! Pictures for the history: small drawings of a meter box on a pole, generated, stored as a phone's upload
//! would be. No photo of anything or anybody.

use super::random::Random;
use crate::args;
use crate::error::ApiError;
use crate::evidence::{Folder, Hash};
use crate::store::{Store, StoreError};
use crate::text::hex;
use sha2::{Digest, Sha256};
use std::path::Path;

/// Pictures in the pool; orders share them.
const PICTURES: usize = 36;
/// Pixels.
const WIDTH: u32 = 128;
/// Pixels.
const HEIGHT: u32 = 96;
/// Colours of meter boxes: grey, green, beige, blue, cream.
const BOXES: [[u8; 3]; 5] = [
    [150, 156, 160],
    [96, 138, 112],
    [196, 184, 150],
    [104, 132, 160],
    [222, 214, 196],
];

/// What the pictures are.
pub(super) const MIME: &str = "image/png";

/// One picture.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub(super) sha256: [u8; 32],
    pub(super) bytes: Vec<u8>,
}

/// The pictures of a demo.
#[derive(Debug)]
pub(super) struct Pool(Vec<Picture>);

impl Pool {
    /// Draws them.
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random::of(seed, 5);
        let pictures = (0..PICTURES).map(|_| {
            let bytes = png(&Scene::draw(random.bytes(), random.bytes()));
            let sha256 = Sha256::digest(&bytes).into();
            Picture { sha256, bytes }
        });
        Self(pictures.collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn file(&self, number: usize) -> &Picture {
        &self.0[number % self.0.len()]
    }

    /// Stores the files as complete uploads.
    pub(super) fn store(&self, store: &Store, data: &Path, now_ms: i64) -> Result<(), ApiError> {
        let mut rows = Vec::new();
        for picture in &self.0 {
            let sha256 = hex(&picture.sha256);
            let hash = Hash::parse(&sha256).ok_or_else(ApiError::internal)?;
            let path = Folder::new(data).whole(&hash);
            let written = path
                .parent()
                .map_or(Ok(()), std::fs::create_dir_all)
                .and_then(|()| std::fs::write(&path, &picture.bytes));
            written.map_err(|error| {
                tracing::error!(error = %error, "a demo picture could not be written");
                ApiError::internal()
            })?;
            rows.push((sha256, i64::try_from(picture.bytes.len()).unwrap_or(0)));
        }
        store.write_blocking(move |tx| -> Result<(), StoreError> {
            for (sha256, size) in &rows {
                tx.execute(
                    "INSERT INTO blobs (sha256, size, received_bytes, mime, is_complete, \
                     updated_at_ms) VALUES (?1, ?2, ?2, ?4, 1, ?3) \
                     ON CONFLICT (sha256) DO NOTHING",
                    args![sha256, *size, now_ms, MIME],
                )?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

/// What is where on a drawing: a pole with a box before sky and field.
#[derive(Clone, Copy, Debug)]
struct Scene {
    sky: [u8; 3],
    field: [u8; 3],
    colour: [u8; 3],
    horizon: u32,
    pole: u32,
    left: u32,
    top: u32,
    is_open: bool,
}

impl Scene {
    /// Every byte moves something.
    fn draw([light, soil, place]: [u8; 3], [paint, height, door]: [u8; 3]) -> Self {
        let pole = 34 + u32::from(place) % 60;
        Self {
            sky: [150 + light / 6, 184 + light / 8, 214 + light / 10],
            field: [116 + soil / 5, 140 + soil / 8, 84 + soil / 6],
            colour: BOXES[usize::from(paint) % BOXES.len()],
            horizon: 60 + u32::from(soil) % 14,
            pole,
            left: if paint > 127 { pole + 5 } else { pole - 29 },
            top: 26 + u32::from(height) % 20,
            is_open: door > 127,
        }
    }

    fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let inside = |left: u32, top: u32, width: u32, height: u32| {
            (left..left + width).contains(&x) && (top..top + height).contains(&y)
        };
        let frame = self.colour.map(|part| part / 5 * 4);
        if inside(self.left + 8, self.top + 6, 12, 8) {
            return [206, 220, 206];
        }
        if self.is_open && inside(self.left + 5, self.top + 19, 18, 11) {
            return [62, 66, 70];
        }
        if inside(self.left + 2, self.top + 2, 24, 32) {
            return self.colour;
        }
        if inside(self.left, self.top, 28, 36) {
            return frame;
        }
        if inside(self.pole, 4, 6, HEIGHT) {
            return [122, 112, 104];
        }
        // Two wires that sag between the pole and the edges.
        let sag = x.abs_diff(self.pole + 3).min(64) / 7;
        if y == 9 + sag || y == 15 + sag {
            return [52, 56, 60];
        }
        if y < self.horizon {
            self.sky
        } else {
            self.field
        }
    }
}

/// A PNG of the drawing (RFC 2083; stored, not compressed).
fn png(scene: &Scene) -> Vec<u8> {
    let mut pixels = Vec::new();
    for y in 0..HEIGHT {
        pixels.push(0);
        for x in 0..WIDTH {
            pixels.extend_from_slice(&scene.pixel(x, y));
        }
    }
    let mut header = Vec::new();
    header.extend_from_slice(&WIDTH.to_be_bytes());
    header.extend_from_slice(&HEIGHT.to_be_bytes());
    // 8 bits, RGB, deflate, no filter choice, not interlaced.
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, *b"IHDR", &header);
    chunk(&mut png, *b"tEXt", b"Comment\0generated by the Dianma demo");
    chunk(&mut png, *b"IDAT", &stored_deflate(&pixels));
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(0);
    png.extend_from_slice(&length.to_be_bytes());
    let start = png.len();
    png.extend_from_slice(&name);
    png.extend_from_slice(data);
    let sum = crc32(&png[start..]);
    png.extend_from_slice(&sum.to_be_bytes());
}

/// A zlib stream of stored blocks (RFC 1950, RFC 1951 section 3.2.4).
fn stored_deflate(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = data.chunks(usize::from(u16::MAX));
    let last = blocks.len().saturating_sub(1);
    for (number, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(0);
        out.push(u8::from(number == last));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    out.extend_from_slice(&adler32(data).to_be_bytes());
    out
}

fn adler32(data: &[u8]) -> u32 {
    let (a, b) = data.iter().fold((1u32, 0u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

fn crc32(data: &[u8]) -> u32 {
    let sum = data.iter().fold(u32::MAX, |mut sum, byte| {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 {
                sum >> 1 ^ 0xedb8_8320
            } else {
                sum >> 1
            };
        }
        sum
    });
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use dianma_schema::order::evidence::EvidenceKind;
    use dianma_schema::order::media;

    #[test]
    fn checksums_are_those_of_the_standards() {
        // The check values of the two algorithms' own texts.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn the_pictures_are_distinct_photos_by_their_bytes() {
        let pool = Pool::new(1);
        let mut hashes: Vec<[u8; 32]> = pool.0.iter().map(|p| p.sha256).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), PICTURES);
        let head = &pool.file(0).bytes;
        assert_eq!(media::accepts(EvidenceKind::Photo, head), Some(MIME));
    }
}
