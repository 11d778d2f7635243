//! Draws pictures of labels on meter boxes and measures how many of them are read, by us and by plain
//! rxing, in processor time of the one thread that decodes. `scripts/bench qr` runs it with the peers.
//!
//!     qr draw --seed N --per 4 --out DIR [--frames 4] [--kinds glare,mixed] [--levels 2,3] [--wide 4000]
//!     qr measure DIR [--lane fast|soft|rescue] [--rxing] [--burst]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::many_single_char_names,
    clippy::print_stdout,
    reason = "a measuring program: pixel arithmetic, and failures end it"
)]

mod camera;
mod canvas;
mod defects;
mod label;
mod measure;
mod picture;
mod random;

use picture::{KINDS, Order, draw};
use std::fmt::Write as _;
use std::path::Path;

fn main() {
    // `cargo bench` adds an argument of its own.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let flag = |name: &str| arguments.iter().any(|argument| argument == name);
    match arguments.first().map(String::as_str) {
        Some("draw") => draw_all(&value),
        Some("measure") => {
            let folder = arguments.get(1).expect("measure DIR");
            let lane = value("--lane").unwrap_or_else(|| "rescue".to_owned());
            measure::run(Path::new(folder), &lane, flag("--rxing"), flag("--burst"));
        }
        _ => println!("qr draw --seed N --out DIR … | qr measure DIR …"),
    }
}

fn draw_all(value: &dyn Fn(&str) -> Option<String>) {
    let number = |name: &str, default: usize| {
        value(name).map_or(default, |text| text.parse().expect("a whole number"))
    };
    let list =
        |name: &str| value(name).map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>());
    let folder = value("--out").expect("--out DIR");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let (seed, per, frames) = (
        number("--seed", 1),
        number("--per", 4),
        number("--frames", 1),
    );
    let width = number("--wide", 1280);
    let height = if width > 1280 { width * 3 / 4 } else { 720 };
    let kinds = list("--kinds").unwrap_or_else(|| KINDS.map(str::to_owned).to_vec());
    let levels =
        list("--levels").unwrap_or_else(|| ["0", "1", "2", "3", "4"].map(str::to_owned).to_vec());
    let mut manifest = String::new();
    for (kind, name) in KINDS
        .iter()
        .enumerate()
        .filter(|(_, name)| kinds.iter().any(|k| k == *name))
    {
        let times = if matches!(*name, "clean" | "mixed") {
            3
        } else {
            1
        };
        let own_levels = if *name == "clean" {
            vec!["0".to_owned()]
        } else {
            levels.clone()
        };
        for level in own_levels
            .iter()
            .map(|text| text.parse().expect("a level from 0 to 4"))
        {
            for (index, frame) in (0..per * times).flat_map(|i| (0..frames).map(move |f| (i, f))) {
                let order = Order {
                    seed: seed as u64,
                    kind,
                    level,
                    number: index,
                    frame,
                    width,
                    height,
                };
                let picture = draw(&order);
                let file = format!("{name}_{level}_{index:03}_{frame}.pgm");
                let mut bytes = format!("P5\n{width} {height}\n255\n").into_bytes();
                bytes.extend_from_slice(&picture.bytes);
                std::fs::write(Path::new(&folder).join(&file), bytes)
                    .expect("the picture can be written");
                let payload = picture
                    .payload
                    .map_or_else(String::new, |payload| measure::hex(&payload));
                let _ = writeln!(
                    manifest,
                    "{file}\t{name}\t{level}\t{index}\t{frame}\t{}\t{payload}",
                    picture.version
                );
            }
        }
    }
    std::fs::write(Path::new(&folder).join("manifest.tsv"), manifest)
        .expect("the manifest can be written");
}
