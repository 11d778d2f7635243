//! `dianma-phones`: the electricians of the demo county. Each one is a thread with a real phone core on
//! its own store; what they do goes to the server like any phone's work. Ends on SIGTERM, Ctrl-C or
//! after `--for-seconds`; the stores stay and go on with the next start.

mod acts;
mod electrician;
mod picture;
mod plan;
mod settings;
mod stickers;

use clap::Parser as _;
use dianma_core::clock::{Clock, SystemClock};
use electrician::Electrician;
use settings::{Demo, Login, Settings};
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use stickers::Stickers;
use tokio::signal::unix::{SignalKind, signal};

/// Sign-ins are spread, as people do not all start in the same second.
const START_APART: Duration = Duration::from_millis(400);
/// A phone whose store or sign-in fails tries again after this.
const RETRY_AFTER: Duration = Duration::from_secs(10);
/// Threads get so long to finish what they are at; their stores survive being cut off.
const GRACE: Duration = Duration::from_secs(3);

fn main() -> ExitCode {
    match simulate(&Arc::new(Settings::parse())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn simulate(settings: &Arc<Settings>) -> Result<(), Box<dyn Error + Send + Sync>> {
    let demo = Demo::read(&settings.demo)?;
    let stickers = demo
        .administrator()
        .map(|office| Stickers::open(&demo.url, &office.login_name, &office.password))
        .ok_or("the demo file names no administrator")?;
    let stickers = Arc::new(stickers);
    let logins: Vec<Login> = demo.phones.into_iter().take(settings.count).collect();
    if logins.is_empty() {
        return Err(format!("{} names no electrician", settings.demo.display()).into());
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let stop = Arc::new(AtomicBool::new(false));
    let mut threads = Vec::new();
    for login in logins {
        let (settings, clock, stop) = (Arc::clone(settings), Arc::clone(&clock), Arc::clone(&stop));
        let (url, stickers) = (demo.url.clone(), Arc::clone(&stickers));
        threads.push(std::thread::spawn(move || {
            let county = County { url, stickers };
            work(&settings, &county, &login, &clock, &stop);
        }));
        std::thread::sleep(START_APART);
    }
    wait_for_the_end(settings.for_seconds)?;
    stop.store(true, Ordering::Relaxed);
    let end_ms = clock.elapsed_ms() + u64::try_from(GRACE.as_millis())?;
    while clock.elapsed_ms() < end_ms && threads.iter().any(|thread| !thread.is_finished()) {
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// What is outside the phones: the server, and the stickers on walls and cards.
struct County {
    url: String,
    stickers: Arc<Stickers>,
}

/// Works until the end; a fault of store or sign-in is told and tried again.
fn work(
    settings: &Settings,
    county: &County,
    login: &Login,
    clock: &Arc<dyn Clock>,
    stop: &AtomicBool,
) {
    while !stop.load(Ordering::Relaxed) {
        let day = Electrician::open(settings, county, login, clock).and_then(|mut e| e.run(stop));
        if let Err(error) = day {
            complain(&format!("{}: {error}", login.login_name));
            std::thread::sleep(RETRY_AFTER);
        }
    }
}

/// SIGTERM, Ctrl-C, or the time given.
fn wait_for_the_end(for_seconds: Option<u64>) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut terminated = signal(SignalKind::terminate())?;
        let longest = Duration::from_secs(for_seconds.unwrap_or(u64::MAX / 1_000));
        tokio::select! {
            _ = terminated.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
            () = tokio::time::sleep(longest) => {}
        }
        Ok(())
    })
}

#[expect(
    clippy::print_stderr,
    reason = "a program's complaints go to standard error"
)]
fn complain(words: &str) {
    eprintln!("dianma-phones: {words}");
}
