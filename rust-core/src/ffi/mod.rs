//! The door for Kotlin: one object over [`crate::Phone`], records that mirror what screens show, and
//! foreign traits for what only the platform has. The only place that knows `UniFFI`.
//!
//! Every method is synchronous and may touch the store: callers stay off their main thread. A panic
//! becomes a coded error; the store is safe because every write is one transaction.

mod alerts;
mod cost;
mod errors;
mod evidence;
mod lookup;
mod operation_card;
mod order_view;
mod order_words;
mod orders;
mod outbox;
mod platform;
mod release;
mod scan;
mod session;
mod sync;
mod system;
mod times;
mod weigh;
mod words;

pub use alerts::{AlertView, AlertsView};
pub use cost::{CostLineView, CostQuantity, CostSheetView, PricedItemView, SheetRowView};
pub use errors::{FaultView, FieldFaultView, PhoneError};
pub use evidence::{CapturePurpose, CaptureView, CapturedFile, EvidenceView};
pub use lookup::{
    CustomerHit, CustomerPage, LookupPage, LookupQuery, MeterPage, OrderHit, PastOrder, RecentView,
};
pub use operation_card::{
    CardLineView, CardText, FactView, HazardView, NeverChargedView, OperationCardView, StepView,
};
pub use order_view::{
    ChoiceView, ClosingView, CommandView, DemandView, DepartureView, DueView, FieldView,
    NextStepView, NoteView, OrderRow, OrderView, TimeLineMoment, WayView,
};
pub use orders::{FilterCount, SavedView, TodayRequest, TodayView};
pub use outbox::{FileRowView, OutboxRowView, OutboxView, RefusalView};
pub use platform::{
    Fix, Header, HttpAnswer, HttpProblem, HttpRequest, HttpTransport, KeyWrapper,
    KeyWrapperProblem, Listener, LocationSource, Platform,
};
pub use release::{InstalledApp, PackageView, UpdateView};
pub use scan::{Corner, FrameView, ScanVerdict, ScannedCode, Scanner, ScannerCounts};
pub use session::{SessionView, SignIn};
pub use sync::{NoticeView, SyncOutcome, SyncStrip};
pub use system::{NetworkRule, RoomLine, RoomView};
pub use times::{ClockView, TimeChoiceView};
pub use weigh::{LeadCustomer, ScanOutcome};
pub use words::Words;

use crate::clock::SystemClock;
use crate::entropy::SystemEntropy;
use crate::error::CoreError;
use crate::phone::Phone;
use dianma_schema::fault;
use dianma_schema::geo::Place;
use errors::guarded;
use platform::{Sealer, Transport};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::mpsc::{Sender, channel};
use sync::{Job, Runner};

/// The core: one per process and folder.
#[derive(uniffi::Object)]
pub struct Core {
    runner: Arc<Runner>,
    jobs: Sender<Job>,
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Core").finish_non_exhaustive()
    }
}

#[uniffi::export]
impl Core {
    /// Opens or creates the store in `folder`. Waits for another process that has it open.
    #[uniffi::constructor]
    pub fn open(folder: String, platform: Platform) -> Result<Arc<Self>, PhoneError> {
        guarded(|| {
            let clock = Arc::new(match platform.boot_count {
                0 => SystemClock::new(),
                count => SystemClock::of_boot(count),
            });
            let sealer = Sealer::new(Arc::clone(&platform.keys));
            let (folder, entropy) = (Path::new(&folder), Box::new(SystemEntropy));
            let phone = Phone::open_sealed(folder, clock, entropy, Arc::new(sealer))?;
            phone.evidence().take_back()?;
            let engine = phone.sync()?;
            let runner = Arc::new(Runner {
                phone,
                platform,
                reached_at_ms: AtomicI64::new(0),
            });
            let (jobs, received) = channel();
            let worker = Arc::clone(&runner);
            std::thread::Builder::new()
                .name("dianma-sync".to_owned())
                .spawn(move || worker.work(engine, &received))?;
            Ok(Arc::new(Self { runner, jobs }))
        })
    }

    /// Version of the core, as told to the server.
    pub fn version(&self) -> String {
        crate::phone::APP_VERSION.to_owned()
    }

    /// Fails inside on purpose, for the test that a panic becomes a card and not a crash.
    ///
    /// # Panics
    /// Inside only: the caller gets the coded fault.
    pub fn provoke_panic(&self) -> Result<(), PhoneError> {
        guarded(|| panic!("provoked"))
    }
}

impl Core {
    fn phone(&self) -> &Phone {
        &self.runner.phone
    }

    /// Where the phone is, when it knows.
    fn here(&self) -> Option<Place> {
        let fix = self.runner.platform.location.current()?;
        Place::new(fix.latitude_e6, fix.longitude_e6)
    }

    /// To the server this phone belongs to.
    fn transport(&self) -> Result<Transport, CoreError> {
        let state = self.phone().session().state()?;
        let state = state.ok_or_else(|| CoreError::of(fault::A_SIGN_IN))?;
        Ok(self.transport_to(&state.server))
    }

    fn transport_to(&self, server: &str) -> Transport {
        Transport::new(Arc::clone(&self.runner.platform.http), server)
    }
}
