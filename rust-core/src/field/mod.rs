//! The headless phone: command line, HTTP adapter, output. Everything it does goes through
//! [`crate::phone::Phone`]. The only part of the crate that prints, sleeps and reads the environment.
//!
//! Exit codes: 0 done · 1 input to mend · 2 wrong usage · 3 not now (state of the order) · 4 sign in or
//! unlock · 5 network, will be retried · 6 storage, report it · 7 not found.

mod args;
mod bench;
mod decode;
pub mod http;
mod orders;
mod output;
mod run;
mod scanned;
mod session;
mod tools;

use crate::clock::SystemClock;
use crate::entropy::SystemEntropy;
use crate::error::CoreError;
use crate::phone::Phone;
use crate::session::KeyFile;
use args::{Cli, Command};
use clap::Parser as _;
use output::Output;
use std::process::ExitCode;
use std::sync::Arc;

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let is_json = cli.json;
    if let Command::Decode(options) = &cli.command {
        return decode::run(&cli, options);
    }
    match execute(&cli) {
        Ok(output) => output.print(is_json),
        Err(error) => output::print_error(&error, is_json),
    }
}

fn execute(cli: &Cli) -> Result<Output, CoreError> {
    match &cli.command {
        Command::BenchSearch(options) => bench::search(options),
        Command::Run(options) => run::run(cli, options),
        command => {
            let phone = open(cli)?;
            command_on(&phone, cli, command)
        }
    }
}

/// Opens the phone and unlocks it with the PIN given, if any.
fn open(cli: &Cli) -> Result<Phone, CoreError> {
    let clock = Arc::new(SystemClock::new());
    let entropy = Box::new(SystemEntropy);
    let phone = match &cli.key_file {
        Some(path) => {
            let keys = Arc::new(KeyFile::open(path)?);
            Phone::open_sealed(&cli.store, clock, entropy, keys)?
        }
        None => Phone::open(&cli.store, clock, entropy)?,
    };
    if let Some(pin) = &cli.pin
        && !matches!(cli.command, Command::Unlock { .. } | Command::Pin { .. })
    {
        phone.session().unlock(pin)?;
    }
    Ok(phone)
}

fn command_on(phone: &Phone, cli: &Cli, command: &Command) -> Result<Output, CoreError> {
    match command {
        Command::Enrol(_)
        | Command::Unlock { .. }
        | Command::Pin { .. }
        | Command::SignOut
        | Command::Status
        | Command::Net { .. }
        | Command::Duty { .. } => session::command(phone, cli, command),
        Command::Sync { until_idle } => run::sync(phone, cli, *until_idle),
        Command::Search(_)
        | Command::Scan { .. }
        | Command::Card(_)
        | Command::Price { .. }
        | Command::PriceList => tools::command(phone, cli, command),
        other => orders::command(phone, cli, other),
    }
}
