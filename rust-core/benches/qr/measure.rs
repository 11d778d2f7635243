//! Reads a folder of pictures and prints one line of JSON per picture: what was read, whether it is
//! right, and milliseconds of processor time. `scripts/bench-qr.py` makes the table of it.

use dianma_core::clock::SystemClock;
use dianma_core::scan::{GreyPlane, Lane, Limit, Options, Session, decode};
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BinaryBitmap, DecodeHints, Luma8LuminanceSource, Reader as _};
use std::path::Path;

pub fn run(folder: &Path, lane: &str, is_rxing: bool, is_burst: bool) {
    let manifest = std::fs::read_to_string(folder.join("manifest.tsv")).expect("a manifest");
    let clock = SystemClock::new();
    let options = Options {
        deepest: match lane {
            "fast" => Lane::Fast,
            "soft" => Lane::Soft,
            _ => Lane::Rescue,
        },
        wants_linear: false,
        ..Options::default()
    };
    let mut session = Session::new();
    for line in manifest.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, kind, level, number, frame, _, payload] = fields[..] else {
            continue;
        };
        let bytes = std::fs::read(folder.join(file)).expect("the picture");
        let (width, height, pixels) = pixels(&bytes);
        if frame == "0" {
            session = Session::new();
        }
        let before = processor_ms();
        let read: Vec<String> = if is_rxing {
            plain_rxing(pixels, width, height).into_iter().collect()
        } else {
            let plane = GreyPlane::new(pixels, width, height, width).expect("a sound picture");
            let limit = Limit::none(&clock);
            let report = if is_burst {
                session.look(&plane, &options, &limit)
            } else {
                decode(&plane, &options, &limit)
            };
            report.codes.iter().map(|code| hex(&code.bytes)).collect()
        };
        let ms = processor_ms() - before;
        let is_right = read.iter().any(|code| code == payload);
        let is_wrong = read.iter().any(|code| code != payload);
        println!(
            "{{\"kind\":\"{kind}\",\"level\":{level},\"number\":{number},\"frame\":{frame},\
             \"right\":{is_right},\"wrong\":{is_wrong},\"ms\":{ms:.3}}}"
        );
    }
}

/// rxing as its documentation proposes: the hybrid binarizer and the newer reader.
fn plain_rxing(pixels: &[u8], width: usize, height: usize) -> Option<String> {
    let source = Luma8LuminanceSource::new(pixels.to_vec(), width as u32, height as u32).ok()?;
    let mut bitmap = BinaryBitmap::new(rxing::common::HybridBinarizer::new(source));
    let hints = DecodeHints {
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let result = QrReader.decode_with_hints(&mut bitmap, &hints).ok()?;
    Some(hex(result.getRawBytes()))
}

fn pixels(bytes: &[u8]) -> (usize, usize, &[u8]) {
    let mut lines = bytes.splitn(4, |byte| *byte == b'\n');
    let mut line = || lines.next().expect("a PGM of this program");
    let _ = line();
    let sizes = std::str::from_utf8(line()).expect("sizes");
    let (width, height) = sizes.split_once(' ').expect("two sizes");
    let _ = line();
    (
        width.parse().expect("width"),
        height.parse().expect("height"),
        line(),
    )
}

/// Processor time of this thread. Yielding makes the kernel bring its account up to date.
fn processor_ms() -> f64 {
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds = text.split(' ').next().expect("a number");
    nanoseconds.parse::<f64>().expect("nanoseconds") / 1e6
}

pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
