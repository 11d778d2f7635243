//! Generated pictures: a pole with its line and a meter box, coloured from the seed, so that no two are
//! alike and everybody sees that they are drawn. PNG without compression: small enough and no codec.

use std::iter::repeat_n;

const WIDTH: usize = 144;
const HEIGHT: usize = 108;

type Colour = [u8; 3];

/// A PNG of a generated scene.
pub fn scene(seed: u64) -> Vec<u8> {
    let part = |shift: u32, bound: u64| usize::try_from((seed >> shift) % bound).unwrap_or(0);
    let pole = 20 + part(0, 60);
    let (box_left, box_top) = (pole + 10 + part(8, 20), 52 + part(16, 16));
    let horizon = 70 + part(24, 16);
    let sky = [150, 180 + tone(seed >> 32, 40), 215 + tone(seed >> 38, 40)];
    let ground = [90 + tone(seed >> 44, 50), 120 + tone(seed >> 50, 50), 70];
    let mark = [
        tone(seed, 255),
        tone(seed >> 12, 255),
        tone(seed >> 40, 255),
    ];
    png(|x, y| {
        let in_box = (box_left..box_left + 26).contains(&x) && (box_top..box_top + 34).contains(&y);
        let in_window =
            (box_left + 5..box_left + 21).contains(&x) && (box_top + 5..box_top + 14).contains(&y);
        let on_pole = (pole..pole + 5).contains(&x) && y > 12;
        let on_line = y == 14 + (x.abs_diff(pole) * x.abs_diff(pole)) / 900;
        match () {
            () if in_window => [225, 232, 215],
            () if in_box => mark,
            () if on_pole => [95, 85, 75],
            () if on_line => [40, 40, 45],
            () if y > horizon => ground,
            () => sky,
        }
    })
}

/// A PNG of a generated signature: a wave on white.
pub fn signature(seed: u64) -> Vec<u8> {
    let bend = 3 + usize::try_from(seed % 7).unwrap_or(0);
    png(|x, y| {
        let swing = (x * bend / 9) % 40;
        let height = 34 + swing.min(40 - swing) + x / 8;
        if y.abs_diff(height) < 2 && (12..WIDTH - 12).contains(&x) {
            [25, 30, 110]
        } else {
            [255, 255, 255]
        }
    })
}

fn tone(number: u64, bound: u64) -> u8 {
    u8::try_from(number % bound).unwrap_or(0)
}

/// One IDAT of stored deflate blocks, one block a row.
fn png(colour_at: impl Fn(usize, usize) -> Colour) -> Vec<u8> {
    let mut data = vec![0x78, 0x01];
    let mut raw = Vec::new();
    for y in 0..HEIGHT {
        let row: Vec<u8> = repeat_n(0, 1)
            .chain((0..WIDTH).flat_map(|x| colour_at(x, y)))
            .collect();
        let length = u16::try_from(row.len()).unwrap_or(u16::MAX);
        data.push(u8::from(y + 1 == HEIGHT));
        data.extend(length.to_le_bytes());
        data.extend((!length).to_le_bytes());
        data.extend(&row);
        raw.extend(row);
    }
    data.extend(adler32(&raw).to_be_bytes());
    let mut header = Vec::new();
    header.extend(u32::try_from(WIDTH).unwrap_or(0).to_be_bytes());
    header.extend(u32::try_from(HEIGHT).unwrap_or(0).to_be_bytes());
    // 8 bits a channel, RGB, deflate, adaptive filters, no interlace.
    header.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1A\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &data);
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    file.extend(name);
    file.extend(data);
    let crc = name.iter().chain(data).copied().fold(u32::MAX, crc32_step);
    file.extend((!crc).to_be_bytes());
}

/// One byte of the CRC that PNG uses, bit by bit.
fn crc32_step(crc: u32, byte: u8) -> u32 {
    (0..8).fold(crc ^ u32::from(byte), |crc, _| {
        let carry = crc & 1 == 1;
        (crc >> 1) ^ if carry { 0xEDB8_8320 } else { 0 }
    })
}

fn adler32(bytes: &[u8]) -> u32 {
    let (low, high) = bytes.iter().fold((1u32, 0u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standards() {
        let crc = b"123456789".iter().copied().fold(u32::MAX, crc32_step);
        assert_eq!(!crc, 0xCBF4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
    }

    #[test]
    fn two_seeds_make_two_pictures_of_one_size() {
        let (one, two) = (scene(1), scene(2));
        assert_ne!(one, two);
        assert_eq!(one.len(), two.len());
        assert!(one.len() < 60_000 && one.starts_with(b"\x89PNG"));
    }
}
