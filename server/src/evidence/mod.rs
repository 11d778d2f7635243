//! Evidence files (凭证) by their SHA-256: resumable upload from phones, the console's view, and the
//! clearing of what nobody asks for. Manifests are facts and come through the sync room.

pub mod arrive;
pub mod clear;
mod folder;
mod receive;
pub mod retired;
pub mod upload;
pub mod view;

pub use folder::{Folder, Hash};
pub use receive::{Chunk, Progress, Refusal, progress, receive};
