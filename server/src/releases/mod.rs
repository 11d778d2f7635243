//! Releases of the phone app (发布): published at the administrator's terminal, signed with the release
//! key, offered to phones. The record lies with the signed lists, the package in the data folder. Phones
//! judge both themselves; nothing here is trusted by them.

pub mod command;
pub mod offer;
pub mod publish;
pub mod shelf;
