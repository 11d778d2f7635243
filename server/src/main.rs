//! Starts the server and runs the administrator's jobs. Only here and in `arguments.rs` are arguments and the
//! environment read.

mod arguments;

use arguments::{
    Arguments, Audit, BenchSearch, Command, Database, DemoArguments, Import, Keys, Labels,
    ReleaseArguments, Serve, StagingCommand,
};
use clap::Parser as _;
use dianma_server::app::{App, Settings};
use dianma_server::clock::{Clock, random};
use dianma_server::customers::bench_run;
use dianma_server::intake::imports::run::Target;
use dianma_server::intake::staging::Poller;
use dianma_server::intake::staging_source::Staging;
use dianma_server::intake::staging_tables;
use dianma_server::keys::command::{demo_keyring, open_keyring};
use dianma_server::labels::delivery::{FileDelivery, WebhookDelivery};
use dianma_server::store::{Engine, Store, StoreError};
use dianma_server::templates::commands;
use dianma_server::{
    audit, auth, demo, feed, intake::imports, keys, labels, releases, router, sync, text, upkeep,
};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

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
        Command::Demo(arguments) => run_demo(&arguments),
        Command::Import(import) => run_import(&import),
        Command::Staging(StagingCommand::Init { file }) => init_staging(&file),
        Command::Staging(StagingCommand::Ddl) => {
            print_staging_ddl();
            Ok(())
        }
        Command::BenchSearch(bench) => run_bench_search(&bench),
        Command::Openapi => print_openapi(),
        Command::TrainDictionary { out } => train_dictionary(&out),
        Command::Templates(command) => commands::run(&command).map_err(Into::into),
        Command::Audit(Audit::Verify(database)) => verify_audit(&database),
        Command::Keys(keys) => run_keys(&keys),
        Command::Labels(labels) => run_labels(&labels),
        Command::Release(release) => run_release(&release),
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
    commands::shipped()?;
    let store = open(&serve.database)?;
    if let Some(token) = auth::setup::prepare(&store)? {
        println!("首次启动口令 (first-run token): {token}");
    }
    start_intake(&store, &serve.staging)?;
    let settings = Settings {
        data: serve.database.data.clone(),
        is_secure: serve.secure,
    };
    let keys = open_keyring(&store, &serve.passphrases)?;
    let mut app = App::new(store, Clock::System, settings).with_keys(keys);
    app.public_url = Arc::from(serve.public_url.trim_end_matches('/'));
    app.label_font = serve.label_font.as_deref().map(Arc::from);
    app.delivery = match (&serve.sms_file, &serve.sms_webhook) {
        (Some(file), _) => Some(Arc::new(FileDelivery(file.clone()))),
        (None, Some(url)) => Some(Arc::new(WebhookDelivery::parse(url)?)),
        (None, None) => None,
    };
    listen(app, serve.listen, |_| Ok(()))
}

/// Ends import runs that a stop cut off and starts polling the staging databases.
fn start_intake(store: &Store, staging: &[String]) -> Outcome {
    let now_ms = Clock::System.now_ms();
    if store.engine() == Engine::Sqlite {
        store.write_blocking(move |tx| imports::list::mark_interrupted(tx, now_ms))?;
    }
    let node = text::hex(&random::<8>()?);
    for (n, address) in staging.iter().enumerate() {
        let poller = Poller {
            target: target(store),
            staging: Staging::parse(address),
            source: if n == 0 {
                "mis".to_owned()
            } else {
                format!("mis-{}", n + 1)
            },
            node: node.clone(),
        };
        poller.start()?;
    }
    Ok(())
}

fn target(store: &Store) -> Target {
    Target {
        store: store.clone(),
        clock: Clock::System,
    }
}

