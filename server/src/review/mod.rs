//! Review (审核): the queue by time limit, the verdict, the archive and the call-back. `try_archive`
//! is what the evidence room calls when the last file of an approved order arrives.

pub mod approve;
pub mod archive;
pub mod attention;
pub mod call_back;
pub mod callbacks_due;
pub mod queue;
pub mod reject;
pub mod waive_evidence;

pub use archive::try_archive;
