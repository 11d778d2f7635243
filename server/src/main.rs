//! The command line: starts the server and runs the administrator's jobs. The only place that reads
//! arguments and the environment.

use clap::{Parser, Subcommand};
use dianma_server::app::{App, Settings};
use dianma_server::clock::{Clock, random};
use dianma_server::store::{Store, StoreError};
use dianma_server::{audit, auth, feed, router, upkeep};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Dianma 电码: from a marketing record to an archived work order.
#[derive(Parser, Debug)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Start the server.
    Serve(Serve),
    /// Print the OpenAPI document.
    Openapi,
    /// The audit log.
    #[command(subcommand)]
    Audit(Audit),
}

#[derive(Subcommand, Debug)]
enum Audit {
    /// Walk the hash chain; fails when an entry was changed or removed.
    Verify(Database),
}

/// Where the data is.
#[derive(clap::Args, Debug)]
struct Database {
    /// Folder of the embedded database and the evidence files.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// `postgres://…` instead of the embedded database.
    #[arg(long, env = "DIANMA_DATABASE")]
    database: Option<String>,
}

#[derive(clap::Args, Debug)]
struct Serve {
    #[command(flatten)]
    database: Database,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Cookies only over TLS: set it behind a TLS gateway.
    #[arg(long)]
    secure: bool,
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("DIANMA_LOG")
                .unwrap_or_else(|_| "info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let outcome = match Arguments::parse().command {
        Command::Serve(serve) => run_serve(&serve),
        Command::Openapi => print_openapi(),
        Command::Audit(Audit::Verify(database)) => verify_audit(&database),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = %error, "stopped");
            ExitCode::FAILURE
        }
    }
}

fn open(database: &Database) -> Result<Store, Box<dyn std::error::Error>> {
    std::fs::create_dir_all(&database.data)?;
    let store = match &database.database {
        Some(url) => Store::open_postgres(url)?,
        None => Store::open_sqlite(&database.data.join("dianma.sqlite"))?,
    };
    let bytes = random()?;
    store.write_blocking(move |tx| -> Result<(), StoreError> { feed::prepare(tx, bytes) })?;
    Ok(store)
}

#[expect(
    clippy::print_stdout,
    reason = "the first-run token is for the person at the terminal"
)]
fn run_serve(serve: &Serve) -> Outcome {
    let store = open(&serve.database)?;
    if let Some(token) = auth::setup::prepare(&store)? {
        println!("首次启动口令 (first-run token): {token}");
    }
    let settings = Settings {
        data: serve.database.data.clone(),
        is_secure: serve.secure,
    };
    let app = App::new(store, Clock::System, settings);
    let (live, wakes) = (Arc::clone(&app.live), Arc::clone(&app.wakes));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(serve.listen).await?;
        println!("电码 listens on http://{}", listener.local_addr()?);
        upkeep::start(app.clone());
        axum::serve(listener, router::router(app))
            .with_graceful_shutdown(async move {
                let _ = tokio::signal::ctrl_c().await;
                live.close();
                wakes.close();
            })
            .await?;
        Ok(())
    })
}

#[expect(clippy::print_stdout, reason = "the document goes to standard output")]
fn print_openapi() -> Outcome {
    println!("{}", serde_json::to_string_pretty(&router::document())?);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the verdict goes to standard output")]
fn verify_audit(database: &Database) -> Outcome {
    let verdict = open(database)?.read_blocking(audit::verify)?;
    println!("{}", serde_json::to_string(&verdict)?);
    match verdict.broken_at {
        None => Ok(()),
        Some(seq) => {
            Err(format!("审计链在第 {seq} 条断开 (the audit chain breaks at entry {seq})").into())
        }
    }
}
