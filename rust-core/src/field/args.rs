//! The command line as clap reads it.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Headless phone of Dianma (电码): the same core as the app, driven from a shell.
#[derive(Debug, Parser)]
#[command(name = "dianma-field", version, after_help = EXIT_CODES)]
pub struct Cli {
    /// Directory of the phone's store; made when it is not there.
    #[arg(long, env = "DIANMA_STORE", default_value = "dianma-field-store")]
    pub store: PathBuf,

    /// Seal the store by the key in this file; made when it is not there. Without it the store is plain.
    #[arg(long, env = "DIANMA_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// One JSON object on standard output instead of text.
    #[arg(long, global = true)]
    pub json: bool,
    /// Server address, e.g. <http://127.0.0.1:8080>; kept from the sign-in when left out.
    #[arg(long, env = "DIANMA_SERVER", global = true)]
    pub server: Option<String>,
    /// PIN, when one is set.
    #[arg(long, env = "DIANMA_PIN", hide_env_values = true, global = true)]
    pub pin: Option<String>,
    /// HTTP/2 without negotiation on plain http.
    #[arg(long, global = true)]
    pub h2: bool,
    /// Where the phone is: latitude,longitude in micro-degrees.
    #[arg(long, value_parser = parse_place, global = true, allow_hyphen_values = true)]
    pub at: Option<dianma_schema::geo::Place>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 input to mend; 2 wrong usage; 3 not now (state of \
the order); 4 sign in or unlock; 5 network, will be retried; 6 storage, report it; 7 not found.";

fn parse_place(text: &str) -> Result<dianma_schema::geo::Place, String> {
    let (latitude, longitude) = text
        .split_once(',')
        .ok_or("expected LATITUDE_E6,LONGITUDE_E6")?;
    let number = |part: &str| {
        part.trim()
            .parse::<i64>()
            .map_err(|error| error.to_string())
    };
    dianma_schema::geo::Place::new(number(latitude)?, number(longitude)?)
        .ok_or_else(|| "outside the globe".to_owned())
}

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sign in online; makes this store a device of the server.
    Enrol(EnrolArgs),
    /// Check a PIN without a network.
    Unlock {
        /// The PIN.
        code: String,
    },
    /// Set or change the PIN (give the old one with --pin).
    Pin {
        /// The new PIN, 4 to 12 digits.
        code: String,
    },
    /// Forget the token; unsent work stays.
    SignOut,
    /// How the phone stands.
    Status,
    /// Network class: gprs, `three_g`, `four_g`, wifi.
    Net {
        /// The class.
        class: String,
    },
    /// On or off duty.
    Duty {
        /// on or off.
        state: OnOff,
    },
    /// Exchange with the server.
    Sync {
        /// Go on, waiting as the engine asks, until everything is sent.
        #[arg(long)]
        until_idle: bool,
    },
    /// Orders in hand.
    Orders {
        /// What to show.
        #[command(subcommand)]
        command: OrdersCommand,
    },
    /// Accept (接单).
    Accept(OrderArg),
    /// Depart (出发).
    Depart(OrderArg),
    /// Arrive (到达) with a scanned code or typed number.
    Arrive {
        /// Order id or number.
        order: String,
        /// A picture of the code, or its text.
        #[arg(long, required_unless_present = "typed")]
        scan: Option<String>,
        /// Number typed by hand.
        #[arg(long, conflicts_with = "scan")]
        typed: Option<String>,
        /// Why a number was typed.
        #[arg(long, requires = "typed")]
        reason: Option<String>,
        #[command(flatten)]
        consent: ConsentArgs,
    },
    /// Begin work (开始处理); every hazard of the card must be acknowledged.
    Begin {
        /// Order id or number.
        order: String,
        /// Numbers of hazards, e.g. 0,1,2; `all` after reading the card.
        #[arg(long, default_value = "")]
        hazards: String,
        /// Card, when not the one that fits best.
        #[arg(long)]
        card: Option<String>,
    },
    /// Fill in fields of the record: name=value …
    Record {
        /// Order id or number.
        order: String,
        /// name=value.
        #[arg(required = true)]
        values: Vec<String>,
    },
    /// Add a photo, sound or video file.
    Evidence {
        /// Order id or number.
        order: String,
        /// The file.
        file: PathBuf,
        /// Requirement it fills.
        #[arg(long, default_value = "extra")]
        slot: String,
        /// Say that it is a signature; else the bytes tell.
        #[arg(long)]
        kind: Option<String>,
        /// From the gallery.
        #[arg(long)]
        imported: bool,
    },
    /// Save the cost sheet: code=quantity …
    Cost {
        /// Order id or number.
        order: String,
        /// code=quantity.
        lines: Vec<String>,
    },
    /// A remark.
    Note {
        /// Order id or number.
        order: String,
        /// Words.
        words: String,
    },
    /// Suspend (挂起).
    Suspend {
        /// Order id or number.
        order: String,
        /// Reason.
        #[arg(long)]
        reason: String,
        /// New appointment: "2026-05-04 09:30" or epoch ms.
        #[arg(long)]
        appointment: String,
    },
    /// Resume (恢复处理).
    Resume(OrderArg),
    /// Finish (终结服务): second signature and satisfaction.
    Finish {
        /// Order id or number.
        order: String,
        /// The customer's code: a picture or its text.
        #[arg(long)]
        scan: Option<String>,
        /// SHA-256 of a signature file of this order.
        #[arg(long)]
        signature: Option<String>,
        /// `very_satisfied`, satisfied, fair, dissatisfied, refused.
        #[arg(long)]
        satisfaction: String,
        /// The customer's words.
        #[arg(long)]
        remark: Option<String>,
        #[command(flatten)]
        consent: ConsentArgs,
    },
    /// Submit (提交).
    Submit(OrderArg),
    /// Redo (重做) after a reject.
    Redo(OrderArg),
    /// Ask for another person (申请转派).
    RequestReassignment {
        /// Order id or number.
        order: String,
        /// Reason.
        #[arg(long)]
        reason: String,
    },
    /// Search orders and customers.
    Search(SearchArgs),
    /// Look a code or number up.
    Scan {
        /// A picture of the code, its text, or an account or meter number.
        #[arg(required_unless_present = "text")]
        input: Option<String>,
        /// Text of the code, when it could be taken for a file name.
        #[arg(long, conflicts_with = "input")]
        text: Option<String>,
        /// Ask the server when the phone does not know it.
        #[arg(long)]
        online: bool,
    },
    /// Read the codes of pictures: PNG, JPEG, WebP, PGM. Needs no store.
    Decode(DecodeArgs),
    /// Operation card of an order or of a kind.
    Card(CardArgs),
    /// Price lines: code=quantity …
    Price {
        /// code=quantity.
        #[arg(required = true)]
        lines: Vec<String>,
    },
    /// Everything that has a price today.
    PriceList,
    /// What is queued and what became of it.
    Outbox {
        /// Most rows.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Refused commands; with a number, decide on one.
    Refusals {
        /// Number of the refused command.
        n: Option<u64>,
        /// redo, note, `record_only`.
        #[arg(long, requires = "n")]
        choice: Option<String>,
        /// Words for the dispatcher.
        #[arg(long, requires = "n")]
        words: Option<String>,
    },
    /// Stay online like an app: sync, follow wake-ups, for a bounded time.
    Run(RunArgs),
    /// Measure search among generated customers.
    BenchSearch(BenchArgs),
}

/// on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnOff {
    /// On.
    On,
    /// Off.
    Off,
}

