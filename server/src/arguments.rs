//! The command line as clap reads it: what there is to start and what it may be told.

use clap::{Parser, Subcommand};
use dianma_server::intake::imports::command::ImportArguments;
use dianma_server::keys::command::{KeysCommand, PassphraseArguments};
use dianma_server::labels::command::LabelsCommand;
use dianma_server::releases::command::ReleaseCommand;
use dianma_server::templates::commands::TemplatesCommand;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Dianma 电码: from a marketing record to an archived work order.
#[derive(Parser, Debug)]
#[command(version, about)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Start the server.
    Serve(Serve),
    /// Generate the demo county (once) and start the server on it.
    Demo(DemoArguments),
    /// Import a CSV or TSV file.
    Import(Import),
    /// The staging database of the marketing side.
    #[command(subcommand)]
    Staging(StagingCommand),
    /// Time the documented search queries on generated customers.
    #[command(hide = true)]
    BenchSearch(BenchSearch),
    /// Print the OpenAPI document.
    Openapi,
    /// Train the dictionary of sync bodies on generated messages.
    TrainDictionary {
        /// Where to write it.
        #[arg(long)]
        out: PathBuf,
    },
    /// Try, measure and train the order templates.
    #[command(subcommand)]
    Templates(TemplatesCommand),
    /// The audit log.
    #[command(subcommand)]
    Audit(Audit),
    /// Signing keys of labels: make, rotate, revoke, list.
    Keys(Keys),
    /// Labels: print, list.
    Labels(Labels),
    /// Releases of the phone app: publish, show.
    Release(ReleaseArguments),
}

#[derive(clap::Args, Debug)]
pub struct ReleaseArguments {
    #[command(flatten)]
    pub database: Database,
    #[command(flatten)]
    pub passphrases: PassphraseArguments,
    #[command(subcommand)]
    pub command: ReleaseCommand,
}

#[derive(clap::Args, Debug)]
pub struct Labels {
    #[command(flatten)]
    pub database: Database,
    #[command(flatten)]
    pub passphrases: PassphraseArguments,
    #[command(subcommand)]
    pub command: LabelsCommand,
}

#[derive(clap::Args, Debug)]
pub struct Keys {
    #[command(flatten)]
    pub database: Database,
    #[command(flatten)]
    pub passphrases: PassphraseArguments,
    #[command(subcommand)]
    pub command: KeysCommand,
}

#[derive(Subcommand, Debug)]
pub enum Audit {
    /// Walk the hash chain; fails when an entry was changed or removed.
    Verify(Database),
}

#[derive(clap::Args, Debug)]
pub struct Import {
    #[command(flatten)]
    pub database: Database,
    #[command(flatten)]
    pub arguments: ImportArguments,
}

#[derive(Subcommand, Debug)]
pub enum StagingCommand {
    /// Make an SQLite staging file with empty tables.
    Init {
        /// The file.
        file: PathBuf,
    },
    /// Print the tables' DDL for PostgreSQL.
    Ddl,
}

#[derive(clap::Args, Debug)]
pub struct BenchSearch {
    #[command(flatten)]
    pub database: Database,
    /// Generated customers.
    #[arg(long, default_value_t = 500_000)]
    pub customers: usize,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Where the data is.
#[derive(clap::Args, Debug)]
pub struct Database {
    /// Folder of the embedded database and the evidence files.
    #[arg(long, default_value = "data")]
    pub data: PathBuf,
    /// `postgres://…` instead of the embedded database.
    #[arg(long, env = "DIANMA_DATABASE")]
    pub database: Option<String>,
}

#[derive(clap::Args, Debug)]
pub struct Serve {
    #[command(flatten)]
    pub database: Database,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Cookies only over TLS: set it behind a TLS gateway.
    #[arg(long)]
    pub secure: bool,
    /// Staging database to poll: an SQLite file or `postgres://…`; may be given several times.
    #[arg(long)]
    pub staging: Vec<String>,
    #[command(flatten)]
    pub passphrases: PassphraseArguments,
    /// Texts to customers go into this file, one JSON object a line.
    #[arg(long, conflicts_with = "sms_webhook")]
    pub sms_file: Option<PathBuf>,
    /// Texts to customers are posted to this gateway: `http://host[:port]/path`.
    #[arg(long)]
    pub sms_webhook: Option<String>,
    /// Address customers reach this server under, for links in texts.
    #[arg(long, default_value = "")]
    pub public_url: String,
    /// Chinese font file of printed labels, when none is installed.
    #[arg(long)]
    pub label_font: Option<PathBuf>,
}

#[derive(clap::Args, Debug)]
pub struct DemoArguments {
    #[command(flatten)]
    pub database: Database,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Electricians whose logins are listed for phones.
    #[arg(long, default_value_t = 24)]
    pub phones: usize,
    /// The same seed gives the same county.
    #[arg(long, default_value_t = 20_261_121)]
    pub seed: u64,
    /// Days of history.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=120))]
    pub days: i64,
    /// Generate, print the logins, and stop.
    #[arg(long)]
    pub once: bool,
}
