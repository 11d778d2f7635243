//! What the simulation is told: the command line and the file `dianma-server demo` writes.

use clap::Parser;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Simulated electricians of the demo county. Each one works on a real phone core, for ever.
#[derive(Debug, Parser)]
#[command(name = "dianma-phones", version)]
pub struct Settings {
    /// File written by `dianma-server demo`: address and logins.
    pub demo: PathBuf,
    /// Folder of the phones' stores; beside the demo file when left out.
    #[arg(long)]
    pub stores: Option<PathBuf>,
    /// How many electricians work.
    #[arg(long, default_value_t = 6)]
    pub count: usize,
    /// 1 = as slow as people are, 100 = a hundred times as fast.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub pace: u32,
    /// The same seed makes the same decisions on the same orders.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Stop after so many seconds; until SIGTERM or Ctrl-C when left out.
    #[arg(long)]
    pub for_seconds: Option<u64>,
    /// Megabytes of evidence one phone may hold; then it only synchronises.
    #[arg(long, default_value_t = 200)]
    pub disk_mb: u64,
}

impl Settings {
    /// Where a person's store lies.
    pub fn store_of(&self, login_name: &str) -> PathBuf {
        let beside = || {
            let folder = self.demo.parent().unwrap_or_else(|| Path::new("."));
            folder.join("phones")
        };
        self.stores.clone().unwrap_or_else(beside).join(login_name)
    }
}

/// The demo file, as far as phones need it.
#[derive(Debug, Deserialize)]
pub struct Demo {
    /// Address of the server.
    pub url: String,
    /// The electricians' logins.
    pub phones: Vec<Login>,
    /// The other accounts, the administrator among them.
    logins: Vec<OfficeLogin>,
}

/// One login of the demo. The passwords are generated and printed for everybody to use.
#[derive(Clone, Debug, Deserialize)]
pub struct Login {
    /// Name to sign in with.
    pub login_name: String,
    /// Password.
    pub password: String,
}

#[derive(Debug, Deserialize)]
struct OfficeLogin {
    role: String,
    #[serde(flatten)]
    login: Login,
}

impl Demo {
    /// Who prints the stickers.
    pub fn administrator(&self) -> Option<&Login> {
        let found = self.logins.iter().find(|each| each.role == "administrator");
        found.map(|each| &each.login)
    }

    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let demo = serde_json::from_str(&text)
            .map_err(|error| format!("{} is no demo file: {error}", path.display()))?;
        Ok(demo)
    }
}
