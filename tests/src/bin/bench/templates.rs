//! Texts decided per second by `dianma-server templates try`, start of the process included.

use crate::clock::Watch;
use crate::memory::peak_mb;
use crate::report::Report;
use crate::texts::people;
use dianma_tests::process::{Guarded, binary};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::{Command, Stdio};

/// Decides so many generated requests.
pub fn run(report: &mut Report, texts: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (input, output) = (folder.path().join("texts"), folder.path().join("decisions"));
    let mut file = BufWriter::new(File::create(&input).expect("a file"));
    for person in people().take(texts) {
        writeln!(file, "{}{}", person.address, person.request).expect("enough room");
    }
    file.flush().expect("enough room");
    let child = Command::new(binary("dianma-server"))
        .args(["templates", "try"])
        .stdin(File::open(&input).expect("the texts"))
        .stdout(File::create(&output).expect("a file"))
        .stderr(Stdio::null())
        .spawn();
    let watch = Watch::start();
    let peak = peak_mb(&mut Guarded(child.expect("dianma-server starts")));
    let seconds = watch.elapsed().as_secs_f64();
    let decided = std::fs::read_to_string(&output).expect("decisions");
    assert_eq!(decided.lines().count(), texts, "one decision a text");
    report.about("rules");
    report.rate(
        &format!("texts decided, of {texts}"),
        texts as f64 / seconds,
        None,
    );
    report.plain("peak memory", peak, "MB");
}
