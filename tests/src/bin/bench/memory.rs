//! Peak memory of a process, as the kernel counts it.

use dianma_tests::process::Guarded;
use std::time::Duration;

/// The high-water mark only grows; the last reading before the end is what counts.
const EVERY: Duration = Duration::from_millis(2);

/// Waits for the end of a process; the largest `VmHWM` seen, MB.
pub fn peak_mb(process: &mut Guarded) -> f64 {
    let path = format!("/proc/{}/status", process.0.id());
    let mut peak_kib = 0.0;
    loop {
        let status = std::fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        peak_kib = kib.unwrap_or(0.0).max(peak_kib);
        match process.0.try_wait().expect("a child process") {
            Some(ended) => {
                assert!(ended.success(), "the process ended with {ended}");
                return peak_kib * 1_024.0 / 1e6;
            }
            None => std::thread::sleep(EVERY),
        }
    }
}
