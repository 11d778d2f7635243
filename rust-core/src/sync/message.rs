//! What goes in and out of the sync engine: events, effects, and what they carry.

use crate::store::files::FileJob;
use dianma_schema::fault::FaultCode;
use dianma_schema::wire::sync::{Cursor, NetClass, SyncResponse, TrustHave};

/// What the store has for the next request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// Encoded commands, dense, oldest first.
    pub commands: Vec<Vec<u8>>,
    /// Results up to here are stored.
    pub acked_n: u64,
    /// One per scope.
    pub cursors: Vec<Cursor>,
    /// Commands without an answer.
    pub pending_commands: u32,
    /// Files that still have to go up.
    pub pending_files: u32,
    /// Wall clock, epoch ms; evidence only.
    pub wall_ms: i64,
    /// Serials of the signed lists at hand.
    pub trust: TrustHave,
}

/// What came of an answer once it was stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// More waits on the server, or it wants earlier commands again.
    pub more_pages: bool,
    /// Commands without an answer are left.
    pub pending_commands: u32,
    /// The server asked for earlier commands again and settled none.
    pub is_fruitless: bool,
    /// The server asked for a number the phone no longer holds.
    pub is_wedged: bool,
    /// What a person should hear about.
    pub notices: Vec<Notice>,
    /// Seconds until the next poll is welcome.
    pub next_poll_s: u32,
}

/// Why an exchange failed, as the adapter sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Stable code; its class and its retryable flag decide.
    pub code: FaultCode,
    /// The server asked to wait so long; 0 = it did not.
    pub retry_after_s: u32,
}

/// Where a file stands on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileState {
    /// Bytes durably there.
    pub offset: u64,
    /// All of it is there and its hash is right.
    pub is_complete: bool,
    /// How long the exchange took, ms.
    pub took_ms: u64,
}

/// What happens to the engine.
#[derive(Clone, Debug)]
pub enum Event {
    /// Something to send, a tap, a wake-up from the server.
    Kick,
    /// The time asked for has come.
    Timer,
    /// A person signed in (again).
    SignedIn,
    /// The network class changed.
    Network(NetClass),
    /// Answer to [`Effect::Load`].
    Loaded(Box<Outgoing>),
    /// Answer to [`Effect::Send`].
    Answered(Result<Vec<u8>, Failure>),
    /// Answer to [`Effect::Apply`].
    Applied(Box<Applied>),
    /// Answer to [`Effect::PickFile`].
    Picked(Option<FileJob>),
    /// Answer to [`Effect::AskFile`] and [`Effect::SendPiece`].
    File(Result<FileState, Failure>),
    /// The store could not do it.
    StoreFailed,
}

/// What the engine wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Read the next request's content.
    Load {
        /// Most commands.
        max_commands: usize,
        /// Most bytes of commands.
        max_bytes: usize,
    },
    /// Post this body to the sync endpoint.
    Send(Vec<u8>),
    /// Store results and pages.
    Apply(Box<SyncResponse>),
    /// Choose the next file.
    PickFile,
    /// Ask the server how much of the file it has.
    AskFile(FileJob),
    /// Send a piece.
    SendPiece {
        /// Which file.
        job: FileJob,
        /// From this byte.
        offset: u64,
        /// So many bytes.
        length: u64,
    },
    /// Note how much the server has.
    FileReached {
        /// Which file.
        sha256: [u8; 32],
        /// So many bytes.
        offset: u64,
        /// All of it.
        is_complete: bool,
    },
    /// The server will not take this file; keep it, tell the person.
    FileRefused {
        /// Which file.
        sha256: [u8; 32],
        /// Why.
        code: FaultCode,
    },
    /// Wake the engine with [`Event::Timer`] at this time of the `now` clock.
    SetTimer {
        /// When.
        at_ms: u64,
    },
    /// Tell the person.
    Notify(Notice),
}

/// What a person or a log should hear about.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Notice {
    /// Code of the catalogue.
    pub code: &'static str,
    /// More, Chinese.
    pub detail: Option<String>,
    /// English.
    pub detail_en: Option<String>,
}

impl Notice {
    /// A notice without detail.
    pub const fn of(code: FaultCode) -> Self {
        Self {
            code: code.as_str(),
            detail: None,
            detail_en: None,
        }
    }
}