#[expect(clippy::print_stdout, reason = "the outcome goes to standard output")]
fn run_keys(arguments: &Keys) -> Outcome {
    let store = open(&arguments.database)?;
    let now_ms = Clock::System.now_ms();
    let answer = keys::command::run(&store, now_ms, &arguments.passphrases, &arguments.command)?;
    println!("{answer}");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the outcome goes to standard output")]
fn run_labels(arguments: &Labels) -> Outcome {
    let store = open(&arguments.database)?;
    let keys = open_keyring(&store, &arguments.passphrases)?;
    let now_ms = Clock::System.now_ms();
    let answer = labels::command::run(&store, now_ms, &keys, &arguments.command)?;
    println!("{answer}");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the outcome goes to standard output")]
fn run_release(arguments: &ReleaseArguments) -> Outcome {
    let store = open(&arguments.database)?;
    let keys = open_keyring(&store, &arguments.passphrases)?;
    let (data, now_ms) = (&arguments.database.data, Clock::System.now_ms());
    let answer = releases::command::run(&store, data, now_ms, &keys, &arguments.command)?;
    println!("{answer}");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the outcome goes to standard output")]
fn run_import(import: &Import) -> Outcome {
    let store = open(&import.database)?;
    let view = imports::command::import(&target(&store), &import.arguments)?;
    if import.arguments.json {
        println!("{}", serde_json::to_string(&view)?);
    } else {
        println!("{}", imports::command::summary(&view));
    }
    match view.fault_code {
        None => Ok(()),
        Some(code) => Err(format!("{code}: 文件未导入 (the file was not imported)").into()),
    }
}

#[expect(clippy::print_stdout, reason = "tells the person at the terminal")]
fn init_staging(file: &Path) -> Outcome {
    staging_tables::init(file)?;
    println!(
        "中间数据库已就绪 (staging database ready): {}",
        file.display()
    );
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the DDL goes to standard output")]
fn print_staging_ddl() {
    print!("{}", staging_tables::postgres_ddl());
}

#[expect(clippy::print_stdout, reason = "the figures go to standard output")]
fn run_bench_search(bench: &BenchSearch) -> Outcome {
    let store = open(&bench.database)?;
    let outcome = bench_run::run(&store, bench.customers)?;
    if bench.json {
        println!("{}", serde_json::to_string(&outcome)?);
        return Ok(());
    }
    println!("{} customers on {}", outcome.customers, outcome.engine);
    for query in &outcome.queries {
        println!(
            "{:22} p50 {:>8} us  p95 {:>8} us",
            query.name, query.p50_us, query.p95_us
        );
    }
    Ok(())
}

/// Serves until Ctrl-C; `ready` is told the address once the port is open.
#[expect(
    clippy::print_stdout,
    reason = "the address is for the person at the terminal"
)]
fn listen(
    app: App,
    address: SocketAddr,
    ready: impl FnOnce(&str) -> std::io::Result<()>,
) -> Outcome {
    let (live, wakes) = (Arc::clone(&app.live), Arc::clone(&app.wakes));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        upkeep::start(app.clone());
        let listener = tokio::net::TcpListener::bind(address).await?;
        let url = format!("http://{}", listener.local_addr()?);
        println!("电码 listens on {url}");
        ready(&url)?;
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

#[expect(
    clippy::print_stdout,
    reason = "the logins are for the person at the terminal"
)]
fn run_demo(arguments: &DemoArguments) -> Outcome {
    commands::shipped()?;
    let store = open(&arguments.database)?;
    let options = demo::Options {
        data: arguments.database.data.clone(),
        seed: arguments.seed,
        days: arguments.days,
        phones: arguments.phones,
    };
    let now_ms = Clock::System.now_ms();
    let keys = Arc::new(demo_keyring(
        &store,
        &options.data,
        options.founded_ms(now_ms),
    )?);
    let demo = demo::prepare(&store, &options, &keys, now_ms)?;
    println!("{}", demo.greeting());
    if arguments.once {
        return Ok(());
    }
    let settings = Settings {
        data: options.data,
        is_secure: false,
    };
    let app = App::new(store, Clock::System, settings).with_keys(keys);
    let fed = app.clone();
    listen(app, arguments.listen, |url| {
        demo.start_feed(fed);
        demo.announce(url)
    })
}

fn train_dictionary(out: &Path) -> Outcome {
    Ok(std::fs::write(out, sync::dictionary::train()?)?)
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
    if let Some(seq) = verdict.broken_at {
        return Err(
            format!("审计链在第 {seq} 条断开 (the audit chain breaks at entry {seq})").into(),
        );
    }
    if let Some(command) = verdict.broken_command {
        let (device, n) = (command.device_id, command.n);
        return Err(format!(
            "手机 {device} 的第 {n} 号操作与链不符 (command {n} of phone {device} does not fit its chain)"
        )
        .into());
    }
    Ok(())
}
