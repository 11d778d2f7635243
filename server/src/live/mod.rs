//! Live updates of the console: committed notices become a numbered stream that a browser can
//! resume. A notice is a hint to read again, never the data; phones have their own door.

mod coalesce;
pub mod events;
mod hub;

pub use hub::Hub;
