//! A real server process on a free loopback port, on either engine.

use crate::process::{Guarded, binary};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Base address of the test cluster; `scripts/postgres start` sets it.
const CLUSTER: &str = "DIANMA_TEST_POSTGRES";

/// Which database the server runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded file.
    Sqlite,
    /// A fresh database in the test cluster.
    Postgres,
}

impl Engine {
    /// Word for reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// Where a server's data is.
#[derive(Clone, Debug)]
pub struct Place {
    data: PathBuf,
    database: Option<String>,
}

impl Place {
    /// A fresh database: a file in the folder, or one in the test cluster.
    pub fn fresh(engine: Engine, data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            database: match engine {
                Engine::Sqlite => None,
                Engine::Postgres => Some(create_database()),
            },
        }
    }

    /// `--data` and `--database` arguments for the server's subcommands.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["--data".to_owned(), self.data.display().to_string()];
        if let Some(url) = &self.database {
            arguments.extend(["--database".to_owned(), url.to_owned()]);
        }
        arguments
    }

    /// Runs `dianma-server`: words, the database's arguments, more words; returns its standard output.
    ///
    /// # Panics
    /// When it fails.
    pub fn command(&self, before: &[&str], after: &[&str]) -> String {
        let output = Command::new(binary("dianma-server"))
            .args(before)
            .args(self.arguments())
            .args(after)
            .output()
            .expect("dianma-server starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{before:?} {after:?} failed: {errors}"
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Starts a server on it; `more` are further arguments of `serve`.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn serve(&self, more: &[String]) -> Server {
        Server::run(self.clone(), more.to_vec())
    }
}

/// A running server and everything needed to start it again on the same data.
#[derive(Debug)]
pub struct Server {
    process: Guarded,
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    /// The one-time token it printed, when it printed one.
    pub setup_token: Option<String>,
    place: Place,
    more: Vec<String>,
}

impl Server {
    /// Starts a server on a fresh database; `more` are further arguments of `serve`.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn start(engine: Engine, data: &Path, more: &[&str]) -> Self {
        let more = more.iter().map(|argument| (*argument).to_owned()).collect();
        Self::run(Place::fresh(engine, data), more)
    }

    /// A second server process on the same PostgreSQL database and evidence folder.
    ///
    /// # Panics
    /// When the first one runs on SQLite.
    #[must_use]
    pub fn second_node(&self) -> Self {
        assert!(
            self.place.database.is_some(),
            "only PostgreSQL serves several nodes"
        );
        Self::run(self.place.clone(), self.more.clone())
    }

    /// Processor time the process has used so far, ms, as the kernel counts it.
    ///
    /// # Panics
    /// When the process is gone.
    pub fn processor_ms(&self) -> u64 {
        let path = format!("/proc/{}/stat", self.process.0.id());
        let stat = std::fs::read_to_string(path).expect("a running server");
        // Behind the name in brackets: state is field 3, user and system time are 14 and 15, in
        // hundredths of a second.
        let (_, rest) = stat.rsplit_once(')').expect("a stat line");
        let ticks = rest.split_whitespace().skip(11).take(2);
        ticks
            .filter_map(|tick| tick.parse::<u64>().ok())
            .sum::<u64>()
            * 10
    }

    /// The most memory the process has held so far, KiB, as the kernel counts it.
    ///
    /// # Panics
    /// When the process is gone.
    pub fn peak_memory_kib(&self) -> u64 {
        let path = format!("/proc/{}/status", self.process.0.id());
        let status = std::fs::read_to_string(path).expect("a running server");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        kib.expect("a high-water mark")
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts again on the same data, on another port.
    pub fn restart(&mut self) {
        self.kill();
        let again = Self::run(self.place.clone(), self.more.clone());
        *self = again;
    }

    /// `--data` and `--database` arguments for the server's other subcommands.
    pub fn database_arguments(&self) -> Vec<String> {
        self.place.arguments()
    }

    /// Where its data is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Runs another subcommand on the same data; returns its standard output.
    ///
    /// # Panics
    /// When it fails.
    pub fn command(&self, arguments: &[&str]) -> String {
        let database = self.database_arguments();
        let all: Vec<&str> = arguments
            .iter()
            .copied()
            .chain(database.iter().map(String::as_str))
            .collect();
        Self::run_alone(&all)
    }

    /// Runs a subcommand that needs no database; returns its standard output.
    ///
    /// # Panics
    /// When it fails.
    pub fn run_alone(arguments: &[&str]) -> String {
        let output = Command::new(binary("dianma-server"))
            .args(arguments)
            .output()
            .expect("dianma-server starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} failed: {errors}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn run(place: Place, more: Vec<String>) -> Self {
        let log = place.data.join("server.log");
        let mut child = Command::new(binary("dianma-server"))
            .arg("serve")
            .args(place.arguments())
            .args(["--listen", "127.0.0.1:0"])
            .args(&more)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).expect("a log file"))
            .spawn()
            .expect("dianma-server starts");
        let output = child.stdout.take().expect("a piped output");
        let process = Guarded(child);
        let mut setup_token = None;
        let mut url = None;
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some((_, token)) = line.split_once("(first-run token): ") {
                setup_token = Some(token.trim().to_owned());
            }
            if let Some((_, address)) = line.split_once("http://") {
                url = Some(format!("http://{}", address.trim()));
                break;
            }
        }
        let url = url.unwrap_or_else(|| {
            let log = std::fs::read_to_string(&log).unwrap_or_default();
            panic!("the server did not start: {log}")
        });
        wait_until_healthy(&url);
        Self {
            process,
            url,
            setup_token,
            place,
            more,
        }
    }
}

fn wait_until_healthy(url: &str) {
    for _ in 0..200 {
        if reqwest::blocking::get(format!("{url}/v1/health")).is_ok_and(|r| r.status().is_success())
        {
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("the server at {url} never became healthy");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the stories that reads the environment"
)]
fn create_database() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let cluster = std::env::var(CLUSTER).unwrap_or_else(|_| {
        panic!("{CLUSTER} is not set: run scripts/test, or eval \"$(scripts/postgres start)\"")
    });
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let name = format!("story_{}_{number}", std::process::id());
    let address = format!("{cluster}/postgres");
    let mut client =
        postgres::Client::connect(&address, postgres::NoTls).expect("the test cluster answers");
    client
        .batch_execute(&format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' \
             LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        ))
        .expect("a database can be created");
    format!("{cluster}/{name}")
}