/// The customer's one-time code (同意码).
#[derive(Debug, Args)]
pub struct ConsentArgs {
    /// Text of the code on the customer's phone.
    #[arg(long)]
    pub consent: Option<String>,
    /// The six digits.
    #[arg(long, conflicts_with = "consent")]
    pub digits: Option<String>,
}

/// One order.
#[derive(Debug, Args)]
pub struct OrderArg {
    /// Order id or number.
    pub order: String,
}

/// Orders in hand.
#[derive(Debug, Subcommand)]
pub enum OrdersCommand {
    /// Nearest deadline first.
    List {
        /// Only this state.
        #[arg(long)]
        state: Option<String>,
        /// Most rows.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Where the last page ended.
        #[arg(long)]
        cursor: Option<String>,
    },
    /// Everything about one.
    Show(OrderArg),
    /// Orders that are no longer here, and why.
    Departed {
        /// Most rows.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

/// Sign-in.
#[derive(Debug, Args)]
pub struct EnrolArgs {
    /// Login name.
    #[arg(long, alias = "login")]
    pub login_name: String,
    /// Password; better in the environment or on standard input, where `ps` does not show it.
    #[arg(long, env = "DIANMA_PASSWORD", hide_env_values = true)]
    #[arg(required_unless_present = "password_stdin")]
    pub password: Option<String>,
    /// Read the password from the first line of standard input.
    #[arg(long)]
    pub password_stdin: bool,
    /// Phone model told to the server.
    #[arg(long, default_value = "dianma-field")]
    pub model: String,
    /// System version told to the server.
    #[arg(long, default_value = std::env::consts::OS)]
    pub os_version: String,
}

/// Search.
#[derive(Debug, Args)]
pub struct SearchArgs {
    /// The box.
    #[arg(default_value = "")]
    pub text: String,
    /// field=text: `order_number`, `account_number`, `account_name`, `meter_number`, `pole_number`, …
    #[arg(long = "by")]
    pub by: Vec<String>,
    /// Orders taken in from then on.
    #[arg(long)]
    pub from: Option<String>,
    /// Orders taken in before.
    #[arg(long)]
    pub to: Option<String>,
    /// Only orders or only customers.
    #[arg(long)]
    pub only: Option<Only>,
    /// Hits per group.
    #[arg(long, default_value_t = 20)]
    pub limit: u32,
    /// Where the orders go on.
    #[arg(long)]
    pub order_cursor: Option<String>,
    /// Where the customers go on.
    #[arg(long)]
    pub customer_cursor: Option<String>,
}

/// One group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Only {
    /// Orders.
    Orders,
    /// Customers.
    Customers,
}

/// Reading codes.
#[derive(Debug, Args)]
pub struct DecodeArgs {
    /// The pictures.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// All codes of each picture instead of the first.
    #[arg(long)]
    pub all: bool,
    /// At most so many milliseconds a picture.
    #[arg(long)]
    pub budget_ms: Option<u64>,
    /// The files are frames of one scene in order, as a live preview sees them.
    #[arg(long)]
    pub burst: bool,
    /// Dearest lane to run.
    #[arg(long, default_value = "rescue")]
    pub lane: DeepestLane,
}

/// How hard to look for codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DeepestLane {
    /// As on every frame of a preview.
    Fast,
    /// Also grey grids and curved surfaces.
    Soft,
    /// Everything.
    Rescue,
}

/// Operation card.
#[derive(Debug, Args)]
pub struct CardArgs {
    /// Order id or number.
    #[arg(required_unless_present = "kind")]
    pub order: Option<String>,
    /// Kind of order instead.
    #[arg(long, conflicts_with = "order")]
    pub kind: Option<String>,
    /// fact=value: subtype, supply, height, phase.
    #[arg(long = "fact")]
    pub facts: Vec<String>,
}

/// Staying online.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Stop after so many seconds; without it the phone stays online until it is stopped.
    #[arg(long)]
    pub for_seconds: Option<u64>,
    /// Sync at least every so many seconds.
    #[arg(long, default_value_t = 15)]
    pub every_seconds: u64,
    /// Do not open the wake stream.
    #[arg(long)]
    pub no_wake: bool,
}

/// Search measurement.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Generated customers.
    #[arg(long, default_value_t = 500_000)]
    pub customers: u32,
    /// Runs of each query.
    #[arg(long, default_value_t = 200)]
    pub runs: u32,
    /// Seed of the generator.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Seal the store, as on a phone.
    #[arg(long)]
    pub sealed: bool,
    /// Keep the store in this directory instead of a temporary one.
    #[arg(long)]
    pub keep: Option<PathBuf>,
}
