//! Every printed symbol reads back and holds nothing personal.

use dianma_core::clock::SystemClock;
use dianma_core::scan::{GreyPlane, Limit, Options, decode};
use dianma_schema::label::Reading;
use dianma_schema::label::base45;
use dianma_schema::label::read;
use dianma_server::labels::sheet::Sheet;
use dianma_tests::County;
use dianma_tests::Engine;

crate::stories!(printed_symbols_read_back_and_hold_nothing_personal,);

/// Runs a program of the system, expecting success; returns its standard output.
fn tool(name: &str, arguments: &[&str]) -> Vec<u8> {
    let output = std::process::Command::new(name)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{name}: {error}: install poppler-utils and zbar-tools"));
    assert!(output.status.success(), "{name} {arguments:?}");
    output.stdout
}

/// The codes of a grey picture as netpbm writes it (P5, one byte a pixel), read by our own decoder.
fn read_by_us(path: &str) -> Vec<String> {
    let bytes = std::fs::read(path).unwrap();
    let head: Vec<&[u8]> = bytes.splitn(5, u8::is_ascii_whitespace).collect();
    let number = |n: usize| {
        std::str::from_utf8(head[n])
            .unwrap()
            .parse::<usize>()
            .unwrap()
    };
    let (width, height) = (number(1), number(2));
    let pixels = &bytes[bytes.len() - width * height..];
    let plane = GreyPlane::new(pixels, width, height, width).unwrap();
    let clock = SystemClock::new();
    let report = decode(&plane, &Options::default(), &Limit::none(&clock));
    report.codes.into_iter().map(|code| code.text).collect()
}

/// Every symbol of a sheet, drawn at the printer's resolution and cut out as a printer cuts labels,
/// reads back with zbar and with our decoder, and none holds a name, a number to call or an address.
fn printed_symbols_read_back_and_hold_nothing_personal(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start_signed(engine, folder.path(), &[]);
    let file = folder.path().join("passphrase").display().to_string();
    let pdf = folder.path().join("labels.pdf").display().to_string();
    let keys = ["labels", "--passphrase-file", file.as_str()];
    // More than a page of the smaller grid.
    let labels = 16;
    for (name, dpi, kind) in [
        ("a4_24", 203, "meter"),
        ("roll_30_40", 300, "meter"),
        ("card_a4_10", 300, "customer"),
    ] {
        let resolution = dpi.to_string();
        let print = [
            "print",
            "--sheet",
            name,
            "--dpi",
            &resolution,
            "--kind",
            kind,
            "--limit",
            "16",
            "--out",
            &pdf,
        ];
        county.server.place().command(&keys, &print);
        let sheet = Sheet::find(name).unwrap();
        let mut texts = std::collections::BTreeSet::new();
        for n in 0..labels {
            let page = (n / sheet.per_page() + 1).to_string();
            let (x, y) = sheet.corner(n % sheet.per_page(), dpi);
            let side = |um: u32| (u64::from(um) * u64::from(dpi) / 25_400).to_string();
            let (x, y) = (x.to_string(), y.to_string());
            let (width, height) = (side(sheet.label_width_um), side(sheet.label_height_um));
            let picture = folder.path().join("label").display().to_string();
            let cut = [
                "-r",
                &resolution,
                "-gray",
                "-singlefile",
                "-f",
                &page,
                "-l",
                &page,
                "-x",
                &x,
                "-y",
                &y,
                "-W",
                &width,
                "-H",
                &height,
                &pdf,
                &picture,
            ];
            tool("pdftoppm", &cut);
            let picture = format!("{picture}.pgm");
            let read = tool(
                "zbarimg",
                &["--raw", "-q", "-Sdisable", "-Sqrcode.enable", &picture],
            );
            let text = String::from_utf8(read)
                .unwrap()
                .trim_end_matches('\n')
                .to_owned();
            assert_eq!(
                read_by_us(&picture),
                std::slice::from_ref(&text),
                "{name} at {dpi} dpi, label {n}"
            );
            texts.insert(text);
        }
        assert_eq!(texts.len(), labels as usize, "{name} at {dpi} dpi");
        for text in &texts {
            let body = base45::decode(text.strip_prefix("DM2:").unwrap()).unwrap();
            assert!(matches!(read(text), Reading::Label(_)), "{text}");
            for personal in ["生成户", "10000000", "生成镇", "生成村"] {
                let is_there = body
                    .windows(personal.len())
                    .any(|w| w == personal.as_bytes());
                assert!(!is_there && !text.contains(personal), "{personal}");
            }
        }
    }
    let words = tool("pdftotext", &[&pdf, "-"]);
    assert!(words.windows(6).any(|w| w == "客户".as_bytes()));
}
