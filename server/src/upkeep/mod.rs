//! What a running server does by itself at fixed times: presence quarters of people on duty every
//! minute; every hour clearing of evidence files nobody asks for, compaction of what has done its
//! service, drafts for accounts that became overdue, and seals of the phones' command chains. On several
//! nodes each job is safe to run twice.

pub mod compact;

use crate::app::App;
use crate::audit::commands::seal;
use crate::clock::random;
use crate::devices::presence;
use crate::evidence::{Folder, clear};
use crate::feed;
use crate::intake::collection;
use crate::mint::Mint;
use crate::store::StoreError;
use dianma_schema::retention;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// Presence: a quarter hour has fifteen chances.
const EVERY: Duration = Duration::from_mins(1);
/// Clearing runs at every so many ticks.
const CLEAR_EVERY: u32 = 60;

/// Tick of the hour at which overdue accounts are looked at; not at the start, when every node is busy.
const COLLECT_AT: u32 = 30;

/// Tick of the hour at which old answers and leave entries go.
const COMPACT_AT: u32 = 45;

/// Tick of the hour at which the chains of phones' commands are sealed: before old answers go.
const SEAL_AT: u32 = 40;

/// Starts the jobs; needs the async runtime. They end with it.
pub fn start(app: App) {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        for n in (0..CLEAR_EVERY).cycle() {
            ticks.tick().await;
            mark_duty(&app).await;
            if n == 0 {
                clear_evidence(&app).await;
            }
            if n == COLLECT_AT {
                draft_collections(&app).await;
            }
            if n == COMPACT_AT {
                compact_old(&app).await;
            }
            if n == SEAL_AT {
                seal_commands(&app).await;
            }
        }
    });
}

async fn mark_duty(app: &App) {
    let now_ms = app.clock.now_ms();
    let marked = app.store.write(move |tx| presence::mark_duty(tx, now_ms));
    let marked: Result<(), StoreError> = marked.await;
    if let Err(error) = marked {
        tracing::warn!(error = %error, "presence of people on duty was not marked");
    }
}

/// Bills become overdue by the passing of days, not only when a file comes.
async fn draft_collections(app: &App) {
    let Ok(seed) = random() else { return };
    let mint = Mint::new(app.clock.now_ms(), seed);
    let drafted = app.store.write(move |tx| {
        let mut mint = mint.clone();
        let changes = collection::draft_overdue(tx, &mut mint, None)?;
        feed::publish(tx, mint.now_ms(), changes)
    });
    let drafted: Result<(), StoreError> = drafted.await;
    if let Err(error) = drafted {
        tracing::warn!(error = %error, "overdue accounts were not looked at");
    }
}

async fn compact_old(app: &App) {
    let now_ms = app.clock.now_ms();
    let compacted = app
        .store
        .write(move |tx| compact::compact(tx, now_ms, &retention::RULES));
    let compacted: Result<compact::Compacted, StoreError> = compacted.await;
    match compacted {
        Ok(done) if done != compact::Compacted::default() => tracing::info!(
            compacted.commands = done.commands,
            compacted.leaves = done.leaves,
            "old answers and leave entries were deleted"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(error = %error, "nothing was compacted"),
    }
}

/// In small transactions, because each holds the end of the audit log.
async fn seal_commands(app: &App) {
    loop {
        let now_ms = app.clock.now_ms();
        let sealed = app.store.write(move |tx| seal(tx, now_ms));
        let sealed: Result<usize, StoreError> = sealed.await;
        match sealed {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(error = %error, "the chains of commands were not sealed");
                return;
            }
        }
    }
}

async fn clear_evidence(app: &App) {
    let app = app.clone();
    let cleared = tokio::task::spawn_blocking(move || {
        let folder = Folder::new(&app.settings.data);
        clear::clear(&app.store, &folder, app.clock.now_ms())
    });
    if let Ok(Err(error)) = cleared.await {
        tracing::warn!(error = %error, "evidence was not cleared");
    }
}
