//! Exchange with the server: once, until everything is sent, or like an app that stays online.

use super::args::{Cli, RunArgs};
use super::http::HttpTransport;
use super::orders::departure_line;
use super::output::Output;
use crate::clock::{Clock as _, SystemClock};
use crate::error::CoreError;
use crate::phone::Phone;
use crate::sync::{Event, SyncReport};
use dianma_schema::fault;
use serde_json::json;
use std::fmt::Write as _;
use std::time::Duration;

/// A connection to the server named on the command line, or the one of the sign-in.
pub fn transport(phone: &Phone, cli: &Cli) -> Result<HttpTransport, CoreError> {
    let server = match &cli.server {
        Some(server) => server.clone(),
        None => phone
            .session()
            .state()?
            .map(|state| state.server)
            .ok_or_else(|| CoreError::of(fault::A_SIGN_IN))?,
    };
    HttpTransport::new(&server, cli.h2)
}

/// One run, or runs until nothing is left to send.
pub fn sync(phone: &Phone, cli: &Cli, until_idle: bool) -> Result<Output, CoreError> {
    let mut transport = transport(phone, cli)?;
    let mut sync = phone.sync()?;
    let mut total = sync.run(&mut transport, Event::Kick)?;
    while until_idle && has_work(&total) && !is_final(&total) {
        std::thread::sleep(Duration::from_millis(total.next_run_ms));
        let report = sync.run(&mut transport, Event::Timer)?;
        total = added(&total, report);
    }
    if !until_idle && total.requests == 0 {
        return Err(first_fault(&total));
    }
    Ok(report_output(&total))
}

fn has_work(report: &SyncReport) -> bool {
    let failed = report
        .notices
        .iter()
        .any(|notice| notice.code.starts_with("N-"));
    report.requests == 0 || report.pending_commands > 0 || (report.pending_files > 0 && !failed)
}

/// Only a person can help: waiting would not.
fn is_final(report: &SyncReport) -> bool {
    let stops = [
        fault::A_SIGN_IN,
        fault::A_DEVICE_REVOKED,
        fault::D_STORE,
        fault::D_DISK,
    ];
    let last = report.notices.last();
    last.is_some_and(|notice| stops.iter().any(|code| code.as_str() == notice.code))
        || report.next_run_ms == 0
}

fn first_fault(report: &SyncReport) -> CoreError {
    let code = report
        .notices
        .iter()
        .find_map(|n| fault::FaultCode::find(n.code));
    CoreError::of(code.unwrap_or(fault::N_OFFLINE))
}

/// Sums of two runs; counts of what is left are those of the later one.
fn added(total: &SyncReport, mut next: SyncReport) -> SyncReport {
    next.requests += total.requests;
    next.commands_sent += total.commands_sent;
    next.entries_received += total.entries_received;
    next.bytes_up += total.bytes_up;
    next.bytes_down += total.bytes_down;
    next.file_bytes_up += total.file_bytes_up;
    next.files_uploaded += total.files_uploaded;
    next.departures.extend(total.departures.iter().cloned());
    next
}

fn report_output(report: &SyncReport) -> Output {
    let mut text = format!(
        "上传操作 {}，收到更新 {}，上传凭证 {}；待上传操作 {}，待上传凭证 {}",
        report.commands_sent,
        report.entries_received,
        report.files_uploaded,
        report.pending_commands,
        report.pending_files,
    );
    for departure in &report.departures {
        let _ = write!(text, "\n{}", departure_line(departure));
    }
    for notice in &report.notices {
        let zh = fault::FaultCode::find(notice.code).map_or("", fault::FaultCode::zh);
        let detail = notice.detail.as_deref().unwrap_or("");
        let _ = write!(text, "\n{} {zh}{detail}", notice.code);
    }
    Output::new(json!({ "sync": report }), text)
}

/// Stays online. The store is closed between exchanges, so that other commands on
/// the same store get their turn.
pub fn run(cli: &Cli, options: &RunArgs) -> Result<Output, CoreError> {
    let clock = SystemClock::new();
    let end_ms = options.for_seconds.map_or(u64::MAX, |seconds| {
        clock
            .elapsed_ms()
            .saturating_add(seconds.saturating_mul(1_000))
    });
    let mut total = SyncReport::default();
    loop {
        let online = match exchange(cli) {
            Ok((report, online)) => {
                total = added(&total, report);
                online.filter(|_| !options.no_wake)
            }
            // Another program has the store, or the network is away: the next round tries again.
            Err(CoreError::Retry(_)) => None,
            Err(error) => return Err(error),
        };
        let left_ms = end_ms.saturating_sub(clock.elapsed_ms());
        if left_ms == 0 {
            return Ok(report_output(&total));
        }
        let wait = Duration::from_millis(left_ms.min(options.every_seconds.max(1) * 1_000));
        let was_followed =
            online.is_some_and(|(transport, token)| transport.wait_for_wake(&token, wait).is_ok());
        if !was_followed {
            std::thread::sleep(wait);
        }
    }
}

/// One exchange with the store open; the connection and token to follow wake-ups with, when the
/// server answered.
fn exchange(cli: &Cli) -> Result<(SyncReport, Option<(HttpTransport, String)>), CoreError> {
    let phone = super::open(cli)?;
    let mut transport = transport(&phone, cli)?;
    let report = phone.sync()?.run(&mut transport, Event::Kick)?;
    let token = phone.bearer_token()?.filter(|_| report.requests > 0);
    Ok((report, token.map(|token| (transport, token))))
}
